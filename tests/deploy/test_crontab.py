"""The lines of `deploy/crontab`, run as cron runs them, in an installation that crawls a demo portal."""

from __future__ import annotations

import pwd
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from demo.server import Site, serve

ROOT = Path(__file__).parents[2]
PLACE, BACKUP = "/srv/portal-archive", "/var/backups/portal-archive"
ENTRY = re.compile(r"((?:[\d*/,-]+\s+){5})(\S.*)")


def commands() -> dict[str, str]:
    """Return what cron runs, by the name of the command in it."""
    lines = (ROOT / "deploy" / "crontab").read_text().splitlines()
    entries = [
        line for line in lines if line and not line.startswith("#") and not re.match(r"[A-Z_]+=", line)
    ]
    found = {}
    for entry in entries:
        match = ENTRY.fullmatch(entry)
        assert match, f"{entry!r} is no line of a crontab"
        # Cron makes a new line of every per cent sign.
        assert "%" not in entry
        name = re.search(r"\.venv/bin/portal-archive (\S+)", match[2])
        assert name
        found[name[1]] = match[2]
    return found


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve(["laichau"]) as sites:
        yield sites["laichau"]


@pytest.fixture(scope="module")
def place(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an installation of one portal, at a place of its own."""
    folder = tmp_path_factory.mktemp("cài đặt") / "portal-archive"
    folder.mkdir(parents=True)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "portal-archive.toml").write_text('[crawl]\nportals = ["laichau"]\ndelay_seconds = 0\n')
    return folder


def at(site: Site, line: str) -> str:
    """Return a line that asks the demo's portal and no other."""
    homes = f"""-s 'PORTAL_HOMES={{"laichau": "{site.url}/"}}'"""
    line = line.replace("--all", f"--all --province lai-chau --body 'ủy ban nhân dân tỉnh' {homes}", 1)
    return line.replace("counters", "counters laichau", 1).replace(" >> log", f" {homes} >> log")


def run(line: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as cron does (Vixie's, as in Debian): its few variables, no terminal, in the home folder."""
    home = place.parent / "home"
    home.mkdir(exist_ok=True)
    user = pwd.getpwuid(place.stat().st_uid).pw_name
    return subprocess.run(
        ["/bin/sh", "-c", line.replace(PLACE, f"'{place}'").replace(BACKUP, f"'{place.parent}/backup'")],
        cwd=home,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "LOGNAME": user, "SHELL": "/bin/sh"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="module")
def crawled(place: Path, site: Site) -> subprocess.CompletedProcess[str]:
    return run(at(site, commands()["crawl-all"]), place)


def test_the_crawl(crawled: subprocess.CompletedProcess[str], place: Path, site: Site) -> None:
    log = (place / "log" / "crawl.log").read_text()
    assert (crawled.returncode, crawled.stdout, crawled.stderr) == (0, "", ""), log
    with closing(sqlite3.connect(place / "archive.db")) as db:
        assert db.execute("SELECT outcome FROM crawls").fetchall() == [("finished",)]
        [(articles,)] = db.execute("SELECT count(*) FROM articles")
    assert articles == len(site.gold())
    assert "1 of 1 portals are due: laichau" in log
    assert "\x1b" not in log
    # The last line of the table: portal, pages, new articles ... state.
    row = log.rstrip().splitlines()[-1].split()
    assert (row[0], row[2], row[-1]) == ("laichau", str(articles), "ok")


@pytest.mark.parametrize("name", sorted(commands().keys() - {"crawl-all"}))
@pytest.mark.usefixtures("crawled")
def test_the_other_lines(name: str, place: Path, site: Site) -> None:
    done = run(at(site, commands()[name]), place)
    log = (place / "log" / f"{name}.log").read_text()
    # Nothing that cron would mail.
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), log
    if name == "backup":
        assert (place.parent / "backup" / "archive.db").is_file()


def test_what_cron_must_mail(place: Path) -> None:
    """A line that fails prints what was said."""
    nowhere = commands()["verify"].replace(
        "archive verify", "archive verify -s ARCHIVE_DB=khong-co/archive.db"
    )
    done = run(nowhere, place)
    assert "khong-co/archive.db" in done.stdout


def test_every_line_is_there() -> None:
    assert commands().keys() == {
        "crawl-all",
        "counters",
        "verify",
        "backup",
        "ocr",
        "probe",
        "status",
        "watch",
    }
