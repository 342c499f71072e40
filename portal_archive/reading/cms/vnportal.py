"""vnPortal (VNPT): eleven provinces' portals, camau.dcs.vn and the communes below them, from parsers of its pages.

Articles stand at /<category>/<slug>-<id>, older ones at /<site>/<a>/<b>/<id>/<category>/<slug>; the two ids of one
article differ, so that only its content tells that they are one.
"""

import re
from urllib.parse import urlencode, urljoin

from portal_archive.model.page import Page
from portal_archive.reading.cms.family import Family, Layout
from portal_archive.reading.markup.document import Document

_LOADER = "/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle"
_SETTING = re.compile(r"\b(article_category_id|categoryIds|site_id|page_size)\s*[:=]\s*[\"']?(\w+(?:,\w+)*)")
_PAGES = re.compile(r"\bmaxPage\s*=\s*(?:parseInt\()?[\"']?(\d{1,6})")
_PAGE = re.compile(r"(?<=&page=)\d{1,6}(?=&)")


def _next_page(document: Document, page: Page) -> list[str]:
    """Return the list page after this one: a POST, written as `crawler.network.posts` reads it.

    The fields are those that the CMS's own pager sends. An answer of it without items was the last.
    """
    if _LOADER in document.url:
        number = _PAGE.search(document.url)
        if number is None or not page.items:
            return []
        return [_PAGE.sub(str(int(number[0]) + 1), document.url, count=1)]
    settings = dict(_SETTING.findall(document.source)) if "article_category_id" in document.source else {}
    pages = _PAGES.search(document.source)
    if not {"article_category_id", "site_id"} <= settings.keys() or (pages and int(pages[1]) < 2):
        return []
    size = settings.get("page_size", "15")
    form = {
        "__wb_method": "POST",
        "article_category_id": settings["article_category_id"],
        **({"categoryIds": settings["categoryIds"]} if "categoryIds" in settings else {}),
        "site_id": settings["site_id"],
        "page": "2",
        "page_size": size,
        **dict.fromkeys(("keyword", "date_begin", "date_end"), ""),
        **dict.fromkeys(("show_no", "show_view_count", "filter_order_in_list", "is_default", "new"), "False"),
        "show_post_date": "True",
        "num_of_text": "0",
        "number_of_day": "3",
        "no": f"-{size}",
        "articlelang": "vi-VN",
    }
    return [f"{urljoin(document.base, _LOADER)}?{urlencode(form)}"]


VNPORTAL = Family(
    name="vnportal",
    marks=(
        "storage-vnportal.vnpt.vn",
        "files-vnportal.",
        "vnportal",
        "UIArticleInMenu",
        "ArticleDetailControl",
    ),
    layouts=(
        Layout(
            "vnportal",
            body_path="descendant::*[contains(concat(' ', @class, ' '), ' ArticleContent ')]",
            needs="ArticleContent",
            wrapper="ancestor::*[contains(@class, 'ArticleDetailControl')][1]",
            fields={
                "title": "descendant::*[contains(@class, 'ArticleHeader')]",
                "published_at": "descendant::*[contains(@class, 'PostDate')]",
                "summary": "descendant::*[contains(@class, 'ArticleSummary')]",
                "lead_image": "descendant::img[contains(@class, 'ImgDetailImage')]/parent::*",
                "author": "descendant::div[contains(concat(' ', @class, ' '), ' author ')]",
                "attachments": "descendant::a[contains(@class, 'link-download')][@href]",
            },
        ),
    ),
    list_item=(
        "descendant::ul[contains(@class, 'ArticleList')]//*[contains(@class, 'Title')]//a[@href]"
        " | descendant::*[contains(@class, 'UIListNews')]//*[contains(@class, 'item')]//a[@href][string-length() > 20]"
    ),
    list_needs=("ArticleList", "UIListNews"),
    article_url=re.compile(
        r"^(?:/\w+)?/\d+/\d+/\d+/(?P<id2>\d+)/[^/?]+/[^/?]{10,}/?$"
        r"|^/(?:[\w-]+/)+[\w-]{8,}?(?:-(?P<id>\d{5,})|--(?P<id3>\d+))/?$"
        r"|^/m?default\.aspx\?(?=.*(?:sid|pageid|catid|sname)=)(?:.*&)?id=(?P<id4>\d+)",
        re.I,
    ),
    list_url=re.compile(r"/LoadArticle\?__wb_method=POST&"),
    page_url=re.compile(r"[?&](?:page|p|pageindex|trang)=\d+|/page/\d+/?$", re.I),
    traps=re.compile(
        r"/(?:print|tim-kiem|search|tag|rss-feed|lich-cong-tac)(?:/|\?|$)|[?&](?:date|month|keyword|type)=[^&]",
        re.I,
    ),
    volatile=frozenset(("catname",)),
    next_pages=_next_page,
)
