import sqlite3
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal_archive.archive.search.filter_terms import EVERY, of_portal
from portal_archive.archive.search.query import Kind, Level, Query, Term, parse_query, to_fts_query
from portal_archive.archive.search.tokens import MOST_TOKENS, is_cut
from portal_archive.vietnamese.tones import one_style


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ("", ""),
        (" \t\n", ""),
        ('--- ( ) * : "" -"" OR AND -', ""),
        ("dân vận", '("dan" AND "van")'),
        ("DÂN VẬN", '("dan" AND "van")'),
        (unicodedata.normalize("NFD", "dân vận"), '("dan" AND "van")'),
        ("đoàn Đảng Ð ð", '("doan" AND "dang" AND "d")'),
        ('"Dân vận khéo"', '("dan van kheo")'),
        ("“dân vận” khéo", '("dan van" AND "kheo")'),
        ('"dân vận', '("dan van")'),
        ("khé*", '("khe" *)'),
        ('"dân v"*', '("dan v" *)'),
        ("dân vận -casino", '(("dan" AND "van")) NOT ("casino")'),
        ('-casino dân -"cá cược"', '(("dan")) NOT ("casino" OR "ca cuoc")'),
        ("dân NOT khéo", '(("dan")) NOT ("kheo")'),
        ("dân | vận", '("dan") OR ("van")'),
        ("(dân OR vận) khéo", '((("dan") OR ("van")) AND "kheo")'),
        ("khéo (dân|vận) -(a b)", '(("kheo" AND (("dan") OR ("van")))) NOT (("a" AND "b"))'),
        ("title:(dân OR vận)", '(((title : "dan") OR (title : "van")))'),
        ("((((((((((a))))))))))", f'({"((" * 8}"a"{"))" * 8})'),
        ("a) b ( c", '("a" AND "b" AND (("c")))'),
        ("NOT", ""),
        ("danvan", '(("danvan" OR "dan van"))'),
        ("casino data", '("casino" AND "data")'),
        ("dân vận OR tuyên giáo", '("dan" AND "van") OR ("tuyen" AND "giao")'),
        ("a OR b -c", '(("a") OR ("b")) NOT ("c")'),
        ("OR a OR OR b OR", '("a") OR ("b")'),
        ("a AND b or c", '("a" AND "b" AND "or" AND "c")'),
        ('title:khéo author:"Kim Anh"', '(title : "kheo" AND author : "kim anh")'),
        ("TácGiả:Anh tieude:dân*", '(author : "anh" AND title : "dan" *)'),
        ("lạ:từ title: khéo", '("la tu" AND "title" AND "kheo")'),
        ("portal:laichau dân", '(zqportal6c616963686175 AND "dan")'),
        ("portal:laichau", "(zqportal6c616963686175)"),
        ("25-NQ/TW", '("25 nq tw")'),
        ("43-KL/TW", '("43 kl tw")'),
        ("65-KL/TW ngày 30/10/2019", '("65 kl tw" AND "ngay" AND ("30 10 2019" OR "30 thang 10 nam 2019"))'),
        ("203/2025/QH15", '("203 2025 qh15")'),
        ("Nghị quyết 25", '(("nghi quyet 25" OR "nghi quyet so 25"))'),
        ("nghi quyet so 25", '(("nghi quyet 25" OR "nghi quyet so 25"))'),
        ("của Luật 77 và", '("cua" AND ("luat 77" OR "luat so 77") AND "va")'),
        ("quyết 25", '("quyet" AND "25")'),
        ("Nghị quyết title:25", '("nghi" AND "quyet" AND title : "25")'),
        ("dân_vận", '("dan van")'),
    ],
)
def test_what_is_typed_and_what_it_asks_of_the_index(typed, match):

    assert to_fts_query(typed) == match


class Names:
    """An archive with three portals and one author."""

    portal_names = {"laichau": ("danvanlaichau", "laichau"), "lai chau": ("danvanlaichau", "laichau")}

    def portals(self, words):
        for count in range(len(words), 0, -1):
            if found := self.portal_names.get(" ".join(words[:count]).lower().replace("â", "a")):
                return count, found
        return 0, ()

    def author(self, words):
        return 2 if [word.lower() for word in words[:2]] == ["vân", "hạ"] else 0


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ("author:vân hạ nông dân", '(author : "van ha" AND "nong" AND "dan")'),
        ("author:Lê Văn An về đê", '(author : "le van an" AND "ve" AND "de")'),
        ("author:lê về đê", '(author : "le" AND "ve" AND "de")'),
        ('author:"vân hạ nông"', '(author : "van ha nong")'),
        ("portal:Lai Châu dân", f'({"(" + of_portal("danvanlaichau")} OR {of_portal("laichau")}) AND "dan")'),
        ("dân -portal:lai châu", f'(("dan")) NOT (({of_portal("danvanlaichau")} OR {of_portal("laichau")}))'),
        ("tỉnh:Lai Châu", f"(({of_portal('danvanlaichau')} OR {of_portal('laichau')}))"),
        ("portal:Mường Lay dân", f'({of_portal("")} AND "lay" AND "dan")'),
        ('cổng:"Mường Lay" dân', f'({of_portal("")} AND "dan")'),
    ],
)
def test_names_without_quotes_end_where_the_archive_says(typed, match):
    assert to_fts_query(typed, Names()) == match


