"""Portals whose CMS nobody here knows, and the layouts of small Vietnamese CMSs that their templates show.

Most of a page is read by labels and text density (`reading.article.density`); the layouts below are shortcuts.
"""

import re

from portal_archive.reading.cms.family import Family, Layout

GENERIC = Family(
    name="generic",
    layouts=(
        Layout(  # mojoPortal as run by Vietnamese agencies
            "mojoportal",
            body_ids=("article_text",),
            needs="articletitle",
            wrapper="ancestor::*[descendant::h2[contains(@class, 'articletitle')]][1]/parent::*",
            fields={
                "title": "descendant::h2[contains(@class, 'articletitle')]",
                "published_at": "descendant::span[contains(@class, 'left-article-more-container')]",
                "views": "descendant::span[contains(@class, 'texthit')]",
                "summary": "descendant::*[contains(@class, 'sapo')]",
                "lead_image": "descendant::*[contains(@class, 'image-wrapper')]",
                "attachments": "descendant::*[contains(@class, 'article-file')]//a[@href]",
                "author": "descendant::*[@class='article-author']",
                "tags": "descendant::span[@class='blogtags']/a",
            },
        ),
        Layout(  # VSW
            "vsw",
            body_path="descendant::*[contains(@class, 'contentNews')]",
            needs="contentNews",
            fields={
                "title": "descendant::*[contains(@class, 'titleContainer')]/span[not(contains(@class, 'pull'))]"
                " | descendant::*[contains(@class, 'titleContainer')]//h1",
                "published_at": "descendant::*[contains(@class, 'titleContainer')]"
                "//span[contains(@class, 'pull-right')]",
            },
        ),
    ),
    article_url=re.compile(
        # A slug may end in a year or the number of a document: an id is longer, or set off by two dashes.
        r"(?:/[^/?]{12,}(?:-(?P<id>\d{5,})|--(?P<id4>\d+))(?:\.html?|\.aspx|\.htm)?/?$"
        r"|/(?:post|bai-viet|tin-bai|chi-tiet|detail|news|article|tin-tuc|ves-portal)/(?:[\w-]+/)*"
        r"(?!(?:19|20)\d\d/)(?P<id2>\d{3,})"
        r"(?:/[^/?]+)?/?$"
        r"|/[^/?]*(?:-[^/?-]+){3,}[-.]*\.html?$|(?<!/pages)/[^/?]*(?:-[^/?-]+){3,}\.aspx$"
        r"|/tin-bai/[\w-]+/[^/?]+-(?P<id5>\d+)/?$"
        r"|/(?:19|20)\d\d/[01]\d/(?:[0-3]\d/)?[^/?]{8,}/?$"
        r"|[?&](?:id_tb|nid|newsid|articleid|id|itemid|id_tin|idtin|post)=(?P<id3>[\w-]+)"
        r"|/tin/[^/?]+/(?P<id9>\d+-\d+-\d+)$"
        # Words and numbers that name the view of one article: /DetailView/148090/40/..., /xem-chi-tiet-tin/id/228793
        r"|/(?:[\w-]*chi-?tiet[\w-]*|detail-?view|ndid|articleid|newsid)/(?:id/)?(?P<id6>\d{3,})(?:/|$)"
        r"|/chi-?tiet[\w-]*/?\?/[^/?]+/(?P<id7>\d+)"
        r"|/-/(?:view[-_](?:content|article)/(?:\d+/)?(?P<id8>\d+)|asset_publisher/(?:[^/?]+/)?content/[^/?])"
        # /Controller/Slug-that-keeps-its-capitals, as ASP.NET routes are
        r"|^/(?!chuyen-?muc|danh-?muc|loai-?tin|nhom-?tin|category|home|tim-?kiem|tag)"
        r"(?-i:[A-Z])\w*/(?-i:[A-Z])\w*(?:-+\w+){3,}/?$"
        # A title, and not the name of a section: none has twelve words, but the one on «Học tập và làm theo ...».
        r"|/(?!(?:day-manh-)?(?:viec-)?hoc-tap-(?:va-)?lam-theo-)(?:\w+-+){11,}\w+/?$)",
        re.I,
    ),
    page_url=re.compile(
        r"(?:-c\d+-\d+\.html$|/(?:page|trang)[-/]?\d+/?(?:\.html)?$|[?&](?:page|p|trang|pageindex|cpage|cur)=\d+"
        r"|[?&](?:view|action)=(?:categor\w*|featured|archive|list|cat)(?:&|$)"
        # A category by its name and number; an article's slug has more words.
        r"|/(?:danh-?muc|chuyen-?muc|chu-?de|nhom-?tin|loai-?tin|categor(?:y|ies))/(?:[a-z]+-){0,5}\d+(?:\.\w{3,4})?/?$)",
        re.I,
    ),
    # Pages the list of other news below an article.
    article_volatile=frozenset(("PageIndex",)),
)
