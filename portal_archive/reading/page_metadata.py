"""What head, address and breadcrumbs of a page say of its article: canonical URL, id, category, dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import cast

from lxml import etree

from portal_archive.model.kinds import Precision, ProblemKind
from portal_archive.model.page import Counter, Moment, Problem
from portal_archive.reading import labels
from portal_archive.reading.article_builder import ArticleBuilder
from portal_archive.reading.cms import split
from portal_archive.reading.dates import date_from_url, infer_dateline, parse_meta_date
from portal_archive.reading.document import Document
from portal_archive.reading.elements import plain
from portal_archive.vietnamese.folding import fold

MAX_TITLE = 1000  # characters
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
    _take_category(builder)
    _take_moments(builder)
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


_MODULE = re.compile(r"nv_module_name\s*=\s*[\"']([\w-]+)")


def _cms_id(builder: ArticleBuilder) -> str | None:
    cms = builder.cms
    found = cms.article_id(builder.article.canonical_url or "") or cms.article_id(builder.own_url)
    source = builder.document.source
    # A plain search for its beginning takes a fifth of the time of the pattern's own.
    if found and cms.name == "nukeviet" and (module := _MODULE.search(source, source.find("nv_module_name"))):
        # Each module counts its own articles.
        return found if module.group(1) == "news" else f"{module.group(1)}:{found}"
    return found


# --- category ------------------------------------------------------------------------------------------

_CRUMB_MARKS = ("crumb", "duong-dan", "duongdan", "dd_chuyenmuc")
_CRUMBS = etree.XPath(
    "descendant::*[contains(@class, 'crumb') or contains(@id, 'crumb') or contains(@class, 'duong-dan')"
    " or contains(@class, 'duongdan') or contains(@class, 'dd_chuyenmuc')][descendant::a][1]"
)
_SEPARATOR = re.compile(r"[>»›/:|→]")


def _take_category(builder: ArticleBuilder) -> None:
    document, page = builder.document, builder.page
    if builder.set_if_missing("category", document.meta("article:section"), "meta"):
        return
    crumbs: etree._Element | None = None
    if any(mark in document.source for mark in _CRUMB_MARKS):
        crumbs = next(iter(cast("list[etree._Element]", _CRUMBS(document.tree))), None)
    if crumbs is None and page.methods.get("body") == "density":
        crumbs = _trail(document.tree)
    if crumbs is not None:
        names = [text for link in crumbs.iter("a") if (text := plain(link).strip(" :>»›/|"))]
        names = [
            name
            for name in names
            if fold(name) not in labels.folded("home") and name != builder.article.title
        ]
        builder.set_if_missing("category", names[-1] if names else None, "breadcrumb")


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


# --- dates ---------------------------------------------------------------------------------------------


def _take_moments(builder: ArticleBuilder) -> None:
    article, document = builder.article, builder.document
    if article.published_at is None and (published := document.meta("article:published_time")):
        moment = parse_meta_date(published, not_after=document.fetched_at)
        if moment is not None:
            builder.take_moment(moment, "meta")
    if article.published_at is None:
        for stated in _stated_moments(document):
            moment = parse_meta_date(stated, not_after=document.fetched_at)
            if moment is not None:
                builder.take_moment(moment, "microdata")
                break
    if modified := document.meta("article:modified_time"):
        moment = parse_meta_date(modified, not_after=document.fetched_at)
        builder.set_if_missing("modified_at", moment.iso if moment else None, "meta")
    if article.published_at is None:
        _infer_moment(builder)


_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')


def _stated_moments(document: Document) -> Iterator[str]:
    """Give what JSON-LD, ``time`` and microdata call the date of publication."""
    if match := _JSON_DATE.search(document.source):
        yield match[1]
    for element in islice(document.tree.iter("time"), 3):
        yield element.get("datetime") or ""
    if "datePublished" in document.source:
        for element in document.tree.iterfind(".//*[@itemprop='datePublished']"):
            yield element.get("content") or element.get("datetime") or plain(element)


def _infer_moment(builder: ArticleBuilder) -> None:
    """Take the day that the text opens with, its year from the page."""
    article = builder.article
    reference = _dated_reference(builder)
    upper = reference or _named_year(builder)
    for text in (article.summary, *(article.body or "").split("\n\n")[:3]):
        moment = infer_dateline(text, year_from=upper) if text else None
        if moment is not None:
            builder.take_moment(Moment(moment.iso, Precision.INFERRED), "dateline")
            return


def _dated_reference(builder: ArticleBuilder) -> date | None:
    """Return a date close to the article's that tells its year: of its address, its files, its last edit."""
    article = builder.article
    images = (image.url for image in article.images)
    files = (file.url for file in article.attachments)
    for url in (builder.own_url, *images, *files):
        if found := date_from_url(url):
            return found
    return datetime.fromisoformat(article.modified_at).date() if article.modified_at else None


_YEAR = re.compile(r"\bnam ((?:19|20)\d\d)\b")


def _named_year(builder: ArticleBuilder) -> date | None:
    """Return the last day of the year that the article itself says it is about, no later than the visit.

    Any year up to the visit is possible; without a word of the article the latest would be a guess. A year
    counts that title or opening name, that is named more than once, or that is the only one.
    """
    article = builder.article
    visited = _visited(builder.document, builder.page.counter)
    if visited is None:
        return None
    opening = f"{article.title} {article.summary} {(article.body or '')[:600]}"
    body = [year for year in map(int, _YEAR.findall(fold(article.body or ""))) if year <= visited.year]
    named = {int(year) for year in _YEAR.findall(fold(opening)) if int(year) <= visited.year}
    named |= {year for year in body if body.count(year) > 1 or len(set(body)) == 1}
    return min(date(max(named), 12, 31), visited) if named else None


def _visited(document: Document, counter: Counter | None) -> date | None:
    """Return the latest day on which the page can have been visited: of the server's clock, or the counter's.

    The counter's rows name month and year of the visit: «Tháng 04 : 199.242 / Năm 2024 : 870.832».
    """
    days = [document.fetched_at.date()] if document.fetched_at is not None else []
    if counter is not None and counter.year is not None:
        folded = fold(document.source)
        year = _row_number(folded, r"nam\s+(20\d\d)", counter.printed["year"])
        month = _row_number(folded, r"thang\s+(0?[1-9]|1[0-2])", counter.printed.get("month"))
        days += [date(year, month or 12, 28)] if year else []
    return min(days, default=None)


def _row_number(folded: str, label: str, printed: str | None) -> int | None:
    """Return the number in a counter's label, told by the value printed after it."""
    match = re.search(rf"\b{label}\b\D{{0,80}}{re.escape(printed)}(?!\d)", folded) if printed else None
    return int(match[1]) if match else None
