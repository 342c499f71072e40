"""Liferay 6.2 and 7 as Vietnamese agencies run it.

Lists, home page and counter were read from real pages of one portal (6.2); articles from the published templates
of Hòa Bình's (7), VietSoftware's and Bắc Giang's themes.
"""

import re

from portal_archive.reading.cms.family import Family, Layout

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
        Layout(
            "liferay",
            body_path="descendant::*[contains(@class, 'journal-content-article')][string-length() > 200]",
            needs="journal-content-article",
            wrapper="ancestor::*[descendant::*[contains(@class, 'title-news') or contains(@class, 'asset-title')"
            " or contains(@class, 'header-title')]][1]",
            fields={
                # The portlet's own h1 comes first.
                "title": "descendant::*[contains(@class, 'title-news')]//h1"
                " | descendant::*[contains(@class, 'title-news')][not(.//h1)]"
                " | descendant::*[contains(@class, 'asset-title') or contains(@class, 'header-title')]",
                "published_at": "descendant::*[contains(@class, 'assetPublishDate')"
                " or contains(@class, 'metadata-publish-date') or contains(@class, 'date-news')"
                " or contains(@class, 'publish-date')]",
                "views": "descendant::*[contains(@class, 'assetPublishDate') or contains(@class, 'view-count')]",
                "summary": "descendant::*[contains(@class, 'asset-summary')]",
            },
        ),
    ),
    article_url=re.compile(
        r"/-/(?:view_content/(?P<id>\d+)(?:-|$|/|\.)|asset_publisher/[^?]*/content/(?:id/(?P<id3>\d+))?|(?!asset_publisher|view_content)"
        r"[\w%-]{12,})|[?&](?:articleId|_\w+_articleId)=(?P<id2>\d+)",
        re.I,
    ),
    page_url=re.compile(r"[?&]_?\w*cur=\d+", re.I),
    list_item=(
        "descendant::*[contains(@class, 'asset-title')]//a[@href]"
        " | descendant::div[contains(@class, 'cat_record')]//*[contains(@class, 'title_v')]//a[@href]"
    ),
    list_needs=("asset-title", "cat_record"),
    traps=re.compile(
        r"/c/portal/|update_language|languageId=|p_p_state=(?:pop_up|exclusive|maximized)|p_p_lifecycle=[12]"
        r"|/-/asset_publisher/[^?]*[?&]redirect=|_keywords=[^&]|_advancedSearch=true|/tag/|/search|p_l_back_url"
        r"|_calendar_|p_p_id=(?:8|58|3)(?:&|$)|_delta=(?:5|30|50|60|75)(?:&|$)",
        re.I,
    ),
    volatile=frozenset(
        ("redirect", "inheritRedirect", "p_p_auth", "p_auth", "p_p_state", "p_p_mode", "p_p_col_id", "p_p_col_pos",
         "p_p_col_count", "p_r_p_564233524_resetCur", "_101_delta", "_101_keywords", "_101_advancedSearch",
         "_101_andOperator", "t")
    ),
)  # fmt: skip
