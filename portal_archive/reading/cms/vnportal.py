"""The slug-id portals of Lào Cai, Sơn La and Lai Châu's departments (vnPortal), from their URLs and page texts.

Articles stand at /<category>/<slug>-<id>, older ones at /<site>/<a>/<b>/<id>/<category>/<slug>; the two ids of one
article differ, so that only its content tells that they are one.
"""

import re

from portal_archive.reading.cms.family import Family

VNPORTAL = Family(
    name="vnportal",
    marks=("storage-vnportal.vnpt.vn", "vnportal"),
    article_url=re.compile(
        r"^(?:/\d+/\d+/\d+/(?P<id2>\d+)/[\w-]+/[\w-]{10,}|/(?:[\w-]+/)+[\w-]{8,}?(?:-(?P<id>\d{5,})|--(?P<id3>\d+)))/?$"
    ),
    page_url=re.compile(r"[?&](?:page|p|pageindex|trang)=\d+|/page/\d+/?$", re.I),
    traps=re.compile(
        r"/(?:print|tim-kiem|search|tag|rss-feed|lich-cong-tac)(?:/|\?|$)|[?&](?:date|month|keyword|type)=",
        re.I,
    ),
)
