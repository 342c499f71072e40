"""SharePoint in its dialects: Tân Dân (Thanh Hóa, Điện Biên), Lạc Việt (Đắk Nông), blogs, Vĩnh Phúc, Quảng Ninh.

From addresses, published selectors and saved pages of blogs and of Lạc Việt's, which the general rules read.

The titles of page blocks ("PublishingPortal - Block_...") leak into the text of these pages.
"""

import re

from portal_archive.reading.cms.family import Family, Layout

SHAREPOINT = Family(
    name="sharepoint",
    marks=(
        "PublishingPortal", 'content="Microsoft SharePoint', "_layouts/", "/_catalogs/", "MSOWebPartPage", "WebPartWPQ",
        "SPWebPartManager", "ms-rtestate", "/Style%20Library/", "tandan-", "PublishingPageImage", "/PictureLibrary/",
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
        Layout(  # Tân Dân
            "sharepoint-tandan",
            body_path="descendant::*[contains(@class, 'tandan-content-view')]",
            needs="tandan-content-view",
            wrapper="ancestor::*[descendant::*[contains(@class, 'tandan-title-view')]][1]",
            fields={
                "title": "descendant::*[contains(@class, 'tandan-title-view')]",
                "published_at": "descendant::*[contains(@class, 'tandan-date-view')]",
                "summary": "descendant::*[contains(@class, 'tandan-sapo') or contains(@class, 'tandan-description')]",
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
    list_item=(
        "descendant::*[contains(@class, 'channel-news-title') or contains(@class, 'tandan-p-article-news-title')]"
        "/descendant-or-self::a[@href]"
    ),
    list_needs=("channel-news-title", "tandan-p-article-news-title"),
    article_url=re.compile(
        r"/pages/(?:\d{4}-\d{1,2}-\d{1,2}/[^/?]+\.aspx|[^/?]*-(?P<id>\d+)\.aspx)"
        r"|/(?:[\w-]*chi-?tiet[\w-]*|view_?detail|[\w-]*detail|article)\.aspx\?(?:.*&)?"
        r"(?:nid|l|itemid|newsid|id|articleid)=(?P<id2>[\w+%-]+)"
        # Blogs: the same post with and without its category and day.
        r"|/post\.aspx\?(?:.*&)?(?:itemid|id)=(?P<id4>\d+)"
        r"|[?&](?:newsid|nid)=(?P<id3>[0-9a-f-]+)"
        r"|/[^/?]+-(?P<id5>\d{5,})\.html$|/sitepages/(?:[^/?]+/)*[^/?]*(?:-[^/?-]+){4,}\.aspx$",
        re.I,
    ),
    page_url=re.compile(
        r"^(?!.*chi-?tiet).*[?&](?:page|trang)=\d+$|[?&](?:pagedisplay|startindex|p_id|pagefirstrow)=", re.I
    ),
    traps=re.compile(
        r"/_layouts/|/_vti_|/_catalogs/|/forms/|[?&](?:isdlg|source|mobile)=|[?&]eventid=[1-9]|calendar"
        r"|/lists/[^?]*/(?:editform|newform|dispform|allitems|editpost|newpost|allcomments)\.aspx|[?&](?:view|sortfield|filterfield\d)=",
        re.I,
    ),
    volatile=frozenset(
        ("ContentTypeId", "contenttypeid", "RootFolder", "PublishedDate", "publisheddate")
    ),
)  # fmt: skip
