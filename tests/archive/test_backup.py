import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from synthetic_rows import add, add_article, add_capture, add_portal, new_archive

from portal_archive.archive.backup import Backup, backup
from portal_archive.archive.verify import search
from portal_archive.archive.verify.damage import Damage
from portal_archive.archive.verify.verify import verify
from portal_archive.archive.warc.captures import CaptureWriter, read_capture
from portal_archive.archive.warc.gzip_members import compress
from portal_archive.model.errors import ArchiveError
from portal_archive.model.records import CaptureRef, Fetch

WHEN = datetime(2026, 11, 22, 5, 31, 28, tzinfo=UTC)


class Running:
    """An archive that a crawl is writing to."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "archive.db"
        self.captures = folder / "captures"
        self.dest = folder / "backup"
        self.db = new_archive(self.path)
        self.db.execute("PRAGMA journal_mode = wal")
        add_portal(self.db, "laichau")
        self.writer = CaptureWriter(self.captures, "laichau", 7)
        self.refs: list[CaptureRef] = []

    def visit(self, body: str = "dân vận khéo") -> CaptureRef:
        number = len(self.refs)
        ref = self.writer.write(Fetch(f"http://x/{number}", 200, (), f"{body} {number}".encode(), WHEN))
        capture = add_capture(self.db, f"http://x/{number}", ref)
        title = f"Tin {number}"
        add_article(self.db, "laichau", title, "2024-01-18T00:10:00+07:00", body=body, capture_id=capture)
        self.refs.append(ref)
        return ref

    def backup(self) -> Backup:
        return backup(self.path, self.captures, self.dest)

    def titles(self) -> list[str]:
        with sqlite3.connect(self.dest / "archive.db") as db:
            found = [row[0] for row in db.execute("SELECT title FROM articles ORDER BY id")]
        db.close()
        return found


@pytest.fixture
def running(tmp_path):
    running = Running(tmp_path)
    yield running
    running.writer.close()
    running.db.close()


def test_a_backup_is_whole_and_restored_by_copying_it_back(running, tmp_path):
    ref = running.visit()
    assert running.backup() == Backup(1, ref.offset + ref.length, ())
    assert sorted(path.name for path in running.dest.iterdir()) == ["archive.db", "captures"]
    restored = tmp_path / "restored"
    shutil.copytree(running.dest, restored)
    db = sqlite3.connect(restored / "archive.db", isolation_level=None)
    assert list(verify(db, restored / "captures")) == []
    assert db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'kheo'").fetchone() == (1,)
    db.close()
    assert read_capture(restored / "captures", ref, lambda *_: None).body == "dân vận khéo 0".encode()


def test_only_what_has_grown_is_copied(running):
    first = running.visit()
    running.backup()
    before = (running.dest / "captures" / first.file).stat()
    second = running.visit()
    assert running.backup() == Backup(1, second.offset + second.length - first.offset - first.length, ())
    assert running.backup() == Backup(0, 0, ())
    assert (running.dest / "captures" / first.file).stat().st_ino == before.st_ino
    assert running.titles() == ["Tin 0", "Tin 1"]


def test_the_copy_is_of_one_moment_although_a_crawl_writes_meanwhile(running, monkeypatch):
    running.visit("dân vận " * 3000)
    monkeypatch.setattr(search, "PAGES", 1)
    steps = []

    class Connection(sqlite3.Connection):
        def backup(self, target, *, pages):
            def crawl(status, remaining, total):
                steps.append(remaining)
                if len(steps) % 5 == 0:
                    running.visit()

            super().backup(target, pages=pages, progress=crawl)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=Connection))
    result = running.backup()
    assert len(running.refs) > 3
    assert steps == sorted(steps, reverse=True)
    assert (result.files, result.damage) == (1, ())
    assert running.titles() == ["Tin 0"]


def test_a_record_that_is_being_written_is_left_for_the_next_time(running):
    ref = running.visit()
    path = running.captures / ref.file
    whole = path.read_bytes()
    path.write_bytes(whole + compress(b"WARC/1.1 in flight")[:-4])
    assert running.backup() == Backup(1, len(whole), ())
    assert (running.dest / "captures" / ref.file).read_bytes() == whole


def test_a_backup_that_was_killed_is_completed(running):
    ref = running.visit()
    running.backup()
    copy = running.dest / "captures" / ref.file
    copy.write_bytes(copy.read_bytes()[:-100])
    (running.dest / "archive.db.new").write_bytes(b"half a copy")
    assert running.backup() == Backup(1, 100, ())
    assert copy.read_bytes() == (running.captures / ref.file).read_bytes()


def test_what_the_archive_has_lost_stays_in_the_backup(running):
    first, second = running.visit(), running.visit()
    running.backup()
    path = running.captures / second.file
    whole = path.read_bytes()
    path.write_bytes(whole[: first.offset + first.length])
    reason = f"has {first.offset + first.length} bytes, its copy in the backup {len(whole)}"
    assert running.backup() == Backup(0, 0, (Damage(first.file, reason),))
    assert (running.dest / "captures" / second.file).read_bytes() == whole


def test_damage_is_reported_and_the_rest_backed_up(running):
    ref = running.visit()
    path = running.captures / ref.file
    damaged = bytearray(path.read_bytes())
    damaged[ref.offset + 30] ^= 1
    path.write_bytes(damaged)
    result = running.backup()
    assert [item.place for item in result.damage] == [f"{ref.file}, offset {ref.offset}"] * 2
    assert running.titles() == ["Tin 0"]


def test_an_unsound_database_does_not_take_the_place_of_the_last_copy(running):
    running.visit()
    running.backup()
    running.db.execute("PRAGMA foreign_keys = off")
    add(running.db, "images", article_id=99, position=1, url="x")
    result = running.backup()
    assert sorted(path.name for path in running.dest.iterdir()) == ["archive.db", "captures"]
    assert result.damage == (
        Damage(
            "images:1",
            "refers to a row of articles that is not there",
            repair="restore the archive from a backup",
        ),
    )
    assert running.titles() == ["Tin 0"]
    db = sqlite3.connect(running.dest / "archive.db")
    assert db.execute("SELECT count(*) FROM images").fetchone() == (0,)
    db.close()


def test_the_archive_of_yesterday_leaves_no_log_beside_the_copy(running):
    running.visit()
    running.backup()
    (running.dest / "archive.db-wal").write_bytes(b"of another database")
    running.backup()
    assert running.titles() == ["Tin 0"]


@pytest.mark.parametrize("dest", ["", "captures", "captures/x"])
def test_a_backup_does_not_go_over_the_archive(running, tmp_path, dest):
    running.visit()
    with pytest.raises(ArchiveError, match="the archive itself is there"):
        backup(running.path, running.captures, tmp_path / dest)


def test_what_cannot_be_read_or_written_is_named(running, tmp_path):
    with pytest.raises(ArchiveError, match=r"none\.db: no such archive"):
        backup(tmp_path / "none.db", running.captures, running.dest)
    running.dest.write_text("a file in the way")
    with pytest.raises(ArchiveError, match=r"backup: File exists"):
        running.backup()
    (tmp_path / "other.db").write_text("no database at all " * 100)
    with pytest.raises(ArchiveError, match=r"other\.db: cannot be copied to .*not a database"):
        backup(tmp_path / "other.db", running.captures, tmp_path / "b")


def test_an_archive_of_an_older_version_is_backed_up_as_it_is(running):
    running.visit()
    running.db.execute("DROP VIEW article_versions")
    running.db.execute("PRAGMA user_version = 3")
    assert running.backup().damage == ()
    assert running.titles() == ["Tin 0"]
