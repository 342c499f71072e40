"""Addresses that are never visited: other views of a page, forms, searches, calendars without an end."""

from __future__ import annotations

import re

# Views and forms, whatever address they belong to.
_ALWAYS = re.compile(
    r"/(?:print|in-tin|inbai|login|dang-nhap|logout|register|dang-ky|rss-reader|wp-admin|wp-json|wp-login|xmlrpc|admin"
    r"|cart|gio-hang|share|feed/atom|comment/reply)(?:/|\.|\?|$)"
    r"|/comments/feed|/[^/?]{25,}/feed|[?&]feed=comments"
    r"|[?&](?:p|page_id|cat|tag|author)=[^&]*&feed=|[?&]feed=[^&]*&(?:p|page_id|cat|tag|author)="
    r"|[?&](?:print|in|replytocom|share|sort|order|orderby|tmpl|theme|keyword|s|search|tag|returnurl|redirect|captcha)="
    r"|[?&]q=(?:user|admin|search|comment|filter)(?:/|%2f|&|$)"
    r"|[?&](?:lang|language|languageid)=(?!v[in])",
    re.I,
)
# What an article's address may have in it too: Joomla's view=article, Drupal's q=node/1, `date=` beside an id.
_UNLESS_ARTICLE = re.compile(
    r"/(?:tags?|search|tim-?kiem|calendar|lich)(?:/|\.|\?|$)"
    # A calendar of work, not «lịch sử» (history).
    r"|/lich-(?:cong-tac|lam-viec|tuan|thang|hop|truc|tiep-(?:cong-)?dan|su-kien)[\w-]*/\d"
    # The days and months of a blog; their articles stand in its lists.
    r"|^/(?:[\w-]+/)?(?:19|20)\d\d/[01]?\d/(?:[0-3]?\d/?)?(?:page/\d+/?)?$"
    r"|[?&]view=(?!article|feature|categor|details?\b|item|news|content|post|list|tin|bai|chi-?tiet)"
    r"|[?&]action=(?!view|details?\b|show|read|list|news|cat|post|page|tin|xem|chi-?tiet)"
    r"|[?&]format=(?!html)"
    r"|[?&]q=(?!node\b|(?:[\w-]+(?:/|%2f))+[\w-]|[\w-]+(?:-[\w-]+){2})"
    r"|[?&](?:month|nam|thang|ngay|date|day|year)=[^&]",
    re.I,
)


def is_trap(target: str, *, article: bool) -> bool:
    """Tell whether a path with its query must not be visited; `article` says that the address is an article's."""
    return _ALWAYS.search(target) is not None or (not article and _UNLESS_ARTICLE.search(target) is not None)
