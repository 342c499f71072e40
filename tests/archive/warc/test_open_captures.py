from datetime import UTC, datetime
from pathlib import Path

import pytest
from synthetic_rows import add, add_capture, add_portal, new_archive

from portal_archive.archive.verify.captures import verify_captures
from portal_archive.archive.verify.damage import Damage
from portal_archive.archive.warc import lookup
from portal_archive.archive.warc.lookup import captured_pages, count_captured_pages
from portal_archive.archive.warc.open_captures import known_lengths, open_captures
from portal_archive.model.errors import ArchiveError
from portal_archive.model.records import CaptureRef, Fetch

WHEN = datetime(2026, 11, 22, 5, 31, 28, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)


class Failed:
    """An archive of three captures of which the file lost the last when the machine lost its power."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = new_archive()
        add_portal(self.db, "laichau")
        self.refs: list[CaptureRef] = []
        with open_captures(self.db, folder, "laichau", WHEN) as writer:
            for number in range(3):
                url = f"http://x/{number}"
                ref = writer.write(Fetch(url, 200, (), b"<p>%d" % number, WHEN))
                add_capture(self.db, url, ref, kind="article")
                page = {
                    "portal": "laichau",
                    "url": url,
                    "state": "done",
                    "next_visit": "2027-01-01T00:00:00Z",
                }
                add(self.db, "pages", etag='"1"', last_modified="x", last_digest=ref.digest, **page)
                self.refs.append(ref)
        self.path = folder / self.refs[0].file
        self.whole = self.path.read_bytes()
        self.path.write_bytes(self.whole[:-1])

    def pages(self) -> list[tuple[object, ...]]:
        columns = "next_visit, etag, last_modified, last_digest IS NULL"
        return self.db.execute(f"SELECT {columns} FROM pages ORDER BY url").fetchall()


@pytest.fixture
def failed(tmp_path) -> Failed:
    return Failed(tmp_path)


def test_a_portal_has_a_file_a_day_and_its_imports_another(tmp_path):
    db = new_archive()
    with open_captures(db, tmp_path, "laichau", WHEN) as one:
        one.write(Fetch("http://x/", 200, (), b"", WHEN))
    with open_captures(db, tmp_path, "laichau", LATER) as two:
        two.write(Fetch("http://x/", 200, (), b"", LATER))
    with open_captures(db, tmp_path, "laichau", WHEN, imported=True) as three:
        three.write(Fetch("http://x/", 200, (), b"", LATER))
    assert sorted(path.name for path in tmp_path.rglob("*.warc.gz")) == [
        "laichau-20261122-00001.warc.gz",
        "laichau-import-20261122-00001.warc.gz",
    ]


def test_files_of_a_portal_are_known_up_to_their_last_capture(failed):
    last = failed.refs[2]
    assert known_lengths(failed.db, "laichau") == {last.file: last.offset + last.length}
    for file in ("laichau/b.warc.gz", "laichau-2/c.warc.gz", "laichau0/d.warc.gz"):
        add(failed.db, "captures", portal="laichau", file=file, offset=7, length=2)
    assert known_lengths(failed.db, "laichau") == {
        last.file: last.offset + last.length,
        "laichau/b.warc.gz": 9,
    }
    assert known_lengths(failed.db, "nobody") == {}


def test_what_a_power_failure_cost_is_marked_and_due_again(failed):
    with open_captures(failed.db, failed.folder, "laichau", LATER) as writer:
        ref = writer.write(Fetch("http://x/2", 200, (), b"<p>2", LATER))
    assert ref.file == "laichau/laichau-20261122-00002.warc.gz"
    assert failed.path.read_bytes() == failed.whole[:-1]
    assert failed.db.execute("SELECT lost FROM captures ORDER BY id").fetchall() == [(0,), (0,), (1,)]
    usual = ("2027-01-01T00:00:00Z", '"1"', "x", 0)
    assert failed.pages() == [usual, usual, ("2026-11-22T23:59:59Z", None, None, 1)]
    assert [page.url for page in captured_pages(failed.db)] == ["http://x/0", "http://x/1"]
    add_capture(failed.db, "http://x/2", ref, fetched_at="2026-11-22T23:59:59Z")
    assert list(verify_captures(failed.db, failed.folder)) == [
        Damage(
            f"{failed.refs[2].file}, offset {failed.refs[2].offset}",
            "the capture of http://x/2 was lost when the machine lost its power",
            note=True,
        )
    ]


def test_a_file_that_was_restored_is_no_longer_lost(failed):
    open_captures(failed.db, failed.folder, "laichau", LATER).close()
    failed.path.write_bytes(failed.whole)
    with open_captures(failed.db, failed.folder, "laichau", LATER) as writer:
        assert writer.write(Fetch("http://x/3", 200, (), b"", LATER)).file == failed.refs[0].file
    assert failed.db.execute("SELECT max(lost) FROM captures").fetchone() == (0,)


def test_captures_that_are_not_mounted_are_refused_and_nothing_is_called_lost(failed):
    failed.path.unlink()
    with pytest.raises(ArchiveError, match=r"laichau: none of the 1 capture files .* is the disk mounted"):
        open_captures(failed.db, failed.folder, "laichau", LATER)
    assert failed.db.execute("SELECT max(lost) FROM captures").fetchone() == (0,)
    # A portal of which nothing was captured yet has nothing to miss.
    open_captures(failed.db, failed.folder, "dienbien", LATER).close()


def test_pages_are_given_oldest_first_in_constant_memory(failed, monkeypatch):
    monkeypatch.setattr(lookup, "_BATCH", 2)
    moments = ["2026-11-22T05:31:27Z", "2026-11-22T05:31:28Z", "2026-11-22T05:31:28Z", "2026-11-23T00:00:00Z"]
    for number, moment in enumerate(moments):
        add_capture(
            failed.db, f"http://y/{number}", failed.refs[0], kind="list", fetched_at=moment, offset=number
        )
    found = [page.url for page in captured_pages(failed.db)]
    assert found == [
        "http://y/0",
        *(f"http://x/{n}" for n in range(3)),
        *(f"http://y/{n}" for n in (1, 2, 3)),
    ]
    assert count_captured_pages(failed.db) == 7
    since = datetime(2026, 11, 22, 5, 31, 28, tzinfo=UTC)
    assert (
        len(list(captured_pages(failed.db, "laichau", since)))
        == count_captured_pages(failed.db, "laichau", since)
        == 6
    )
    assert list(captured_pages(failed.db, "nobody")) == []
