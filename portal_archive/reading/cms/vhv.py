"""VHV (vhv.vn), the CMS of laichau.gov.vn and of portals in a dozen provinces; both its layouts.

Read from mirrors of nine whole sites (2021 to 2024) and saved templates. An article has no id; its slug is cut at 60
characters, and a digit is glued to it where it collides. Lists show their first page; the next ones are redrawn by the
list's own module, whose parameters stand in a script of the page.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections import Counter
from itertools import islice
from urllib.parse import urlencode, urljoin

from portal_archive.model.page import Page
from portal_archive.reading.cms.family import Family, Layout, split
from portal_archive.reading.cms.generic import GENERIC
from portal_archive.reading.markup.document import Document

_BODY = (
    "descendant::*[contains(concat(' ', @class, ' '), ' content-detail ')]"
    "[not(contains(concat(' ', @class, ' '), ' brief '))]"
)
# ``.paging($.extend($.parseJSON(decode64('...')), {..., "id": "18", ...}), {totalItems: 57, pageNo: 1, ...})``
_PAGING = re.compile(
    r"parseJSON\(decode64\('(?P<parameters>[\w+/=]{20,4000})'\)\),\s*(?P<module>\{[^{}]{10,400}\})\),\s*"
    r"\{(?P<state>[^{}]{10,200})\}"
)
_STATE = re.compile(r"(\w+)\s*:\s*\"?([\w ]*)\"?")
# Those that say what is listed, and how; the others are of the page around.
_PARAMETERS = (
    "layout",
    "service",
    "widgetCode",
    "type",
    "parentId",
    "categoryId",
    "detailLayout",
    "imageSizeRatio",
)
_SECTION = {"parentId", "categoryId"}
_TENANT = re.compile(r"/upload/(\d{5,8})/")
_MOST_UPLOADS = 200
_REDRAWN = re.compile(r"[?&]cmd=redraw\b")


def _next_page(document: Document, page: Page) -> list[str]:
    """Return the address of the list page after this one, where its module says that there is one."""
    if _REDRAWN.search(split(document.url).query):
        return _page_after(document.url, len(page.items))
    for found in _PAGING.finditer(document.source):
        state = dict(_STATE.findall(found["state"]))
        try:
            parameters = json.loads(b64decode(found["parameters"]))
            module = json.loads(found["module"])
            at, each, total = (int(state.get(name, 0)) for name in ("pageNo", "itemsPerPage", "totalItems"))
        except (ValueError, NoBase64):
            continue
        if "Article" not in str(parameters.get("type", "")) or not 0 < at * each < total:
            continue
        # A box of the most read, on every page of the portal, pages through all its articles once more.
        if not parameters.keys() & _SECTION or state.get("orderBy", "").startswith("totalViews"):
            continue
        query = {
            "module": module.get("module", "Content.Listing"),
            "moduleId": module.get("id", ""),
            "cmd": "redraw",
            "site": _tenant(document.source),
            "url_mode": "rewrite",
            **{name: str(parameters[name]) for name in _PARAMETERS if name in parameters},
            "orderBy": state.get("orderBy") or "publishTime DESC",
            "itemsPerPage": str(each),
            "pageNo": str(at + 1),
        }
        return [f"{urljoin(document.base, split(document.url).path)}?{urlencode(query)}"]
    return []


def _tenant(source: str) -> str:
    """Return the number of the site: that of most uploads, since pictures are copied from other sites."""
    found = Counter(match[1] for match in islice(_TENANT.finditer(source), _MOST_UPLOADS)).most_common(1)
    return found[0][0] if found else ""


def _page_after(url: str, items: int) -> list[str]:
    each = re.search(r"[?&]itemsPerPage=(\d{1,3})\b", url)
    number = re.search(r"[?&]pageNo=(\d{1,5})\b", url)
    if not each or not number or items < int(each[1]):
        return []
    return [f"{url[: number.start(1)]}{int(number[1]) + 1}{url[number.end(1) :]}"]


VHV = Family(
    name="vhv",
    marks=(
        "VHV.App.modules[", "VHV.alert(", "VHV.config", "jquery.VHVPrintArea", "App/Corporate/images/",
        'class="ModuleWrapper"',
    ),
    layouts=(
        Layout(
            "vhv",
            body_path=_BODY,
            needs="content-detail",
            wrapper="ancestor::article[1] | self::*[not(ancestor::article)]/ancestor::*[descendant::h1][1]",
            fields={
                "title": "descendant::h1[@itemprop='headline' or contains(@class, 'title-detail')] | descendant::h1",
                "published_at": "descendant::*[contains(@class, 'post-date')][not(ancestor::article[2])]"
                " | descendant::*[contains(@class, 'news-date')]",
                "summary": "descendant::*[contains(@class, 'brief-detail')]"
                " | descendant::div[contains(concat(' ', @class, ' '), ' brief ')]",
                # A counter may stand in an element called author, the address of the source in a hidden second one.
                "byline": "descendant::*[contains(concat(' ', @class, ' '), ' author ')]"
                "[not(ancestor::*[contains(@class, 'content-detail')])]"
                " | descendant::*[contains(concat(' ', @class, ' '), ' source ')]"
                "[not(contains(@class, 'hide') or contains(@style, 'none'))]/span[1]",
                "rating": "descendant::*[starts-with(@id, 'stringrating')]",
                "attachments": "descendant::a[contains(@class, 'link-download')][@href]",
            },
        ),
    ),
    # Three words at least: a category is called by fewer, or has no extension.
    also=GENERIC,
    article_url=re.compile(
        r"^/(?:[\w-]+/){0,4}(?:[^/?.-]+-){3,}[^/?]*\.html?$"
        # Addresses of the Liferay that a portal ran before.
        r"|/-/(?:asset_publisher/(?:[^/?]+/)?content/[^/?]|view[-_](?:content|article)/\d)",
        re.I,
    ),
    page_url=re.compile(r"[?&]pageNo=\d"),
    list_url=re.compile(r"[?&]module=Content\.Listing&.*&cmd=redraw&.*[?&]pageNo=\d+$"),
    # Print views, the login, the map of the site; any other module asked for by itself.
    traps=re.compile(r"[?&]page=(?!home\b|\d)[\w.]+|[?&]module=(?!Content\.Listing&)|[?&]cmd=(?!redraw&)", re.I),
    # What the page calls itself: the record of a document, a person, a film or an album is no article, nor is a form.
    # Each begins with what is found at once in the source of a whole page.
    never_article=tuple(
        re.compile(
            begun + r'"(?:Article\.(?!News\.)\w+\.|Account\.|Decl\.|(?:home|login|register|contact)")'
        )
        for begun in (r"pageId(?<!\wpageId)\s*:\s*", '"page":')
    ),
    next_pages=_next_page,
)  # fmt: skip
