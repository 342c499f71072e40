"""A real site crawled and imported: the same articles, and of a second capture the true changes and no others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nukeviet_states as states
import pytest
from crawling import Crawl, Site
from real_pages import needs_real_pages

from crawler.importer import Importer
from crawler.workers.pool import ReaderPool
from portal_archive.archive.archive import Archive
from portal_archive.archive.warc.foreign import read_foreign
from portal_archive.archive.warc.foreign_records import BadRecord

pytestmark = needs_real_pages

BEGIN = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
ARTICLES = (
    "SELECT url, cms_id, title, summary, body, html, captions, attachment_text, author, source, published_at,"
    " published_precision, modified_at, category, tags, views, rating_points, rating_votes, comments, version,"
    " content_hash, text_hash, methods, reader_version, missing_since FROM articles ORDER BY url"
)
IMAGES = "SELECT a.url, i.position, i.url, i.caption FROM images i JOIN articles a ON a.id = i.article_id ORDER BY 1, 2"
ATTACHMENTS = (
    "SELECT a.url, t.position, t.url, t.title, t.text FROM attachments t JOIN articles a ON a.id = t.article_id"
    " ORDER BY 1, 2"
)


def serve(site: Site, pages: states.Pages) -> None:
    """Let `site` answer as the pages say, under its own address."""

    def own(text: bytes) -> bytes:
        return text.replace(states.HOST.encode(), site.host.encode())

    wire = ("content-length", "transfer-encoding", "content-encoding", "connection")
    site.routes = {
        path: (
            page.status,
            {name: own(value.encode()).decode() for name, value in page.headers if name.lower() not in wire},
            own(page.body),
        )
        for path, page in pages.items()
    }


def import_all(folder: Path, *imports: list[Path]) -> None:
    """Import files into the archive in a folder, those of a list together."""
    with Archive(folder / "archive.db") as archive, ReaderPool() as readers:
        archive.claim("test")
        for files in imports:
            importer = Importer(archive, folder / "captures", BEGIN, readers)
            found = list(read_foreign(files, files=True))
            assert not [record for record in found if isinstance(record, BadRecord)]
            list(importer.store(found))


def changes(crawl: Crawl) -> dict[str, Any]:
    """Return all that an archive says has changed; moments as days since the first capture."""
    day = "CAST(round(julianday({}) - julianday((SELECT min(first_seen) FROM articles)), 0) AS INTEGER)"
    return {
        "versions": {
            int(cms_id): (changed, since)
            for cms_id, changed, since in crawl.query(
                f"SELECT a.cms_id, v.changed, {day.format('v.first_seen')} FROM versions v"
                " JOIN articles a ON a.id = v.article_id WHERE v.version > 1"
            )
        },
        "versions in all": crawl.query("SELECT count(*) FROM versions")[0][0],
        "moved": {
            int(cms_id): paths
            for cms_id, *paths in crawl.query(
                "SELECT a.cms_id, max(u.url) FILTER (WHERE u.url != a.url), a.url FROM article_urls u"
                " JOIN articles a ON a.id = u.article_id GROUP BY a.id HAVING count(*) > 1"
            )
        },
        "first seen later": [
            int(cms_id)
            for (cms_id,) in crawl.query(f"SELECT cms_id FROM articles WHERE {day.format('first_seen')} > 1")
        ],
        "absent": crawl.query(
            f"SELECT CAST(cms_id AS INTEGER), {day.format('missing_since')}, {day.format('gone_at')}, came_back_at"
            " FROM articles WHERE coalesce(missing_since, gone_at, came_back_at) IS NOT NULL ORDER BY 1"
        ),
    }


def expected(pages: states.Pages, host: str, captures: int) -> dict[str, Any]:
    """Return the changes after the site was edited and captured so often, two days apart."""
    articles = sum(path.endswith(".html") and page.status == 200 for path, page in pages.items())
    moved = {number: states.path_of(pages, number) for number in (*states.RENAMED, states.RECATEGORISED)}
    gone = 4 if captures > 2 else None
    return {
        "versions": {number: (changed.as_json(), 2) for number, changed in states.CHANGED.items()},
        "versions in all": articles + 1 + len(states.CHANGED),
        "moved": {
            number: [f"http://{host}{path}", f"http://{host}{states.moved_to(number, path)}"]
            for number, path in moved.items()
        },
        "first seen later": [states.NEW],
        "absent": [(states.DELETED, 2, gone, None), (states.SENT_HOME, 2, gone, None)],
    }


@pytest.fixture(scope="module")
def captured() -> list[states.Pages]:
    """The category as it was, edited two days later, and unedited two days after that."""
    first = states.category(states.load())
    second = states.again(states.edited(first), 2)
    return [first, second, states.again(second, 2)]


@pytest.mark.long
@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 2, 1), (1, 2, 0), (2, 1, 0)], ids=str)
def test_true_changes_and_no_others_by_import(
    captured: list[states.Pages], tmp_path: Path, order: tuple[int, ...]
) -> None:
    import_all(tmp_path, *([states.write(captured[number], tmp_path / str(number))] for number in order))
    assert changes(Crawl(tmp_path)) == expected(captured[0], states.HOST, len(order))


@pytest.mark.long
def test_true_changes_and_no_others_by_crawl(captured: list[states.Pages], site: Site, crawl: Crawl) -> None:
    for number, pages in enumerate(captured):
        serve(site, pages)
        crawl.now = BEGIN + timedelta(days=2 * number)
        done = crawl.portal(site)
        assert done.returncode == 0, done.stderr
        if number:
            assert changes(crawl) == expected(captured[0], site.host, number + 1)
    # An import of the captures made by the crawl gives the same again.
    taken = sorted(crawl.captures.rglob("*.warc.gz"), reverse=True)
    again = Crawl(crawl.archive.parent / "again")
    again.archive.parent.mkdir()
    import_all(again.archive.parent, taken)
    assert changes(again) == changes(crawl)


@pytest.mark.long
def test_imported_as_crawled_field_for_field(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    serve(site, states.load())
    done = crawl.portal(site)
    assert done.returncode == 0, done.stderr
    (tmp_path / "imported").mkdir()
    imported = Crawl(tmp_path / "imported")
    import_all(tmp_path / "imported", [states.CAPTURE])
    for sql in (ARTICLES, IMAGES, ATTACHMENTS):
        crawled = [tuple(map(str, row)) for row in crawl.query(sql)]
        assert crawled
        assert crawled == [
            tuple(str(value).replace(states.HOST, site.host) for value in row) for row in imported.query(sql)
        ]
    assert crawl.query("SELECT count(*), max(version) FROM articles") == [(80, 1)]
