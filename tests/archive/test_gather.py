"""Portals gathered from other archives: what one archive would hold that had made all the visits."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal_archive.archive.archive import Archive
from portal_archive.archive.gathering.gather import Gathered, gather
from portal_archive.archive.verify.verify import verify
from portal_archive.archive.warc.open_captures import open_captures
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Counter, Finding, Page
from portal_archive.model.records import Fetch, Portal, Visit

PORTALS = {
    name: Portal(name, f"Cổng {name}", f"https://{name}.example/", "generic", "described")
    for name in ("dienbien", "laichau", "sapa")
}
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BODY = "Hội nghị đánh giá công tác dân vận của huyện, biểu dương tập thể và bàn nhiệm vụ thời gian tới. "
# Portal, page, text: one visit an hour.
Step = tuple[str, int, int]
STEPS = st.tuples(st.sampled_from(sorted(PORTALS)), st.integers(0, 2), st.integers(0, 2))
SHOWN = {
    "articles": "portal, url, title, body, html, version, content_hash, first_seen, last_seen, missing_since, gone_at",
    "article_versions": "portal, url, version, title, body, first_seen, last_seen, changed, content_hash",
    "article_urls": "portal, url, first_seen, last_seen, content_hash",
    "captures": "portal, url, fetched_at, status, kind, digest, file, imported, content_hash",
    "counter_readings": "portal, url, read_at, total, printed",
    "pages": "portal, url, kind, state, next_visit, last_visit, last_digest",
    "crawls": "portal, started_at, finished_at, pages, new_articles, changed_articles",
    "findings": "portal, url, kind, field, span, score, verdict",
    "problems": "portal, url, kind, detail, first_seen, closed_at",
    "doubts": "portal, url, rule, state, first_seen, times",
}


def nothing_new(*_: object) -> int:
    """Read nothing: captures of portals that both have visited are read by the crawler, see tests/crawler."""
    return 0


def play(folder: Path, history: Sequence[tuple[int, Step]], portals: Sequence[str] = tuple(PORTALS)) -> Path:
    """Make an archive of the visits of some portals, a crawl a portal and day."""
    path = folder / "archive.db"
    with Archive(path) as archive:
        archive.claim("test")
        archive.register(PORTALS[name] for name in portals)
        for name in portals:
            steps = [(hour, step) for hour, step in history if step[0] == name]
            crawl = None
            for hour, (_, page, text) in steps:
                at = START + timedelta(hours=hour)
                if crawl is None or at - crawl.started_at > timedelta(days=1):
                    crawl = archive.begin_crawl(name, at)
                with open_captures(archive.db.conn, folder / "captures", name, at) as writer:
                    visit(archive, writer, name, page, text, at, crawl.id)
    return path


def visit(archive: Archive, writer: Any, portal: str, page: int, text: int, at: datetime, crawl: int) -> None:
    url = f"https://{portal}.example/tin-{page}.html"
    body = f"Tin {page}: " + BODY * 3 + f" Lần {text}."
    ref = writer.write(Fetch(url, 200, (("Content-Type", "text/html"),), body.encode(), at))
    shown = Article(title=f"Tin {page} của {portal}", body=body, html=f"<p>{body}</p>", views=text)
    spun = Finding("spun", 0.9, "Tin", ("spun",), {}, "body", 0, 3) if text == 2 else None
    archive.store(
        Visit(
            portal,
            url,
            url,
            at,
            Outcome.ARTICLE,
            200,
            crawl,
            "text/html",
            ref,
            Page(
                url,
                Outcome.ARTICLE,
                article=shown,
                counter=Counter(total=text, printed={"total": str(text)}),
                findings=[spun] if spun else [],
            ),
        )
    )


def content(path: Path) -> dict[str, list[Any]]:
    with Archive(path, read_only=True) as archive:
        return {
            table: sorted(archive.db.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
            for table, columns in SHOWN.items()
        }


def gathered(folder: Path, *others: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "archive.db"
    with Archive(path) as archive:
        archive.claim("test")
        for other in others:
            gather(archive, folder / "captures", other, other.parent / "captures", nothing_new)
    return path


def damage(path: Path) -> list[str]:
    with Archive(path, read_only=True) as archive:
        return [str(found) for found in verify(archive.db.conn, path.parent / "captures") if not found.note]


@settings(max_examples=5, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=14), st.permutations(sorted(PORTALS)))
def test_gathered_in_any_order_it_is_what_one_archive_would_hold(steps: list[Step], order: list[str]) -> None:
    history = [(hour * 7, step) for hour, step in enumerate(steps)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("whole", *PORTALS):
            (folder / part).mkdir()
        whole = content(play(folder / "whole", history))
        others = [play(folder / part, history, [part]) for part in order]
        once = gathered(folder / "once", *others)
        assert content(once) == whole
        assert damage(once) == []
        # Again, and from one that was gathered: nothing changes.
        gathered(folder / "once", *others)
        assert content(once) == whole
        assert content(gathered(folder / "twice", gathered(folder / "some", *others[:2]), once)) == whole


def test_it_says_what_became_of_each_portal(tmp_path: Path) -> None:
    history = [(hour, (name, 0, hour % 3)) for hour, name in enumerate([*PORTALS, *PORTALS])]
    for part in ("one", "two"):
        (tmp_path / part).mkdir()
    other = play(tmp_path / "two", history, ["laichau", "sapa"])
    with Archive(play(tmp_path / "one", history[:1], ["dienbien"])) as archive:
        archive.claim("test")

        def again() -> Gathered:
            return gather(
                archive, tmp_path / "one" / "captures", other, other.parent / "captures", nothing_new
            )

        assert again() == Gathered(["laichau", "sapa"], [], [], 2)
        assert again() == Gathered([], ["laichau", "sapa"], [], 0)
        play(tmp_path / "two", [(99, ("sapa", 1, 1))], ["sapa"])
        assert again() == Gathered([], ["laichau"], ["sapa"], 0)
        assert archive.db.execute("SELECT count(*) FROM articles").fetchone() == (3,)
        with pytest.raises(ArchiveError, match="this very archive"):
            gather(archive, tmp_path, archive.path, tmp_path, nothing_new)
        with pytest.raises(ArchiveError, match="no such archive"):
            gather(archive, tmp_path, tmp_path / "none.db", tmp_path, nothing_new)


def test_what_is_damaged_is_not_gathered(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = play(tmp_path / "other", [(0, ("sapa", 0, 0))], ["sapa"])
    (warc,) = (tmp_path / "other").rglob("*.warc.gz")
    warc.write_bytes(warc.read_bytes()[:-9])
    with Archive(tmp_path / "archive.db") as archive:
        archive.claim("test")
        with pytest.raises(ArchiveError, match="damaged, and not gathered: sapa/sapa-20260302-00001"):
            gather(archive, tmp_path / "captures", other, tmp_path / "other" / "captures", nothing_new)
        assert archive.db.execute("SELECT count(*) FROM captures").fetchone() == (0,)
