"""Units of systemd, the site of nginx and the rules of logrotate, read by the programs they are for."""

from __future__ import annotations

import re
import subprocess
import sys
from configparser import RawConfigParser
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from programs import program

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = DEPLOY / "systemd"
PLACE = "/srv/portal-archive"


def unit(path: Path) -> RawConfigParser:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path)
    return parser


@pytest.mark.parametrize("path", sorted(UNITS.glob("*.timer")), ids=lambda path: path.stem)
def test_a_timer_starts_a_command_that_exists(path: Path) -> None:
    started = re.fullmatch(r"portal-archive@(.+)\.service", unit(path)["Timer"]["Unit"])
    assert started
    assert path.stem == f"portal-archive-{started[1]}"
    assert started[1] in {entry.name for entry in entry_points(group="scrapy.commands")}


def test_cron_and_timers_say_the_same() -> None:
    entry = r"^(\d+) +(\S+) \* \* (\S+) .*bin/portal-archive (\S+)"
    lines = re.findall(entry, (DEPLOY / "crontab").read_text(), re.MULTILINE)
    assert len(lines) == 8
    days = {"*": "", "0": "Sun "}
    for minute, hour, day, name in lines:
        timer = UNITS / f"portal-archive-{name}.timer"
        if name != "status":  # the timers have no mail
            at = f"{days[day]}*-*-* {'*' if hour == '*' else f'{hour:0>2}'}:{minute:0>2}:00"
            assert unit(timer)["Timer"]["OnCalendar"] == at
    # The container's host starts the same commands at the same times.
    entry = r"^(\d+) +(\S+) \* \* (\S+) .*\$COMPOSE (\S+)"
    contained = re.findall(entry, (DEPLOY / "container" / "crontab").read_text(), re.MULTILINE)
    assert sorted(contained) == sorted(lines)
    for dropin in UNITS.glob("*.d/arguments.conf"):
        name = dropin.parent.name.removeprefix("portal-archive@").removesuffix(".service.d")
        arguments = re.search(r'"ARGUMENTS=(.+)"', dropin.read_text())
        assert arguments
        assert f"portal-archive {name} {arguments[1]} >" in (DEPLOY / "crontab").read_text()


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    analyze = program("systemd-analyze")
    place = tmp_path / "place"
    place.mkdir()
    (place / ".venv").symlink_to(sys.prefix)
    for path in UNITS.rglob("*"):
        copy = tmp_path / "units" / path.relative_to(UNITS)
        if path.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(path.read_text().replace(PLACE, str(place)))
    units = [str(path) for path in (tmp_path / "units").iterdir() if path.is_file() and "@" not in path.name]
    done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if str(tmp_path) in line]) == (0, [])


def test_nginx_reads_the_site(tmp_path: Path) -> None:
    nginx, openssl = program("nginx"), program("openssl")
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", "/CN=archive.example.org", "-keyout", str(key), "-out", str(certificate)],
        capture_output=True, check=True,
    )  # fmt: skip
    site = (DEPLOY / "nginx.conf").read_text()
    site = site.replace("/etc/letsencrypt/live/archive.example.org", str(tmp_path))
    site = site.replace("/var/cache/nginx", str(tmp_path))
    # Ports that anybody may open.
    site = re.sub(r"listen (\[::\]:)?(80|443)", r"listen \g<1>1\g<2>0", site)
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{site}}}\n")
    done = subprocess.run(
        [nginx, "-t", "-e", str(tmp_path / "error.log"), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_logrotate_reads_its_rules(tmp_path: Path) -> None:
    logrotate = program("logrotate")
    log = tmp_path / "log"
    log.mkdir()
    (log / "crawl.log").write_text("một dòng\n")
    rules = (DEPLOY / "logrotate").read_text().replace(f"{PLACE}/log", str(log))
    # The user is made by the installation.
    (tmp_path / "rules").write_text(rules.replace("su portal-archive portal-archive", ""))
    (tmp_path / "rules").chmod(0o644)
    tmp_path.chmod(0o755)
    log.chmod(0o755)
    done = subprocess.run(
        [logrotate, "--force", "--state", str(tmp_path / "state"), str(tmp_path / "rules")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in log.iterdir()) == ["crawl.log.1"]
