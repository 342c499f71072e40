"""The CMS of hungyen.dcs.vn, its departments and districts, from their addresses.

Articles end in ``-c<id>.html``, lists in ``-c<id>-<page>.html``.
"""

import re

from portal_archive.reading.cms.family import Family
from portal_archive.reading.cms.generic import GENERIC

HUNGYEN = Family(
    name="hungyen",
    also=GENERIC,
    article_url=re.compile(r"-c(?P<id>\d+)\.html/?$", re.I),
    page_url=re.compile(r"-c\d+-\d+\.html/?$", re.I),
    traps=re.compile(r"/(?:print|tim-kiem|search)(?:/|\.|\?|$)", re.I),
)
