"""The HTML of an article is made harmless before it is stored, whichever way it comes in."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal_archive.archive.archive import Archive
from portal_archive.archive.storing import corrections
from portal_archive.archive.storing.safe_html import sanitise
from portal_archive.archive.warc.captures import CaptureWriter
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Page
from portal_archive.model.records import Fetch, Portal, Visit

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
URL = "https://xa.example/tin/bai-7.html"


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>Toàn <b>văn</b></p>", "<p>Toàn <b>văn</b></p>"),
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p onclick="x()" style="display:none">a</p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="JaVa\tScRiPt:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="data:text/html,x">x</a>', "<a>x</a>"),
        ('<a href="https://a.example/?b=1&amp;c=2">x</a>', '<a href="https://a.example/?b=1&amp;c=2">x</a>'),
        (
            '<figure><img src="https://a.example/x.jpg" alt="&quot;&gt;&lt;img onerror=" onerror="x()"></figure>',
            '<figure><img src="https://a.example/x.jpg" alt="&quot;&gt;&lt;img onerror="></figure>',
        ),
        ('<img src="data:image/svg+xml,x">', "<img>"),
        ('<iframe src="https://a.example/">x</iframe><object data="x">y</object><p>z</p>', "xy<p>z</p>"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>z", '<img src="x">z'),
        ("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", None),
        ("<!-- [if IE]><script>alert(1)</script>--><p>a</p>", "<p>a</p>"),
        ("<template><script>alert(1)</script></template><p>a</p>", "<p>a</p>"),
        (
            "<table><tr><td colspan=2>a</td></tr></table>",
            '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
        ),
        ("<script>alert(1)</script>", None),
        ("", None),
        (None, None),
    ],
)
def test_what_stays(html: str | None, kept: str | None) -> None:
    clean = sanitise(html)
    assert clean == kept
    assert sanitise(clean) == clean


def test_a_thousand_levels_are_no_trouble() -> None:
    assert sanitise("<b>" * 20_000 + "x") is not None


def store(folder: Path, html: str) -> str:
    """Store a page and read it again with another reader's HTML; return what the archive holds after each."""
    page = Page(URL, Outcome.ARTICLE, article=Article(title="Tiêu đề", body="Toàn văn", html=html))
    with Archive(folder / "archive.db") as archive:
        archive.claim("test")
        archive.register([Portal("xa", "Xã", "https://xa.example/", "generic", "generic", "lao-cai")])
        with CaptureWriter(folder / "captures", "xa", "1") as captures:
            ref = captures.write(Fetch(URL, 200, [("Content-Type", "text/html")], html.encode(), AT))
        archive.store(Visit("xa", URL, URL, AT, "article", status=200, capture=ref, page=page))
        conn = archive.db.conn
        first = conn.execute("SELECT html FROM articles").fetchone()[0]
        archive.store(Visit("xa", URL, URL, AT + timedelta(days=1), "article", status=200, page=page))
        assert conn.execute("SELECT html FROM articles").fetchone()[0] == first
        assert page.article is not None
        page.article.html = html.replace("Toàn", "Cả")
        capture_id = conn.execute("SELECT id FROM captures").fetchone()[0]
        conn.execute("UPDATE articles SET capture_id = ?", [capture_id])
        corrections.correct(conn, capture_id, page, dry_run=False)
        second: str = conn.execute("SELECT html FROM articles").fetchone()[0]
        assert second == first.replace("Toàn", "Cả")
        return str(first)


def test_neither_a_visit_nor_a_correction_stores_what_runs(tmp_path: Path) -> None:
    html = '<p onclick="x()">Toàn<script>alert(1)</script> văn</p><a href="javascript:x()">b</a>'
    assert store(tmp_path, html) == "<p>Toàn văn</p><a>b</a>"
