"""A portal on loopback that answers as a test says, and the crawl of it in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# A function writes to the connection whatever it likes, or nothing, and ends it.
Answer = tuple[int, dict[str, str], bytes] | Callable[[socket.socket], None]


def page(title: str, body: str) -> bytes:
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title></head>"
        f"<body><h1>{title}</h1>{body}</body></html>"
    ).encode()


def title_of(name: str) -> str:
    return f"Hội nghị công tác dân vận {name}"


def article(name: str, *extra: str, when: str = "18/01/2024 07:34") -> bytes:
    """Return an article page that any reader recognises. All of it is invented."""
    text = "".join(
        f"<p>Đoạn {number} về {name}. Hội nghị đánh giá kết quả công tác dân vận quý {number}, biểu dương các "
        f"tập thể tiêu biểu và bàn nhiệm vụ thời gian tới trên địa bàn huyện Bản Mây.</p>"
        for number in range(1, 5)
    )
    return page(title_of(name), f"<p>Ngày đăng: {when}</p><div class='content'>{text}{''.join(extra)}</div>")


def links(*paths: str) -> bytes:
    items = "".join(
        f"<li><a href='{path}'>Tin tức số {path} của huyện Bản Mây hôm nay</a></li>" for path in paths
    )
    return page("Tin tức", f"<ul class='news'>{items}</ul>")


def html(body: bytes, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": "text/html; charset=utf-8", **named}, body


class Site:
    """A portal: `routes` maps path and query to an answer, or to a function of the visit's number.

    What is asked by POST is "POST path form".
    """

    def __init__(self) -> None:
        self.routes: dict[str, Answer | Callable[[int], Answer]] = {}
        self.log: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_POST(self) -> None:
                form = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer(f"POST {self.path} {form}")

            def do_GET(self) -> None:
                self._answer(self.path)

            def _answer(self, asked: str) -> None:
                answer = site.answer(asked, dict(self.headers.items()))
                if callable(answer):
                    answer(self.connection)
                    self.close_connection = True
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

        self.server = Server(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.host}"

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        self.log.append(path)
        self.headers.append(headers)
        self.times.append(time.monotonic())
        found = self.routes.get(path, (404, {"Content-Type": "text/html"}, b"<h1>404 Not Found</h1>"))
        return found(self.log.count(path)) if callable(found) else found  # type: ignore[return-value,arg-type]


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve a portal until the block is left."""
    thread = threading.Thread(target=site.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()


# Hides packages of the tests that sqlite-utils and itemadapter import where they find them: half a second a command.
LEAN = Path(__file__).with_name("lean")
# Runs scrapy at another time: the clock goes on from there.
TRAVEL = (
    "import sys, time_machine; from datetime import datetime; from scrapy.cmdline import execute;"
    " time_machine.travel(datetime.fromisoformat(sys.argv.pop(1)), tick=True).start(); execute()"
)


class Crawl:
    """Runs `scrapy` in the project, on an archive in a folder of the test; at the time `now`, if there is one."""

    now: datetime | None = None

    def __init__(self, folder: Path) -> None:
        self.archive = folder / "archive.db"
        self.captures = folder / "captures"

    def start(
        self, *arguments: str, path: str = os.environ["PATH"], **settings: object
    ) -> subprocess.Popen[str]:
        chosen = {"ARCHIVE_DB": self.archive, "DOWNLOAD_DELAY": 0, "RETRY_TIMES": 0} | settings
        options = [part for name, value in chosen.items() for part in ("-s", f"{name}={value}")]
        lean = os.pathsep.join(filter(None, (str(LEAN), os.environ.get("PYTHONPATH"))))
        program = ["-c", TRAVEL, self.now.isoformat()] if self.now else ["-m", "scrapy"]
        return subprocess.Popen(
            [sys.executable, *program, *arguments, *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONWARNINGS": "default", "PATH": path, "PYTHONPATH": lean},
        )

    def command(self, *arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments, **settings)
        try:
            out, err = process.communicate(timeout=120)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def portal(self, site: Site, **settings: object) -> subprocess.CompletedProcess[str]:
        return self.command("crawl", "portal", "-a", f"url={site.url}/", **settings)

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.archive)) as db:
            return db.execute(sql, values).fetchall()

    def change(self, sql: str) -> None:
        with closing(sqlite3.connect(self.archive)) as db, db:
            db.execute(sql)
