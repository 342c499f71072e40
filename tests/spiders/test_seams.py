"""What a portal's own file may say: layouts with their last day, labels of its own; a mistake is named with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from importlib import invalidate_caches
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.registry import SpiderLoader
from crawler.spider import Layout, PortalSpider
from portal_archive.model.page import Page
from portal_archive.reading.read import read_page

URL = "https://muongmay.example.vn/tin/duong-ban-moi-123456.html"
TEXT = "Sáng nay, bà con bản Nà Tông cùng các xã trong huyện ra quân mở đường, san nền nhà văn hóa và khơi mương."


class MuongMay(PortalSpider):
    name = "muong_may"
    home = "https://muongmay.example.vn/"
    layouts = (
        Layout(
            "now",
            body_path="descendant::div[@class='chu']",
            fields={"title": "descendant::div[@class='ten']", "category": "descendant::b[@class='muc']"},
        ),
        Layout(
            "until June",
            body_path="descendant::div[@class='chu']",
            fields={"title": "descendant::div[@class='ten-cu']"},
            valid_until="2024-06-30",
        ),
    )
    labels = {
        "author": ("Người soạn",),
        "counter.today": ("Lượt trong buổi",),
        "counter.heading": ("Khách đến bản",),
    }


def page(title_class: str) -> str:
    return (
        f"<html><body><div><div class='{title_class}'>Đường bản mới</div><b class='muc'>Nông thôn mới</b>"
        f"<p>Người soạn: Lò Thị Hương</p><div class='chu'><p>{TEXT}</p><p>{TEXT}</p></div></div>"
        "<div><h4>Khách đến bản</h4><p>Lượt trong buổi: 12</p><p>Tất cả: 345</p></div></body></html>"
    )


def read(html: str, fetched_at: datetime | None = None, own: bool = True) -> Page:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    if fetched_at:
        headers["Date"] = format_datetime(fetched_at, usegmt=True)
    return read_page(html.encode(), URL, headers, family=MuongMay.rules() if own else None)


def test_a_layout_is_used_up_to_its_last_day() -> None:
    both = page("ten").replace("<div class='chu'>", "<div class='ten-cu'>Đường bản cũ</div><div class='chu'>")
    # 17:00 UTC is midnight in Vietnam.
    for moment, title in (
        (datetime(2024, 6, 30, 16, 59, tzinfo=UTC), "Đường bản cũ"),
        (datetime(2024, 6, 30, 17, 0, tzinfo=UTC), "Đường bản mới"),
        (datetime(2026, 1, 1, tzinfo=UTC), "Đường bản mới"),
    ):
        article = read(both, moment).article
        assert article is not None
        assert article.title == title


def test_the_fields_of_a_layout_are_read_by_its_name() -> None:
    shown = read(page("ten"), datetime(2026, 1, 1, tzinfo=UTC))
    assert shown.article is not None
    assert (shown.article.title, shown.article.category) == ("Đường bản mới", "Nông thôn mới")
    assert shown.article.body == f"{TEXT}\n\n{TEXT}"
    assert {shown.methods[name] for name in ("title", "category", "body")} == {"now"}


def test_labels_of_a_portal_are_its_own() -> None:
    shown = read(page("ten"))
    assert shown.article is not None
    assert shown.article.author == "Lò Thị Hương"
    assert shown.counter is not None
    assert (shown.counter.today, shown.counter.total) == (12, 345)
    other = read(page("ten"), own=False)
    assert other.counter is None
    assert other.article is None or other.article.author is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'deny = ("/tag", "/page")',
            "deny is one regular expression: one string, not a tuple; alternatives are parted by |",
        ),
        (
            'allow = ("/tin",)',
            "allow is one regular expression: one string, not a tuple; alternatives are parted by |",
        ),
        ('deny = "("', "deny is no regular expression: missing ), unterminated subpattern at position 0"),
        ('lists = "/tin-tuc"', "lists is a tuple of strings: ('/tin-tuc',)"),
        ("feeds = [1]", "feeds is a tuple of strings, not a list"),
        ("title = 7", "title is one string, not a int"),
        ('family = "kho"', "family is one of "),
        ('layouts = "//h1"', "layouts is a tuple of Layout, not a str"),
        (
            'labels = {"autor": ("Người viết",)}',
            "labels is labels by the groups of labels.toml; it has no 'autor'",
        ),
        ('labels = {"author": "Người viết"}', "labels is for 'author' a tuple of strings: ('Người viết',)"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, said: str
) -> None:
    package = tmp_path / "banspiders"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "havan.py").write_text(
        "from crawler.spider import PortalSpider\n\n\nclass HaVan(PortalSpider):\n"
        f'    name = "havan"\n    home = "https://havan.example.vn/"\n    {line}\n'
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    for module in ("banspiders", "banspiders.havan"):
        monkeypatch.delitem(__import__("sys").modules, module, raising=False)
    invalidate_caches()
    loader = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["banspiders"]}))
    assert loader.list() == []
    assert loader.broken["havan"].startswith(
        f"banspiders.havan cannot be read: BadInputError: banspiders/havan.py, line 7: {said}"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"fields": {"titel": "descendant::h1"}}, "layout 'x': no field is called titel"),
        ({"fields": {"title": "descendant::["}}, "layout 'x': title: 'descendant::[' is no XPath"),
        ({"body_path": "//["}, "layout 'x': body: '//[' is no XPath"),
        ({"valid_until": "30.6.2024"}, "Invalid isoformat string: '30.6.2024'"),
    ],
)
def test_a_layout_that_cannot_be(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match="^" + __import__("re").escape(said)):
        Layout("x", **given)  # type: ignore[arg-type]
