"""Counts as Vietnamese portals print them: read counts, ratings, visitor counters.

One portal prints "5.087", "11410" and "12,846,926" (NukeViet's article page, list and counter block). Dot,
comma and space all separate thousands; no count has a fraction: "5.087" is 5087, and "12.3" is no count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal_archive.reading import labels
from portal_archive.vietnamese.folding import fold, fold_keep_length, nfc

# No portal has had more visits than this; a larger number is a fault of the page.
MAX_COUNT = 10**12

# "0.123" is a fraction, "000.123" a padded counter.
_GROUPED = re.compile(r"(?:[1-9][0-9]{0,2}|0[0-9]{2})([., \u00a0\u2009\u202f])[0-9]{3}(?:\1[0-9]{3})*")
_NUMBER = r"[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?![0-9])|[0-9](?:[.,]?[0-9])*"
# What turns the number before it into something else than a count: "3.5K", "1,2 triệu", "25°C".
_SCALE = r"(?:[km]\b|tr\b|trieu\b|nghin\b|ngan\b|ty\b|ti\b|%|°|º|℃)"
NUMBER = re.compile(f"(?:{_NUMBER})(?:\\s*{_SCALE})?", re.I)
NO_VALUE = re.compile(r"[-–—]+|\.{2,}|…|n/a\b|null\b|undefined\b", re.I)

_VALUE = rf"(?P<value>(?:{NUMBER.pattern})(?:/[0-9])?|{NO_VALUE.pattern})?"
_VIEWS = labels.LabelPattern(rf"(?<!\w)(?P<label>{{views}})(?!\w)\s*(?P<colon>:?)\s*{_VALUE}")
# A number in front of the label, and not part of a date or a time.
_BEFORE = rf"(?:^|[^\d:/.,-])(?P<value>{_NUMBER})\s+"
_NUMBER_BEFORE = re.compile(rf"{_BEFORE}$")
_DATE_LINE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}:\d{2}")
_COMMENTS_BEHIND = labels.LabelPattern(rf"{_BEFORE}{{comments.noun}}(?!\w)")
_COMMENTS = labels.LabelPattern(rf"(?<!\w){{comments}}\s*(?::\s*|\(\s*|\s+)(?P<value>{_NUMBER})(?![\d/:])")
_COMMENT_NOUN = labels.LabelPattern(r"{comments.noun}")
# NukeViet's theme for offices prints only figures behind the date: reads, then comments.
_BARE_PAIR = re.compile(rf"^\s+(?P<views>{_NUMBER})\s+(?P<comments>\d{{1,4}})\s*$")
_OF_THE_SITE = re.compile(r"(?:tong(?: so)?|so|tat ca|trung binh)\s+$")
_RATING = labels.LabelPattern(rf"{{rating}}\s*:?\s*({_NUMBER})\s+trong\s+({_NUMBER})\s+danh\s+gia")


@dataclass(frozen=True, slots=True)
class Count:
    """A printed count.

    `printed` is the text as the page shows it. Where it gives no number, `value` is None and `reason` says
    why: "script" (nothing is printed), "unavailable" (a dash or the like), "not-a-count" (a fraction, a unit,
    words) or "impossible" (more than `MAX_COUNT`).
    """

    value: int | None
    printed: str
    reason: str | None = None


def parse_count(text: str) -> Count:
    """Read `text`, all of it, as one count. Never raises."""
    printed = text.strip()
    if not printed:
        return Count(None, "", "script")
    if NO_VALUE.fullmatch(printed):
        return Count(None, printed, "unavailable")
    digits = re.sub(r"\D", "", printed)
    if not (printed.isascii() and printed.isdigit()) and not _GROUPED.fullmatch(printed):
        return Count(None, printed, "not-a-count")
    significant = digits.lstrip("0")
    # The length first: Python refuses to convert thousands of digits.
    if len(significant) > len(str(MAX_COUNT)) or int(significant or "0") > MAX_COUNT:
        return Count(None, printed, "impossible")
    return Count(int(significant or "0"), printed)


def find_views(text: str) -> Count | None:
    """Find the read count of an article in a line of its meta data; None where the line has no such label.

    The number stands behind the label ("Lượt đọc: 2923", "View count: 1549") or in front of it ("3209 lượt
    xem 1 Comment"). The label must be the article's own: the same words after "Tổng" belong to the site, and
    within a sentence to nobody.
    """
    line = nfc(text)
    folded = fold_keep_length(line)
    for found in _VIEWS.finditer(folded):
        if _OF_THE_SITE.search(folded, max(0, found.start() - 20), found.start()):
            continue
        if not found["colon"] and (number := _in_front(line, folded, found)):
            return parse_count(number)
        if found["value"]:
            return parse_count(line[slice(*found.span("value"))])
        if found["colon"] or found[0] == folded.strip():
            return parse_count("")
    return None


def _in_front(line: str, folded: str, label: re.Match[str]) -> str | None:
    """Return the number right before a label, unless both stand in a sentence."""
    start = max(0, label.start() - 40)
    number = _NUMBER_BEFORE.search(folded[start : label.start()])
    behind = folded[label.end("label") :].lstrip()
    if number is None or (behind[:1].isalpha() and not _COMMENT_NOUN.match(behind)):
        return None
    place = start + number.start("value")
    before = line[:place].rstrip()
    if before.endswith(":"):
        return None  # the value of another label
    if before[-1:].isalpha() and not behind.startswith(tuple("|·•/")) and not _is_meta(before, behind):
        return None
    return line[place : start + number.end("value")]


def _is_meta(before: str, behind: str) -> bool:
    """Tell from what stands around a number and its label whether they are of a line of fields, not a sentence."""
    if _COMMENT_NOUN.search(behind[:30]) or not before.rsplit(" ", 1)[-1].islower():
        return True
    folded = fold_keep_length(before)
    names = labels.folded("byline.account", "byline.pen")
    return _DATE_LINE.search(folded) is not None or any(folded.endswith(name) for name in names)


def find_comments(text: str) -> Count | None:
    """Find the number of comments in a line of meta data: "Phản hồi: 0", "Bình luận (3)", "1 Comment"."""
    line = nfc(text)
    folded = fold_keep_length(line)
    found = _COMMENTS.search(folded) or _COMMENTS_BEHIND.search(folded)
    return parse_count(line[slice(*found.span("value"))]) if found else None


def bare_counts(text: str) -> tuple[Count, Count] | None:
    """Read what stands behind the date of a line when it is two figures alone: reads and comments."""
    if not (found := _BARE_PAIR.match(text)):
        return None
    return parse_count(found["views"]), parse_count(found["comments"])


def find_rating(text: str) -> dict[str, int] | None:
    """Find "Tổng số điểm của bài viết là: 120 trong 29 đánh giá" as ``{"points": 120, "votes": 29}``."""
    if not (found := _RATING.search(fold(text))):
        return None
    points, votes = (parse_count(printed).value for printed in found.groups())
    return None if points is None or votes is None else {"points": points, "votes": votes}
