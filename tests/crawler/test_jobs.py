"""What cron starts, however it ends, is told in one place, once."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from crawling import Crawl
from pytest_httpserver import HTTPServer

from crawler import disk, notify
from crawler.disk import Forecast, forecast
from crawler.jobs import Job, JobState, records

NIGHT = datetime(2026, 3, 9, 2, 15, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the jobs of an archive whose operator is told by a webhook and a heartbeat."""
    httpserver.expect_request(re.compile(".*")).respond_with_data("OK")
    monkeypatch.setattr(notify, "_PAUSES", (0.0,))
    monkeypatch.setenv("ARCHIVE_NOTIFY_URLS", httpserver.url_for("/hook").replace("http:", "json:"))
    return tmp_path / "jobs"


def run(folder: Path, name: str, at: datetime, exit_code: int = 0, disk: Forecast | None = None) -> None:
    with time_machine.travel(at, tick=False):
        job = Job(name, folder)
        with job.listening():
            job.begins()
            print("archive.db: sound" if exit_code == 0 else "articles:7: the row is not as it was written")  # noqa: T201
        job.ends(exit_code, is_well=exit_code == 0, disk=disk)


def titles(httpserver: HTTPServer) -> list[str]:
    return [json.loads(request.data)["title"] for request, _ in httpserver.log if request.path == "/hook"]


def test_a_job_that_fails_is_told_once_and_that_it_works_again(folder: Path, httpserver: HTTPServer) -> None:
    for night, exit_code in enumerate((0, 1, 1, 0, 0)):
        run(folder, "verify", NIGHT + night * DAY, exit_code)
    assert titles(httpserver) == ["[portal-archive] verify: failed", "[portal-archive] verify: ok"]
    assert json.loads(httpserver.log[0][0].data)["message"] == (
        "verify failed at 2026-03-10 02:15 UTC: articles:7: the row is not as it was written\n\n"
        "verify hỏng lúc 2026-03-10 02:15 UTC: articles:7: the row is not as it was written"
    )


def test_a_job_that_fails_the_first_time_is_told(folder: Path, httpserver: HTTPServer) -> None:
    run(folder, "backup", NIGHT, 1)
    assert titles(httpserver) == ["[portal-archive] backup: failed"]


def test_a_job_that_did_not_run_is_told_by_the_next_that_does(folder: Path, httpserver: HTTPServer) -> None:
    for night in range(2):
        run(folder, "backup", NIGHT + night * DAY)
    for hour in range(24, 24 + 80):
        run(folder, "counters", NIGHT + timedelta(hours=hour))
    assert titles(httpserver) == ["[portal-archive] backup: overdue"]
    assert [(one.name, one.state) for one in records(folder)] == [
        ("backup", JobState.OVERDUE),
        ("counters", JobState.OK),
    ]
    run(folder, "backup", NIGHT + timedelta(hours=104))
    assert titles(httpserver)[1:] == ["[portal-archive] backup: ok"]


def test_a_job_that_ran_once_is_not_missed(folder: Path, httpserver: HTTPServer) -> None:
    run(folder, "import", NIGHT)
    run(folder, "counters", NIGHT + 300 * DAY)
    assert titles(httpserver) == []


def test_who_was_not_reached_is_told_by_the_next_job(
    folder: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = os.environ["ARCHIVE_NOTIFY_URLS"]
    monkeypatch.setenv("ARCHIVE_NOTIFY_URLS", f"{hook} json://127.0.0.1:9/")
    run(folder, "verify", NIGHT, 1)
    monkeypatch.setenv("ARCHIVE_NOTIFY_URLS", f"{hook} {hook}/second")
    run(folder, "counters", NIGHT + DAY)
    assert [request.path for request, _ in httpserver.log] == ["/hook", "/hook/second"]


def test_each_job_has_a_heartbeat_with_the_end_of_its_log(
    folder: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_HEARTBEAT_URL", httpserver.url_for("/ping/{job}"))
    with time_machine.travel(NIGHT, tick=False):
        job = Job("verify", folder)
        with job.listening():
            job.begins()
            logging.getLogger("crawler").warning("tệp %s", "hỏng")
            print("articles:7")  # noqa: T201
        job.ends(1, is_well=False, disk=None)
    asked = [(request.path, request.data.decode()) for request, _ in httpserver.log]
    assert asked[0] == ("/ping/verify/start", "")
    assert asked[1][0] == "/ping/verify/fail"
    assert asked[1][1].endswith("WARNING tệp hỏng\narticles:7")


def test_the_heartbeat_of_the_crawl_is_not_that_of_other_jobs(
    folder: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_HEARTBEAT_URL", httpserver.url_for("/ping"))
    run(folder, "verify", NIGHT)
    assert httpserver.log == []


def test_a_run_that_had_nothing_to_do_leaves_no_trace(folder: Path, httpserver: HTTPServer) -> None:
    Job("crawl-all", folder).ends(0, is_well=True, disk=None)
    assert (records(folder), httpserver.log) == ([], [])


def test_a_record_that_is_damaged_stops_nothing(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    run(folder, "verify", NIGHT)
    (folder / "backup.json").write_text("{")
    run(folder, "verify", NIGHT + DAY)
    assert [one.name for one in records(folder)] == ["verify"]
    assert any("backup.json: not a record of a job" in record.getMessage() for record in caplog.records)


def test_a_disk_that_is_nearly_full_is_told_once(folder: Path, httpserver: HTTPServer) -> None:
    for hour, days in enumerate((20, 13, 12, 40)):
        run(folder, "counters", NIGHT + timedelta(hours=hour), disk=Forecast(3_000_000_000, days, 30))
    assert titles(httpserver) == ["[portal-archive] disk: failed", "[portal-archive] disk: ok"]
    assert json.loads(httpserver.log[0][0].data)["message"].startswith(
        "the disk is full in 13 days at the rate of the last 30 days: 3.0 GB are free."
    )


def test_how_long_the_disk_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captures = tmp_path / "captures"
    archive = tmp_path / "archive.db"
    assert forecast(archive, captures, NIGHT) is None
    (captures / "sapa").mkdir(parents=True)
    archive.write_bytes(bytes(500))
    for age, size in ((60, 700), (20, 200), (1, 100)):
        path = captures / "sapa" / f"{age}.warc.gz"
        path.write_bytes(bytes(size))
        os.utime(path, (moment := (NIGHT - age * DAY).timestamp(), moment))
    usage = shutil.disk_usage(tmp_path)._replace(free=6150)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage)
    # 300 bytes of captures in 30 days, and half as much beside them in the archive: 15 a day.
    assert forecast(archive, captures, NIGHT) == Forecast(6150, 410, 30)


def test_commands_are_jobs(crawl: Crawl, folder: Path, httpserver: HTTPServer, tmp_path: Path) -> None:
    damaged = tmp_path / "hong.db"
    damaged.write_bytes(b"not an archive" * 100)
    assert crawl.command("verify", ARCHIVE_DB=damaged).returncode == 1
    assert titles(httpserver) == ["[portal-archive] verify: failed"]
    assert not folder.exists()  # it writes nothing beside what may be a backup
    assert crawl.command("backup", str(tmp_path / "sao"), ARCHIVE_DB=damaged).returncode == 1
    assert [(one.name, one.state) for one in records(folder)] == [("backup", JobState.FAILED)]
    assert crawl.command("verify", ARCHIVE_DB=damaged).returncode == 1
    assert [one.name for one in records(folder)] == ["backup", "verify"]
    status = crawl.command("status", ARCHIVE_DB=damaged)
    assert status.returncode == 1
