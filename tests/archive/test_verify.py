import shutil
import sqlite3
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest
from synthetic_rows import add_article, add_capture, add_portal, new_archive

from portal_archive.archive.verify.captures import verify_captures
from portal_archive.archive.verify.damage import Damage
from portal_archive.archive.verify.database import verify_database
from portal_archive.archive.verify.search import rebuild
from portal_archive.archive.verify.verify import open_read_only, verify
from portal_archive.archive.warc.captures import CaptureWriter
from portal_archive.archive.warc.gzip_members import compress, walk
from portal_archive.model.records import CaptureRef, Fetch

WHEN = datetime(2026, 11, 22, 5, 31, 28, tzinfo=UTC)
NAME = "laichau/laichau-7-00001.warc.gz"
RESTORE = "copy the file from the backup, if it is whole there"
WITHOUT = "responses without a row, of which this is the first"


class Kept:
    """An archive of five captures, two of them in one crawl's file after a revisit, and its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = new_archive()
        add_portal(self.db, "laichau")
        with CaptureWriter(folder, "laichau", 7) as writer:
            self.refs = [self.capture(writer, f"http://x/{n}", f"<p>Tin {n}</p>".encode()) for n in (1, 2)]
            self.refs.append(self.capture(writer, "http://x/1", b"<p>Tin 1</p>", ("http://x/1", WHEN)))
            self.refs.append(self.capture(writer, "http://x/4", b""))
        self.path = folder / NAME
        self.whole = self.path.read_bytes()

    def capture(self, writer: CaptureWriter, url: str, body: bytes, same_as=None) -> CaptureRef:
        ref = writer.write(Fetch(url, 200, (("Content-Type", "text/html"),), body, WHEN), same_as)
        add_capture(self.db, url, ref, content_type="text/html", revisit_of=1 if ref.revisit else None)
        return ref

    def damage(self) -> list[Damage]:
        return [item for item in verify(self.db, self.folder) if not item.note]

    def notes(self) -> list[Damage]:
        return [item for item in verify(self.db, self.folder) if item.note]


@pytest.fixture
def kept(tmp_path) -> Kept:
    return Kept(tmp_path)


def test_what_is_whole_has_no_damage(kept):
    assert list(verify(kept.db, kept.folder)) == []


@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_one_flipped_byte_anywhere_is_found(kept, mask):
    # But in the gzip header of the warcinfo record, which no row proves and nothing is made of.
    for position in range(10 + mask % 13, len(kept.whole), 13):
        damaged = bytearray(kept.whole)
        damaged[position] ^= mask
        kept.path.write_bytes(damaged)
        found = list(verify_captures(kept.db, kept.folder))
        assert found, position
        assert all(item.place.startswith(f"{NAME}, offset ") for item in found)


def test_a_cut_end_is_found_wherever_it_is(kept):
    for cut in range(0, len(kept.whole), 23):
        kept.path.write_bytes(kept.whole[:cut])
        assert kept.damage(), cut
    kept.path.write_bytes(kept.whole)
    with kept.path.open("rb") as stream:
        ends = [member.offset for member in walk(stream)][1:]
    for end in ends:
        kept.path.write_bytes(kept.whole[:end])
        reason = "the capture of http://x/4 is not there"
        assert Damage(f"{NAME}, offset {kept.refs[3].offset}", reason, repair=RESTORE) in kept.damage()


def test_what_comes_after_damage_is_still_checked(kept):
    second = kept.refs[1]
    damaged = bytearray(kept.whole)
    damaged[second.offset + second.length - 1] ^= 1
    kept.path.write_bytes(damaged)
    kept.db.execute("UPDATE captures SET digest = 'sha1:X' WHERE id = 4")
    last = kept.refs[3]
    assert kept.damage() == [
        Damage(
            f"{NAME}, offset {second.offset}",
            "the record is damaged (Error -3 while decompressing data: incorrect length check)",
            repair=RESTORE,
        ),
        Damage(f"{NAME}, offset {second.offset}", "the capture of http://x/2 is not there", repair=RESTORE),
        Damage(
            f"{NAME}, offset {last.offset}",
            f"the capture of http://x/4 has the digest {last.digest}, not sha1:X",
        ),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("length = length + 1", r"the capture of http://x/2 has \d+ bytes, not \d+"),
        ("offset = offset + 1", "the capture of http://x/2 is not there"),
        ("offset = 0", "a warcinfo record, not the capture of http://x/2"),
        ("file = 'laichau/other.warc.gz'", "the file cannot be read: No such file or directory"),
    ],
)
def test_a_row_that_does_not_agree_is_damage(kept, change, reason):
    kept.db.execute(f"UPDATE captures SET {change} WHERE id = 2")
    (found,) = kept.damage()
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(found.reason)


def test_a_revisit_of_the_unknown_is_damage(kept):
    kept.db.execute("UPDATE captures SET revisit_of = NULL")
    (found,) = kept.damage()
    assert found.reason == "the capture of http://x/1 repeats one that is not known"


def test_a_lost_file_is_damage(kept):
    kept.path.unlink()
    assert kept.damage() == [
        Damage(NAME, "the file cannot be read: No such file or directory", repair=RESTORE)
    ]


def test_records_and_files_without_rows_are_only_noted(kept):
    kept.db.execute("DELETE FROM captures WHERE id > 1")
    with CaptureWriter(kept.folder, "dienbien", 1) as writer:
        ref = writer.write(Fetch("http://y/", 200, (), b"", WHEN))
    assert kept.damage() == []
    assert kept.notes() == [
        Damage(f"{ref.file}, offset {ref.offset}", f"1 {WITHOUT}", note=True),
        Damage(f"{NAME}, offset {kept.refs[1].offset}", f"3 {WITHOUT}", note=True),
    ]


def test_a_torn_record_that_no_row_knows_is_only_noted(kept):
    kept.path.write_bytes(kept.whole + compress(b"WARC/1.1 torn")[:-5])
    assert kept.damage() == []
    (note,) = kept.notes()
    assert str(note) == f"{NAME}, offset {len(kept.whole)}: its last record is torn, and no row knows it"


def test_a_member_that_is_no_record_is_damage(kept):
    kept.path.write_bytes(kept.whole + compress(b"hello"))
    ((place, reason),) = [(item.place, item.reason) for item in kept.damage()]
    assert place == f"{NAME}, offset {len(kept.whole)}"
    assert reason.startswith("the record cannot be read: ")


def test_a_payload_that_does_not_fit_its_own_digest_is_damage(kept):
    with kept.path.open("rb") as stream:
        members = list(walk(stream))
    # Compressed, most letters make the record a byte longer or shorter; one that does not is not far.
    altered = next(
        made
        for letter in b"3456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        if len((made := [compress(one.data.replace(b"Tin 2", b"Tin %c" % letter)) for one in members])[4])
        == members[4].length
    )
    kept.path.write_bytes(b"".join(altered))
    ((place, reason),) = [(item.place, item.reason) for item in kept.damage()]
    assert place == f"{NAME}, offset {kept.refs[1].offset}"
    assert reason.startswith("the record cannot be read: block digest failed")


def test_a_foreign_key_without_its_row_is_damage(kept):
    kept.db.execute("PRAGMA foreign_keys = off")
    article = add_article(kept.db, "laichau", "Tin", "2024-01-18T00:10:00+07:00", capture_id=99)
    reason = "refers to a row of captures that is not there"
    repair = "restore the archive from a backup"
    assert kept.damage() == [Damage(f"articles:{article}", reason, repair=repair)]


@pytest.mark.parametrize("index", ["articles_fts", "articles_exact", "articles_removed"])
def test_a_search_index_that_does_not_agree_is_damage(kept, index):
    add_article(kept.db, "laichau", "Dân vận khéo", "2024-01-18T00:10:00+07:00", removed_text="Cũ")
    assert kept.damage() == []
    kept.db.execute(f"INSERT INTO {index}({index}) VALUES ('delete-all')")
    reason = "the search index does not agree with the articles"
    repair = "'scrapy verify --rebuild-search', once nothing else is damaged"
    assert kept.damage() == [Damage(index, reason, repair=repair)]
    rebuild(kept.db)
    assert kept.damage() == []


def test_a_damaged_database_is_damage(tmp_path):
    path = tmp_path / "archive.db"
    db = new_archive(path)
    add_portal(db, "laichau")
    for _ in range(50):
        add_article(db, "laichau", "Tin", "2024-01-18T00:10:00+07:00", body="dân vận " * 500)
    db.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4096] = bytes(4096)
    path.write_bytes(data)
    db = sqlite3.connect(path, isolation_level=None)
    found = list(verify(db, tmp_path))
    db.close()
    assert found
    assert found[0].place == "database"
    path.write_bytes(b"SQLite format 3\0" + bytes(5000))
    db = sqlite3.connect(path, isolation_level=None)
    assert {item.place for item in verify_database(db)} == {"database"}
    db.close()


def test_an_archive_without_room_for_a_copy_is_checked_but_for_its_search_index(tmp_path, monkeypatch):
    path = tmp_path / "archive.db"
    new_archive(path).close()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
    with open_read_only(path) as db:
        assert list(verify(db, tmp_path)) == [
            Damage(
                "search index",
                "not compared with the articles: no room for a copy of the archive; 'scrapy backup' compares it",
                note=True,
            )
        ]


def test_it_waits_for_no_writer_and_keeps_none_waiting(tmp_path):
    path = tmp_path / "archive.db"
    writer = new_archive(path)
    writer.execute("PRAGMA journal_mode = wal")
    add_portal(writer, "laichau")
    for number in range(20):
        add_article(writer, "laichau", f"Tin {number}", "2024-01-18T00:10:00+07:00")
    writer.execute("BEGIN IMMEDIATE")
    add_article(writer, "laichau", "Tin chưa xong", "2024-01-18T00:10:00+07:00")
    with open_read_only(path) as db:
        for found in verify(db, tmp_path):
            pytest.fail(str(found))
    writer.execute("COMMIT")
    writer.execute("PRAGMA busy_timeout = 0")
    with open_read_only(path) as db:
        for step, found in enumerate(chain(verify(db, tmp_path), [None])):
            assert found is None, found
            add_article(writer, "laichau", f"Tin lúc {step}", "2024-01-18T00:10:00+07:00")
    writer.close()
    assert {item.name for item in tmp_path.iterdir()} <= {"archive.db", "archive.db-wal", "archive.db-shm"}


def test_a_backup_is_read_without_being_altered(tmp_path):
    path = tmp_path / "archive.db"
    db = new_archive(path)
    add_portal(db, "laichau")
    db.close()
    before = path.read_bytes()
    with open_read_only(path) as db:
        assert list(verify(db, tmp_path)) == []
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("DELETE FROM portals")
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["archive.db"]
