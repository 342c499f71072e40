"""What a Wayback-style archive has of a host, imported: from pywb, and from one laid out as the Internet Archive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawling import Crawl, Site, article, html

from portal_archive.archive.warc.captures import CaptureWriter
from portal_archive.model.records import Fetch

HOST = "tinhuy.vidu.example"
HOME = f"http://{HOST}"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
BEGIN = datetime(2023, 5, 1, 8, 30, 15, tzinfo=UTC)
CDX = f"/cdx/search/cdx?url={HOST}&matchType=host&collapse=digest"
PAGED = "&limit=10000&showResumeKey=true"


def test_a_collection_of_pywb(tmp_path: Path, crawl: Crawl, replay: Callable[[Iterable[Path]], str]) -> None:
    edited = article("Một").replace("Đoạn 2".encode(), "Đoạn hai".encode())
    days = [BEGIN + timedelta(days=number) for number in range(5)]
    with CaptureWriter(tmp_path / "theirs", HOST, "1") as writer:
        for body, at in ((article("Một"), 0), (article("Một"), 1), (edited, 2), (article("Một"), 3)):
            writer.write(Fetch(f"{HOME}/tin-so-thu-1.html", 200, HTML, body, days[at]))
        # As archives do it: an unchanged page is a revisit.
        same = (f"{HOME}/tin-so-thu-1.html", days[3])
        writer.write(Fetch(same[0], 200, HTML, article("Một"), days[4]), same_as=same)
        writer.write(Fetch(f"{HOME}/tin-so-thu-2.html", 200, HTML, article("Hai"), days[0]))
        writer.write(Fetch(f"{HOME}/tin-so-thu-2.html", 404, HTML, b"<h1>404 Not Found</h1>", days[3]))
        moved = (*HTML, ("Location", f"{HOME}/tin-so-thu-2.html"))
        writer.write(Fetch(f"{HOME}/tin-cu.html", 301, moved, b"", days[0]))
        picture = (("Content-Type", "image/png"),)
        writer.write(Fetch(f"{HOME}/anh.png", 200, picture, b"\x89PNG" + bytes(500), days[0]))
    base = replay((tmp_path / "theirs").rglob("*.warc.gz"))

    def importing(*arguments: str) -> str:
        done = crawl.command("import", "--wayback", HOST, "--base", base, *arguments, FETCH_FILES=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert importing("--to", "2023-05-02") == (
        "3 responses read, 0 known already, 3 stored: 2 new articles, 0 new versions, 0 problems, 0 bad records\n"
    )
    assert importing() == (
        "3 responses read, 0 known already, 3 stored: 0 new articles, 2 new versions, 0 problems, 0 bad records\n"
    )
    assert importing().startswith("0 responses read")
    assert crawl.query("SELECT version, first_seen, changed FROM versions WHERE article_id = 1") == [
        (1, "2023-05-01T08:30:15Z", None),
        (2, "2023-05-03T08:30:15Z", '[["change.paragraphs_changed", {"n": 1}]]'),
        (3, "2023-05-04T08:30:15Z", '[["change.paragraphs_changed", {"n": 1}]]'),
    ]
    assert crawl.query("SELECT missing_since FROM articles WHERE url LIKE '%-2.html'") == [
        ("2023-05-04T08:30:15Z",)
    ]
    assert crawl.query("SELECT url, status, kind FROM captures WHERE status = 301") == [
        (f"{HOME}/tin-cu.html", 301, "redirect")
    ]


def internet_archive(site: Site, count: int) -> None:
    """Let `site` hold the articles 1 to `count` of the host, in two pages of its index."""
    lines = []
    for number in range(1, count + 1):
        url, at = f"{HOME}:80/tin-so-thu-{number}.html", BEGIN + timedelta(minutes=number)
        stamp = at.strftime("%Y%m%d%H%M%S")
        lines.append(
            f"example,vidu,tinhuy)/tin-so-thu-{number}.html {stamp} {url} text/html 200 DIGEST{number} 99"
        )
        site.routes[f"/web/{stamp}id_/{url.replace(':80', '')}"] = html(
            article(f"số {number}"),
            Memento_Datetime=at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            X_Archive_Orig_Server="nginx/1.0",
        )
    first = "\n".join([*lines[: count // 2], "", "khoa+tiep", ""])
    text = {"Content-Type": "text/plain"}
    site.routes[CDX + PAGED] = (200, text, first.encode())
    site.routes[CDX + PAGED + "&resumeKey=khoa%2Btiep"] = (
        200,
        text,
        "\n".join([*lines[count // 2 :], ""]).encode(),
    )


def test_an_index_of_several_pages_survives_a_kill(site: Site, crawl: Crawl) -> None:
    internet_archive(site, 60)
    command = ("import", "--wayback", HOST, "--base", f"{site.url}/web/")
    process = crawl.start(*command)
    deadline = time.monotonic() + 60
    while len(site.log) < 26:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    process.kill()
    process.communicate()
    before = len([path for path in site.log if path.startswith("/web/")])
    assert before < 60
    done = crawl.command(*command)
    assert done.returncode == 0, done.stderr
    assert crawl.query("SELECT count(*), count(DISTINCT url) FROM articles") == [(60, 60)]
    assert crawl.query("SELECT url, fetched_at FROM captures ORDER BY fetched_at LIMIT 1") == [
        (f"{HOME}/tin-so-thu-1.html", "2023-05-01T08:31:15Z")
    ]
    twice = [path for path in site.log if path.startswith("/web/") and site.log.count(path) > 1]
    assert len(set(twice)) <= 10
    shown = crawl.command("show-capture", f"{HOME}/tin-so-thu-7.html", "--headers")
    assert "\nServer: nginx/1.0\n" in shown.stdout
    assert shown.stdout.endswith(article("số 7").decode())


def test_what_is_not_replayed_is_named_and_stops_nothing(site: Site, crawl: Crawl) -> None:
    internet_archive(site, 4)
    urls = [path for path in site.routes if path.startswith("/web/")]
    other = site.url + urls[0].replace("20230501083115", "20220101000000")
    site.routes[urls[0]] = (302, {"Location": other}, b"")
    site.routes[urls[1]] = html(b"<h1>404</h1>", 404)
    late = "Tue, 02 May 2023 00:00:00 GMT"
    site.routes[urls[2]] = html(article("another moment"), Memento_Datetime=late)
    done = crawl.command("import", "--wayback", HOST, "--base", site.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 responses read")
    assert done.stdout.endswith("3 bad records\n")
    for url, status in zip(urls[:3], (302, 404, 200), strict=True):
        assert f"{site.url}{url}: not replayed (answered {status})" in done.stderr
    assert crawl.query("SELECT url FROM articles") == [(f"{HOME}/tin-so-thu-4.html",)]


def test_an_index_that_cuts_without_a_key_is_asked_for_all(site: Site, crawl: Crawl) -> None:
    line = "example,vidu,tinhuy)/a.css 20230501083115 http://tinhuy.vidu.example/a.css text/css 200 D 9"
    site.routes[CDX + PAGED] = (200, {"Content-Type": "text/plain"}, "\n".join([line] * 10_000).encode())
    whole = "\n".join(
        [line] * 10_000 + ["vn,x)/ 20230501083115 http://tinhuy.vidu.example/ text/html 200 D 9"]
    )
    site.routes[CDX] = (200, {"Content-Type": "text/plain"}, whole.encode())
    site.routes["/web/20230501083115id_/http://tinhuy.vidu.example/"] = html(
        article("chủ"), Memento_Datetime="Mon, 01 May 2023 08:31:15 GMT"
    )
    done = crawl.command("import", "--wayback", HOST, "--base", site.url)
    assert done.stdout.startswith("1 responses read, 0 known already, 1 stored"), done.stderr


def test_no_such_archive(site: Site, crawl: Crawl) -> None:
    done = crawl.command("import", "--wayback", HOST, "--base", site.url)
    assert done.returncode == 1
    assert f"{site.url}: no index of captures there (answered 404)" in done.stderr
    assert crawl.command("import", "--wayback", HOST, "--from", "hôm qua").returncode == 2


def test_one_bad_line_of_the_index_and_an_archive_that_is_offline_stop_nothing(
    site: Site, crawl: Crawl
) -> None:
    internet_archive(site, 4)
    urls = [path for path in site.routes if path.startswith("/web/")]
    site.routes[urls[0]] = html(b"<h1>Temporarily offline</h1>")
    answer = site.routes[CDX + PAGED]
    assert isinstance(answer, tuple)
    bad = b"example,vidu,tinhuy)/x 20230500000000 http://tinhuy.vidu.example/x text/html 200 D 9\n"
    site.routes[CDX + PAGED] = (200, answer[1], bad + answer[2])
    done = crawl.command("import", "--wayback", HOST, "--base", site.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "3 responses read, 0 known already, 3 stored: 3 new articles, 0 new versions, 0 problems, 2 bad records\n"
    )
    assert f"{site.url}{urls[0]}: not replayed (answered 200)" in done.stderr
    assert f"{site.url}/cdx/search/cdx: a line of the index cannot be read" in done.stderr
