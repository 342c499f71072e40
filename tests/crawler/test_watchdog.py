"""A process that hangs is ended from outside its loop, says where it stood, and leaves the archive free."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawling import Crawl

from portal_archive.archive.lock import WriterLock
from portal_archive.model.errors import ArchiveBusyError

HANGING = """
import asyncio, time
from crawler.watchdog import Watchdog
async def main():
    with Watchdog(1.0) as dog:
        await asyncio.sleep(2.5)  # busy with nothing: the loop turns
        {then}
    print("over")
asyncio.run(main())
"""


def run(then: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", HANGING.format(then=then)]
    return subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)


def test_a_loop_that_turns_is_left_alone() -> None:
    done = run("pass")
    assert (done.returncode, done.stdout, done.stderr) == (0, "over\n", "")


@pytest.mark.parametrize(
    ("then", "why"),
    [
        # As a page's reader hangs that never comes back from C: no signal and no timer of the loop is heard.
        ("time.sleep(50)", "its event loop has stood still for"),
        ("dog.expect_end(0.5); await asyncio.sleep(50)", "it was to be over"),
    ],
)
def test_what_hangs_is_ended_with_a_code_and_a_reason(then: str, why: str) -> None:
    done = run(then)
    assert (done.returncode, done.stdout) == (70, "")
    assert f"portal-archive: ended by its watchdog: {why}" in done.stderr
    assert 'File "<string>"' in done.stderr


@pytest.mark.long
@pytest.mark.parametrize(("late", "code"), [(timedelta(hours=1), 1), (timedelta(hours=-1), 0)])
def test_crawl_all_says_that_another_one_should_have_ended_long_ago(
    crawl: Crawl, late: timedelta, code: int
) -> None:
    assert crawl.command("crawl-all", "--only", "laichau", "--max-time", "1s").returncode in (0, 1, 2)
    lock = WriterLock(crawl.archive)
    lock.acquire("crawl-all", timedelta(minutes=50))
    note = json.loads(lock.path.read_text())
    until = (datetime.now(UTC) - late).replace(microsecond=0)
    lock.path.write_text(json.dumps(note | {"until": until.isoformat()}))
    done = crawl.command("crawl-all")
    lock.release()
    assert done.returncode == code
    said = done.stderr if code else done.stdout
    if code:
        assert f"should have ended at {until:%Y-%m-%d %H:%M} UTC" in said
    assert f"is being written to by crawl-all (process {note['pid']}" in said


def test_the_lock_says_until_when(tmp_path: Path) -> None:
    first, second = WriterLock(tmp_path / "archive.db"), WriterLock(tmp_path / "archive.db")
    first.acquire("crawl-all", timedelta(hours=2))
    with pytest.raises(ArchiveBusyError) as busy:
        second.acquire("import")
    first.release()
    assert busy.value.until is not None
    assert timedelta(minutes=119) < busy.value.until - datetime.now(UTC) <= timedelta(hours=2)
