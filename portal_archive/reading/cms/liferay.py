"""Liferay 6.2 and 7 as Vietnamese agencies run it.

Lists, home page and counter were read from real pages of one portal (6.2); articles from the published templates
of Hòa Bình's (7), VietSoftware's and Bắc Giang's themes.
"""

import re

from portal_archive.reading.cms.family import Builder, Family, Layout

_EMPTY_BRACKETS = re.compile(r"\s*\(\s*\)$")


def _refine(builder: Builder) -> None:
    """Take off the brackets of a date that the title's portlet did not print."""
    if builder.article.title:
        builder.article.title = _EMPTY_BRACKETS.sub("", builder.article.title)


def _word(name: str) -> str:
    """Return the XPath condition that an element has a class; Liferay's own show-asset-title is another one."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


_TITLE = f"{_word('title-news')} or {_word('asset-title')} or {_word('header-title')}"

LIFERAY = Family(
    name="liferay",
    marks=("lfr-css-file", "Liferay.", "portlet-boundary", "p_p_id=", "portlet-asset-publisher", "liferay-"),
    layouts=(
        Layout(
            "liferay-hoabinh",
            body_ids=("contentDetail",),
            needs="titleDetail",
            wrapper="(ancestor::*[@id='content_detail_news']"
            " | ancestor::*[descendant::*[@id='titleDetail']][1])[last()]",
            fields={
                "title": "descendant::*[@id='titleDetail']",
                "published_at": "descendant::*[contains(@class, 'date_time')]",
                "summary": "descendant::*[@id='leadDetail']",
                "lead_image": "descendant::div[contains(@class, 'img-title')]",
                "author": "descendant::div[@class='author' or contains(@class, 'author ')]",
                "source": "descendant::div[@class='source' or contains(@class, 'source ')]",
                "attachments": "descendant::div[contains(@class, 'attachment')]//a[@href]",
            },
        ),
        Layout(
            "liferay-vietsoftware",
            body_path="descendant::*[contains(@class, 'chanel-news')]",
            needs="chanel-news",
            wrapper="ancestor-or-self::*[contains(@class, 'chanel-news')][last()]",
            fields={
                "title": "descendant::p[contains(@class, 'title01')]",
                "published_at": "descendant::span[contains(@class, 'time')]",
                "summary": "descendant::b[contains(@class, 'hot-line')]",
            },
            drop="descendant::p[contains(@class, 'title01')] | descendant::span[contains(@class, 'time')]"
            " | descendant::b[contains(@class, 'hot-line')]",
        ),
        Layout(  # Bắc Ninh; an unlabelled h1, the name of the menu, comes first
            "liferay-bacninh",
            body_ids=("contentDetail",),
            needs="contentDetailTitleId",
            wrapper="ancestor::*[descendant::*[@id='contentDetailTitleId']][1]",
            fields={
                "title": "descendant::*[@id='contentDetailTitleId']",
                "summary": "descendant::*[@id='sapoDetailId']",
            },
        ),
        Layout(
            "liferay",
            body_path="descendant::*[contains(@class, 'journal-content-article')][string-length() > 200]",
            needs="journal-content-article",
            wrapper=f"ancestor::*[{_word('asset-full-content')}][1]"
            f" | self::*[not(ancestor::*[{_word('asset-full-content')}])]/ancestor::*[descendant::*[{_TITLE}]][1]",
            fields={
                # The portlet's own h1 comes first.
                "title": f"descendant::*[{_word('title-news')}]//h1"
                f" | descendant::*[{_word('title-news')}][not(.//h1)]"
                f" | descendant::*[{_word('asset-title')} or {_word('header-title')}]"
                " | self::*[contains(@class, 'asset-full-content')]"
                "/descendant::*[self::h1 or self::h2 or self::h3 or self::h4]"
                "[not(ancestor::*[contains(@class, 'journal-content-article')])]",
                "published_at": "descendant::*[contains(@class, 'assetPublishDate')"
                " or contains(@class, 'metadata-publish-date') or contains(@class, 'date-news')"
                " or contains(@class, 'publish-date')]",
                "views": "descendant::*[contains(@class, 'assetPublishDate') or contains(@class, 'view-count')]",
                "summary": "descendant::*[contains(@class, 'asset-summary')]",
            },
        ),
    ),
    # Seven forms, one of each kind of portlet that agencies run.
    article_url=re.compile(
        r"/-/(?:view[-_]content/(?P<id>\d+)(?:[-/.]|$)|view[-_]article/\d+/(?P<id6>\d+)"
        r"|asset_publisher/(?:[^/?]+/)?content/(?:id/(?P<id3>\d+)|[^/?]+)|[\w-]*details?/(?P<id4>\d+)(?:/|$)"
        r"|(?!(?:asset_publisher|view[-_](?:content|article)|search|rss|tag)\b)[\w%-]{12,}/?(?:$|\?))"
        r"|/w/[\w%-]{12,}/?$|/chi-?tiet[\w-]*/?\?/[^/?]+/(?P<id5>\d+)"
        r"|[?&](?:articleId|_\w+_articleId)=(?P<id2>\d+)",
        re.I,
    ),
    page_url=re.compile(r"[?&]_?\w*cur=\d+", re.I),
    list_item=(
        f"descendant::*[{_word('asset-title')}]//a[@href]"
        f" | descendant::div[{_word('cat_record')}]//*[contains(@class, 'title_v')]//a[@href]"
    ),
    list_needs=("asset-title", "cat_record"),
    traps=re.compile(
        r"/c/portal/|update_language|languageId=|p_p_state=(?:pop_up|exclusive|maximized)|p_p_lifecycle=[12]|[?&]p_auth="
        # What a portlet does, not what it shows: /-/vanbanconfig/12/GET
        r"|/-/[^?]*/(?:GET|POST|add|delete|edit|CountDown)(?:/|\?|$)"
        r"|/-/asset_publisher/[^?]*[?&]redirect=|_keywords=[^&]|_advancedSearch=true|/tag/|/search|p_l_back_url"
        r"|_calendar_|p_p_id=(?:8|58|3)(?:&|$)|_delta=(?:5|30|50|60|75)(?:&|$)",
        re.I,
    ),
    refine=_refine,
    # The same page under the name of another language: only before a path that is Liferay's.
    same_page=re.compile(r"^/(?:en|fr|zh|ja|ko|ru|lo|km)(?:[-_][A-Z]{2})?(?=/(?:web/|.*/(?:-|w)/))"),
    volatile=frozenset(
        ("redirect", "inheritRedirect", "p_p_auth", "p_auth", "p_p_state", "p_p_mode", "p_p_col_id", "p_p_col_pos",
         "p_p_col_count", "p_r_p_564233524_resetCur", "_101_delta", "_101_keywords", "_101_advancedSearch",
         "_101_andOperator", "t")
    ),
)  # fmt: skip
