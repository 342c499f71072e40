"""DotNetNuke (DNN): all of lamdong.dcs.vn, thanhuycantho.vn, hue.gov.vn and others, from their addresses and uploads.

Parameters stand in the path, a name and a value in turn: /<page>/ndid/<id>/key/default. Its news modules differ.
"""

import re

from portal_archive.reading.cms.family import Family
from portal_archive.reading.cms.generic import GENERIC

DOTNETNUKE = Family(
    name="dotnetnuke",
    marks=(
        "DotNetNuke",
        "dnn_ctr",
        "dnnVariable",
        "/js/dnn.js",
        "dnncore.js",
        "/Portals/_default/",
        "dnn_dnn",
    ),
    also=GENERIC,
    article_url=re.compile(
        r"/(?:ndid|newsid|itemid|articleid|articletype/articleview/articleid|post|chitiet|detail/id)/(?P<id>\d+)(?:/|$)"
        r"|/id/(?P<id2>\d{3,})/?(?:$|/task/|/[^/?]*-)"
        r"|/(?:mlid|tid|newsid|id)/(?P<id3>[0-9a-f]{8}-[0-9a-f-]{27})(?:/|$)"
        r"|/tb/[^/?]+-(?P<id4>\d+)/?$"
        r"|[?&](?:ndid|newsid|itemid|articleid|nid)=(?P<id5>[\w-]+)",
        re.I,
    ),
    page_url=re.compile(
        r"/(?:page|currentpage|pageindex|trang)/\d+(?:/|$)|[?&](?:page|currentpage)=\d+", re.I
    ),
    traps=re.compile(
        r"/(?:ctl|mid|returnurl)/|[?&](?:ctl|mid|returnurl|popup|dnnprintmode|skinsrc|containersrc|pageid)="
        r"|/language/(?!vi-VN)|/(?:login|register|user-?profile|activity-feed|search-results)(?:/|\.aspx|\?|$)|/print/",
        re.I,
    ),
    volatile=frozenset(("returnurl", "language", "dnnprintmode", "portalid")),
)
