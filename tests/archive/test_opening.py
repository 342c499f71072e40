from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlite_utils import Database
from visiting import START, Site, article, hours

from portal_archive.archive import archive as opening
from portal_archive.archive import migrations
from portal_archive.archive.archive import Archive
from portal_archive.model.errors import ArchiveError
from portal_archive.model.records import Crawl, Portal


def test_a_new_archive_is_ready(tmp_path: Path) -> None:
    with Archive(tmp_path / "mới 1.db") as archive:
        pragma = {
            name: archive.db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout", "user_version")
        }
    assert pragma == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,
        "busy_timeout": 30_000,
        "user_version": len(migrations.STEPS),
    }


def test_closing_writes_the_log_back(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    site.read("a.html", 0)
    assert (tmp_path / "archive.db-wal").stat().st_size > 0
    site.archive.close()
    assert not (tmp_path / "archive.db-wal").exists()
    with Archive(tmp_path / "archive.db", read_only=True) as archive:
        assert archive.db.execute("SELECT count(*) FROM articles").fetchone() == (1,)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"<html>not a database at all, but long enough to be taken for a header of one</html>" * 9,
            "not an SQLite",
        ),
        (None, "cannot be opened"),
    ],
)
def test_what_is_no_archive_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "archive.db" if content else tmp_path / "none" / "archive.db"
    if content:
        path.write_bytes(content)
    with pytest.raises(ArchiveError, match=message) as raised:
        Archive(path)
    assert str(path) in str(raised.value)
    if content:
        assert path.read_bytes() == content


def test_a_missing_archive_is_not_made_for_reading(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="cannot be opened"):
        Archive(tmp_path / "archive.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    Database(path).table("dogs").insert({"name": "Vàng"})
    with pytest.raises(ArchiveError, match="of another program"):
        Archive(path)


def test_an_archive_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ArchiveError, match=r"schema 99.*update the program"):
        Archive(path)


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    Site(tmp_path / "archive.db").archive.close()
    crawl = Crawl(1, "huyen", START, resumed=False)
    with (
        Archive(tmp_path / "archive.db", read_only=True) as archive,
        pytest.raises(ArchiveError, match="cannot be written"),
    ):
        archive.end_crawl(crawl, START, "finished")


def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    site.begin(0)
    pages = site.one("PRAGMA page_count")
    site.archive.db.execute(f"PRAGMA max_page_count = {pages + 2}")
    big = article(body="Nội dung rất dài. " * 20_000)
    with pytest.raises(ArchiveError, match="disk is full"):
        site.read("a.html", 0, big)
    assert site.rows("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM captures)") == [(0, 0)]
    site.archive.db.execute("PRAGMA max_page_count = 100000")
    assert site.read("a.html", 1, big).is_new
    assert site.one("PRAGMA integrity_check") == "ok"


def test_a_writer_that_keeps_the_file_locked_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0)
    site = Site(tmp_path / "archive.db")
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ArchiveError, match="locked by another program"):
        site.read("a.html", 0)
    other.execute("ROLLBACK")
    other.close()
    assert site.read("a.html", 0).is_new


def test_the_second_writer_is_told_who_is_the_first(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive(path) as first, Archive(path) as second:
        first.claim("crawl laichau")
        first.claim("crawl dienbien")
        with pytest.raises(ArchiveError) as raised:
            second.claim("import site.warc.gz")
        assert f"{path} is being written to by crawl dienbien (process {os.getpid()} on " in str(raised.value)
        # Readers are not hindered.
        with Archive(path, read_only=True) as reader:
            assert reader.db.execute("SELECT count(*) FROM articles").fetchone() == (0,)
    with Archive(path) as third:
        third.claim("crawl laichau")


def test_a_killed_writer_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from portal_archive.archive.archive import Archive
        archive = Archive(Path(sys.argv[1]))
        archive.claim("crawl laichau")
        print("claimed", flush=True)
        sys.stdin.read()
        """
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with process, Archive(path) as archive:
        assert process.stdout is not None
        assert process.stdout.readline() == "claimed\n"
        with pytest.raises(ArchiveError, match=rf"crawl laichau \(process {process.pid} on"):
            archive.claim("crawl dienbien")
        process.send_signal(signal.SIGKILL)
        process.wait()
        archive.claim("crawl dienbien")
    assert json.loads((tmp_path / "archive.db.lock").read_text())["who"] == "crawl dienbien"


def test_a_crawl_goes_on_within_the_hour(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    first = site.archive.begin_crawl("huyen", hours(0))
    site.crawl = first
    site.read("a.html", 2)
    second = site.archive.begin_crawl("huyen", hours(2.9))
    assert second == Crawl(first.id, "huyen", START, resumed=True)
    third = site.archive.begin_crawl("huyen", hours(3.9))
    assert (third.resumed, third.started_at) == (False, hours(3.9))
    assert site.rows("SELECT id, outcome, finished_at IS NULL FROM crawls") == [
        (1, "interrupted", 0),
        (2, None, 1),
    ]
    site.archive.end_crawl(third, hours(4), "finished")
    assert not site.archive.begin_crawl("huyen", hours(4.1)).resumed


def test_an_unknown_portal_is_named(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive.db") as archive, pytest.raises(ArchiveError, match="no portal sapa"):
        archive.begin_crawl("sapa", START)


def test_registering_again_brings_what_changed(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive.db") as archive:
        for title in ("Tỉnh ủy", "Tỉnh ủy Lai Châu"):
            archive.register(
                [
                    Portal(
                        "laichau",
                        title,
                        "https://laichau.example/",
                        "generic",
                        "described",
                        province="lai-chau",
                    )
                ]
            )
        assert archive.db.execute("SELECT name, title, host, province FROM portals").fetchall() == [
            ("laichau", "Tỉnh ủy Lai Châu", "laichau.example", "lai-chau")
        ]


def test_a_province_that_does_not_exist_is_named(tmp_path: Path) -> None:
    portal = Portal("x", "X", "https://x.example/", "generic", "described", province="lai-chou")
    with Archive(tmp_path / "archive.db") as archive:
        with pytest.raises(ArchiveError, match="x: no province has the id lai-chou"):
            archive.register([portal])
        assert archive.db.execute("SELECT count(*) FROM portals").fetchone() == (0,)


def test_killed_at_any_moment_the_archive_is_whole(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from visiting import Site, article
        site = Site(Path(sys.argv[1]))
        site.begin(0)
        for number in range(10_000):
            site.read(f"{number}.html", 0, article(title=f"Bài {number}", body=f"Nội dung số {number}. " * 20))
            print(number, flush=True)
        """
    )
    path = tmp_path / "archive.db"
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            if line == "20\n":
                process.send_signal(signal.SIGKILL)
                break
    with Archive(path) as archive:
        counts = [
            archive.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("articles", "versions", "captures", "article_urls", "articles_fts")
        ]
        assert counts[0] >= 21
        assert counts == [counts[0]] * 5
        assert archive.db.execute("SELECT pages, new_articles FROM crawls").fetchone() == (
            counts[0],
            counts[0],
        )
        assert archive.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        archive.db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
