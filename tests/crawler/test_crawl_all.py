"""`scrapy crawl-all`, as cron and people run it, against portals on loopback."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from crawling import ROOT, Answer, Crawl, Site, article, html, links

from crawler.commands.crawl_all import seconds

NOBODY = "http://127.0.0.1:1/"
PATIENCE = 60


@pytest.fixture
def sites() -> Iterator[Callable[[], Site]]:
    """Return a function that serves one more portal, with a home page and two articles."""
    served: list[tuple[Site, threading.Thread]] = []

    def serve() -> Site:
        site = Site()
        site.routes = articles("/tin-so-thu-a.html", "/tin-so-thu-b.html")
        thread = threading.Thread(target=site.server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        served.append((site, thread))
        return site

    yield serve
    for site, thread in served:
        site.server.shutdown()
        site.server.server_close()
        thread.join()


def articles(*paths: str, below: str = "") -> dict[str, Answer | Callable[[int], Answer]]:
    pages = {below + path: html(article(below + path[-6].upper())) for path in paths}
    return {f"{below}/": html(links(*pages)), **pages}


def held(
    answer: Answer, until: threading.Event, asked: threading.Event | None = None
) -> Callable[[int], Answer]:
    """Return a route that answers when something has happened, and says that it was asked."""

    def route(visit: int) -> Answer:
        if asked is not None:
            asked.set()
        assert until.wait(PATIENCE)
        return answer

    return route


def options(homes: dict[str, str]) -> tuple[str, ...]:
    return "crawl-all", "--only", ",".join(homes), "-s", f"PORTAL_HOMES={json.dumps(homes)}"


def wait_for_line(process: subprocess.Popen[str], text: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    pytest.fail(f"ended without {text!r}")


def titles(crawl: Crawl, portal: str) -> int:
    [(number,)] = crawl.query("SELECT count(*) FROM articles WHERE portal = ?", portal)
    return int(number)


def test_side_by_side_and_one_that_is_down(sites: Callable[[], Site], crawl: Crawl) -> None:
    first, second = sites(), sites()
    # Neither portal answers for its article before the other was asked for its own.
    one, other = threading.Event(), threading.Event()
    path = "/tin-so-thu-a.html"
    first.routes[path] = held(html(article("A")), other, one)
    second.routes[path] = held(html(article("A")), one, other)
    homes = {"backan": first.url + "/", "tamduong": NOBODY, "sapa": second.url + "/"}
    done = crawl.command(*options(homes))
    assert done.returncode == 2, done.stderr
    assert (titles(crawl, "backan"), titles(crawl, "sapa"), titles(crawl, "tamduong")) == (2, 2, 0)
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["portal", "pages", "new", "changed", "gone", "problems", "rate", "state"] in rows
    assert [row[:6] + row[7:] for row in rows if len(row) == 8 and row[0] in homes] == [
        ["backan", "3", "2", "0", "0", "0", "ok"],
        ["tamduong", "1", "0", "0", "0", "1", "unreachable"],
        ["sapa", "3", "2", "0", "0", "0", "ok"],
    ]
    assert "tamduong is unreachable: " in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert f"new: Hội nghị công tác dân vận A <{first.url}{path}>" in done.stderr

    # All that could be done now is done; the portal that is down still needs somebody.
    asked = len(first.log)
    again = crawl.command(*options(homes))
    assert (again.returncode, "0 of 3 portals are due" in again.stderr) == (2, True)
    assert len(first.log) == asked
    del homes["tamduong"]
    assert crawl.command(*options(homes)).returncode == 0
    [(crawls,)] = crawl.query("SELECT count(*) FROM crawls")
    assert crawls == 3


def test_a_second_start_finds_the_first_which_stops_cleanly(sites: Callable[[], Site], crawl: Crawl) -> None:
    site = sites()
    go_on, asked = threading.Event(), threading.Event()
    path = "/tin-so-thu-a.html"
    site.routes[path] = held(html(article("A")), go_on, asked)
    arguments = options({"backan": site.url + "/"})
    first = crawl.start(*arguments)
    try:
        assert asked.wait(PATIENCE)
        second = crawl.command(*arguments)
        assert second.returncode == 0, second.stderr
        assert f"is being written to by crawl-all (process {first.pid} on " in second.stdout
        counters = crawl.command("counters")
        assert counters.returncode == 0
        assert f"is being written to by crawl-all (process {first.pid} on " in counters.stderr
        first.send_signal(signal.SIGTERM)
        wait_for_line(first, "Stopping (shutdown)")
        go_on.set()
        _, err = first.communicate(timeout=PATIENCE)
    finally:
        go_on.set()
        first.kill()
    assert first.returncode == 0, err
    # What was in flight is stored, and nothing was asked for after it.
    assert crawl.query("SELECT url FROM articles") == [(site.url + path,)]
    assert site.log == ["/robots.txt", "/", path]
    assert crawl.query("SELECT outcome, pages, finished_at IS NOT NULL FROM crawls") == [("closed", 2, 1)]
    # What was left is due at once.
    assert crawl.command(*arguments).returncode == 0
    assert titles(crawl, "backan") == 2


def test_the_time_limit(sites: Callable[[], Site], crawl: Crawl) -> None:
    site = sites()
    go_on = threading.Event()
    site.routes["/"] = held(html(links("/tin-so-thu-a.html", "/tin-so-thu-b.html")), go_on)
    process = crawl.start(*options({"backan": site.url + "/"}), "--max-time", "3s")
    try:
        wait_for_line(process, "Stopping (time-limit)")
        go_on.set()
        _, err = process.communicate(timeout=PATIENCE)
    finally:
        go_on.set()
        process.kill()
    assert process.returncode == 0, err
    assert site.log == ["/robots.txt", "/"]
    assert crawl.query("SELECT outcome, pages FROM crawls") == [("closed", 1)]


@pytest.mark.parametrize(
    ("text", "expected"), [("90s", 90), ("30m", 1800), ("2h", 7200), (" 1h ", 3600), ("0005m", 300)]
)
def test_durations(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "90", "2d", "h", "-1h", "0m", "1.5h", "2h30", "٣m", "1 0s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="90s, 30m or 2h"):
        seconds(text)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--only", "backan,xyzw"],
            "no portal has the name xyzw; `scrapy list` names them",
        ),
        (["--only", "laichu"], "no portal has the name laichu; did you mean laichau"),
        (["--province", "muong-thu"], "no province has the id 'muong-thu'"),
        (["--max-time", "2d"], "'2d' is no time; say it as 90s, 30m or 2h"),
        (["-s", "ARCHIVE_DB=/khong/co/archive.db"], "/khong/co/archive.db: cannot be opened: no such folder"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl-all", "-s", f"ARCHIVE_DB={tmp_path / 'a.db'}", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


BROKEN = {
    # Each is a portal's file, with a mistake at another moment of its life.
    "import_": "raise RuntimeError('hỏng')",
    "pattern": "allow = '('",
    "settings": "@classmethod\n    def update_settings(cls, settings): raise RuntimeError('hỏng')",
    "start": "async def start(self):\n        raise RuntimeError('hỏng')\n        yield",
    "parse": "def parse(self, response): raise RuntimeError('hỏng')",
}


def install(folder: Path, **portals: tuple[str, str]) -> None:
    """Make an installation of portals: the home of each, and what its class declares besides."""
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = crawler.settings\n")
    (folder / "spiders").mkdir()
    (folder / "spiders" / "__init__.py").touch()
    for name, (home, body) in portals.items():
        (folder / "spiders" / f"{name}.py").write_text(
            "import asyncio\nfrom crawler.spider import PortalSpider\n"
            f"class Portal(PortalSpider):\n    name = {name!r}\n    home = {home!r}\n    {body}\n"
        )


def run_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl-all", "-s", "DOWNLOAD_DELAY=0", *arguments],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_portals_that_crash_beside_one_that_works(sites: Callable[[], Site], tmp_path: Path) -> None:
    homes = {name: sites().url + "/" for name in ("tot", "start", "parse")}
    install(
        tmp_path, tot=(homes["tot"], ""), **{n: (homes.get(n, NOBODY), body) for n, body in BROKEN.items()}
    )
    done = run_in(tmp_path)
    assert done.returncode == 2, done.stderr
    crawl = Crawl(tmp_path)
    assert titles(crawl, "tot") == 2
    states = {
        row[0]: row[-1]
        for line in done.stdout.splitlines()
        if len(row := line.split()) == 8 and row[6] in ("rate", f"{row[6][:-2]}/s")
    }
    assert states == {"portal": "state", "tot": "ok", **dict.fromkeys(BROKEN, "crashed")}
    for name in BROKEN:
        assert f"{name} crashed: " in done.stdout
    recorded = crawl.query("SELECT portal, detail FROM problems WHERE kind = 'crashed' ORDER BY portal")
    assert recorded == [(name, f"{name}: RuntimeError: hỏng") for name in ("parse", "settings", "start")]
    # Nothing that can run: that is a failure of its own.
    assert run_in(tmp_path, "--only", "import_").returncode == 1


def test_portals_of_one_host_take_turns(sites: Callable[[], Site], crawl: Crawl) -> None:
    site = sites()
    site.routes = articles("/tin-so-thu-a.html", below="/mot") | articles("/tin-so-thu-b.html", below="/hai")
    lock, overlapping = threading.Lock(), []

    def alone(answer: Answer) -> Callable[[int], Answer]:
        def route(visit: int) -> Answer:
            overlapping.append(not lock.acquire(blocking=False))
            try:
                # Long enough for another request to come, were it to.
                threading.Event().wait(0.1)
                return answer
            finally:
                if not overlapping[-1]:
                    lock.release()

        return route

    site.routes = {path: alone(answer) for path, answer in site.routes.items() if isinstance(answer, tuple)}
    homes = {"angiang_dcs": f"{site.url}/mot/", "sapa": f"{site.url}/hai/"}
    done = crawl.command(*options(homes))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (titles(crawl, "angiang_dcs"), titles(crawl, "sapa")) == (1, 1)
    assert True not in overlapping


def test_a_live_table_on_a_terminal(sites: Callable[[], Site], crawl: Crawl, tmp_path: Path) -> None:
    homes = {"backan": sites().url + "/", "tamduong": NOBODY}
    terminal, end = pty.openpty()
    settings = {"ARCHIVE_DB": crawl.archive, "DOWNLOAD_DELAY": 0, "RETRY_TIMES": 0}
    chosen = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", *options(homes), *chosen],
        cwd=ROOT, stdin=end, stdout=end, stderr=end,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"},
    )  # fmt: skip
    os.close(end)
    shown = b""
    try:
        # Linux ends the reading of a terminal whose other side is closed with an error.
        while block := os.read(terminal, 65536):
            shown += block
    except OSError:
        pass
    finally:
        os.close(terminal)
    assert process.wait(PATIENCE) == 2
    text = shown.decode()
    # The cursor goes up to draw the table again, and is hidden meanwhile.
    assert "\x1b[1A" in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")
    assert "waiting" in text
    last = text[text.rindex("portal") :]
    assert last.index("backan") < last.index("ok") < last.index("tamduong") < last.index("unreachable")
    assert "INFO: new:" not in text


def test_a_crawl_that_hangs_is_given_up(sites: Callable[[], Site], tmp_path: Path) -> None:
    home = sites().url + "/"
    install(
        tmp_path,
        hang=(home, "async def parse(self, response):\n        await asyncio.Event().wait()\n        yield"),
    )
    done = run_in(tmp_path, "--max-time", "3s", "-s", "STOP_SECONDS=1")
    assert done.returncode == 2, done.stderr
    assert "hang crashed: did not end in 1 s" in done.stdout
    # The archive is free, and the crawl is taken up where it was.
    crawl = Crawl(tmp_path)
    assert crawl.query("SELECT outcome FROM crawls") == [(None,)]
    assert crawl.command("verify").returncode == 0


@pytest.mark.long
def test_two_portals_on_one_host_do_not_each_exhaust_its_patience(
    sites: Callable[[], Site], crawl: Crawl
) -> None:
    site = sites()
    for below in ("/mot", "/hai"):
        paths = [f"{below}/tin-so-thu-{number}.html" for number in range(9)]
        site.routes[f"{below}/"] = html(links(*paths))
        site.routes |= {path: html(b"503", 503, Retry_After="1") for path in paths}
    homes = {"laichau": f"{site.url}/mot/", "sapa": f"{site.url}/hai/"}
    done = crawl.command(*options(homes), PAUSE_TIMES=2)
    assert done.returncode == 2, done.stderr
    assert crawl.query("SELECT portal, state FROM portal_states ORDER BY 1") == [
        ("laichau", "blocked"),
        ("sapa", "blocked"),
    ]
    # Two waits, one page more that is refused, and then one of the portal that had not been told yet.
    assert len([path for path in site.log if path.endswith(".html")]) <= 6
