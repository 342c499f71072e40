"""SharePoint publishing pages (Bắc Kạn, Thanh Hóa, national portals), from their URLs and published selectors.

The titles of page blocks ("PublishingPortal - Block_...") leak into the text of these pages.
"""

import re

from portal_archive.reading.cms.family import Family, Layout

SHAREPOINT = Family(
    name="sharepoint",
    marks=(
        "PublishingPortal", 'content="Microsoft SharePoint', "_layouts/", "/_catalogs/", "MSOWebPartPage", "WebPartWPQ",
        "SPWebPartManager", "ms-rtestate", "/Style%20Library/", "PublishingPageImage", "/PictureLibrary/",
    ),
    layouts=(
        Layout(
            "sharepoint-description",
            body_ids=("divArticleDescription2",),
            fields={
                "title": "descendant::*[@id='divArticleDescription3']//h1"
                " | descendant::*[@id='divArticleDescription3']",
                "summary": "descendant::*[@id='divArticleDescription1']",
                "published_at": "descendant::*[contains(@id, 'pnHide')]",
                "source": "descendant::*[contains(@id, 'pnNguontin')]",
            },
        ),
        Layout(
            "sharepoint-news",
            body_ids=("news-detail",),
            fields={"title": "descendant::*[@id='news-title']", "summary": "descendant::*[@id='news-des']"},
        ),
        Layout(
            "sharepoint-show",
            body_ids=("show_content",),
            fields={"summary": "descendant::*[@id='show_description']"},
        ),
    ),
    article_url=re.compile(
        r"/pages/(?:\d{4}-\d{1,2}-\d{1,2}/[^/?]+\.aspx|[^/?]*-(?P<id>\d+)\.aspx)"
        r"|/(?:chi-?tiet-?tin-?(?:tuc)?)\.aspx\?(?:.*&)?(?:nid|l|itemid|newsid|id)=(?P<id2>[\w+-]+)"
        r"|newsid=(?P<id3>[0-9a-f-]+)",
        re.I,
    ),
    page_url=re.compile(r"[?&](?:page|trang)=\d+", re.I),
    traps=re.compile(
        r"/_layouts/|/_vti_|/_catalogs/|/forms/|[?&](?:isdlg|source|mobile)=|[?&]eventid=[1-9]|calendar", re.I
    ),
    volatile=frozenset(("ContentTypeId", "contenttypeid", "RootFolder")),
)  # fmt: skip
