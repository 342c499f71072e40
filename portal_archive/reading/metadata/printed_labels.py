"""Which labels a page prints: those the readers know, as they stand there, and those that they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from portal_archive.model.page import Article, Counter, Page
from portal_archive.reading import labels
from portal_archive.reading.markup.document import Document
from portal_archive.reading.metadata.counts import parse_count
from portal_archive.vietnamese.folding import fold, fold_keep_length, nfc

DATE, BYLINE, VIEWS, COUNTER = "date", "byline", "views", "counter"

_AT_START = r"(?:^|(?<=[\s(|•·]))"
_KNOWN = {
    DATE: labels.LabelPattern(
        rf"{_AT_START}(?P<label>{{date.posted|date.updated}})\s*[:|-]?\s*(?=\d|(?:thu|chu)\s|luc\s|ngay\s)"
    ),
    BYLINE: labels.LabelPattern(
        rf"{_AT_START}(?P<label>{{author|source|byline.role}}|{{byline.matter}}(?:\s*(?:[,/&+\-–]|va)\s*"
        rf"{{byline.matter}}){{0,3}})\s*:\s*(?=\w)"
    ),
    VIEWS: labels.LabelPattern(
        rf"{_AT_START}(?P<label>{{views}})\s*:?\s*(?P<count>\d[\d.,]*)"
        rf"|(?P<before>\d[\d.,]*)\s+(?P<behind>{{views}})(?!\w)"
    ),
}
# "Label: value" as a line of its own; a sentence with a colon is longer.
_LABELLED = re.compile(r"\W{0,3}(?P<label>[^\W\d][^:\d]{1,28}[^\W\d])\s*:\s*(?P<value>\S.{0,78})?\s*")
_UNSEEN = frozenset("script style noscript template textarea select svg head".split())
_MOST_WORDS = 4
_LONGEST_LABEL = 40
_BACK = 3  # pieces of text before a number of the counter in which its label may stand


def printed_labels(document: Document, page: Page) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Return the labels of a parsed page, from what was read of it.

    First those that are known, as they stand there, by what they label; then, of an article, those that no reader
    knows, with the value behind them. The labels of a portal's own file are known within `labels.of_portal`.
    """
    pieces = list(_pieces(document.tree))
    known: dict[str, dict[str, None]] = {name: {} for name in (DATE, BYLINE, VIEWS)}
    others: dict[str, str] = {}
    if page.article is not None:
        for line, is_link in _lines(pieces):
            folded = fold_keep_length(line)
            for name, pattern in _KNOWN.items():
                if (found := pattern.search(folded)) and _is_it(name, found, page.article):
                    start, end = found.span("label" if found["label"] else "behind")
                    known[name][line[start:end]] = None
            if (
                not is_link
                and (labelled := _LABELLED.fullmatch(line))
                and labelled["value"]
                and _is_unknown(labelled["label"], labelled["value"])
            ):
                others.setdefault(labelled["label"], labelled["value"].strip())
    found_labels = {name: tuple(seen) for name, seen in known.items() if seen}
    if page.counter is not None:
        found_labels[COUNTER] = tuple(dict.fromkeys(_of_counter([text for text, _ in pieces], page.counter)))
    return found_labels, others


def _is_it(name: str, found: re.Match[str], article: Article) -> bool:
    """Tell whether a label stands at the value that was read: a counter of the site labels its visits like reads."""
    if name != VIEWS:
        return True
    return article.views is not None and parse_count(found["count"] or found["before"]).value == article.views


def _pieces(root: etree._Element) -> Iterator[tuple[str, bool]]:
    """Give the pieces of text of a page in reading order, and whether each is within a link."""
    links = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element.tag in _UNSEEN:
            walk.skip_subtree()
            continue
        links += (event == "start") - (event == "end") if element.tag == "a" else 0
        text = " ".join(((element.text if event == "start" else element.tail) or "").split())
        if text:
            yield nfc(text), links > 0


def _lines(pieces: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Give each piece of text, and whether it is a link; with the next where it ends as a label does."""
    for index, (text, is_link) in enumerate(pieces):
        follows = text.endswith(":") and len(text) <= _LONGEST_LABEL and index + 1 < len(pieces)
        yield f"{text} {pieces[index + 1][0]}" if follows else text, is_link


def _is_unknown(label: str, value: str) -> bool:
    if value.startswith("//"):  # an address
        return False
    return len(label.split()) <= _MOST_WORDS and fold(" ".join(label.split())) not in _all_labels()


def _all_labels() -> frozenset[str]:
    return labels.folded(*labels.groups())


def _of_counter(texts: Sequence[str], counter: Counter) -> Iterator[str]:
    """Give the text before each printed number of a counter, in its own piece of text or in one shortly before."""
    places: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        for printed in counter.printed.values():
            if printed and printed in text:
                places.setdefault(printed, []).append(index)
    for name, printed in counter.printed.items():
        group = labels.folded(
            *(g for g in labels.groups() if g.startswith("counter.") and g.endswith(f".{name}"))
        )
        for index in places.get(printed, ()):
            before = [texts[index].partition(printed)[0], *reversed(texts[max(index - _BACK, 0) : index])]
            told = [one.strip(" :.|\t\n-–") for one in before if any(map(str.isalpha, one))]
            if label := next((one for one in told if _is_of(one, group)), None):
                yield label
                break


def _is_of(text: str, group: frozenset[str]) -> bool:
    """Tell whether a text is a label of a group: «Tháng 10» is one of «Tháng», «Truy cập hôm nay» of «Hôm nay»."""
    folded = " ".join(fold(text).rstrip(" 0123456789").split())
    return len(folded) <= _LONGEST_LABEL and any(
        folded == label or folded.endswith(f" {label}") for label in group
    )
