"""Portals whose pages are empty until a script has run: what an endpoint or a browser shows is read and kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest
from crawling import ROOT, Answer, Crawl, Site, html, title_of

from crawler.spider import Endpoint, PortalSpider
from portal_archive.model.errors import BadInputError
from portal_archive.reading.endpoints import as_page

SHELL = "<!DOCTYPE html><html><head><meta charset=utf-8><title>Cổng huyện Bản Mây</title></head><body><div id=app></div>{}</body></html>"
SPIDER = """
from crawler.spider import Endpoint, PortalSpider

class Shell(PortalSpider):
    name = "shell"
    title = "Cổng huyện Bản Mây"
    home = "{home}"
    {declared}
"""
ENDPOINTS = r"""lists = ("/api/tin?trang={{page}}#/tin/{{slug}}-{{id}}.html",)
    endpoints = (Endpoint(r"^/tin/[\w-]+-(?P<id>\d+)\.html$", r"/api/tin/\g<id>"),)"""


def entry(number: int, *, whole: bool) -> dict[str, object]:
    found: dict[str, object] = {
        "id": number,
        "slug": f"dan-van-{number}",
        "title": title_of(f"bản {number}"),
        "publishedAt": f"2024-03-{number:02}T08:00:00+07:00",
    }
    text = f"<p>Đoạn một của bài {number}: bà con góp công làm đường.</p><p>Đoạn hai của bài {number}: đường đã xong.</p>"
    return found | ({"content": text, "author": "Lò Thị Hương"} if whole else {})


def data(value: object, status: int = 200) -> Answer:
    return (
        status,
        {"Content-Type": "application/json; charset=utf-8", "ETag": '"x"'},
        json.dumps(value).encode(),
    )


def crawl_shell(site: Site, crawl: Crawl, folder: Path, declared: str) -> subprocess.CompletedProcess[str]:
    package = folder / "shells"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    (package / "shell.py").write_text(
        SPIDER.format(home=f"{site.url}/", declared=declared.replace("{{", "{").replace("}}", "}"))
    )
    settings = {
        "SPIDER_MODULES": "shells",
        "ARCHIVE_DB": crawl.archive,
        "DOWNLOAD_DELAY": 0,
        "RETRY_TIMES": 0,
    }
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "shell", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_endpoints_fill_articles_and_lists(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    shell = html(SHELL.format("<script src='/app.js'></script>").encode(), ETag='"shell"')
    site.routes |= {
        "/": shell,
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /api/tin/4\n"),
        "/api/tin?trang=1": data({"items": [entry(number, whole=False) for number in (1, 2)]}),
        "/api/tin?trang=2": data({"items": [entry(number, whole=False) for number in (3, 4)]}),
        "/api/tin?trang=3": data({"items": []}),
    }
    for number in (1, 2, 3, 4):
        site.routes[f"/tin/dan-van-{number}-{number}.html"] = shell
        site.routes[f"/api/tin/{number}"] = data({"tin": entry(number, whole=True)})
    done = crawl_shell(site, crawl, tmp_path, ENDPOINTS)
    assert done.returncode == 0, done.stderr
    articles = crawl.query("SELECT url, title, body, author, published_at FROM articles ORDER BY url")
    assert articles == [
        (
            f"{site.url}/tin/dan-van-{number}-{number}.html",
            title_of(f"bản {number}"),
            f"Đoạn một của bài {number}: bà con góp công làm đường.\n\nĐoạn hai của bài {number}: đường đã xong.",
            "Lò Thị Hương",
            f"2024-03-{number:02}T08:00:00+07:00",
        )
        for number in (1, 2, 3)
    ]
    # Both are kept: what the page answered, and what its script was given, with the page it belongs to.
    kept = crawl.query(
        "SELECT url, page_url, kind, rendered FROM captures WHERE url LIKE '%/tin/1' OR url LIKE '%-1.html' ORDER BY id"
    )
    page = f"{site.url}/tin/dan-van-1-1.html"
    assert kept == [(page, None, "other", 0), (f"{site.url}/api/tin/1", page, "article", 0)]
    # robots.txt counts for what a script asks as for any page.
    assert "/api/tin/4" not in site.log
    assert crawl.query("SELECT kind FROM captures WHERE url LIKE '%-4.html'") == [("other",)]
    # A page that was filled has no problem; one that could not be has.
    assert crawl.query("SELECT url FROM problems WHERE kind = 'script-shell' ORDER BY url") == [
        (f"{site.url}/",),
        (f"{site.url}/tin/dan-van-4-4.html",),
    ]
    # A shell that is as it was says nothing of its content: it is never asked for on that condition.
    assert crawl.query("SELECT count(*) FROM pages WHERE etag IS NOT NULL AND kind = 'article'") == [(0,)]
    verified = crawl.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    again = crawl.command("reparse")
    assert again.returncode == 0, again.stderr
    assert crawl.query("SELECT url, title, body, author, published_at FROM articles ORDER BY url") == articles


def test_an_endpoint_that_fails_costs_nothing(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    page = f"{site.url}/tin/dan-van-1-1.html"
    site.routes |= {
        "/": html(SHELL.format("<script src='/app.js'></script>").encode()),
        "/tin/dan-van-1-1.html": html(SHELL.format("<script src='/app.js'></script>").encode()),
        "/api/tin?trang=1": data({"items": [entry(1, whole=False)]}),
        "/api/tin/1": data({"error": "x"}, 500),
    }
    done = crawl_shell(site, crawl, tmp_path, ENDPOINTS)
    assert crawl.query("SELECT state FROM pages WHERE url = ?", page) == [("done",)], done.stderr
    assert crawl.query(
        "SELECT url, kind, detail FROM problems WHERE url = ? AND kind != 'script-shell'", page
    ) == [(page, "http-500", f"{site.url}/api/tin/1 answered 500")]


FILL = """<script>
    fetch("/noi-dung" + location.pathname).then(answer => answer.text()).then(text => {
        document.getElementById("app").innerHTML = text;
    });
    fetch("/cam/x");
