"""Lists of articles that a script asks for: what of a JSON answer is an article, and which page comes next."""

from __future__ import annotations

import json

import pytest

from portal_archive.model.kinds import LinkKind
from portal_archive.model.page import Link
from portal_archive.reading.listing.json_lists import JsonList, json_list, read_json_list

HOME = "https://huyen.example"
BY_ADDRESS = JsonList("/api/tin?trang={page}&so=2", "")
BY_ID = JsonList("/api/QUERY?__wb_method=POST&page={page}", "/tin/xem.aspx?ItemID={ID}")


def read(answer: object, url: str, listed: JsonList) -> tuple[list[tuple[str, str, str | None]], list[Link]]:
    page, links = read_json_list(json.dumps(answer).encode(), HOME + url, listed)
    return [(item.url.removeprefix(HOME), item.title, item.published_at) for item in page.items], links


def test_an_address_in_a_field() -> None:
    answer = {
        "items": [
            {
                "urlDetail": "/tin/-/a-1",
                "title": "Mưa lớn ở bản Chu Va",
                "publishDate": "2025-03-04T07:10:00",
                "views": 3,
            },
            {
                "urlDetail": f"{HOME}/tin/-/a-2",
                "title": "Bản Chu Va <b>mở</b> đường",
                "publishDate": "04/03/2025 08:15",
            },
            {"urlDetail": "https://khac.example/tin/3", "title": "Tin của nơi khác"},
            {"urlDetail": "", "title": "Không có địa chỉ"},
            {"urlDetail": "/tin/-/a-4"},
        ],
        "totalPageNum": 3,
    }
    items, links = read(answer, "/api/tin?trang=2&so=2", BY_ADDRESS)
    assert items == [
        ("/tin/-/a-1", "Mưa lớn ở bản Chu Va", "2025-03-04T07:10:00+07:00"),
        ("/tin/-/a-2", "Bản Chu Va mở đường", "2025-03-04T08:15:00+07:00"),
    ]
    assert links[-1] == Link(f"{HOME}/api/tin?trang=3&so=2", LinkKind.LIST)
    assert [link.kind for link in links[:-1]] == [LinkKind.ARTICLE, LinkKind.ARTICLE]
    _, last = read(answer, "/api/tin?trang=3&so=2", BY_ADDRESS)
    assert len(last) == 2


def test_an_address_made_of_the_number() -> None:
    records = [
        {"ID": 41, "TieuDe": "Mưa lớn ở bản Chu Va", "CreatedDate": "/Date(1741047000000)/"},
        {"TieuDe": "Không số"},
    ]
    items, links = read({"d": {"rows": records}}, "/api/QUERY?__wb_method=POST&page=1", BY_ID)
    assert items == [("/tin/xem.aspx?ItemID=41", "Mưa lớn ở bản Chu Va", "2025-03-04T07:10:00+07:00")]
    assert links[-1] == Link(f"{HOME}/api/QUERY?__wb_method=POST&page=2", LinkKind.LIST)
    # A page without articles was the last.
    assert read([], "/api/QUERY?__wb_method=POST&page=2", BY_ID) == ([], [])


@pytest.mark.parametrize("body", [b"<html></html>", b"", b"[" * 100_000])
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises(ValueError):
        read_json_list(body, f"{HOME}/api/tin?trang=1&so=2", BY_ADDRESS)


@pytest.mark.parametrize(
    ("url", "number"),
    [
        (f"{HOME}/api/tin?trang=12&so=2", 12),
        (f"{HOME}/api/tin?trang=12&so=25", None),
        (f"{HOME}/api/tin?trang=x&so=2", None),
        (f"{HOME}/api/tin", None),
    ],
)
def test_the_page_that_an_address_asks_for(url: str, number: int | None) -> None:
    assert BY_ADDRESS.number_of(url) == number


def test_a_declared_list() -> None:
    assert json_list("/tin-tuc/") is None
    assert json_list("/tin-tuc/#phan-hai") is None
    assert json_list("/api?p={page}") == JsonList("/api?p={page}", "")
    assert json_list("/api?p={page}#/tin/{ID}") == JsonList("/api?p={page}", "/tin/{ID}")
    for wrong in ("/api?p={page}&q={page}", "/api?p={page}#/tin/"):
        with pytest.raises(ValueError):
            json_list(wrong)
