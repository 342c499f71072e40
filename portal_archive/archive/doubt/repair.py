"""Articles that one bad day melted into one, parted again by what their captures show at each address."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from portal_archive.archive.doubt.site_texts import ADDRESSES
from portal_archive.archive.findings import findings
from portal_archive.archive.search.order import search_order
from portal_archive.archive.sql import insert, rows
from portal_archive.archive.storing.content import Content
from portal_archive.archive.storing.merge import show_newest
from portal_archive.archive.storing.versions import TEXTS, rebuild
from portal_archive.model.page import READER_VERSION

Texts = Mapping[str, set[str]]


def melted(db: sqlite3.Connection, portal: str | None = None) -> list[int]:
    """Return the articles whose addresses show texts that have nothing in common; of all portals, or of one."""
    found = db.execute(
        "SELECT u.article_id FROM article_urls u JOIN articles a ON a.id = u.article_id WHERE a.version > 1"
        " AND (?1 IS NULL OR a.portal = ?1) GROUP BY u.article_id HAVING count(*) > 1 ORDER BY 1",
        (portal,),
    )
    return [number for (number,) in found.fetchall() if len(_groups(_texts(db, number))) > 1]


def part(db: sqlite3.Connection, number: int) -> list[int]:
    """Part an article that is several; return the new ones. The one it was keeps its number and its own address.

    A text at three or more of the addresses, which show others too, is a page of the site, and no part of any.
    What makes no version is filled by reading the captures again.
    """
    texts = _texts(db, number)
    of_site = _of_site(texts)
    groups = _groups(texts)
    article = rows(db, "SELECT * FROM articles WHERE id = ?", number)[0]
    contents = _contents(db, number)
    shown_by_site = {key for key, content in contents.items() if content.text_hash in of_site}
    if shown_by_site:
        marks = ", ".join("?" * len(shown_by_site))
        db.execute(
            f"UPDATE captures SET content_hash = NULL WHERE article_id = ? AND content_hash IN ({marks})",
            (number, *shown_by_site),
        )
    stays = next((group for group in groups if article["url"] in group), groups[0] if groups else set())
    made = [_raise(db, article, group, contents) for group in groups if group != stays]
    for one in (number, *made):
        show_newest(db, one, contents)
        rebuild(db, one, contents, READER_VERSION)
        findings.settle(db, one)
    return made


def _texts(db: sqlite3.Connection, number: int) -> dict[str, set[str]]:
    """Return the texts that each address of an article has shown."""
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for url, text in db.execute(
        "SELECT DISTINCT c.url, v.text_hash FROM captures c JOIN versions v ON v.article_id = c.article_id"
        " AND v.content_hash = c.content_hash WHERE c.article_id = ?",
        (number,),
    ):
        texts[url].add(text)
    return dict(texts)


def _of_site(texts: Texts) -> set[str]:
    counted = Counter(text for shown in texts.values() if len(shown) > 1 for text in shown)
    return {text for text, addresses in counted.items() if addresses >= ADDRESSES}


def _groups(texts: Texts) -> list[set[str]]:
    """Return the addresses that belong together, by the texts they share that are of no site."""
    of_site = _of_site(texts)
    groups: list[tuple[set[str], set[str]]] = []
    for url, shown in texts.items():
        own = shown - of_site
        if not own:
            continue
        joined = [group for group in groups if group[1] & own]
        groups = [group for group in groups if group not in joined]
        groups.append(
            ({url}.union(*(group[0] for group in joined)), own.union(*(group[1] for group in joined)))
        )
    return [urls for urls, _ in groups]


def _raise(
    db: sqlite3.Connection, article: sqlite3.Row, urls: Iterable[str], contents: Mapping[str, Content]
) -> int:
    """Make an article of what some of the addresses of another have shown."""
    addresses = sorted(urls)
    marks = ", ".join("?" * len(addresses))
    of = (article["portal"], *addresses)
    captures = rows(
        db,
        f"SELECT * FROM captures WHERE portal = ? AND url IN ({marks}) AND article_id = {article['id']}"
        " ORDER BY fetched_at",
        *of,
    )
    shown = [capture for capture in captures if capture["content_hash"] in contents]
    content, newest = contents[shown[-1]["content_hash"]], shown[-1]
    number = insert(
        db,
        "articles",
        {
            "portal": article["portal"],
            "url": newest["url"],
            "version": 1,
            "first_seen": shown[0]["fetched_at"],
            "last_seen": newest["fetched_at"],
            "fetched_at": newest["fetched_at"],
            "capture_id": newest["id"],
            "reader_version": READER_VERSION,
            "search_order": search_order(db, content.published_at, shown[0]["fetched_at"]),
            "content_hash": content.content_hash,
            "text_hash": content.text_hash,
            **{name: getattr(content, name) for name in TEXTS},
        },
    )
    db.execute(
        f"UPDATE captures SET article_id = {number} WHERE portal = ? AND url IN ({marks})"
        f" AND article_id = {article['id']}",
        of,
    )
    for table in ("article_urls", "pages", "doubts"):
        db.execute(f"UPDATE {table} SET article_id = {number} WHERE portal = ? AND url IN ({marks})", of)
    db.execute(
        "UPDATE article_views SET article_id = ? WHERE article_id = ?"
        " AND capture_id IN (SELECT id FROM captures WHERE article_id = ?)",
        (number, article["id"], number),
    )
    return number


def _contents(db: sqlite3.Connection, number: int) -> dict[str, Content]:
    found = rows(db, "SELECT * FROM article_versions WHERE article_id = ?", number)
    return {version["content_hash"]: Content.from_row(version) for version in found}
