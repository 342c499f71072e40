"""A portal whose lists a script asks for is crawled by what its file says of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from crawling import Answer, Crawl, Site, article, html

SPIDER = """
from crawler.spider import PortalSpider


class Ban(PortalSpider):
    name = "ban"
    title = "Bản"
    home = "{home}"
    lists = ("/api/tin?trang={{page}}#/tin/xem.aspx?ItemID={{ID}}", "/api/QUERY?__wb_method=POST&page={{page}}")
"""


def answer(*records: dict[str, object], pages: int | None = None) -> Answer:
    body = json.dumps({"totalPage": pages, "items": records}).encode()
    return 200, {"Content-Type": "application/json; charset=utf-8"}, body


def test_lists_in_json_are_asked_page_by_page(
    site: Site, crawl: Crawl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = tmp_path / "jsonspiders"
    modules.mkdir()
    (modules / "__init__.py").touch()
    (modules / "ban.py").write_text(SPIDER.format(home=f"{site.url}/"), encoding="utf-8")
    one, two, three = (
        {
            "ID": number,
            "Title": f"Tin số {number} của bản hôm nay",
            "urlDetail": f"/tin/xem.aspx?ItemID={number}",
        }
        for number in (71, 72, 73)
    )
    site.routes = {
        "/": html(b"<html><body><div id='app'></div></body></html>"),
        "/api/tin?trang=1": answer(one, pages=2),
        "/api/tin?trang=2": answer(two, pages=2),
        "POST /api/QUERY page=1": answer(three),
        "POST /api/QUERY page=2": answer(),
    } | {f"/tin/xem.aspx?ItemID={number}": html(article(str(number))) for number in (71, 72, 73)}
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = crawl.command("crawl", "ban", SPIDER_MODULES="jsonspiders")
    assert done.returncode == 0, done.stderr
    assert crawl.query("SELECT url FROM articles ORDER BY url") == [
        (f"{site.url}/tin/xem.aspx?ItemID={number}",) for number in (71, 72, 73)
    ]
    assert crawl.query("SELECT kind, count(*) FROM pages WHERE url LIKE '%/api/%' GROUP BY kind") == [
        ("list", 4)
    ]
