"""When an article was published: the strongest of what its page prints and states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from portal_archive.model.kinds import Precision, ProblemKind
from portal_archive.model.page import Counter, Moment
from portal_archive.reading.article.article_builder import ArticleBuilder
from portal_archive.reading.article.own_block import OwnBlock
from portal_archive.reading.dates import (
    Candidate,
    ParsedDate,
    date_from_url,
    infer_dateline,
    months_come_first,
    parse_date,
    parse_meta_date,
    pick_article_date,
)
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.elements import plain
from portal_archive.reading.metadata.linked_data import Node
from portal_archive.vietnamese.folding import fold

_PUBLISHED = frozenset(("datePublished", "schema:datePublished", "dc:created", "dc:date"))
_NOW = timedelta(minutes=1)  # a template that prints the moment of the visit for that of publication


def settle_published(builder: ArticleBuilder, own: OwnBlock, node: Node | None) -> None:
    """Take the moment of publication, and of the last change.

    A printed minute goes first, then a printed day with the time that a machine-readable statement about this
    article gives for that day, then that statement alone, then the day that the text opens with.
    """
    article, document = builder.article, builder.document
    if article.published_precision in (None, Precision.DAY):
        _take_stated(builder, own, node)
    modified = document.meta("article:modified_time") or (node or {}).get("dateModified")
    moment = parse_meta_date(modified, not_after=document.fetched_at) if isinstance(modified, str) else None
    builder.set_if_missing("modified_at", moment.iso if moment else None, "meta")
    if article.published_at is None:
        _infer_moment(builder)


def _take_stated(builder: ArticleBuilder, own: OwnBlock, node: Node | None) -> None:
    article, visited = builder.article, builder.document.fetched_at
    stated = [
        (moment, method)
        for value, method in _stated(builder.document, own, node)
        if (moment := parse_meta_date(value, not_after=visited)) is not None and not _is_now(moment, visited)
    ]
    if article.published_at is None:
        days = {_day(moment) for moment, _ in stated}
        builder.take_parsed_date(_printed(builder, own, days))
    if article.published_at is None and stated:
        builder.take_moment(*stated[0])
    elif article.published_precision is Precision.DAY:
        _complete_day(builder, stated)


def _day(moment: Moment) -> date:
    return datetime.fromisoformat(moment.iso).date()


def _is_now(moment: Moment, visited: datetime | None) -> bool:
    return visited is not None and abs(datetime.fromisoformat(moment.iso) - visited) < _NOW


def _stated(document: Document, own: OwnBlock, node: Node | None) -> Iterator[tuple[Any, str]]:
    """Give what head, JSON-LD, microdata and ``time`` call the moment of publication of this article."""
    yield document.meta("article:published_time"), "meta"
    published = (node or {}).get("datePublished")
    yield published if isinstance(published, str) else None, "json-ld"
    for element in own.elements:
        named = element.get("itemprop") or element.get("property")
        if named and not _PUBLISHED.isdisjoint(named.split()):
            yield element.get("content") or element.get("datetime") or plain(element), "microdata"
    for element in own.elements:
        if element.tag in ("time", "abbr"):
            yield element.get("datetime") or element.get("title"), "time"


def _printed(builder: ArticleBuilder, own: OwnBlock, stated: set[date]) -> ParsedDate | None:
    """Choose among the lines around the article."""
    lines = own.lines
    inside = {_squeezed(line.text) for line in lines}
    known = {_squeezed(candidate.text) for candidate in builder.dated}
    candidates = [_placed(candidate, own, inside) for candidate in builder.dated]
    candidates += [
        Candidate(line.text, line.distance)
        for line in lines
        if _squeezed(line.text) not in known and not (line.is_behind and _has_no_label(line.text))
    ]
    visited = builder.document.fetched_at
    picked = pick_article_date(candidates, not_after=visited, stated=stated)
    if picked is not None and picked.problem and picked.problem.kind == ProblemKind.DATE_AMBIGUOUS:
        order = months_come_first(builder.document.source)
        picked = pick_article_date(candidates, not_after=visited, stated=stated, month_first=order)
    return picked


def _placed(candidate: Candidate, own: OwnBlock, inside: set[str]) -> Candidate:
    """Say of a line whether it stands outside the article; the clock of a page stands in no article."""
    is_inside = _squeezed(candidate.text) in inside
    if candidate.clock and is_inside and own.is_declared:
        return replace(candidate, clock=False)
    is_near = is_inside or (candidate.element is not None and own.is_near(candidate.element))
    return replace(candidate, outside=candidate.distance < 0 and not is_near)


def _has_no_label(text: str) -> bool:
    parsed = parse_date(text)
    return parsed is None or parsed.label is None


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _complete_day(builder: ArticleBuilder, stated: list[tuple[Moment, str]]) -> None:
    """Give a printed day the time that the page states for it elsewhere."""
    article = builder.article
    for moment, method in stated:
        if moment.precision is not Precision.DAY and moment.iso[:10] == (article.published_at or "")[:10]:
            article.published_at, article.published_precision = moment.iso, moment.precision
            builder.page.methods["published_at"] += f"+{method}"
            return


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
