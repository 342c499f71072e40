"""ePi CMS: newspapers of the Party, central and provincial. From saved pages of eight of them, in two generations.

Their class names differ from paper to paper: the general rules read them better than layouts would.
"""

import re

from portal_archive.reading.cms.family import Family
from portal_archive.reading.cms.generic import GENERIC

EPI = Family(
    name="epi",
    marks=("article__header", "cms-body", "cms-author", "epi.vn", "article__sapo"),
    also=GENERIC,
    article_url=re.compile(
        r"-(?:post|a|d|p)(?P<id>\d{3,})\.(?:html?|epi|vov)$|/20\d{4}/[^/?]*-(?P<id2>\d{4,})/?(?:\.html)?$|-postid(?P<id3>\d+)\.bbg$",
        re.I,
    ),
    page_url=re.compile(r"[?&]page=\d+|/(?:trang|page)-?\d+(?:\.html)?/?$", re.I),
    traps=re.compile(
        r"/(?:print|amp|api|ajax|rss-reader|tim-kiem|search)(?:/|\.|\?|$)|-print\d*\.html", re.I
    ),
)
