"""What a recipient of watches is sent: a line and a text, in the language of the watch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portal_archive.archive.events import passages
from portal_archive.archive.moments import VIETNAM, from_text
from portal_archive.archive.watches.declared import NEW
from portal_archive.archive.watches.found import Item, News
from portal_archive.model.kinds import ChangeWeight, EventKind
from portal_archive.model.messages import text

_LONGEST_TITLE = 150


def title(news: Sequence[News], lang: str) -> str:
    """Return the line: how many there are, and of which watches."""
    names = ", ".join(text("watch.title_of", lang, name=one.watch.name, n=len(one.all_ids)) for one in news)
    line = " ".join(text("watch.title", lang, n=sum(len(one.all_ids) for one in news), names=names).split())
    return line if len(line) <= _LONGEST_TITLE else f"{line[:_LONGEST_TITLE]}…"


def body(news: Sequence[News], lang: str, address: str) -> str:
    """Return the text; links lead to the reading room at `address`, or to the portals where that is ""."""
    sections = ["\n\n".join(_section(one, lang, address)) for one in news]
    return "\n\n\n".join([*sections, text("watch.foot", lang)])


def _section(news: News, lang: str, address: str) -> Iterator[str]:
    heading = text("watch.section", lang, name=news.watch.name, n=len(news.all_ids))
    yield f"{heading}\n{'=' * len(heading)}"
    for item in news.items:
        yield "\n".join(_lines(item, lang, address))
    if others := len(news.all_ids) - len(news.items):
        yield text("watch.more", lang, n=others)


def _lines(item: Item, lang: str, address: str) -> Iterator[str]:
    event = item.event
    heading = event["title"] or text("article.untitled", lang)
    yield f"{_label(item, lang)}: {' '.join(heading.split())}"
    seen = from_text(event["seen_at"]).astimezone(VIETNAM)
    yield f"{event['portal_title']} · {seen:%d/%m/%Y %H:%M}"
    if event["kind"] == EventKind.INJECTED:
        yield passages.kinds_of(event, lang)
    for passage in item.words.shown:
        yield f"{text(passages.field_code(passage.field), lang)}: {passages.as_text(passage, lang)}"
    if item.words.others:
        yield text("changes.others", lang, n=item.words.others)
    if item.hit:
        marked = (text("watch.marked", lang, words=words) if is_hit else words for words, is_hit in item.hit)
        yield " ".join("".join(marked).split())
    yield f"{address}{event['permalink']}" if address else event["url"]


def _label(item: Item, lang: str) -> str:
    kind = item.event["kind"]
    if kind == NEW:
        return text("watch.new", lang)
    if item.event["weight"]:
        return text(f"weight.{ChangeWeight(item.event['weight'])}", lang)
    return text(f"changes.{EventKind(kind)}", lang)
