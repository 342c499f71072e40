"""Crawls of a portal on loopback: what is asked for, what is stored, and how politely."""

from __future__ import annotations

import gzip
import ssl
import threading
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from crawling import Answer, Crawl, Site, article, html, links, page
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from office_files import make_pdf


def test_a_portal_is_crawled_to_its_end_and_stored_once(site: Site, crawl: Crawl) -> None:
    site.routes = {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /kin/\n"),
        "/": html(links("/tin-tuc/", "/tin-so-thu-mot.html", "/kin/bi-mat.html")),
        "/tin-tuc/": html(links("/tin-so-thu-mot.html", "/tin-so-thu-hai.html")),
        "/tin-so-thu-mot.html": html(article("Một")),
        "/tin-so-thu-hai.html": html(
            article("Hai", "<a href='http://khac.example/tin-so-thu-tin.html'>khác</a>")
        ),
    }
    done = crawl.portal(site)
    assert done.returncode == 0, done.stderr
    pages = ["/tin-so-thu-hai.html", "/tin-so-thu-mot.html"]
    assert sorted(site.log) == ["/", "/robots.txt", *pages, "/tin-tuc/"]
    assert crawl.query(
        "SELECT replace(title, 'Hội nghị công tác dân vận ', ''), url FROM articles ORDER BY title"
    ) == [
        ("Hai", f"{site.url}/tin-so-thu-hai.html"),
        ("Một", f"{site.url}/tin-so-thu-mot.html"),
    ]
    assert crawl.query("SELECT state FROM pages WHERE url LIKE '%/kin/%'") == [("refused",)]
    # That robots.txt keeps crawlers from some pages is as it should be.
    assert crawl.query("SELECT kind, url FROM problems") == []
    assert crawl.query("SELECT outcome, pages, new_articles FROM crawls") == [("finished", 5, 2)]
    assert crawl.query("SELECT name, family, known FROM portals WHERE host = ?", site.host) == [
        (site.host, "generic", "generic")
    ]

    again = crawl.portal(site)
    assert again.returncode == 0, again.stderr
    assert crawl.query("SELECT count(*) FROM articles") == [(2,)]
    assert crawl.query("SELECT count(*) FROM versions") == [(2,)]
    # Start page and first lists are looked at in every crawl; a payload that did not change is not kept twice.
    assert sorted(site.log[5:]) == ["/", "/robots.txt", "/tin-tuc/"]
    assert crawl.query("SELECT count(*) FROM captures WHERE revisit_of IS NOT NULL") == [(3,)]


def test_every_response_is_captured(site: Site, crawl: Crawl) -> None:
    site.routes = {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\n"),
        "/": html(links("/tin-so-thu-cu.html", "/tin-so-thu-zip.html")),
        "/tin-so-thu-cu.html": (301, {"Location": "/tin-so-thu-moi.html"}, b""),
        "/tin-so-thu-moi.html": html(article("Mới")),
        "/tin-so-thu-zip.html": html(gzip.compress(article("Nén")), Content_Encoding="gzip"),
    }
    assert crawl.portal(site).returncode == 0
    captured = crawl.query("SELECT url, status, kind FROM captures ORDER BY url")
    assert captured == [
        (f"{site.url}/", 200, "list"),
        (f"{site.url}/robots.txt", 200, "other"),
        (f"{site.url}/tin-so-thu-cu.html", 301, "redirect"),
        (f"{site.url}/tin-so-thu-moi.html", 200, "article"),
        (f"{site.url}/tin-so-thu-zip.html", 200, "article"),
    ]
    shown = crawl.command("show-capture", f"{site.url}/tin-so-thu-zip.html", "--headers")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(f"200 {site.url}/tin-so-thu-zip.html\n")
    assert "X-Archive-Orig-Content-Encoding: gzip\n" in shown.stdout
    assert shown.stdout.endswith(article("Nén").decode())
    assert {url for (url,) in crawl.query("SELECT url FROM article_urls")} == {
        f"{site.url}/tin-so-thu-cu.html",
        f"{site.url}/tin-so-thu-moi.html",
        f"{site.url}/tin-so-thu-zip.html",
    }


