"""Drupal, with aliases or with ``?q=``.

Read from a whole site served by the real CMS (7). Comments have addresses of their own that show the article again.
"""

import re

from portal_archive.reading.cms.family import Family
from portal_archive.reading.cms.generic import GENERIC

DRUPAL = Family(
    name="drupal",
    marks=(
        'content="Drupal',
        "Drupal.settings",
        "drupalSettings",
        "/misc/drupal.js",
        "/sites/default/files/",
        "/core/misc/",
    ),
    also=GENERIC,
    article_url=re.compile(
        r"^/(?:[a-z]{2}/)?node/(?P<id>\d+)/?$|[?&]q=(?:[a-z]{2}(?:/|%2F))?node(?:/|%2F)(?P<id2>\d+)(?:&|$)"
        r"|^/(?!taxonomy/|tags?/|chuyen-muc/|danh-muc/)(?:[\w-]+/){0,3}(?:[\w%]+-){6,}[\w%-]+(?:\.html)?$"
        r"|[?&]q=(?!taxonomy|tags?(?:/|%2F))(?:[\w-]+(?:/|%2F)){0,3}(?:\w+-){6,}[\w-]+(?:&|$)",
        re.I,
    ),
    page_url=re.compile(r"[?&]page=\d+"),
    traps=re.compile(
        r"/comment/(?:\d+|reply)|q=comment(?:/|%2F)|/(?:user|users|filter/tips|admin|print|printpdf|printmail|search)(?:/|\?|$)"
        r"|/node/(?:\d+/(?:edit|revisions|delete|track)|add)|[?&](?:destination|sort|order|quicktabs_\w+)="
        r"|q=(?:user|search|filter|print)(?:/|%2F|&|$)|/[^?]+/(?:feed|rss\.xml)$",
        re.I,
    ),
    volatile=frozenset(("destination", "mini")),
    # Pages of comments.
    article_volatile=frozenset(("page",)),
)
