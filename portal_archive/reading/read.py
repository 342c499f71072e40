"""From bytes to record; `portal_archive.integrity.check` looks for signs of tampering in what was read."""

from __future__ import annotations

from collections.abc import Mapping

from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Page
from portal_archive.reading import labels
from portal_archive.reading.article_builder import ArticleBuilder
from portal_archive.reading.block import Role
from portal_archive.reading.body import collect
from portal_archive.reading.cms import recognise
from portal_archive.reading.counters import read_counter, read_counter_text
from portal_archive.reading.dates import pick_article_date
from portal_archive.reading.density import Region, find_region
from portal_archive.reading.document import Document, parse
from portal_archive.reading.fallback import trafilatura_body
from portal_archive.reading.layouts import read_by_layout
from portal_archive.reading.lists import list_items
from portal_archive.reading.page_kind import early_kind, says_missing
from portal_archive.reading.page_metadata import complete, own_url
from portal_archive.reading.titles import is_named_otherwise
from portal_archive.vietnamese.folding import fold

MIN_BODY = 80  # characters: an article whose place is known may be this short
MIN_FOUND_BODY = 250  # characters: text found by density alone must be longer to count as an article


def read_page(
    body: bytes,
    url: str,
    headers: Mapping[str, str] | None = None,
    status: int = 200,
    family: str | None = None,
) -> Page:
    """Read one fetched page.

    Takes the bytes (transfer and content encoding undone), the URL ("" when unknown: then what the page says
    of itself), response headers, HTTP status, and the CMS family its portal declares (used where the page
    shows no mark of one). Never raises for anything a server may send; what was wrong is in `Page.problems`.
    """
    return read_document(parse(body, url, headers, status), family)


def read_document(document: Document, family: str | None = None) -> Page:
    """Read a parsed page; see `read_page`."""
    cms = recognise(document.source, document.url, family)
    page = Page(document.url, Outcome.OTHER, cms.name, problems=list(document.problems))
    page.counter, found = (
        read_counter_text(document.source.splitlines())
        if document.is_text
        else read_counter(document.tree, document.source)
    )
    page.problems += found
    if (kind := early_kind(document)) is not None:
        page.kind = kind
        return page

    builder = ArticleBuilder(document, cms, own_url(document), page, Article())
    is_article_url = bool(builder.own_url) and cms.article_match(builder.own_url) is not None
    if read_by_layout(builder):
        return _as_article(builder)
    items = list_items(document, cms)
    region: Region | None = None
    # A family whose every article has a known layout needs no search for one on its other pages.
    if is_article_url or cms.name != "nukeviet":
        region = find_region(document)
    exact_list = cms.may_list(document.source)
    if region is not None and _is_article(document, region, is_article_url, len(items), exact_list):
        _read_by_density(builder, region)
        return _as_article(builder)

    if region is not None and says_missing(region.lines):
        page.kind = Outcome.SOFT_404
    elif is_article_url and items and is_named_otherwise(document):
        # The address of an article that answers with the home page or a list: the article is not there.
        page.kind = Outcome.SOFT_404
    elif items:
        page.kind = Outcome.LIST
    page.items = items
    return page


def _as_article(builder: ArticleBuilder) -> Page:
    complete(builder)
    builder.page.kind, builder.page.article = Outcome.ARTICLE, builder.article
    return builder.page


def _is_article(
    document: Document, region: Region, is_article_url: bool, items: int, exact_list: bool
) -> bool:
    """Tell whether the densest text of a page is an article, and not a list, an introduction or a menu."""
    reading = pick_article_date(region.head, not_after=document.fetched_at)
    dated = reading is not None and reading.moment is not None
    # Below an article of an unknown theme there may be the family's own list of others.
    certain = is_article_url and dated and region.title_method not in ("", "meta", "position")
    if exact_list and (items >= 3 or (items and not is_article_url)):
        return certain and region.length >= MIN_FOUND_BODY
    if region.title is None and not document.is_text and not is_article_url:
        return False
    paragraphs = sum(1 for block in region.body if block.role is not Role.IMAGE and len(block.text) >= 60)
    if (
        region.links >= (5 if is_article_url else 3)
        and region.links * (1 if is_article_url else 2) >= paragraphs
    ):
        return False
    if is_article_url or (dated and region.title_method != "meta"):
        # A notice may be one sentence and a file, a report one table.
        return region.length >= (1 if region.files or region.has_more_than_text else MIN_BODY)
    if region.length < MIN_FOUND_BODY:
        return False
    return (
        document.is_text
        or document.meta("og:type") == "article"
        or any(labels.AUTHOR_LINE.match(fold(block.text)) for block in region.tail[:10])
        or (paragraphs >= 3 and items < 2 * paragraphs + 5)
    )


def _read_by_density(builder: ArticleBuilder, region: Region) -> None:
    """Fill the builder from the region of the page that text density found."""
    builder.set_if_missing("title", region.title, region.title_method)
    builder.set_if_missing("summary", region.summary.text if region.summary else None, "class")
    body = collect(region.body, region.files)
    if not body.paragraphs and (text := trafilatura_body(builder.document)):
        builder.set_if_missing("body", text, "trafilatura")
    else:
        builder.take_body(body, "density")
    builder.take_head(region.head)
    builder.take_tail([block.text for block in region.tail])
