"""The commands, as they are typed."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from crawling import ROOT, Crawl, Site, article, html, links

COUNTER = "<div>Thống kê truy cập</div><ul><li>Hôm nay: 1.831</li><li>Tổng số: 82.744.621</li></ul>"


@pytest.fixture
def crawled(site: Site, crawl: Crawl) -> Crawl:
    """Return the archive of a portal with two articles and a counter."""
    paths = ("/tin-so-thu-a.html", "/tin-so-thu-b.html")
    home = links(*paths).replace(b"</body>", COUNTER.encode() + b"</body>")
    site.routes = {path: html(article(path[-6].upper())) for path in paths} | {"/": html(home)}
    assert crawl.portal(site).returncode == 0
    return crawl


def test_export(site: Site, crawled: Crawl) -> None:
    done = crawled.command("export", "--portal", site.host)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(done.stdout[1:])))
    assert [row["title"] for row in rows] == [
        "Hội nghị công tác dân vận A",
        "Hội nghị công tác dân vận B",
    ]
    assert {row["portal"] for row in rows} == {site.host}
    out = crawled.archive.parent / "readings.jsonl"
    assert (
        crawled.command("export", "--format=jsonl", "--table=counter_readings", "-o", str(out)).returncode
        == 0
    )
    readings = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(reading["url"], reading["today"], reading["total"]) for reading in readings] == [
        (f"{site.url}/", 1831, 82744621)
    ]
    late = crawled.command("export", "--format=json", "--since", "2024-01-19", "--columns", "id,title")
    assert json.loads(late.stdout) == []
    folder = crawled.archive.parent / "all"
    done = crawled.command("export", "--all", str(folder))
    assert done.returncode == 0, done.stderr
    assert "24 tables, " in done.stderr
    package = json.loads((folder / "datapackage.json").read_text())
    assert next(one["rows"] for one in package["resources"] if one["name"] == "articles") == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["export", "--portal", "khong-co"], 1, "no portal khong-co"),
        (["export", "--since", "hôm qua"], 2, "is no date"),
        (["export", "--columns", "id,tua"], 1, "no column tua in articles; there are: id, portal, "),
        (["export", "--all", "/dev"], 1, "/dev: holds other files"),
        (["export", "-o", "/khong/co/x.csv"], 1, "/khong/co/x.csv: No such file or directory"),
        (["show-capture", "http://khac.example/"], 1, "no capture of http://khac.example/"),
        (["show-capture", "http://khac.example/", "--at", "hôm qua"], 2, "is no date or time"),
        (["import", "/khong/co.warc.gz"], 2, "/khong/co.warc.gz: no such file"),
        (["import", "pyproject.toml", "--portal", "khong-co"], 1, "no portal khong-co"),
        (["counters", "khong-co"], 1, "no portal 'khong-co'"),
    ],
)
def test_what_cannot_be_done_is_said(crawled: Crawl, arguments: list[str], code: int, said: str) -> None:
    done = crawled.command(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [["export"], ["verify"], ["show-capture", "http://x.vn/"], ["backup", "d"], ["reparse", "--dry-run"]],
)
def test_commands_that_read_make_no_archive(crawl: Crawl, command: list[str]) -> None:
    done = crawl.command(*command)
    assert done.returncode == 1
    assert str(crawl.archive) in done.stderr
    assert not crawl.archive.exists()


@pytest.mark.long
def test_verify_names_a_row_and_search_is_not_rebuilt_before_it_is_right(crawled: Crawl) -> None:
    crawled.change("UPDATE articles SET body = body || '!' WHERE id = 1")
    found = crawled.command("verify")
    assert found.returncode == 1
    assert "articles:1: the row is not as it was written ('scrapy reparse' reads it again" in found.stdout
    refused = crawled.command("verify", "--rebuild-search")
    assert refused.returncode == 1
    assert "the articles themselves are damaged, and an index made of them would hide it" in refused.stderr
    assert crawled.command("reparse").returncode == 0
    assert crawled.command("verify").returncode == 0
    assert crawled.command("verify", "--accept", "articles:1").returncode == 0
    wrong = crawled.command("verify", "--accept", "nobody:1")
    assert (wrong.returncode, wrong.stderr.count("no row nobody:1")) == (1, 1)
    assert crawled.command("verify", "--rebuild-search").returncode == 0
    assert crawled.command("verify").returncode == 0


@pytest.mark.long
def test_verify_reads_captures_again(site: Site, crawled: Crawl) -> None:
    crawled.change("UPDATE articles SET title = 'Sai' WHERE id = 1")
    [(url, reader)] = crawled.query("SELECT url, reader_version FROM articles WHERE id = 1")
    found = crawled.command("verify")
    assert found.returncode == 1
    assert (
        f"articles:1: title differ from what the capture of {url} reads as, by the same reader (version {reader})"
        " ('scrapy reparse' reads it again)"
    ) in found.stdout.splitlines()
    assert "reads as" not in crawled.command("verify", "--sample", "0").stdout
    # What an older reader read is not damaged where today's reads it otherwise.
    crawled.change("UPDATE versions SET reader_version = 1")
    crawled.change("UPDATE articles SET reader_version = 1")
    assert (
        f"captures: version {reader} would read differently, which version 1 of the readers read: title 1"
        " ('scrapy reparse' does)"
    ) in crawled.command("verify").stdout.splitlines()


def test_verify_finds_a_flipped_byte_and_backup_copies(crawled: Crawl) -> None:
    dest = crawled.archive.parent / "bản sao"
    assert crawled.command("verify").returncode == 0
    done = crawled.command("backup", str(dest))
    assert (done.returncode, done.stdout.startswith(f"{dest}: 1 capture files new or grown")) == (0, True)
    copy = Crawl(dest)
    assert copy.command("verify").returncode == 0
    assert copy.query("SELECT count(*) FROM articles") == [(2,)]
    (warc,) = crawled.captures.rglob("*.warc.gz")
    damaged = bytearray(warc.read_bytes())
    damaged[-10] ^= 1
    warc.write_bytes(damaged)
    found = crawled.command("verify")
    assert found.returncode == 1
    assert warc.name in found.stdout


def test_counters_touch_neither_frontier_nor_articles(site: Site, crawled: Crawl) -> None:
    pages = crawled.query("SELECT * FROM pages ORDER BY id")
    asked = len(site.log)
    done = crawled.command("counters", site.host)
    assert done.returncode == 0, done.stderr
    assert site.log[asked:] == ["/robots.txt", "/"]
    assert "82744621" in done.stdout
    assert crawled.query("SELECT total FROM counter_readings") == [(82744621,)] * 2
    assert crawled.query("SELECT * FROM pages ORDER BY id") == pages
    assert crawled.query("SELECT count(*) FROM crawls") == [(1,)]


def test_counters_fail_when_no_portal_answers(site: Site, crawled: Crawl) -> None:
    crawled.change("UPDATE portals SET home_url = 'http://127.0.0.1:1/'")
    done = crawled.command("counters", site.host)
    assert (done.returncode, "connection-refused" in done.stdout) == (1, True), done.stderr


def test_an_import_gives_what_the_crawl_gave(site: Site, crawled: Crawl, tmp_path: Path) -> None:
    (warc,) = crawled.captures.rglob("*.warc.gz")
    (tmp_path / "other").mkdir()
    other = Crawl(tmp_path / "other")
    fields = (
        "SELECT portal, url, title, body, published_at, first_seen, content_hash FROM articles ORDER BY url"
    )
    readings = "SELECT url, read_at, total FROM counter_readings"
    for known in (0, 4):
        done = other.command("import", str(warc), "--cores", "1")
        assert done.returncode == 0, done.stderr
        assert f"{known} known already" in done.stdout
        assert other.query(fields) == crawled.query(fields)
        assert other.query(readings) == crawled.query(readings)
        assert other.query("SELECT count(*) FROM versions") == [(2,)]
    assert other.command("verify").returncode == 0


def test_reparse_corrects_what_a_reader_got_wrong(crawled: Crawl) -> None:
    with closing(sqlite3.connect(crawled.archive)) as db, db:
        db.execute("UPDATE articles SET title = 'Sai' WHERE url LIKE '%-a.html'")
    dry = crawled.command("reparse", "--dry-run", "--cores", "1")
    assert dry.returncode == 0, dry.stderr
    assert "title" in dry.stdout
    assert crawled.query("SELECT title FROM articles WHERE url LIKE '%-a.html'") == [("Sai",)]
    assert crawled.command("reparse").returncode == 0
    assert crawled.query("SELECT title, version FROM articles WHERE url LIKE '%-a.html'") == [
        ("Hội nghị công tác dân vận A", 1)
    ]
    assert "nothing differs" in crawled.command("reparse").stdout


def test_every_command_is_entered() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "scrapy"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    names = {line.split()[0] for line in listed.splitlines() if line.startswith("  ")}
    assert names >= {
        "backup", "counters", "crawl", "crawl-all", "demo", "export", "extract", "import", "merge", "probe", "reparse",
        "show-capture", "verify",
    }  # fmt: skip
