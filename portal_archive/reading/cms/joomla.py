"""Joomla, with its search-engine friendly addresses or without; articles of several pages in one.

Read from a whole site served by the real CMS (3.10) and from the addresses of portals that run it.
"""

import re

from portal_archive.reading.cms.family import Family
from portal_archive.reading.cms.generic import GENERIC

JOOMLA = Family(
    name="joomla",
    marks=(
        'content="Joomla',
        "/media/jui/",
        "/media/system/js/",
        "option=com_content",
        "joomla-script-options",
    ),
    also=GENERIC,
    article_url=re.compile(
        r"[?&]view=article&(?:.*&)?id=(?P<id>\d+)|[?&]id=(?P<id2>\d+)(?::|%3A)[^&]*&(?:.*&)?view=article"
        r"|^/(?:index\.php/)?(?!component/)(?:[\w-]+/)+(?P<id3>\d+)-[^/?]*[a-z][^/?]*?(?:\.html)?/?(?:\?showall=1?)?$",
        re.I,
    ),
    page_url=re.compile(r"[?&](?:start|limitstart)=\d+", re.I),
    traps=re.compile(
        r"[?&](?:tmpl=component|print=1|layout=(?:default|edit)&print|type=atom|task=|return=)"
        r"|/component/(?:mailto|users|search|banners|contact|finder)|option=com_(?:mailto|users|search|banners|finder)"
        r"|/(?:administrator|login-form|site-map)(?:/|$)|[?&]view=(?:login|registration|remind|reset)",
        re.I,
    ),
    volatile=frozenset(("Itemid", "template", "filter_order", "filter_order_Dir", "highlight")),
    article_volatile=frozenset(("start", "limitstart")),
    other_view=re.compile(r"[?&]showall=1?$"),
    whole=re.compile(r"[?&]showall=1?(?:&|$)"),
)
