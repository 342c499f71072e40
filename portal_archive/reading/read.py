"""From bytes to record; `portal_archive.integrity.check` looks for signs of tampering in what was read."""

from __future__ import annotations

from collections.abc import Mapping

from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Item, Page
from portal_archive.reading import labels
from portal_archive.reading.article.article_builder import ArticleBuilder
from portal_archive.reading.article.body import collect, read_blocks
from portal_archive.reading.article.fallback import trafilatura_body
from portal_archive.reading.article.layouts import read_by_layout
from portal_archive.reading.article.region import Region, find_region
from portal_archive.reading.article.script_data import ScriptArticle, ScriptData
from portal_archive.reading.cms import recognise
from portal_archive.reading.counter.visitor_counter import read_counter, read_counter_text
from portal_archive.reading.listing.boxes import LEAST, TITLE
from portal_archive.reading.listing.lists import list_items
from portal_archive.reading.markup.document import Document, parse
from portal_archive.reading.markup.furniture import furniture, menus_of
from portal_archive.reading.metadata.page_metadata import complete, own_url
from portal_archive.reading.page_kind import early_kind, says_missing
from portal_archive.reading.portal_rules import PortalRules, layouts_of, rules_from
from portal_archive.reading.signs import Signs


def read_page(
    body: bytes,
    url: str,
    headers: Mapping[str, str] | None = None,
    status: int = 200,
    family: str | PortalRules | None = None,
) -> Page:
    """Read one fetched page.

    Takes the bytes (transfer and content encoding undone), the URL ("" when unknown: then what the page says
    of itself), response headers, HTTP status, and what its portal's file says of its pages: the CMS family
    (used where the page shows no mark of one), or that with its own layouts and labels. Never raises for
    anything a server may send; what was wrong is in `Page.problems`.
    """
    return read_document(parse(body, url, headers, status), family)


def read_document(document: Document, family: str | PortalRules | None = None) -> Page:
    """Read a parsed page; see `read_page`."""
    rules = rules_from(family)
    with labels.of_portal(rules.labels):
        return _read(document, rules)


def _read(document: Document, rules: PortalRules) -> Page:
    cms = recognise(document.source, rules.family)
    page = Page(document.url, Outcome.OTHER, cms.name, problems=list(document.problems))
    page.counter, found = (
        read_counter_text(document.source.splitlines()) if document.is_text else read_counter(document.tree)
    )
    page.problems += found
    if (kind := early_kind(document)) is not None:
        page.kind = kind
        return page

    builder = ArticleBuilder(document, cms, own_url(document), page, Article())
    is_article_url = bool(builder.own_url) and cms.article_match(builder.own_url) is not None
    if read_by_layout(builder, layouts_of(rules.layouts, document.fetched_at)):
        return _as_article(builder)
    root = document.tree.find("body")
    root = document.tree if root is None else root
    dropped = furniture(root)
    menus = menus_of(dropped)
    items, boxes = list_items(document, cms, root, menus)
    region: Region | None = None
    # A family whose every article has a known layout needs no search for one on its other pages.
    page.is_stated = cms.shows_no_article(document.source)
    if (is_article_url or not cms.is_complete) and not page.is_stated:
        region = find_region(document, root, dropped, boxes)
    signs = Signs(document, cms, builder.own_url, region, items, menus)
    if region is not None and signs.show_an_article():
        _read_by_density(builder, region)
        return _as_article(builder)
    if not (items or page.is_stated):
        data = ScriptData(document, root)
        if not signs.is_home and (written := data.article()) is not None:
            _read_script(builder, written)
            return _as_article(builder)
        items = data.items()
    if (region is not None and says_missing(region.lines)) or (
        signs.show_another_page() and not page.is_stated
    ):
        page.kind = Outcome.SOFT_404
    elif items or sum(len(box.title) >= TITLE for box in boxes) >= LEAST:
        page.kind = Outcome.LIST
    page.items = items
    return page


def _as_article(builder: ArticleBuilder) -> Page:
    page = builder.page
    if whole := _whole_view(builder):
        # What is shown is a part of it: the page only leads to the article.
        page.kind, page.items = Outcome.LIST, [Item(whole, builder.article.title or "")]
        return page
    complete(builder)
    page.kind, page.article = Outcome.ARTICLE, builder.article
    return page


def _whole_view(builder: ArticleBuilder) -> str | None:
    """Return the address of the view that shows all of an article, where the page shows a part and links to it."""
    cms, document = builder.cms, builder.document
    if cms.whole is None or cms.whole.search(builder.own_url):
        return None
    own = cms.canonical(builder.own_url)
    hrefs = (link.get("href") or "" for link in document.tree.iter("a"))
    views = (cms.canonical(document.absolute(href)) for href in hrefs if cms.whole.search(href))
    return next((view for view in views if cms.main_view(view) == own), None)


def _read_by_density(builder: ArticleBuilder, region: Region) -> None:
    """Fill the builder from the region of the page that text density found."""
    builder.set_if_missing("title", region.title, region.title_method)
    builder.set_if_missing("summary", region.summary.text if region.summary else None, "class")
    body = collect(region.body, region.files)
    if region.has_text and not body.paragraphs and (text := trafilatura_body(builder.document)):
        builder.set_if_missing("body", text, "trafilatura")
    else:
        builder.take_body(body, "density")
    builder.take_head(region.head)
    builder.take_tail([block.text for block in region.tail])


def _read_script(builder: ArticleBuilder, written: ScriptArticle) -> None:
    """Fill the builder from the article that a script would have shown."""
    content = read_blocks(written.text, builder.document.absolute)
    builder.set_if_missing("title", written.title, "script")
    if written.published is not None:
        builder.take_moment(written.published, "script")
    for name, value in written.values.items():
        builder.set_if_missing(name, value, "script")
    builder.take_body(collect(content.blocks, (file for _, file in content.files)), "script")
