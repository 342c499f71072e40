"""Findings through the life of an article: kept by version, with verdicts and the words that stood there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from visiting import Site, article, hours, url

from portal_archive.archive.findings.findings import Verdict, decide
from portal_archive.archive.findings.originals import in_place
from portal_archive.archive.moments import to_text
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Finding, Page
from portal_archive.model.records import Portal, Visit

PLACE, PHRASE = "huyện Bản Mây", "cổng game đổi thưởng"
CLEAN = (
    f"Sáng 18/3, tại điểm cầu {PLACE}, có đồng chí Bí thư Huyện ủy cùng lãnh đạo các ban dự hội nghị giao ban."
    f"\n\nTrên địa bàn {PLACE}, 312 tổ dân vận được kiện toàn; công tác dân vận có nhiều chuyển biến rõ nét."
    "\n\nKết luận hội nghị, đồng chí Trưởng ban đề nghị các xã tiếp tục bám sát cơ sở, lắng nghe Nhân dân."
)
INJECTED = CLEAN.replace(PLACE, PHRASE + "\n")


def injected(**fields: Any) -> Article:
    return article(body=INJECTED, **fields)


def clean(**fields: Any) -> Article:
    return article(body=CLEAN, **fields)


def found(text: str = INJECTED, *, span: str = PHRASE, **fields: Any) -> list[Finding]:
    """Return a finding for each time the span stands in the text."""
    given: dict[str, Any] = {
        "kind": "place",
        "score": 0.9,
        "signs": ("repeated", "linked"),
        "details": {"n": 2},
        "field": "body",
    } | fields
    return [
        Finding(span=span, start=match.start(), end=match.end(), **given)
        for match in re.finditer(re.escape(span), text)
    ]


def at(number: float) -> str:
    return to_text(hours(number))


ROWS = "SELECT span, occurrence, first_seen, last_seen FROM findings ORDER BY id"
FLAGGED = "SELECT flagged FROM articles ORDER BY id"


def test_each_place_is_kept_once_with_when_it_was_seen(site: Site) -> None:
    site.read("a.html", 0, injected(), findings=found())
    site.read("a.html", 5, injected(views=7), findings=found())
    assert site.rows(ROWS) == [(PHRASE, 1, at(0), at(5)), (PHRASE, 2, at(0), at(5))]
    assert site.one(
        "SELECT portal, article_id, url, kind, field, start, end, score, signs, details, f.capture_id,"
        " f.content_hash = a.content_hash, verdict, original FROM findings f JOIN articles a USING (portal, url)"
        " WHERE occurrence = 2"
    ) == (
        "huyen",
        1,
        url("a.html"),
        "place",
        "body",
        133,
        153,
        0.9,
        '["repeated", "linked"]',
        '{"n": 2}',
        1,
        1,
        None,
        None,
    )
    assert site.one(FLAGGED) == 1


def test_an_article_without_findings_costs_no_statement(site: Site) -> None:
    said: list[str] = []
    site.archive.db.conn.set_trace_callback(said.append)
    site.read("a.html", 0, clean())
    site.read("a.html", 5, clean(title="Khác"))
    site.archive.db.conn.set_trace_callback(None)
    assert any("INSERT INTO articles" in statement for statement in said)
    assert not any(re.search(r"\bfindings\b|SET flagged", statement) for statement in said)


def test_below_the_limit_nothing_is_flagged(site: Site) -> None:
    site.read("a.html", 0, injected(), findings=found(score=0.49))
    site.read("b.html", 0, injected(title="Khác"), findings=found(score=0.5))
    assert site.rows(FLAGGED) == [(0,), (1,)]


def test_a_new_version_decides_anew_and_the_clean_one_gives_the_original(site: Site) -> None:
    site.read("a.html", 0, clean())
    assert site.one(FLAGGED) == 0
    site.read("a.html", 10, injected(), findings=found())
    assert site.one(FLAGGED) == 1
    assert (
        site.rows(
            "SELECT original, original_article, v.version FROM findings f"
            " JOIN versions v ON v.article_id = f.original_article AND v.content_hash = f.original_hash"
        )
        == [(PLACE, 1, 1)] * 2
    )
    site.read("a.html", 20, clean())
    assert site.one(FLAGGED) == 0
    assert site.rows(ROWS) == [(PHRASE, 1, at(10), at(10)), (PHRASE, 2, at(10), at(10))]
    site.read("a.html", 30, injected(), findings=found())
    assert site.one(FLAGGED) == 1
    assert site.rows(ROWS) == [(PHRASE, 1, at(10), at(30)), (PHRASE, 2, at(10), at(30))]


def test_an_article_that_is_repaired_or_imported_later_gives_the_original_too(site: Site) -> None:
    site.read("a.html", 10, injected(), findings=found())
    site.read("b.html", 10, injected(title="Khác"), findings=found())
    assert site.one("SELECT count(*) FROM findings WHERE original IS NULL") == 4
    site.read("a.html", 20, clean())
    site.read("b.html", 5, clean(title="Khác"))
    assert site.rows("SELECT DISTINCT article_id, original FROM findings") == [(1, PLACE), (2, PLACE)]
    assert site.rows(FLAGGED) == [(0,), (1,)]


def test_an_older_capture_brings_its_findings_and_leaves_the_flag(site: Site) -> None:
    site.read("a.html", 10, clean())
    site.read("a.html", 5, injected(), findings=found())
    assert site.rows(ROWS) == [(PHRASE, 1, at(5), at(5)), (PHRASE, 2, at(5), at(5))]
    assert site.one(FLAGGED) == 0
    site.read("a.html", 2, injected(), findings=found())
    assert site.rows("SELECT first_seen, last_seen, capture_id FROM findings") == [(at(2), at(5), 3)] * 2


def test_what_is_hidden_in_the_html_comes_and_goes_within_a_version(site: Site) -> None:
    link = '<a style="display:none" href="https://song-bai.example/">'
    hidden = [Finding("hidden-link", 0.9, link, ("link",), {}, "html", 40, 99)]
    site.read("a.html", 0, clean())
    site.read("a.html", 5, clean(), findings=hidden)
    assert site.one(FLAGGED) == 1
    moved = [Finding("hidden-link", 0.8, link, ("link",), {}, "html", 44, 103)]
    site.read("a.html", 10, clean(), findings=moved)
    assert site.one("SELECT start, score, first_seen, last_seen, original FROM findings") == (
        *(44, 0.8, at(5), at(10)),
        None,
    )
    site.read("a.html", 15, clean())
    assert site.one(FLAGGED) == 0
    assert site.one("SELECT last_seen, (SELECT version FROM articles) FROM findings") == (at(10), 1)


def test_a_page_without_an_article_keeps_its_findings_too(site: Site) -> None:
    doorway = [Finding("doorway", 0.9, "x.php?ID=ab/nha-cai.shtml", ("carried-name",), {}, "url", 0, 25)]
    page = Page(url("x.php"), Outcome.OTHER, findings=doorway)
    for hour in (0, 5):
        site.visit("x.php", hour, "other", page=page)
    assert site.one("SELECT article_id, url, span, first_seen, last_seen FROM findings") == (
        *(None, url("x.php"), "x.php?ID=ab/nha-cai.shtml"),
        *(at(0), at(5)),
    )


def test_a_verdict_holds_for_the_same_words_in_the_whole_article_and_in_later_captures(site: Site) -> None:
    site.read("a.html", 0, injected(), findings=found())
    site.read("b.html", 0, injected(title="Khác"), findings=found())
    done = decide(site.archive.db.conn, 1, Verdict.DISMISSED, "tên một trò chơi", hours(1))
    assert [one["id"] for one in done] == [1, 2]
    assert site.rows(FLAGGED) == [(0,), (1,)]
    later = article(title="Sửa", body="Tin vắn. " + INJECTED)
    site.read(
        "a.html", 10, later, findings=found("Tin vắn. " + INJECTED) + found(span="đổi thưởng", score=0.3)
    )
    assert site.rows(
        "SELECT span, verdict, why, decided_at FROM findings WHERE first_seen = ? ORDER BY span", at(10)
    ) == [
        (PHRASE, "dismissed", "tên một trò chơi", at(1)),
        (PHRASE, "dismissed", "tên một trò chơi", at(1)),
        ("đổi thưởng", None, None, None),
        ("đổi thưởng", None, None, None),
    ]
    assert site.rows(FLAGGED) == [(0,), (1,)]
    decide(site.archive.db.conn, 1, Verdict.CONFIRMED, "đã gọi hỏi", hours(11))
    assert site.rows(FLAGGED) == [(1,), (1,)]


def test_a_weak_sign_that_is_confirmed_flags(site: Site) -> None:
    site.read("a.html", 0, injected(), findings=found(score=0.2))
    decide(site.archive.db.conn, 1, Verdict.CONFIRMED, "đã gọi hỏi", hours(1))
    assert site.one(FLAGGED) == 1
    with pytest.raises(ArchiveError, match="no finding 9 in the archive"):
        decide(site.archive.db.conn, 9, Verdict.CONFIRMED, "x", hours(1))


def test_two_articles_that_become_one_share_findings_and_verdicts(site: Site) -> None:
    site.read("a.html", 0, injected(cms_id=None), findings=found())
    site.read("b.html", 10, injected(title="Bài khác hẳn"), findings=found())
    decide(site.archive.db.conn, 1, Verdict.DISMISSED, "tên một trò chơi", hours(11))
    site.read("a.html", 20, injected(title="Bài khác hẳn"), final="b.html", findings=found())
    assert site.one("SELECT count(*) FROM articles") == 1
    assert site.rows("SELECT article_id, occurrence, first_seen, last_seen, verdict FROM findings") == [
        (1, 1, at(0), at(0), "dismissed"),
        (1, 2, at(0), at(0), "dismissed"),
        (1, 1, at(10), at(20), "dismissed"),
        (1, 2, at(10), at(20), "dismissed"),
    ]
    assert site.one(FLAGGED) == 0


@pytest.mark.parametrize("clean_first", [True, False])
def test_a_clean_copy_on_another_portal_gives_the_original(site: Site, clean_first: bool) -> None:
    filler = "\n\n".join(
        f"Mục {number}: các xã báo cáo kết quả {number * 37} việc đã làm." for number in range(20)
    )
    site.archive.register([Portal("tinh", "Tỉnh", "https://tinh.example/", "generic", "described")])

    def read_copy() -> None:
        shown = article(body=f"{CLEAN}\n\n{filler}")
        page = Page("https://tinh.example/b", Outcome.ARTICLE, article=shown)
        visit = Visit("tinh", page.url, page.url, hours(2), "article", status=200, page=page)
        assert site.archive.store(visit).is_new

    if clean_first:
        read_copy()
    text = f"{INJECTED}\n\n{filler}"
    site.read("a.html", 0, article(body=text), findings=found(text))
    for _ in site.archive.group_stories():
        pass
    if not clean_first:
        assert site.one("SELECT count(original) FROM findings") == 0
        read_copy()
        for _ in site.archive.group_stories():
            pass
    assert (
        site.rows(
            "SELECT f.original, a.portal, f.original_hash = a.content_hash FROM findings f"
            " JOIN articles a ON a.id = f.original_article"
        )
        == [(PLACE, "tinh", 1)] * 2
    )


# --- better readers -------------------------------------------------------------------------------------


def reread(site: Site, capture: int, shown: Article, *findings: Finding, dry_run: bool = False) -> Any:
    page = Page(url("a.html"), Outcome.ARTICLE, article=shown, findings=list(findings))
    return site.archive.correct(capture, page, dry_run=dry_run)


def test_a_better_reader_replaces_what_was_found_and_keeps_verdicts(site: Site) -> None:
    site.read("a.html", 0, injected(), findings=found() + found(span="dân vận", kind="other"))
    decide(site.archive.db.conn, 1, Verdict.CONFIRMED, "đã gọi hỏi", hours(1))
    better = found(kind="place", score=0.95)
    before = list(site.archive.db.conn.iterdump())
    told = {"findings": ([PHRASE, PHRASE, "dân vận", "dân vận"], [PHRASE, PHRASE])}
    assert reread(site, 1, injected(), *better, dry_run=True) == told
    assert list(site.archive.db.conn.iterdump()) == before
    assert reread(site, 1, injected(), *better) == told
    assert site.rows("SELECT kind, span, score, verdict FROM findings") == [
        ("place", PHRASE, 0.95, "confirmed"),
        ("place", PHRASE, 0.95, "confirmed"),
    ]
    assert reread(site, 1, injected(), *better) == {}
    # What a person decided about stays, whatever a reader sees.
    assert reread(site, 1, injected())["findings"] == ([PHRASE, PHRASE], [])
    assert site.one("SELECT count(*), min(verdict) FROM findings") == (2, "confirmed")


def test_findings_of_an_archive_that_had_none_are_made_by_reading_it_again(site: Site) -> None:
    site.read("a.html", 0, clean())
    site.read("a.html", 5, injected())
    site.read("a.html", 10, injected())
    site.read("a.html", 15, injected(title="Mới"))
    for capture, shown, findings in (
        (1, clean(), []),
        (2, injected(), found()),
        (3, injected(), found()),
        (4, injected(title="Mới"), found()),
    ):
        reread(site, capture, shown, *findings)
    assert site.rows("SELECT occurrence, first_seen, last_seen, capture_id, original FROM findings") == [
        (1, at(5), at(10), 2, PLACE),
        (2, at(5), at(10), 2, PLACE),
        (1, at(15), at(15), 4, PLACE),
        (2, at(15), at(15), 4, PLACE),
    ]
    assert site.one(FLAGGED) == 1


def test_a_finding_goes_only_when_no_capture_shows_it_any_more(site: Site) -> None:
    for hour in (0, 5, 10):
        site.read("a.html", hour, injected(), findings=found())
    reread(site, 1, injected())
    assert site.rows("SELECT first_seen, last_seen, capture_id FROM findings") == [(at(5), at(10), 2)] * 2
    reread(site, 3, injected())
    assert site.rows("SELECT first_seen, last_seen, capture_id FROM findings") == [(at(5), at(5), 2)] * 2
    assert site.one(FLAGGED) == 0
    reread(site, 2, injected())
    assert site.rows("SELECT * FROM findings") == []


def test_findings_follow_a_version_that_is_read_differently(site: Site) -> None:
    site.read("a.html", 0, injected(author="quantri"), findings=found())
    reread(site, 1, injected(author="Kim Anh"), *found())
    assert site.one("SELECT count(*) FROM findings f JOIN articles a USING (content_hash)") == 2
    assert site.one("SELECT count(*), (SELECT flagged FROM articles) FROM findings") == (2, 1)


# --- the words that stood there -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "span", "clean", "words"),
    [
        (INJECTED, PHRASE, CLEAN, PLACE),
        ("Tại xã A, sòng bài\n, bà con phấn khởi", "sòng bài", "Tại xã A, bà con phấn khởi", ""),
        ("Ở huyện B uy tín số một, dân vui", "huyện B uy tín số một", "Ở huyện B, dân vui", "huyện B"),
        ("Ở Bản Mây, dân rất vui", "Bản Mây", "Ở Bản Mây, dân rất vui", None),
        ("Ở sòng bài, dân rất vui", "sòng bài", "Một bài hoàn toàn khác, chẳng liên quan gì", None),
        ("sòng bài mở hội nghị tổng kết", "sòng bài", "Huyện ủy mở hội nghị tổng kết", "Huyện ủy"),
        ("sòng bài", "sòng bài", "Huyện ủy", None),
        ("một hai sòng bài", "sòng bài", "một hai " + "ba bốn " * 12, None),
        ("", "", "một", None),
        ("ở sòng bài " + "a " * 25_000, "sòng bài", "ở huyện " + "a " * 25_000, None),
    ],
)
def test_the_words_that_stand_in_the_same_place(text: str, span: str, clean: str, words: str | None) -> None:
    start = text.index(span)
    assert in_place(text, start, start + len(span), clean) == words
