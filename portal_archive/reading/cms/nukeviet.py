"""NukeViet: the eGov theme, the 4.5 default theme, and its mobile theme.

Read from a whole site served by the real CMS (eGovernment 4.4) and from the published templates of 4.5.
The number before the extension is the article's id; slug and category may be anything.
"""

from __future__ import annotations

import re

from portal_archive.reading.cms.family import Builder, Family, Layout

_NEWS = "ancestor::*[contains(@itemtype, 'schema.org/NewsArticle')][1]"
_BOXES = "following-sibling::*[contains(@class, 'news_column')]"
_HOMETEXT = "descendant::*[@id='hometext']"

_FIELDS = {
    "title": "descendant::h1[@itemprop='headline' or contains(@class, 'title')]",
    # The clock is the first of three bare values in the eGov theme, the only one in 4.5's.
    "published_at": "descendant::span[@class='h5']",
    "views": "descendant::i[contains(@class, 'fa-eye')]/parent::span[@class='h5']",
    "comments": "descendant::i[contains(@class, 'fa-comment')]/parent::*",
    # A hidden span carries the same itemprop.
    "summary": "descendant::div[contains(@class, 'hometext')]",
    # 4.5 shows a thumbnail and keeps the picture itself beside it.
    "lead_image": "descendant::figure[contains(@class, 'article')][not(following-sibling::*[@id='imgpreview'])]"
    " | id('imgpreview')[not(ancestor::figure)]",
    "byline": "descendant::p[contains(@class, 'h5') and contains(@class, 'text-right')]",
    "attachments": "descendant::a[contains(@href, 'download=') or contains(@href, '/uploads/')]"
    "[ancestor::*[contains(@class, 'news-download-file')]]",
    "tags": f"{_BOXES}/*/div[@class='h5']/a[contains(@href, '/tag/') or contains(@href, 'op=tag')]",
    "rating": "id('stringrating')",
}

_MODULE = re.compile(r"nv_module_name\s*=\s*[\"']([\w-]+)")


def _refine(builder: Builder) -> None:
    """Tell the articles of modules apart: each counts its own."""
    article, source = builder.article, builder.document.source
    # A plain search for its beginning takes a fifth of the time of the pattern's own.
    module = _MODULE.search(source, source.find("nv_module_name"))
    if article.cms_id and module and module[1] != "news":
        article.cms_id = f"{module[1]}:{article.cms_id}"


NUKEVIET = Family(
    name="nukeviet",
    marks=(
        'content="NukeViet',
        "nv_lang_",
        "nv_module_name",
        "nv_base_siteurl",
        "nvvithemever",
        "/themes/egov/",
    ),
    layouts=(
        Layout("nukeviet", body_ids=("news-bodyhtml",), wrapper=_NEWS, fields=_FIELDS),
        Layout(  # mobile themes, and the default theme of NukeViet 3
            "nukeviet",
            body_path="descendant::div[contains(concat(' ', @class, ' '), ' bodytext ')]",
            needs="bodytext",
            wrapper="ancestor::*[descendant::h1][1]",
            fields=_FIELDS
            | {
                "title": "descendant::h1",
                "published_at": "descendant::*[@class='time' or @class='h5']",
                "summary": f"{_HOMETEXT}/descendant::*[@itemprop='description']"
                f" | {_HOMETEXT}[not(descendant::*[@itemprop='description'])] | descendant::div[@class='hometext']",
                "lead_image": "descendant::*[contains(@class, 'imghome') or @id='imghome']"
                " | descendant::p[@class='imgalt']/parent::div | descendant::figure[contains(@class, 'article')]",
                "byline": "descendant::p[contains(@class, 'text-right') or contains(@style, 'right')]"
                "[not(ancestor::div[contains(@class, 'bodytext')])]",
                "tags": "//*[contains(@class, 'keywords')]/a",
            },
        ),
        Layout(
            "nukeviet-print",
            body_ids=("bodytext",),
            needs='id="print"',
            wrapper="ancestor::*[@id='print'][1]",
            fields={
                "title": "descendant::h1",
                "published_at": "descendant::li[1]",
                "summary": _HOMETEXT,
                "lead_image": "descendant::*[contains(@class, 'imghome')]",
                "byline": "descendant::*[@id='author']/p",
            },
        ),
    ),
    article_url=re.compile(
        r"^/(?!(?:[a-z]{2}/)?(?:[\w-]+/)?(?:print|savefile|sendmail|tag|rss|download)/)"
        r"(?:index\.php\?(?:.*&)?op=)?[^?]*?[^/?]-(?P<id>\d+)(?:\.html?|/)?(?:&.*)?$"
    ),
    page_url=re.compile(r"/page-\d+/?$"),
    list_item=(
        # From the link upwards: the page is searched once, and not for each box.
        "descendant::a[@href][contains(@class, 'show') and contains(@class, 'h4')"
        " or (parent::h2 or parent::h3) and ancestor::*[contains(@class, 'news_column')"
        " or contains(@class, 'list-group')]"
        " or parent::h4/ancestor::div[contains(@class, 'thumbnail')]"
        " or parent::li/parent::ul[contains(@class, 'related')]]"
    ),
    list_needs=("news_column", "list-group-item-heading"),
    traps=re.compile(
        r"nvvithemever|nv_redirect|/(?:print|savefile|sendmail|seek|users|statistics|admin|shared|tag|search|banners"
        r"|download|voting|comment|two-step-verification|freecontent)(?:/|\?|$)|[?&](?:nv=(?:users|statistics|seek"
        r"|banners)|op=(?:print|savefile|sendmail|tag|search)|second=|pdf=|num=|order=|download=\d)",
        re.I,
    ),
    volatile=frozenset(("checkss", "nvvithemever", "nv_redirect", "s", "t")),
    other_view=re.compile(r"(?<=[\w/=])/(?:print|savefile)(?=/)|(?<=op=)(?:print|savefile)/"),
    refine=_refine,
    is_complete=True,
)