def test_a_redirect_to_another_site_is_not_followed(site: Site, crawl: Crawl) -> None:
    site.routes = {
        "/": html(links("/di.html", "/vong.html")),
        "/di.html": (302, {"Location": f"http://localhost:{site.host.partition(':')[2]}/tron.html"}, b""),
        "/vong.html": (302, {"Location": "/vong.html"}, b""),
    }
    assert crawl.portal(site).returncode == 0
    assert "/tron.html" not in site.log
    assert crawl.query("SELECT state FROM pages WHERE url LIKE '%/di.html'") == [("moved",)]
    assert site.log.count("/vong.html") == 11
    assert crawl.query("SELECT kind, url FROM problems ORDER BY kind") == [
        ("private-address", f"{site.url}/di.html"),
        ("redirects", f"{site.url}/vong.html"),
    ]


def test_the_portal_asks_to_wait(site: Site, crawl: Crawl) -> None:
    def busy(visit: int) -> Answer:
        return html(b"429", 429, Retry_After="1") if visit == 1 else html(article("Bận"))

    def flood(visit: int) -> Answer:
        text = "<div class='floodblocker'>Hệ thống đang từ chối truy cập của bạn. Hãy đợi 1 giây</div>"
        return html(page("Hãy đợi...", text)) if visit < 3 else html(article("Ngập"))

    site.routes = {
        "/": html(links("/tin-so-thu-ban.html", "/tin-so-thu-ngap.html")),
        "/tin-so-thu-ban.html": busy,
        "/tin-so-thu-ngap.html": flood,
    }
    assert crawl.portal(site).returncode == 0
    assert (site.log.count("/tin-so-thu-ban.html"), site.log.count("/tin-so-thu-ngap.html")) == (2, 3)
    for path in ("/tin-so-thu-ban.html", "/tin-so-thu-ngap.html"):
        asked = [when for when, asked in zip(site.times, site.log, strict=True) if asked == path]
        first = site.log.index(path)
        assert asked[1] - asked[0] >= 1.0
        # Nothing else is asked for meanwhile.
        assert site.log[first + 1] == path
    assert crawl.query(
        "SELECT replace(title, 'Hội nghị công tác dân vận ', '') FROM articles ORDER BY title"
    ) == [("Bận",), ("Ngập",)]
    assert crawl.query("SELECT url, kind, count FROM problems ORDER BY url") == [
        (f"{site.url}/tin-so-thu-ban.html", "blocked", 1),
        (f"{site.url}/tin-so-thu-ngap.html", "blocked", 2),
    ]


def test_waiting_has_an_end(site: Site, crawl: Crawl) -> None:
    site.routes = {
        "/": html(links("/tin-so-thu-ban.html", "/tin-so-thu-tin.html")),
        "/tin-so-thu-ban.html": html(b"503", 503, Retry_After="1"),
        "/tin-so-thu-tin.html": html(article("Tin")),
    }
    assert crawl.portal(site, PAUSE_TIMES=1).returncode == 0
    assert site.log.count("/tin-so-thu-ban.html") == 2
    assert crawl.query("SELECT state, attempts FROM pages WHERE url LIKE '%/tin-so-thu-ban.html'") == [
        ("failed", 1)
    ]
    assert crawl.query("SELECT replace(title, 'Hội nghị công tác dân vận ', '') FROM articles") == [("Tin",)]


