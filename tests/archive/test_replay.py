"""What we write is replayed by pywb, a reader that shares nothing with ours but the file format."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import pytest

from archive.captures import CaptureWriter
from archive.records import Fetch

WHEN = datetime(2026, 11, 22, 5, 31, 28, tzinfo=UTC)
HOST = "http://tinhuy.vidu.example"
ARTICLE = f"{HOST}/cong-tac-dan-van/le-phat-dong-7.html"
IMAGE = f"{HOST}/uploads/news/2026_11/anh.png"
PAGE = '<html><body><h1>Phát động “Dân vận khéo”</h1><img src="/uploads/news/2026_11/anh.png"></body></html>'
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
OPEN = build_opener(ProxyHandler({})).open


def run_pywb(function: str, *arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    # In its own process: pywb patches the standard library, and warns of things that are not ours to mend.
    module = {"wb_manager": "pywb.manager.manager", "wayback": "pywb.apps.cli"}[function]
    name = {"wb_manager": "main", "wayback": "wayback"}[function]
    program = f"import sys; from {module} import {name}; {name}(sys.argv[1:])"
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    with process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors.decode()


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def replay(tmp_path: Path) -> Iterator[str]:
    with CaptureWriter(tmp_path / "captures", "tinhuy.vidu.example", "20261122053128") as writer:
        html = (("Content-Type", "text/html; charset=utf-8"),)
        writer.write(Fetch(ARTICLE, 200, (*html, ("Content-Encoding", "gzip")), PAGE.encode(), WHEN))
        sent = (("Content-Type", "image/png"), ("Transfer-Encoding", "chunked"), ("Content-Length", "9"))
        writer.write(Fetch(IMAGE, 200, sent, PICTURE, WHEN))
        later = WHEN + timedelta(days=1)
        writer.write(Fetch(ARTICLE, 200, html, PAGE.encode(), later), same_as=(ARTICLE, WHEN))
        writer.write(Fetch(f"{HOST}/gone.html", 404, html, b"<h1>404</h1>", WHEN))
        moved = Fetch(f"{HOST}/cu.html", 301, (("Location", ARTICLE),), b"", WHEN)
        writer.write(moved)
    files = map(str, (tmp_path / "captures").rglob("*.warc.gz"))
    finish(run_pywb("wb_manager", "init", "kho", folder=tmp_path))
    finish(run_pywb("wb_manager", "add", "kho", *files, folder=tmp_path))
    port = free_port()
    server = run_pywb("wayback", "-b", "127.0.0.1", "-p", str(port), folder=tmp_path)
    with server:
        try:
            assert server.stderr is not None
            for line in server.stderr:
                if b"Starting Gevent Server" in line:
                    break
            yield f"http://127.0.0.1:{port}/kho"
        finally:
            server.kill()


def get(url: str) -> tuple[int, str, bytes]:
    for _ in range(200):
        try:
            with OPEN(url, timeout=30) as answer:
                return answer.status, answer.url, answer.read()
        except HTTPError as error:
            with error:
                return error.code, url, error.read()
        except URLError as error:
            # Announced but not listening yet.
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
    raise AssertionError("pywb did not start")


def test_pywb_replays_an_article_its_image_a_revisit_a_404_and_a_redirect(replay: str):
    assert get(f"{replay}/20261122053128id_/{ARTICLE}")[::2] == (200, PAGE.encode())
    assert get(f"{replay}/20261122053128im_/{IMAGE}")[::2] == (200, PICTURE)
    assert get(f"{replay}/20261123053128id_/{ARTICLE}")[::2] == (200, PAGE.encode())
    assert get(f"{replay}/20261122053128id_/{HOST}/gone.html")[::2] == (404, b"<h1>404</h1>")
    status, url, page = get(f"{replay}/20261122053128mp_/{HOST}/cu.html")
    assert (status, url) == (200, f"{replay}/20261122053128mp_/{ARTICLE}")
    rewritten = page.decode()
    assert "Phát động “Dân vận khéo”" in rewritten
    assert "im_/" in rewritten
    assert "/uploads/news/2026_11/anh.png" in rewritten
