"""What head, address and breadcrumbs of a page say of its article: canonical URL, id, category, dates."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import Problem
from portal_archive.reading import labels
from portal_archive.reading.article.article_builder import ArticleBuilder
from portal_archive.reading.article.own_block import OwnBlock
from portal_archive.reading.cms import split
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.elements import plain
from portal_archive.reading.metadata.cms_fields import take_fields
from portal_archive.reading.metadata.linked_data import Node, article_node, texts
from portal_archive.reading.metadata.publication import settle_published
from portal_archive.vietnamese.folding import fold

MAX_TITLE = 1000  # characters
_LONGEST_CATEGORY = 80  # characters
# Some templates print a missing field before the title.
_PRINTED_NULL = re.compile(r"^(?:null|undefined)\s+(?=\S)")


def own_url(document: Document) -> str:
    """Return the address of the page, or what it says of itself; "" when neither is known."""
    return document.url or document.canonical_link() or document.meta("og:url") or ""


def complete(builder: ArticleBuilder) -> None:
    """Fill what the page around the article says, and record what is wrong with it."""
    article, problems = builder.article, builder.page.problems
    if article.title:
        article.title = _PRINTED_NULL.sub("", article.title)
    if article.title and len(article.title) > MAX_TITLE:
        problems.append(Problem(ProblemKind.TITLE_TOO_LONG, f"{len(article.title)} characters", "title"))
        article.title = article.title[:MAX_TITLE]
    _take_canonical(builder)
    builder.set_if_missing("cms_id", _cms_id(builder), "url")
    own = OwnBlock(builder.document, builder.blocks, article.title)
    node = article_node(builder.document, article.title)
    if not builder.is_settled:
        take_fields(builder, own, node)
    _take_category(builder, node)
    settle_published(builder, own, node)
    builder.cms.refine(builder)
    if article.body is None:
        problems.append(Problem(ProblemKind.BODY_EMPTY, "an article without text", "body"))
    if article.title is None:
        problems.append(Problem(ProblemKind.TITLE_MISSING, "an article without a title", "title"))


def _take_canonical(builder: ArticleBuilder) -> None:
    cms = builder.cms
    host = split(builder.own_url).netloc.lower()
    if link := builder.document.canonical_link():
        stated = cms.canonical(link)
        parts = split(stated)
        # Some templates print the home page, or the host of a test server, on every page.
        if parts.netloc == host and (parts.path not in ("", "/") or parts.query):
            builder.set_if_missing("canonical_url", cms.main_view(stated), "link")
    if builder.own_url:
        builder.set_if_missing("canonical_url", cms.main_view(cms.canonical(builder.own_url)), "url")


def _cms_id(builder: ArticleBuilder) -> str | None:
    cms = builder.cms
    return cms.article_id(builder.article.canonical_url or "") or cms.article_id(builder.own_url)


# --- category ------------------------------------------------------------------------------------------

_CRUMB_CLASSES = ("crumb", "duong-dan", "duongdan", "dd_chuyenmuc")
_SEPARATOR = re.compile(r"[>»›|→]|(?<!\d)[/:](?!\d)")


def _take_category(builder: ArticleBuilder, node: Node | None) -> None:
    document, page = builder.document, builder.page
    if builder.set_if_missing("category", document.meta("article:section"), "meta"):
        return
    if builder.set_if_missing(
        "category", next(iter(texts((node or {}).get("articleSection"))), None), "json-ld"
    ):
        return
    crumbs: etree._Element | None = None
    if any(mark in document.source for mark in _CRUMB_CLASSES):
        crumbs = _crumbs(document.tree)
    if crumbs is None and page.methods.get("body") == "density":
        crumbs = _trail(document.tree)
    if crumbs is not None:
        names = [text for link in crumbs.iter("a") if (text := plain(link).strip(" :>»›/|"))]
        menu = labels.folded("date.clock_neighbour") - labels.folded("home")
        if sum(fold(name) in menu for name in names) > 1:
            return  # the top menu of the page
        names = [
            name
            for name in names
            if fold(name) not in labels.folded("home")
            and name != builder.article.title
            and len(name) <= _LONGEST_CATEGORY
            and name[-1] not in "?!"  # the title of another article
        ]
        builder.set_if_missing("category", names[-1] if names else None, "breadcrumb")


def _crumbs(tree: etree._Element) -> etree._Element | None:
    """Return the first element with links whose class or id says that it leads back to the home page."""
    for element in tree.iter(etree.Element):
        classes, identity = element.get("class"), element.get("id")
        if (
            (classes is not None and any(mark in classes for mark in _CRUMB_CLASSES))
            or (identity is not None and "crumb" in identity)
        ) and element.find(".//a") is not None:
            return element
    return None


def _trail(tree: etree._Element) -> etree._Element | None:
    """Return the element of «Trang chủ > Tin tức > ...», told from a menu by its length and separators."""
    for link in tree.iter("a"):
        if len(link.text or "") > 20 or fold(plain(link)) not in labels.folded("home"):
            continue
        for ancestor in islice(link.iterancestors(), 2):
            if 2 <= sum(1 for _ in ancestor.iter("a")) <= 5:
                text = plain(ancestor)
                if len(text) < 300 and _SEPARATOR.search(text):
                    return ancestor
    return None
