"""NukeViet: the eGov theme, the 4.5 default theme, and its mobile theme.

Read from a whole site served by the real CMS (eGovernment 4.4) and from the published templates of 4.5.
The number before the extension is the article's id; slug and category may be anything.
"""

import re

from crawler.reading.cms.family import Family, Layout

_NEWS = "ancestor::*[contains(@itemtype, 'schema.org/NewsArticle')][1]"
_BOXES = "following-sibling::*[contains(@class, 'news_column')]"

_FIELDS = {
    "title": "descendant::h1[@itemprop='headline' or contains(@class, 'title')]",
    # The clock is the first of three bare values in the eGov theme, the only one in 4.5's; print views have none.
    "published_at": "descendant::span[@class='h5'] | descendant::em[@class='time']",
    "views": "descendant::i[contains(@class, 'fa-eye')]/parent::*",
    "comments": "descendant::i[contains(@class, 'fa-comment')]/parent::*",
    # A hidden span carries the same itemprop.
    "summary": "descendant::div[contains(@class, 'hometext') or @id='hometext']",
    "lead_image": "descendant::figure[contains(@class, 'article')] | descendant::div[@id='imghome']",
    "byline": "descendant::p[contains(@class, 'h5') and contains(@class, 'text-right')]",
    "attachments": "descendant::*[contains(@class, 'news-download-file')]"
    "/descendant::a[contains(@href, 'download=') or contains(@href, '/uploads/')]",
    "tags": f"{_BOXES}/descendant::div[@class='h5']/a[contains(@href, '/tag/') or contains(@href, 'op=tag')]",
    "rating": "id('stringrating')",
}

NUKEVIET = Family(
    name="nukeviet",
    marks=('content="NukeViet', "nv_lang_", "nv_module_name", "nv_base_siteurl", "nvvithemever", "/themes/egov/"),
    layouts=(
        Layout("nukeviet", body_ids=("news-bodyhtml",), wrapper=_NEWS, fields=_FIELDS),
        Layout(
            "nukeviet",
            body_path="descendant::div[contains(concat(' ', @class, ' '), ' bodytext ')]",
            needs="bodytext",
            wrapper=f"({_NEWS} | ancestor::*[descendant::h1][1])[last()]",
            fields=_FIELDS | {"tags": "descendant::a[contains(@href, '/tag/') or contains(@href, 'op=tag')]"},
        ),
        Layout(
            "nukeviet-print",
            body_ids=("bodytext",),
            needs='id="print"',
            wrapper="ancestor::*[@id='print'][1]",
            fields={
                "title": "descendant::h1",
                "published_at": "descendant::li[1]",
                "summary": "descendant::*[@id='hometext']",
                "byline": "descendant::*[@id='author']//p | descendant::*[@id='author'][not(p)]",
                "canonical_url": "descendant::*[@id='url']//a/@href",
            },
        ),
    ),
    article_url=re.compile(
        r"^/(?!(?:[a-z]{2}/)?(?:[\w-]+/)?(?:print|savefile|sendmail|tag|rss|download)/)"
        r"(?:index\.php\?(?:.*&)?op=)?[^?]*?[^/?]-(?P<id>\d+)(?:\.html?|/)?(?:&.*)?$"
    ),
    page_url=re.compile(r"/page-\d+/?$"),
    list_item=(
        "descendant::*[contains(@class, 'news_column') or contains(@class, 'list-group')]"
        "/descendant-or-self::*[self::h2 or self::h3]/a[@href]"
        " | descendant::a[contains(@class, 'show') and contains(@class, 'h4')][@href]"
        " | descendant::div[contains(@class, 'thumbnail')]//h4/a[@href]"
        " | descendant::ul[contains(@class, 'related')]/li/a[@href]"
    ),
    list_needs="news_column",
    traps=re.compile(
        r"nvvithemever|nv_redirect|/(?:print|savefile|sendmail|seek|users|statistics|admin|shared|tag|search|banners"
        r"|download|voting|comment|two-step-verification|freecontent)(?:/|\?|$)|[?&](?:nv=(?:users|statistics|seek"
        r"|banners)|op=(?:print|savefile|sendmail|tag|search)|second=|pdf=|num=|order=)",
        re.I,
    ),
    volatile=frozenset(("checkss", "nvvithemever", "nv_redirect", "s", "t")),
)
