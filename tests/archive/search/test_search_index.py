from __future__ import annotations

import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from synthetic_rows import add_article
from visiting import Site, article, hours, url

from portal_archive.archive.moments import epoch
from portal_archive.model.file_text import FileText
from portal_archive.model.kinds import LinkKind
from portal_archive.model.page import Link


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path / "archive.db")
    made.read("a.html", 0, article(title="Công tác dân vận", body="Hội nghị của Tỉnh uỷ Điện Biên"))
    made.read("b.html", 0, article(title="Đại hội", body="Báo cáo của Tỉnh ủy", published_at="2025-01-01"))
    made.read("c.html", 0, article(title="DÂN VẬN khéo", body="Không có gì", published_at="2024-01-01"))
    return made


def found(site: Site, words: str) -> list[int]:
    """Search as the index folds: the caller turns đ into d."""
    return _found(site, "articles_fts", words.translate(str.maketrans("đĐÐð", "dDDd")))


def written(site: Site, words: str) -> list[int]:
    """Search with accents."""
    return _found(site, "articles_exact", words)


def _found(site: Site, index: str, words: str) -> list[int]:
    rows = site.rows(
        "SELECT a.id FROM articles a WHERE a.search_order IN"
        f" (SELECT rowid FROM {index} WHERE {index} MATCH ?) ORDER BY a.id",
        words,
    )
    return [number for (number,) in rows]


def intact(site: Site) -> bool:
    for index in ("articles_fts", "articles_exact"):
        site.archive.db.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
    return True


@pytest.mark.parametrize("words", ["dan van", "dân vận", "DÂN VẬN", unicodedata.normalize("NFD", "dân vận")])
def test_accents_and_case_do_not_matter(site: Site, words: str) -> None:
    assert found(site, words) == [1, 3]


def test_accents_matter_in_the_index_that_keeps_them(site: Site) -> None:
    assert written(site, "DÂN VẬN") == [1, 3]
    assert written(site, "dan van") == []
    assert written(site, '"tỉnh uỷ"') == [1]
    assert written(site, '"tỉnh ủy"') == [2]
    assert written(site, "điện") == [1]


def test_both_tone_styles_and_the_letter_d(site: Site) -> None:
    assert found(site, "tinh uy") == [1, 2]
    assert found(site, "tỉnh uỷ") == [1, 2]
    assert found(site, "dien bien") == [1]
    assert found(site, "Đại hội") == [2]
    assert found(site, '"van dan"') == []


def test_changes_are_found_and_what_was_replaced_is_not(site: Site) -> None:
    site.read("a.html", 1, article(title="Đảng bộ", body="Nghị quyết chuyên đề", author="Đỗ Đức"))
    assert found(site, "dan van") == [3]
    assert found(site, "dien bien") == []
    assert found(site, "dang bo") == [1]
    assert found(site, "author: do duc") == [1]
    assert written(site, '"dân vận"') == [3]
    assert written(site, "author: đỗ") == [1]
    assert intact(site)


def test_the_index_survives_rebuild_and_deletion(site: Site) -> None:
    for index in ("articles_fts", "articles_exact"):
        site.archive.db.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
    assert found(site, "dan van") == [1, 3]
    assert written(site, "dân vận") == [1, 3]
    site.read("a.html", 1, article(title="Đảng bộ", body="Nghị quyết chuyên đề"))
    assert intact(site)
    for table in ("captures", "article_urls", "pages", "article_views", "versions"):
        where = "article_id = 3"
        verb = (
            f"UPDATE {table} SET article_id = NULL"
            if table in ("captures", "pages")
            else f"DELETE FROM {table}"
        )
        site.archive.db.execute(f"{verb} WHERE {where}")
    site.archive.db.execute("DELETE FROM articles WHERE id = 3")
    assert found(site, "dan van") == []
    assert intact(site)


def test_writes_of_other_programs_are_indexed(site: Site) -> None:
    site.archive.db.execute("UPDATE articles SET title = 'Ðảng viên' WHERE id = 2")
    assert found(site, "dang vien") == [2]
    assert written(site, "đảng viên") == [2]
    assert intact(site)


def test_the_order_is_that_of_publication(site: Site) -> None:
    assert site.rows("SELECT id FROM articles ORDER BY search_order") == [(3,), (2,), (1,)]
    assert site.one("SELECT search_order >> 4 FROM articles WHERE id = 1") == epoch(
        "2026-03-01T08:00:00+07:00"
    )
    # A date without time is midnight in Viet Nam; without a date it is the moment of the first sight.
    assert site.one("SELECT search_order >> 4 FROM articles WHERE id = 2") == epoch(
        "2025-01-01T00:00:00+07:00"
    )
    site.read("d.html", 5, article(title="Không ngày", published_at=None))
    assert site.one("SELECT search_order >> 4 FROM articles WHERE id = 4") == int(hours(5).timestamp())