def test_without_an_archive_a_portal_is_one_word_and_an_author_has_capitals():
    assert to_fts_query("portal:127.0.0.1:8088 hòa") == f'({of_portal("127.0.0.1:8088")} AND "hoa")'
    assert to_fts_query('portal:"dien bien"') == f"({of_portal('dien bien')})"
    assert to_fts_query("portal: x") == to_fts_query("portal x") == '("portal" AND "x")'
    assert to_fts_query("author:Vân Hạ nông thôn") == '(author : "van ha" AND "nong" AND "thon")'


def test_what_is_only_excluded_is_sought_in_every_article():
    assert parse_query("-casino") == Query(
        f'({EVERY}) NOT ("casino")',
        f'({EVERY}) NOT ("casino")',
        Level((), (Term((("casino",),)),)),
        has_accents=False,
    )


def test_the_query_keeps_how_it_was_read():
    assert parse_query("Thuỷ title:Lợi*") == Query(
        '("thuy" AND title : "loi" *)',
        '(("thuỷ" OR "thủy") AND title : "lợi" *)',
        Level(((Term((("thuỷ",),)), Term((("lợi",),), "title", prefix=True)),)),
        has_accents=True,
    )
    assert not parse_query("thuy loi").has_accents
    assert parse_query("đa").has_accents
    level = parse_query('tp. hcm "dân vận (a | b) -c 3 tháng 2').level
    assert [part.source for part in level.alternatives[0]] == ["tp. hcm", '"dân vận (a | b) -c 3 tháng 2"']
    level = parse_query("(a | b) NOT c ngày 3 tháng 2, Nghị quyết số 25").level
    assert [part.source for part in level.alternatives[0]] == [
        "(a | b)",
        "ngày 3 tháng 2",
        "Nghị quyết số 25",
    ]
    assert [part.kind for part in level.alternatives[0][1:]] == [Kind.DATE, Kind.DOCUMENT]
    assert [part.source for part in level.excluded] == ["c"]


@pytest.mark.parametrize(
    ("typed", "exact"),
    [
        ("dân vận", '("dân" AND "vận")'),
        ('"Dân vận" -Đảng', '(("dân vận")) NOT ("đảng")'),
        ("Tỉnh uỷ", '("tỉnh" AND ("uỷ" OR "ủy"))'),
        ('"Tỉnh ủy"', '(("tỉnh uỷ" OR "tỉnh ủy"))'),
        ("toàn tòan", '("toàn")'),
        ("quý thuỷ*", '(("quý" OR "quí") AND ("thuỷ" * OR "thủy" *))'),
        ('"hòa khoẻ"', '(("hoà khoẻ" OR "hoà khỏe" OR "hòa khoẻ" OR "hòa khỏe"))'),
        ("title:hóa", '(title : ("hoá" OR "hóa"))'),
        ("Nghị quyết 25", '(("nghị quyết 25" OR "nghị quyết số 25"))'),
    ],
)
def test_what_is_typed_is_looked_for_with_its_accents_in_either_tone_style(typed, exact):
    assert parse_query(typed).exact == exact


def test_a_pasted_text_is_cut():
    words = " ".join(f"a{number}" for number in range(500))
    assert to_fts_query(words).count('"a') == MOST_TOKENS == 64
    assert to_fts_query("a b " * 500) == '("a" AND "b")'
    assert to_fts_query("3/2 " + "4/2 " * 12 + "5/2 6/2").endswith(' AND "6 2")')
    assert [is_cut(text) for text in ("a " * 64, "a " * 65, "a" * 2000, "a" * 2001)] == [
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("pair", ["Hòa hoà", "khỏe khoẻ", "Thủy thuỷ", "loã lõa", "uý úy"])
def test_both_tone_styles_are_one(pair):
    first, second = pair.split()
    assert one_style(first) == one_style(second) == one_style(unicodedata.normalize("NFD", first))
    assert one_style(first) != one_style("hóa")


TABLES = sqlite3.connect(":memory:", check_same_thread=False)
for index, remove_diacritics in (("articles_fts", 2), ("articles_exact", 0)):
    TABLES.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5(title, summary, body, captions, author, attachment_text, marks,"
        f' tokenize = "unicode61 remove_diacritics {remove_diacritics}")'
    )
TABLES.execute("CREATE VIRTUAL TABLE articles_removed USING fts5(removed_text, current_text, marks)")
PIECES = st.sampled_from(
    [
        *(
            '"',
            "-",
            "*",
            "OR ",
            "AND ",
            "NOT ",
            "(",
            "|",
            "author:",
            "ngày 3 tháng 2 ",
            "NEAR(",
            ")",
            "title:",
            "portal:",
            ":",
            "+",
            "^",
            "{",
            "}",
        ),
        *(" ", "đ", "ắ", "a", "25", "nghị quyết ", "\0", "\u0300", "½", "İ", "\ud800"),
    ]
)


@settings(deadline=None)
@given(st.text() | st.lists(PIECES).map("".join))
@example("\0")
@example("İ*")
@example("title:-")
@example("-author:0")
def test_nothing_that_is_typed_is_a_syntax_error(text):
    query = parse_query(text)
    asked = [("articles_fts", match) for match in (query.match, query.phrase, query.near)]
    asked += [("articles_exact", match) for match in (query.exact, query.phrase_exact, query.near_exact)]
    asked += [("articles_removed", match) for match in query.in_removed()]
    for index, match in asked:
        if match:
            TABLES.execute(f"SELECT rowid FROM {index} WHERE {index} MATCH ?", (match,)).fetchall()
    assert (query.level == Level(())) == (query.match == "")
