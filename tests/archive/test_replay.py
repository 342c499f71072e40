"""What we write is replayed by pywb, a reader that shares nothing with ours but the file format."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest

from portal_archive.archive.warc.captures import CaptureWriter
from portal_archive.model.records import Fetch

WHEN = datetime(2026, 11, 22, 5, 31, 28, tzinfo=UTC)
HOST = "http://tinhuy.vidu.example"
ARTICLE = f"{HOST}/cong-tac-dan-van/le-phat-dong-7.html"
IMAGE = f"{HOST}/uploads/news/2026_11/anh.png"
PAGE = '<html><body><h1>Phát động “Dân vận khéo”</h1><img src="/uploads/news/2026_11/anh.png"></body></html>'
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
OPEN = build_opener(ProxyHandler({})).open


@pytest.fixture
def replayed(tmp_path: Path, replay: Callable[[Iterable[Path]], str]) -> str:
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
    return replay((tmp_path / "captures").rglob("*.warc.gz"))


def get(url: str) -> tuple[int, str, bytes]:
    try:
        with OPEN(url, timeout=30) as answer:
            return answer.status, answer.url, answer.read()
    except HTTPError as error:
        with error:
            return error.code, url, error.read()


def test_pywb_replays_an_article_its_image_a_revisit_a_404_and_a_redirect(replayed: str):
    assert get(f"{replayed}/20261122053128id_/{ARTICLE}")[::2] == (200, PAGE.encode())
    assert get(f"{replayed}/20261122053128im_/{IMAGE}")[::2] == (200, PICTURE)
    assert get(f"{replayed}/20261123053128id_/{ARTICLE}")[::2] == (200, PAGE.encode())
    assert get(f"{replayed}/20261122053128id_/{HOST}/gone.html")[::2] == (404, b"<h1>404</h1>")
    status, url, page = get(f"{replayed}/20261122053128mp_/{HOST}/cu.html")
    assert (status, url) == (200, f"{replayed}/20261122053128mp_/{ARTICLE}")
    rewritten = page.decode()
    assert "Phát động “Dân vận khéo”" in rewritten
    assert "im_/" in rewritten
    assert "/uploads/news/2026_11/anh.png" in rewritten
