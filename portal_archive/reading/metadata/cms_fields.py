"""Fields that a CMS prints in elements of their own: author, source, category, tags, numbers of reads and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import cast

from lxml import etree

from portal_archive.reading import labels
from portal_archive.reading.article.article_builder import ArticleBuilder
from portal_archive.reading.article.own_block import OwnBlock
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.elements import MAX_CLASSES, plain
from portal_archive.reading.metadata.bylines import byline_of, is_account_name, without_moment
from portal_archive.reading.metadata.counts import find_comments, find_views, parse_count
from portal_archive.reading.metadata.linked_data import Node, same_title, texts
from portal_archive.vietnamese.folding import fold, fold_keep_length
from portal_archive.vietnamese.names import is_person

_LONGEST_NAME = 80
_LONGEST_TAG = 80
_MOST_TAGS = 30
_Marked = dict[str, list[etree._Element]]
_LABEL = 40  # characters of an element that is a label alone
_NAMES_FIELD = re.compile(r"[.!?…]\s|[!?…]$|\d{3}")
_AROUND = " \t\xa0|/·•:;,-–—()[]"


# A word of the class, or the end of one: «author», «article__author», «cm-post-views».
_CLASSES = {
    "author": r"authors?|author-name|byline|tac-?gia|username",
    "source": r"source|nguon(?:-?tin)?",
    "category": r"cat-links|category-name",
    "tags": r"tags|tag-links|tag-?list|article_*tag|post-tags|field-name-field-tags|keywords",
    "views": r"views|view-count|luot-?xem",
    "comments": r"comments-link|comments?-count|num-comments",
}
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _CLASSES.items()) + r")(?=\s|$)",
    re.I,
)
_RELATIONS = {"author": "author", "category": "category", "tag": "tag-link"}
_PROPERTIES = {"author": "author", "articleSection": "category", "genre": "category", "keywords": "tags"}
_ICON = re.compile(
    r"(?:^|[\s_-])(?:(?P<views>eye)|(?P<comments>comments?|chat))(?:-o|-alt|-open|-fill)?(?=\s|$)", re.I
)
_FEW = 3  # elements beside an icon
_VISITS = re.compile(r"(?:UserPageVisits|UserInteraction|PageVisits):(\d+)$")
_TAG_LABEL = labels.LabelPattern(r"^\W*{tags}\s*:?\s*$")
_CATEGORY_LABEL = labels.LabelPattern(r"^\W*{category}\s*:?\s*$")
_BY = labels.LabelPattern(r"^\W*(?:{author}\s*:\s*|{author.by}\s*:?\s+)")


def take_fields(builder: ArticleBuilder, own: OwnBlock, node: Node | None) -> None:
    """Fill what neither the layout nor the lines around the text gave."""
    article = builder.article
    marked = _marked(own)
    if article.author is None or builder.page.methods.get("author") == "byline":
        _take_newsroom_author(builder, own, marked)
    if article.author is None:
        for name, method in _authors(own, marked, node):
            if builder.take_author(name, method):
                break
    if article.source is None:
        for element in marked["source"]:
            if element not in marked["author"] and builder.take_source(plain(element), "class"):
                break
    _take_counts(builder, own, marked)
    _take_interactions(builder, own)
    _take_icons(builder, own)
    builder.set_if_missing("category", next(_categories(own, marked), None), "class")
    builder.set_if_missing("tags", _tags(builder, own, marked, node), "tags")


def _marked(own: OwnBlock) -> _Marked:
    """Return the elements of the block that class, ``rel`` or ``itemprop`` say hold a field, by its name."""
    marked: _Marked = {name: [] for name in (*_CLASSES, "tag-link")}
    for element in own.elements:
        names = set(_fields_of(classes[:MAX_CLASSES]) if (classes := element.get("class")) else ())
        if (name := _PROPERTIES.get(element.get("itemprop") or "")) is not None:
            names.add(name)
        rel = (element.get("rel") or "").split()
        # WordPress: a category is a tag too.
        if (name := next((name for word, name in _RELATIONS.items() if word in rel), None)) is not None:
            names.add(name)
        for name in names:
            if len(marked[name]) < _MOST_TAGS:
                marked[name].append(element)
    return marked


# The same few classes stand on every page of a portal.
@lru_cache(maxsize=8192)
def _fields_of(classes: str) -> frozenset[str]:
    return frozenset(name for found in _CLASS.finditer(classes) if (name := found.lastgroup))


def _take_newsroom_author(builder: ArticleBuilder, own: OwnBlock, marked: _Marked) -> None:
    """Take the author that the template prints above the text; it goes before a byline within the text.

    Not an account: those are links to a page of their posts, and microdata or words such as «Viết bởi» go with them.
    """
    for element in marked["author"][:5]:
        text = plain(element)
        around = element.getparent()
        is_account = (
            element.get("itemprop")
            or element.get("rel")
            or element.find(".//a") is not None
            # «Được gửi bởi <span class="username">X</span>»
            or (around is not None and _BY.match(fold_keep_length(plain(around)[:_LONGEST_NAME])))
        )
        if is_account or not own.is_before_text(element) or _BY.match(fold_keep_length(text)):
            continue
        if len(text) <= _LONGEST_NAME and (name := author_name(text)) and _names_somebody(name):
            builder.article.author, builder.page.methods["author"] = name, "class"
            return


def _names_somebody(name: str) -> bool:
    """Tell whether a text is names, or a group of the editors."""
    found = byline_of(name)
    return found is not None and found.author is not None


def author_name(text: str) -> str | None:
    """Return the name in what a CMS prints of an author: «Viết bởi X», «Được gửi bởi X vào T6, 29/03/2024»."""
    by = _BY.match(fold_keep_length(text))
    name = without_moment(text[by.end() :] if by else text).strip(_AROUND)
    if not name or len(name) > _LONGEST_NAME or _NAMES_FIELD.search(name) or not any(map(str.isalpha, name)):
        return None
    if find_views(text) is not None or find_comments(text) is not None or is_account_name(name):
        return None
    return name


def _authors(own: OwnBlock, marked: _Marked, node: Node | None) -> Iterator[tuple[str, str]]:
    for element in marked["author"]:
        text = element.get("content") or plain(element)
        if len(text) <= 2 * _LONGEST_NAME and (name := author_name(text)):
            yield name, "class"
    stated = [
        *texts((node or {}).get("author")),
        own.document.meta("author") or "",
        own.document.meta("article:author") or "",
    ]
    for name in stated:
        if is_person(name):
            yield name, "meta"


def _take_counts(builder: ArticleBuilder, own: OwnBlock, marked: _Marked) -> None:
    builder.take_counts([line.text for line in own.lines])
    for field, find in (("views", find_views), ("comments", find_comments)):
        if getattr(builder.article, field) is None:
            for element in marked[field][:3]:
                text = plain(element)
                if (
                    len(text) <= _LONGEST_NAME
                    and (count := find(text) or parse_count(text)).value is not None
                ):
                    builder.set_if_missing(field, count.value, "class")


def _take_icons(builder: ArticleBuilder, own: OwnBlock) -> None:
    """Take the figure behind the icon of an eye or of a speech bubble."""
    for element in own.elements:
        icon = _ICON.search(element.get("class") or "") if element.tag in ("i", "em", "span", "svg") else None
        if icon is None or icon.lastgroup is None or getattr(builder.article, icon.lastgroup) is not None:
            continue
        parent = element.getparent()
        figure = (element.tail or "").strip() or (
            plain(parent) if parent is not None and len(parent) < _FEW else ""
        )
        if figure[:1].isdigit() and len(figure) <= _LABEL:
            builder.set_if_missing(icon.lastgroup, parse_count(figure).value, "icon")


def _take_interactions(builder: ArticleBuilder, own: OwnBlock) -> None:
    """Take the reads that microdata count: ``UserPageVisits:1450``."""
    for element in own.elements:
        if element.get("itemprop") == "interactionCount" and (
            said := _VISITS.match(element.get("content") or "")
        ):
            builder.set_if_missing("views", parse_count(said[1]).value, "microdata")


def _categories(own: OwnBlock, marked: _Marked) -> Iterator[str]:
    for element in marked["category"]:
        link = element if element.tag == "a" else element.find(".//a")
        if name := plain(element if link is None else link):
            yield name
    yield from _behind_label(own, _CATEGORY_LABEL)


def _behind_label(own: OwnBlock, label: labels.LabelPattern) -> Iterator[str]:
    """Give the texts of the links behind an element or text that is a label alone: «Chuyên mục:» and links."""
    for element in own.elements:
        text = element.text or ""
        if not 2 < len(text) < _LABEL or not label.match(fold(text).strip()):
            continue
        holder = element if element.find("a") is not None else element.getparent()
        if holder is not None:
            yield from islice((name for link in holder.iter("a") if (name := plain(link))), _MOST_TAGS)
            return


def _tags(builder: ArticleBuilder, own: OwnBlock, marked: _Marked, node: Node | None) -> list[str]:
    """Return the tags of the article from links, labelled lines, or what the head says of this article."""
    for found in (
        (plain(link) for link in marked["tag-link"]),
        _listed(marked["tags"]),
        _behind_label(own, _TAG_LABEL),
        builder.tags,
        _split(", ".join(texts((node or {}).get("keywords")))),
        _head_tags(own.document, builder.article.title, builder.article.body),
    ):
        tags = [tag for text in found if (tag := text.strip(" #,;:|")) and len(tag) <= _LONGEST_TAG]
        if tags:
            return list(dict.fromkeys(tags))[:_MOST_TAGS]
    return []


def _split(text: str) -> list[str]:
    return re.split(r"[,;#]", text)


def _listed(elements: Sequence[etree._Element]) -> Iterator[str]:
    """Give the tags of elements that say they hold them: their links, else their parts between commas."""
    for element in elements:
        links = list(element.iter("a"))
        text = element.get("content") or plain(element)
        yield from (plain(link) for link in links) if links else _split(_without_label(text))


def _without_label(text: str) -> str:
    label = labels.TAG_LINE.match(fold_keep_length(text))
    return text[label.end() :] if label else text


def _head_tags(document: Document, title: str | None, body: str | None) -> list[str]:
    """Return the keywords of the head where the article uses them; a site repeats its own on every page."""
    properties = cast("list[str]", document.tree.xpath("//meta[@property='article:tag']/@content"))
    keywords = properties or _split(document.meta("keywords") or "")
    if title and not properties and same_title(" ".join(keywords), title.replace(",", " ")):
        return []  # no tags, but the title between commas
    text = fold(f"{title} {body}")
    used = [word for word in keywords if word.strip() and fold(word).strip() in text]
    return list(keywords) if used and (properties or 2 * len(used) >= len(keywords)) else []