</script>"""
needs_browser = pytest.mark.skipif(
    not (which("chromium") and find_spec("scrapy_playwright")) and os.environ.get("CI") != "true",
    reason="the extra `browser` is not installed",
)


@pytest.mark.long
@needs_browser
def test_a_browser_fills_what_nothing_else_does(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    text = "".join(
        f"<p>Đoạn {number} của bài: bà con góp công, góp đất làm con đường mới lên bản.</p>"
        for number in range(6)
    )
    article = f"<h1>{title_of('bản 1')}</h1><p>Ngày đăng: 18/01/2024 07:34</p><div>{text}</div>"
    site.routes |= {
        "/": html(SHELL.format(FILL).encode()),
        "/tin/bai-1.html": html(SHELL.format(FILL).encode()),
        "/noi-dung/": html(f'<ul><li><a href="/tin/bai-1.html">{title_of("bản 1")}</a></li></ul>'.encode()),
        "/noi-dung/tin/bai-1.html": html(article.encode()),
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /cam/\n"),
    }
    done = crawl_shell(site, crawl, tmp_path, "rendered = True")
    assert done.returncode == 0, done.stderr
    assert crawl.query("SELECT url, title, published_at FROM articles") == [
        (f"{site.url}/tin/bai-1.html", title_of("bản 1"), "2024-01-18T07:34:00+07:00")
    ]
    kept = crawl.query("SELECT url, kind, rendered FROM captures WHERE url LIKE '%.html' ORDER BY id")
    page = f"{site.url}/tin/bai-1.html"
    assert kept == [(page, "other", 0), (page, "article", 1)]
    assert not [path for path in site.log if path.startswith("/cam/")]
    verified = crawl.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    # What is shown of the page is what it answered; what was read is the other.
    shown = crawl.command("show-capture", page).stdout
    assert "<div id=app></div>" in shown
    again = crawl.command("reparse")
    assert "nothing differs" in again.stdout
    records = b"".join(path.read_bytes() for path in crawl.captures.rglob("*.warc.gz"))
    assert records  # conversion records are read by `verify` above


def test_a_portal_of_shells_is_told_as_one(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    script = "<script src='/static/js/main.3f2.js'></script><script>fetch('/api/tin?trang=1')</script>"
    site.routes |= {"/": html(SHELL.format(script).encode())}
    done = crawl_shell(site, crawl, tmp_path, "note = ''")
    assert crawl.query("SELECT url, kind, detail FROM problems") == [
        (
            f"{site.url}/",
            "script-shell",
            f"{site.url}/ is empty until a script has run: its script asks an address, which `endpoints` in the portal's"
            f" file can name; else a browser ({site.url}/api/tin?trang=1)",
        )
    ], done.stderr
    assert crawl.query("SELECT state, cause, reason FROM portal_states") == [
        ("degraded", "shells", '[["verdict.shells", {}]]')
    ]
    said = crawl.command("status", "--json").stdout
    assert "rendered = True" in said


def test_a_short_page_with_a_heading_is_no_shell(site: Site, crawl: Crawl) -> None:
    script = "<script>fetch('/api/ThongKe/TruyCap')</script>"
    site.routes |= {"/": html(f"<body><div><h1>Địa chỉ</h1><p>Số 1</p></div>{script}</body>".encode())}
    assert crawl.portal(site).returncode == 0
    assert crawl.query("SELECT kind FROM problems") == []


def test_answers_of_endpoints_as_pages() -> None:
    page = as_page(b'\xef\xbb\xbf {"a": "x</script>"}').decode()
    assert '{"a": "x<\\/script>"}' in page
    assert as_page(b"<p>x</p>") == b"<p>x</p>"
    assert as_page(b"{broken") == b"{broken"
    assert as_page(b"[" * 100_000) == b"[" * 100_000


@pytest.mark.parametrize(
    ("endpoint", "wrong"),
    [
        (Endpoint("(", "/api"), "no regular expression"),
        (Endpoint(r"^/(\d+)$", r"/api/\2"), "`page` has no group 2"),
    ],
)
def test_a_mistake_in_an_endpoint_is_named(endpoint: Endpoint, wrong: str) -> None:
    with pytest.raises(BadInputError, match=wrong):
        type("Wrong", (PortalSpider,), {"name": "wrong", "endpoints": (endpoint,)})


def test_where_a_page_gets_its_content() -> None:
    endpoint = Endpoint(r"^/tin/(?P<id>\d+)", r"/api/tin/\g<id>?day-du=1")
    assert endpoint.data_of("https://a.vn/tin/12.html") == "https://a.vn/api/tin/12?day-du=1"
    assert endpoint.data_of("https://a.vn/lien-he") is None