@pytest.mark.parametrize(
    "home",
    [
        html(page("Cổng", ""), Refresh="0; url=/trang-chu/"),
        html(
            b"<html><head><meta http-equiv='refresh' content='0; URL=/trang-chu/'></head><body></body></html>"
        ),
        html(
            b"<html><head><script>window.location.href = '/trang-chu/';</script></head><body></body></html>"
        ),
    ],
    ids=["header", "meta", "script"],
)
def test_a_home_page_that_jumps_is_followed_within_the_site(site: Site, crawl: Crawl, home: Answer) -> None:
    site.routes = {
        "/": home,
        "/trang-chu/": html(links("/tin-so-thu-mot.html")),
        "/tin-so-thu-mot.html": html(article("Một")),
    }
    assert crawl.portal(site).returncode == 0
    assert site.log == ["/robots.txt", "/", "/trang-chu/", "/tin-so-thu-mot.html"]
    assert crawl.query("SELECT title FROM articles") == [("Hội nghị công tác dân vận Một",)]


def test_an_address_that_answers_with_a_jump_alone_is_followed(site: Site, crawl: Crawl) -> None:
    site.routes = {
        "/": html(links("/di/tin-so-thu-mot-123451.html", "/di/tin-so-thu-hai-123452.html")),
        "/di/tin-so-thu-mot-123451.html": html(b"", Refresh="0; url=/tin-so-thu-mot.html"),
        "/di/tin-so-thu-hai-123452.html": html(b"", Refresh="0; url=/tin-so-thu-hai.html"),
        "/tin-so-thu-mot.html": html(article("Một")),
        "/tin-so-thu-hai.html": html(article("Hai")),
    }
    assert crawl.portal(site).returncode == 0
    assert crawl.query("SELECT title FROM articles ORDER BY title") == [
        ("Hội nghị công tác dân vận Hai",),
        ("Hội nghị công tác dân vận Một",),
    ]
    assert crawl.query("SELECT kind FROM problems") == []


def test_a_date_that_has_passed_asks_for_the_usual_wait(site: Site, crawl: Crawl) -> None:
    asked = "Sat, 21 Nov 2020 00:00:00 GMT"
    site.routes = {"/": lambda visit: html(b"", 429, Retry_After=asked) if visit == 1 else html(links())}
    assert crawl.portal(site, PAUSE_SECONDS=2, PAUSE_MAX_SECONDS=2).returncode == 0
    first, second = (when for when, path in zip(site.times, site.log, strict=True) if path == "/")
    assert 2.0 <= second - first < 10.0


def test_a_portal_that_refuses_every_page_is_asked_a_few_times_and_left(site: Site, crawl: Crawl) -> None:
    paths = [f"/tin-so-thu-{number}.html" for number in range(20)]
    site.routes = {"/": html(links(*paths))}
    site.routes |= {path: html(b"503", 503, Retry_After="1") for path in paths}
    done = crawl.portal(site, PAUSE_TIMES=2)
    assert done.returncode == 1
    assert "portal-blocked" in done.stdout
    # Two waits for the first page, then one other is tried.
    assert [path for path in site.log if path in paths] == [paths[0]] * 3 + [paths[1]]
    assert crawl.query("SELECT state, count(*) FROM pages WHERE kind = 'article' GROUP BY 1 ORDER BY 1") == [
        ("failed", 2),
        ("waiting", 18),
    ]


