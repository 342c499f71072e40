"""WordPress, in any theme that keeps its class names; of party bodies mostly small sites.

Read from two whole sites served by the real CMS, in themes of their own, with the address forms that it offers.
"""

import re

from portal_archive.reading.cms.family import Family
from portal_archive.reading.cms.generic import GENERIC

WORDPRESS = Family(
    name="wordpress",
    marks=("/wp-content/", "/wp-includes/", 'content="WordPress', "wp-embed.min.js"),
    # A post may have any address; one of the forms that name the day, an id, or a title of seven words and more.
    also=GENERIC,
    article_url=re.compile(
        r"^/(?:[\w-]+/){0,2}(?:19|20)\d\d/[01]\d/(?:[0-3]\d/)?(?!page/)[^/?]{3,}/?$"
        r"|^/(?:[\w-]+/){0,2}archives/(?P<id>\d+)/?$|^/?(?:index\.php)?\?p=(?P<id2>\d+)$"
        r"|^/(?!(?:category|tag|author|page|chuyen-muc|danh-muc|the)/)(?:[\w-]+/){0,3}(?:[\w%]+-){6,}[\w%-]+(?:\.html?)?/?$",
        re.I,
    ),
    page_url=re.compile(r"/page/\d+/?$|[?&]paged=\d+"),
    traps=re.compile(
        r"/wp-(?:admin|json|login|cron|trackback)|/(?:print|amp|embed|trackback|comment-page-\d+)/?$|xmlrpc\.php"
        r"|[?&](?:replytocom|share|print|like_comment|attachment_id|preview|rest_route|amp|noamp)(?:=|&|$)"
        r"|/feed/(?:atom|rdf|rss2?)/?$|/author/[^/]+/feed",
        re.I,
    ),
    volatile=frozenset(("replytocom", "share", "nb", "amp", "noamp")),
)
