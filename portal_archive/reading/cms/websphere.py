"""IBM WebSphere Portal: longan.dcs.vn, phuyen.gov.vn; formerly Cà Mau, Cần Thơ and Bình Thuận. From their addresses.

What stands behind ``!ut/p/`` is the state of a visitor's portlets: the same page has any number of them.
"""

import re

from portal_archive.reading.cms.family import Family
from portal_archive.reading.cms.generic import GENERIC

WEBSPHERE = Family(
    name="websphere",
    marks=("/wps/wcm/", "/wps/portal", "/wps/themes/", "/wps/contenthandler", "ibmCfg", "wpsportlet"),
    also=GENERIC,
    article_url=re.compile(
        r"/wps/wcm/connect/[^?]*/[^/?]*(?:[-+_ ]|%20)[^/?]{12,}/?$"
        r"|/wps/(?:portal|wcm)/[^?]*[?&](?:WCM_GLOBAL_CONTEXT|current)="
        r"|/wps/portal/[^?!]*/(?:chi-?tiet|detail|content)[\w+-]*/[^/?!]{8,}",
        re.I,
    ),
    traps=re.compile(
        r"/wps/(?:myportal|PA_|mycontenthandler)|[?&](?:urlType=Action|mod=print|srv=cmpnt)|/p0/IZ7_", re.I
    ),
    same_page=re.compile(r"/!ut/p/[^?]*"),
)