@pytest.mark.parametrize(
    ("asked", "hours"),
    [("7200", 2.0), ("31536000", 24.0), ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", 24.0)],
)
def test_a_portal_that_asks_for_more_than_a_crawl_waits_is_left_alone_so_long(
    site: Site, crawl: Crawl, asked: str, hours: float
) -> None:
    site.routes = {
        "/": html(links("/tin-so-thu-ban.html", "/tin-so-thu-tin.html")),
        "/tin-so-thu-ban.html": html(b"503", 503, Retry_After=asked),
        "/tin-so-thu-tin.html": html(article("Tin")),
    }
    assert crawl.portal(site).returncode == 1
    assert site.log == ["/robots.txt", "/", "/tin-so-thu-ban.html"]
    due = crawl.query("SELECT 24 * (julianday(min(next_visit)) - julianday('now')) FROM pages")[0][0]
    assert hours - 0.1 < due <= hours
    assert crawl.portal(site).returncode == 0
    assert site.log[3:] == []


def test_304_for_what_was_never_fetched_and_answers_without_a_body(site: Site, crawl: Crawl) -> None:
    site.routes = {
        "/": html(links("/tin-so-thu-mot.html", "/tin-so-thu-hai.html", "/tin-so-thu-ba.html")),
        "/tin-so-thu-mot.html": (304, {}, b""),
        "/tin-so-thu-hai.html": html(b" \r\n"),
        "/tin-so-thu-ba.html": (204, {}, b""),
    }
    assert crawl.portal(site).returncode == 0
    assert crawl.query("SELECT replace(url, ?, ''), kind FROM problems ORDER BY url", site.url) == [
        ("/tin-so-thu-ba.html", "html-empty"),
        ("/tin-so-thu-hai.html", "html-empty"),
        ("/tin-so-thu-mot.html", "http-304"),
    ]
    assert crawl.query("SELECT state, attempts, count(*) FROM pages WHERE depth > 0 GROUP BY 1, 2") == [
        ("failed", 1, 3)
    ]


def test_requests_keep_their_distance(site: Site, crawl: Crawl) -> None:
    site.routes = {
        "/": html(links("/tin-so-thu-a.html", "/tin-so-thu-b.html")),
        "/tin-so-thu-a.html": html(article("A")),
        "/tin-so-thu-b.html": html(article("B")),
    }
    assert crawl.portal(site, DOWNLOAD_DELAY=1.0).returncode == 0
    gaps = [later - sooner for sooner, later in zip(site.times, site.times[1:], strict=False)]
    assert len(gaps) == 3
    assert min(gaps) > 0.95
    agents = {headers["User-Agent"] for headers in site.headers}
    assert agents == {f"portal-archive/{VERSION} (archive of public party and state portals)"}


def test_crawl_delay_of_robots_and_contact(site: Site, crawl: Crawl) -> None:
    site.routes = {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nCrawl-delay: 1\n"),
        "/": html(links("/tin-so-thu-a.html")),
        "/tin-so-thu-a.html": html(article("A")),
    }
    assert crawl.portal(site, CONTACT="mailto:kho@example.org").returncode == 0
    gaps = [later - sooner for sooner, later in zip(site.times[1:], site.times[2:], strict=False)]
    assert min(gaps) > 0.95
    assert site.headers[-1]["User-Agent"] == (
        f"portal-archive/{VERSION} (archive of public party and state portals; +mailto:kho@example.org)"
    )


def test_every_kind_of_failure_is_a_problem_and_stops_nothing(site: Site, crawl: Crawl) -> None:
    big = b"<p>" + b"x" * 3_000_000
    site.routes = {
        "/": html(
            links(
                "/tin-so-thu-a.html",
                "/loi.html",
                "/het.html",
                "/cam.html",
                "/to.html",
                "/bom.html",
                "/cut.html",
            )
        ),
        "/tin-so-thu-a.html": html(article("A")),
        "/loi.html": html(page("Lỗi", ""), 500),
        "/het.html": html(page("Hết", ""), 410),
        "/cam.html": html(page("Cấm", ""), 403),
        "/to.html": html(big),
        "/bom.html": html(gzip.compress(big), Content_Encoding="gzip"),
        "/cut.html": html(gzip.compress(article("cụt"))[:-9], Content_Encoding="gzip"),
    }
    done = crawl.portal(site, DOWNLOAD_MAXSIZE=1_000_000)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert crawl.query("SELECT replace(title, 'Hội nghị công tác dân vận ', '') FROM articles") == [("A",)]
    states = dict(crawl.query("SELECT replace(url, ?, ''), state FROM pages", site.url))
    assert states == {
        "/": "done", "/tin-so-thu-a.html": "done", "/loi.html": "failed", "/het.html": "missing", "/cam.html": "failed",
        "/to.html": "refused", "/bom.html": "refused", "/cut.html": "failed",
    }  # fmt: skip
    problems = crawl.query("SELECT replace(url, ?, ''), kind FROM problems ORDER BY url", site.url)
    assert problems == [
        ("/bom.html", "too-large"),
        ("/cam.html", "blocked"),
        ("/cut.html", "cut-short"),
        ("/loi.html", "http-500"),
        ("/to.html", "too-large"),
    ]
    assert all(site.url in detail for (detail,) in crawl.query("SELECT detail FROM problems"))


def test_a_portal_that_is_down_is_left_alone(site: Site, crawl: Crawl) -> None:
    paths = [f"/tin/{number}.html" for number in range(30)]
    site.routes = {path: html(b"", 500) for path in paths} | {"/": html(links(*paths))}
    done = crawl.portal(site)
    assert done.returncode == 1
    assert "seems to be down" in done.stderr
    assert len([path for path in site.log if path in paths]) == 10
    assert crawl.query("SELECT outcome FROM crawls") == [("closed",)]
    assert crawl.query("SELECT count(*) FROM pages WHERE state = 'waiting'") == [(20,)]


def test_a_portal_that_does_not_answer_at_all(crawl: Crawl) -> None:
    done = crawl.command("crawl", "portal", "-a", "url=http://127.0.0.1:9/")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert crawl.query("SELECT url, kind FROM problems") == [("http://127.0.0.1:9/", "connection-refused")]


@pytest.mark.parametrize("argument", ["url=", "url=laichau.gov.vn", "url=ftp://x.vn/"])
def test_a_home_page_that_is_none(crawl: Crawl, argument: str) -> None:
    done = crawl.command("crawl", "portal", "-a", argument)
    assert done.returncode == 1
    assert "is no home page of a portal" in done.stderr
    assert "Traceback" not in done.stderr
    assert not crawl.archive.exists()


def test_lists_without_an_end(site: Site, crawl: Crawl) -> None:
    def month(number: int) -> Answer:
        return html(links("/tin-so-thu-a.html", f"/chuyen/{number + 1}/"))

    site.routes = {
        "/": html(links("/tin-so-thu-a.html", "/chuyen/1/")),
        "/tin-so-thu-a.html": html(article("A")),
    }
    site.routes |= {f"/chuyen/{number}/": month(number) for number in range(1, 50)}
    assert crawl.portal(site).returncode == 0
    assert [path for path in site.log if path.startswith("/chuyen/")] == [
        f"/chuyen/{number}/" for number in range(1, 11)
    ]


def test_conditional_requests(site: Site, crawl: Crawl) -> None:
    site.routes = {
        "/": html(links("/tin-so-thu-a.html"), ETag='"mot"'),
        "/tin-so-thu-a.html": html(article("A")),
    }
    assert crawl.portal(site).returncode == 0
    site.routes["/"] = lambda visit: (304, {"ETag": '"mot"'}, b"")
    assert crawl.portal(site).returncode == 0
    assert site.headers[-1]["If-None-Match"] == '"mot"'
    assert crawl.query("SELECT state, conditional FROM pages WHERE depth = 0") == [("done", 1)]


def test_files_are_fetched_once_and_their_text_is_read(site: Site, crawl: Crawl) -> None:
    files = "<p><img src='/anh/a.jpg'></p><p><a href='/tep/cv.pdf'>Công văn</a></p>"
    site.routes = {
        "/": html(links("/tin-so-thu-a.html")),
        "/tin-so-thu-a.html": html(article("A", files)),
        "/anh/a.jpg": (200, {"Content-Type": "image/jpeg"}, b"\xff\xd8\xff\xe0 anh"),
        "/tep/cv.pdf": (200, {"Content-Type": "application/pdf"}, make_pdf("Cong van 12")),
    }
    assert crawl.portal(site, FETCH_FILES=False).returncode == 0
    assert not {"/anh/a.jpg", "/tep/cv.pdf"} & set(site.log)
    crawl.archive.unlink()
    assert crawl.portal(site).returncode == 0
    assert crawl.portal(site).returncode == 0
    assert (site.log.count("/anh/a.jpg"), site.log.count("/tep/cv.pdf")) == (1, 1)
    assert crawl.query("SELECT title, text FROM attachments") == [("Công văn", "Cong van 12")]
    assert crawl.query("SELECT attachment_text FROM articles") == [("Cong van 12",)]


def test_a_certificate_that_proves_nothing_is_not_accepted(tmp_path: Path, crawl: Crawl) -> None:
    site = Site()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    site.routes = {"/": html(links("/tin-so-thu-a.html"))}
    threading.Thread(target=site.server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        done = crawl.command("crawl", "portal", "-a", f"url=https://{site.host}/")
    finally:
        site.server.shutdown()
        site.server.server_close()
    assert done.returncode == 1
    assert site.log == []
    assert crawl.query("SELECT url, kind FROM problems") == [(f"https://{site.host}/", "tls")]


def self_signed(folder: Path) -> Path:
    """Return the path of a certificate for 127.0.0.1 with its key, vouched for by nobody."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


VERSION = version("portal-archive")

ENDPOINT_SPIDER = """
from crawler.spider import PortalSpider


class MuongMay(PortalSpider):
    name = "muongmay"
    title = "Mường Mây"
    counter_endpoint = "/api/ThongKe"
    counter_fields = {"TongTruyCap": "total", "HomNay": "today", "Tuan": "week"}
"""


def test_the_endpoint_of_a_counter(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    spider = tmp_path / "muongmay.py"
    spider.write_text(ENDPOINT_SPIDER)
    answer = b'{"TongTruyCap": 6431870, "HomNay": "1.831", "Tuan": ""}'
    site.routes = {
        "/": html(links("/tin-so-thu-a.html")),
        "/tin-so-thu-a.html": html(article("A")),
        "/api/ThongKe": (200, {"Content-Type": "application/json"}, answer),
    }
    done = crawl.command("runspider", str(spider), "-a", f"home={site.url}/")
    assert done.returncode == 0, done.stderr
    assert site.log.count("/api/ThongKe") == 1
    assert crawl.query("SELECT url, total, today, week, reasons FROM counter_readings") == [
        (f"{site.url}/api/ThongKe", 6431870, 1831, None, '{"week": "script"}')
    ]
    assert crawl.query("SELECT count(*) FROM pages WHERE url LIKE '%/api/%'") == [(0,)]
    assert crawl.query("SELECT count(*) FROM articles") == [(1,)]


def test_a_home_page_that_is_elsewhere(site: Site, crawl: Crawl) -> None:
    site.routes = {
        "/": (302, {"Location": "/vi/"}, b""),
        "/vi/": html(links("/tin-so-thu-a.html", "/tin-so-thu-mat.html")),
        "/tin-so-thu-a.html": html(article("A")),
        "/tin-so-thu-mat.html": (302, {"Location": "/vi/"}, b""),
    }
    for _ in range(2):
        assert crawl.portal(site).returncode == 0
    assert crawl.query("SELECT count(*) FROM articles") == [(1,)]
    states = dict(crawl.query("SELECT replace(url, ?, ''), state FROM pages", site.url))
    assert states == {
        "/": "done",
        "/vi/": "done",
        "/tin-so-thu-a.html": "done",
        "/tin-so-thu-mat.html": "missing",
    }


def test_nothing_is_warned_of(site: Site, crawl: Crawl) -> None:
    site.routes = {"/": html(links("/tin-so-thu-a.html")), "/tin-so-thu-a.html": html(article("A"))}
    done = crawl.portal(site)
    assert done.returncode == 0
    assert "Warning" not in done.stderr
    assert "ERROR" not in done.stderr
