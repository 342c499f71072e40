"""One invented article in the templates of many portals: every field of each, exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import portal_pages as pages
import pytest
from portal_pages import CAPTION, PARAGRAPHS, SUMMARY, TITLE, Story

from portal_archive.model.kinds import Outcome, Precision
from portal_archive.model.page import Page
from portal_archive.reading.read import read_page

HOST = "https://backhe.example.vn"
STORY = Story()
MINUTE, SECOND, DAY = Precision.MINUTE, Precision.SECOND, Precision.DAY
LEAD = ("Quang cảnh hội nghị", CAPTION)


@dataclass(frozen=True)
class Case:
    """A template, the address its pages have, and what differs from `_USUAL` when one is read."""

    template: Callable[[Story, str], str]
    path: str
    wanted: dict[str, Any] = field(default_factory=dict)


_USUAL: dict[str, Any] = {
    "kind": Outcome.ARTICLE,
    "cms": "generic",
    "title": TITLE,
    "summary": SUMMARY,
    "body": "\n\n".join(PARAGRAPHS),
    "captions": [CAPTION],
    "author": None,
    "source": None,
    "published_at": "2024-05-14T16:50:00+07:00",
    "published_precision": MINUTE,
    "category": None,
    "tags": [],
    "views": None,
    "rating": None,
    "comments": None,
    "images": [("/uploads/anh-hoi-nghi.jpg", CAPTION)],
    "attachments": [],
    "cms_id": "41722",
    "counter": {"online": 12, "today": 1204, "total": 3456789},
}
_WITH_LEAD = {"body": "\n\n".join((SUMMARY, *PARAGRAPHS)), "summary": None}
_NUKEVIET = {
    "cms": "nukeviet",
    "captions": list(LEAD),
    "author": STORY.author,
    "source": STORY.source,
    "category": "Tin hoạt động",
    "tags": list(STORY.tags),
    "rating": {"points": 18, "votes": 4},
    "images": [("/uploads/news/dai-dien.jpg", LEAD[0]), ("/uploads/anh-hoi-nghi.jpg", CAPTION)],
    "attachments": [("?download=1&id=0", "quyet-dinh-khen-thuong.pdf")],
    "counter": {"online": 7, "today": 1024, "month": 20480, "total": 1048576},
}
_SLUG = "huyen-bac-khe-tuyen-duong-36-mo-hinh-dan-van-kheo"
_ARTICLE = f"/tin-tuc/{_SLUG}-41722.html"
_NO_REWRITE = f"?language=vi&nv=news&op=tin-hoat-dong/{_SLUG}-41722.html"
_DAY = {"published_at": "2024-05-14T00:00:00+07:00", "published_precision": DAY}
_NO_PICTURE = {"captions": [], "images": []}

CASES = {
    "nukeviet default": Case(pages.nukeviet_default, f"/tin-hoat-dong/{_SLUG}-41722.html", _NUKEVIET),
    "nukeviet module prefix": Case(
        pages.nukeviet_default, f"/news/tin-hoat-dong/{_SLUG}-41722.html", _NUKEVIET
    ),
    "nukeviet languages": Case(
        pages.nukeviet_default, f"/vi/news/tin-hoat-dong/{_SLUG}-41722.html", _NUKEVIET
    ),
    "nukeviet no rewrite": Case(
        pages.nukeviet_default,
        f"/index.php{_NO_REWRITE}",
        _NUKEVIET | {"attachments": [(f"{_NO_REWRITE}&download=1&id=0", "quyet-dinh-khen-thuong.pdf")]},
    ),
    "nukeviet mobile": Case(pages.nukeviet_mobile, f"/vi/news/tin-hoat-dong/{_SLUG}-41722.html", _NUKEVIET),
    "nukeviet 3": Case(
        pages.nukeviet_3, f"/news/tin-hoat-dong/{_SLUG}-41722/", _NUKEVIET | {"attachments": []}
    ),
    "nukeviet print": Case(
        pages.nukeviet_print,
        f"/print/tin-hoat-dong/{_SLUG}-41722.html",
        _NUKEVIET
        | {"attachments": [], "tags": [], "rating": None, "category": None, "counter": None}
        | {"canonical_url": f"{HOST}/tin-hoat-dong/{_SLUG}-41722.html"},
    ),
    "liferay 6.2": Case(
        pages.liferay_62,
        f"/tin-tuc/-/view_content/4418033-{_SLUG}.html",
        {"cms": "liferay", "views": 1549, "cms_id": "4418033", "counter": {"online": 27, "total": 4798809}}
        | _WITH_LEAD,
    ),
    "liferay hoa binh": Case(
        pages.liferay_hoabinh,
        f"/chi-tiet/-/asset_publisher/Xk2/content/{_SLUG}",
        {
            "cms": "liferay",
            "captions": list(LEAD),
            "author": STORY.author,
            "source": STORY.source,
            "category": "Tin hoạt động",
            "images": [("/documents/dai-dien.jpg", LEAD[0]), ("/uploads/anh-hoi-nghi.jpg", CAPTION)],
            "attachments": [("/uploads/quyet-dinh-khen-thuong.pdf", "Quyết định khen thưởng")],
            "cms_id": None,
            "counter": None,
        },
    ),
    "liferay bac giang": Case(
        pages.liferay_bacgiang,
        f"/web/guest/-/{_SLUG}",
        {"cms": "liferay", "views": 1549, "author": STORY.author, "cms_id": None, "counter": None}
        | _WITH_LEAD,
    ),
    "liferay vietsoftware": Case(
        pages.liferay_vietsoftware,
        "/tin?p_p_id=news&jspPage=%2Fdetail.jsp&categoryId=12&articleId=41722",
        {"cms": "liferay", "counter": None},
    ),
    "liferay dong thap": Case(
        pages.liferay_dongthap,
        "/web/btg/chi-tiet-bai-viet/-/asset_publisher/Xk2/content/id/41722",
        {"cms": "liferay", "counter": None} | _DAY | _WITH_LEAD,
    ),
    "sharepoint publishing": Case(
        pages.sharepoint_publishing,
        f"/portal/Pages/2024-5-14/{_SLUG[:50]}x1y2z3.aspx",
        {"cms": "sharepoint", "views": 400, "cms_id": None, "counter": None} | _DAY,
    ),
    "sharepoint divArticleDescription": Case(
        pages.sharepoint_description,
        "/tin-tuc/Pages/chi-tiet-tin-41722.aspx",
        {"cms": "sharepoint", "source": STORY.source, "counter": None},
    ),
    "sharepoint quang ninh": Case(
        pages.sharepoint_quangninh,
        "/Trang/ChiTietTinTuc.aspx?nid=41722",
        {"cms": "sharepoint", "counter": {"online": 3, "today": 120, "total": 45678}},
    ),
    "sharepoint bac kan": Case(
        pages.sharepoint_backan,
        "/Pages/tin-tuc-41722.aspx",
        {
            "cms": "sharepoint",
            "author": STORY.author,
            "images": [("/PictureLibrary/9f35/image003.jpg", CAPTION)],
            "counter": None,
        }
        | _DAY,
    ),
    "moet": Case(pages.moet, _ARTICLE, _DAY),
    "moha": Case(pages.moha, _ARTICLE),
    "mojoportal": Case(
        pages.mojoportal,
        _ARTICLE,
        {
            "views": 1549,
            "author": STORY.author,
            "attachments": [("/uploads/quyet-dinh-khen-thuong.pdf", "Quyết định khen thưởng")],
        },
    ),
    "vsw": Case(
        pages.vsw,
        _ARTICLE,
        {"summary": None, "published_at": "2024-05-14T16:50:07+07:00", "published_precision": SECOND},
    ),
    "dotnetnuke": Case(
        pages.dotnetnuke, "/Default.aspx?tabid=1689&itemid=41722", {"published_precision": SECOND}
    ),
    "lai chau": Case(
        pages.laichau,
        f"/tin-tuc-su-kien/chuyen-de/tin-trong-nuoc/{_SLUG}.html",
        {
            "author": STORY.author,
            "source": "backhe.example.vn",
            "published_at": "2024-05-14T00:00:00+07:00",
            "published_precision": Precision.INFERRED,
            "captions": ["Quang cảnh Hội nghị."],
            "images": [("/upload/2000066/20240514/anh_1a2b3.jpg", "Quang cảnh Hội nghị.")],
            "rating": {"points": 0, "votes": 0},
            "cms_id": None,
            "counter": {"today": 3002, "yesterday": 9410, "month": 199242, "year": 870832, "total": 82336925},
        }
        | _WITH_LEAD,
    ),
    "dien bien": Case(
        pages.dienbien,
        "/TinTuc/Huyen-Bac-Khe-tuyen-duong-36-mo-hinh",
        {
            "cms": "generic",
            "author": STORY.author,
            "views": 2923,
            "published_at": "2024-05-14T16:50:34+07:00",
            "published_precision": SECOND,
            "images": [("/upload/14-5-dan-van.jpg", CAPTION)],
            "cms_id": None,
            "counter": {"total": None},
        },
    ),
    "sa pa": Case(
        pages.sapa,
        f"/tin-hoat-dong/{_SLUG}-1105750",
        {
            "cms": "vnportal",
            "author": f"{STORY.author} (Trung tâm VH,TT-TT huyện)",
            "views": 14,
            "captions": ["Các đại biểu dự hội nghị"],
            "images": [("https://storage-vnportal.vnpt.vn/lci/1/anh.jpg", "Các đại biểu dự hội nghị")],
            "cms_id": "1105750",
            "counter": None,
        }
        | _WITH_LEAD,
    ),
    "sa pa, older address": Case(
        pages.sapa,
        f"/1227/27461/54439/293909/thanh-lap-thi-xa/{_SLUG}",
        {
            "cms": "vnportal",
            "author": f"{STORY.author} (Trung tâm VH,TT-TT huyện)",
            "views": 14,
            "captions": ["Các đại biểu dự hội nghị"],
            "images": [("https://storage-vnportal.vnpt.vn/lci/1/anh.jpg", "Các đại biểu dự hội nghị")],
            "cms_id": "293909",
            "counter": None,
        }
        | _WITH_LEAD,
    ),
    "wordpress": Case(pages.wordpress, f"/{_SLUG}/", {"cms_id": None, "category": "Tin tức"} | _DAY),
    "the only h1 is the site's name": Case(pages.logo_h1, _ARTICLE, {"author": STORY.author}),
    "br in a layout table": Case(
        pages.br_only, "/chitiet.aspx?id=41722", {"author": STORY.author} | _WITH_LEAD | _NO_PICTURE
    ),
    "tables in tables": Case(
        pages.nested_tables, "/xem.asp?id=41722", {"summary": None, "counter": None} | _DAY | _NO_PICTURE
    ),
    "related inside the text": Case(pages.related_inside, _ARTICLE, {"source": STORY.source} | _NO_PICTURE),
    "title only in head": Case(pages.title_only_in_head, _ARTICLE, {"summary": None}),
}


def _read(case: Case, story: Story = STORY) -> Page:
    url = HOST + case.path
    return read_page(case.template(story, url).encode(), url, {"Content-Type": "text/html; charset=utf-8"})


def _values(page: Page) -> dict[str, Any]:
    """The fields of `_USUAL`, images and files as (path on this host, text)."""
    values = {name: value for name, value in page.as_dict().items() if name in _USUAL}
    base = page.url.split("?")[0]
    values["images"] = [(image["url"].removeprefix(HOST), image["caption"]) for image in values["images"]]
    values["attachments"] = [
        (file["url"].removeprefix(base).removeprefix(HOST), file["title"]) for file in values["attachments"]
    ]
    if page.counter is not None:
        named = {**page.counter.printed, **page.counter.reasons}
        values["counter"] = {name: getattr(page.counter, name) for name in named}
    return values


@pytest.mark.parametrize("name", CASES)
def test_every_field(name: str) -> None:
    case = CASES[name]
    page = _read(case)
    wanted = {key: value for key, value in case.wanted.items() if key != "canonical_url"}

    assert _values(page) == _USUAL | wanted
    assert page.article is not None
    assert page.article.canonical_url == case.wanted.get("canonical_url", HOST + case.path)
    assert page.problems == []
