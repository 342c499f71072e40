"""vnPortal (VNPT): eleven provinces' portals, camau.dcs.vn and the communes below them, from parsers of its pages.

Articles stand at /<category>/<slug>-<id>, older ones at /<site>/<a>/<b>/<id>/<category>/<slug>; the two ids of one
article differ, so that only its content tells that they are one.
"""

import re

from portal_archive.reading.cms.family import Family, Layout

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
    page_url=re.compile(r"[?&](?:page|p|pageindex|trang)=\d+|/page/\d+/?$", re.I),
    traps=re.compile(
        r"/(?:print|tim-kiem|search|tag|rss-feed|lich-cong-tac)(?:/|\?|$)|[?&](?:date|month|keyword|type)=",
        re.I,
    ),
    volatile=frozenset(("catname",)),
)