def test_the_order_follows_the_date(site: Site) -> None:
    site.read("a.html", 1, article(title="Công tác dân vận", body="Hội nghị", published_at="2023-01-01"))
    assert site.rows("SELECT id FROM articles ORDER BY search_order") == [(1,), (3,), (2,)]
    assert found(site, "dan van") == [1, 3]
    assert intact(site)


def test_the_order_follows_the_first_sight_of_an_older_import(site: Site) -> None:
    undated = article(title="Không ngày", published_at=None)
    site.read("d.html", 5, undated)
    site.read("d.html", -9000, undated)
    assert site.one("SELECT search_order >> 4 FROM articles WHERE id = 4") == int(hours(-9000).timestamp())
    assert intact(site)


def test_articles_of_one_second_have_places_of_their_own(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    later = article(title="Giây sau", published_at="2025-01-01T00:00:01+07:00")
    site.read("later.html", 0, later)
    for number in range(40):
        site.read(f"{number}.html", 0, article(title=f"Số {number}", published_at="2025-01-01"))
    midnight = epoch("2025-01-01T00:00:00+07:00") * 16
    places = [place - midnight for (place,) in site.rows("SELECT search_order FROM articles ORDER BY id")]
    # A second has 16 places; what finds it full goes behind all others of the minute.
    assert places == [16, *range(16), *range(17, 41)]
    assert intact(site)


def test_text_of_attachments_is_searched(site: Site) -> None:
    site.read("e.html", 0, article(title="Văn bản", attachments=["https://huyen.example/25.pdf"]))
    site.visit("25.pdf", 1, "file", file_text=FileText.whole("Kế hoạch triển khai đề án"))
    assert found(site, "de an") == [4]
    site.visit("25.pdf", 2, "file", file_text=FileText.whole("Kế hoạch sửa đổi"))
    assert found(site, "de an") == []
    assert found(site, "attachment_text: sua doi") == [4]
    assert intact(site)


def test_an_undated_article_stands_where_its_list_dates_it(site: Site) -> None:
    link = Link(url("d.html"), LinkKind.ARTICLE, published_at="2024-06-01T00:00:00+07:00")
    site.archive.frontier.add("huyen", [link], None, 1, hours(0))
    site.read("d.html", 1, article(title="Không ngày", body="Bài không ghi ngày", published_at=None))
    newest_first = [number for (number,) in site.rows("SELECT id FROM articles ORDER BY search_order DESC")]
    assert newest_first == [1, 2, 4, 3]


def test_what_a_batch_stores_is_indexed_at_its_end(site: Site) -> None:
    with site.archive.batch():
        site.read("d.html", 0, article(title="Đại hội", body="Báo cáo chính trị"))
        site.read("e.html", 0, article(title="Hội nghị", body="Báo cáo tháng"))
        site.read("d.html", 1, article(title="Đại hội", body="Báo cáo kiểm tra"))
        site.read("a.html", 1, article(title="Dân vận", body="Báo cáo quý"))
        site.archive.db.execute("UPDATE articles SET gone_at = '2026-01-01' WHERE url LIKE '%/e.html'")
        with suppress(ZeroDivisionError), site.archive.batch():
            site.read("f.html", 0, article(title="Bài hỏng", body="Báo cáo dở dang"))
            raise ZeroDivisionError
        assert found(site, '"bao cao"') == [2]
    assert found(site, '"bao cao"') == [1, 2, 4, 5]
    assert found(site, '"chinh tri" OR "do dang"') == []
    assert written(site, '"kiểm tra" OR quý') == [1, 4]
    assert found(site, "zqgone") == [5]
    assert site.rows("SELECT count(*) FROM search_facets") == [(5,)]
    assert site.rows("SELECT * FROM search_waiting") == []
    assert intact(site)


def test_an_article_that_a_batch_stores_and_deletes_is_never_indexed(site: Site) -> None:
    with site.archive.batch():
        add_article(site.archive.db.conn, "huyen", "Lạc đề", "2026-01-01T00:00:00+07:00")
        site.archive.db.execute("DELETE FROM stories_waiting")
        site.archive.db.execute("DELETE FROM articles WHERE title = 'Lạc đề'")
    assert found(site, "lac de") == []
    assert site.rows("SELECT count(*) FROM search_facets") == [(3,)]
    assert intact(site)
