"""`doubts`, `articles` and `reparse --split` as they are typed, on a portal that is crawled for some days."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from crawling import Crawl, Site, article, html, links, page, title_of

BEGIN = datetime(2026, 11, 22, 1, tzinfo=UTC)
NAMES = ("rừng", "suối", "nương", "chợ")
PATHS = [f"/tin-so-thu-{number}.html" for number in range(4)]
ARTICLES = "SELECT id, title, version, url FROM articles ORDER BY id"
TOPICS = {
    "rừng": "trồng thêm quế và hồi trên sườn đồi phía bắc",
    "suối": "kè lại bờ nước chảy qua ba bản vùng thấp",
    "nương": "chuyển đất dốc sang cây ăn quả lâu năm",
    "chợ": "mở phiên họp mỗi sáng chủ nhật cạnh sân vận động",
}


def told(name: str) -> bytes:
    """Return an article that shares no sentence with another."""
    text = "".join(
        f"<p>Lần {number}: {TOPICS[name]}, bà con góp ý và cán bộ ghi vào sổ việc thứ {number}.</p>"
        for number in range(6)
    )
    return page(title_of(name), f"<p>Ngày đăng: 18/01/2024 07:34</p><div class='content'>{text}</div>")


def crawled(site: Site, crawl: Crawl, day: int) -> None:
    crawl.now = BEGIN + timedelta(days=day)
    done = crawl.portal(site)
    assert done.returncode == 0, done.stderr


def portal(site: Site) -> None:
    site.routes = {"/": html(links(*PATHS))}
    site.routes |= {path: html(told(name)) for path, name in zip(PATHS, NAMES, strict=True)}


def said(crawl: Crawl, *arguments: str) -> tuple[int, str, str]:
    done = crawl.command(*arguments)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.long
def test_what_is_held_is_listed_rejected_and_accepted(site: Site, crawl: Crawl) -> None:
    portal(site)
    crawled(site, crawl, 0)
    assert said(crawl, "doubts") == (0, "nothing is held\n", "")
    other = article("họp dân", when="20/11/2026 08:00")
    site.routes[PATHS[0]] = html(other)
    crawled(site, crawl, 1)
    place = f"{site.url}{PATHS[0]}"
    code, out, _ = said(crawl, "doubts", "list", "--portal", site.host, "--json")
    [held] = json.loads(out)
    expected: dict[str, Any] = {
        "id": 1, "portal": site.host, "url": place, "article_id": held["article_id"], "rule": "replaced",
        "state": "held", "times": 1, "decided_at": None, "why": None,
    }  # fmt: skip
    assert (code, {name: held[name] for name in expected}) == (0, expected)
    assert held["details"]["title"] == title_of("họp dân")
    assert crawl.query("SELECT url FROM articles WHERE id = ?", held["article_id"]) == [(place,)]
    code, out, _ = said(crawl, "doubts")
    # A line each, however long, for those who pipe it on.
    [line] = [line.replace("│", " ").split() for line in out.splitlines() if place in line]
    days = ["2026-11-23", "2026-11-23"]
    assert line == ["1", site.host, "replaced", "held", *days, "1", place, *title_of("họp dân").split()]

    code, _, err = said(crawl, "doubts", "accept", "1")
    assert (code, "say why, for those who come after: --why TEXT" in err) == (2, True)
    code, _, err = said(crawl, "doubts", "accept", "9", "--why", "thử")
    assert (code, "no doubt has the number 9: scrapy doubts lists them" in err) == (1, True)
    assert crawl.query("SELECT state, why FROM doubts") == [("held", None)]

    assert said(crawl, "doubts", "reject", "1", "--why", "bài của nơi khác") == (
        0,
        f"1: rejected: replaced at {place}\n",
        "",
    )
    crawled(site, crawl, 9)
    assert crawl.query("SELECT title, version FROM articles WHERE url = ?", place) == [(title_of("rừng"), 1)]
    assert crawl.query("SELECT state, why FROM doubts") == [("rejected", "bài của nơi khác")]

    assert said(crawl, "doubts", "accept", "1", "--why", "toà soạn xác nhận")[:2] == (
        0,
        f"1: accepted: replaced at {place}\n",
    )
    crawled(site, crawl, 10)
    assert crawl.query("SELECT title, version FROM articles WHERE url = ?", place) == [
        (title_of("họp dân"), 2)
    ]
    code, _, err = said(crawl, "doubts", "reject", "1", "--why", "đổi ý")
    said_of_it = "doubt 1 is over: what it showed was accepted, and is a version of its article"
    assert (code, said_of_it in err) == (1, True)
    assert said(crawl, "verify")[0] == 0


@pytest.mark.long
def test_articles_are_merged_parted_and_repaired(site: Site, crawl: Crawl) -> None:
    portal(site)
    crawled(site, crawl, 0)
    before = crawl.query(ARTICLES)
    addresses = crawl.query("SELECT url, article_id FROM article_urls ORDER BY url")
    assert said(crawl, "articles", "merge", "3", "2")[:2] == (0, "both are article 2 now\n")
    assert [row[0] for row in crawl.query(ARTICLES)] == [1, 2, 4]
    assert crawl.query("SELECT article_id, merged_into FROM merges") == [(3, 2)]
    assert said(crawl, "articles", "split", "3")[:2] == (0, "article 3 is one of its own again\n")
    assert crawl.query(ARTICLES) == before
    assert crawl.query("SELECT url, article_id FROM article_urls ORDER BY url") == addresses
    for arguments, code, words in (
        (("split", "3"), 1, "article 3 was not merged into another"),
        (("merge", "1", "1"), 1, "two articles of one portal can become one"),
        (("merge", "1", "99"), 1, "no article has the number 99"),
        (("merge", "1", "hai"), 2, "name articles by their numbers"),
    ):
        done = said(crawl, "articles", *arguments)
        assert (done[0], words in done[1] + done[2]) == (code, True), done
    assert crawl.query(ARTICLES) == before

    # As an older program left it after a bad day: what has nothing in common is one article.
    for number in ("2", "3", "4"):
        assert said(crawl, "articles", "merge", "1", number)[0] == 0
    assert crawl.query("SELECT count(*), max(version) FROM articles") == [(1, 4)]
    code, out, _ = said(crawl, "reparse", "--split", "--dry-run", "--cores", "1")
    assert (code, out.splitlines()[0]) == (0, "article 1 is several")
    assert crawl.query("SELECT count(*) FROM articles") == [(1,)]
    code, out, _ = said(crawl, "reparse", "--split", "--cores", "1")
    assert (code, out.splitlines()[0]) == (0, "article 1 is 4 articles")
    assert sorted(row[1:] for row in crawl.query(ARTICLES)) == sorted(row[1:] for row in before)
    assert said(crawl, "reparse", "--split", "--cores", "1")[:2] == (
        0,
        "6 captures read again: nothing differs\n",
    )
    crawled(site, crawl, 1)
    assert sorted(row[1:] for row in crawl.query(ARTICLES)) == sorted(row[1:] for row in before)
    assert said(crawl, "verify")[0] == 0
