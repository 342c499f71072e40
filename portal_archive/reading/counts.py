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

_AFTER_LABEL = rf"\s*(?P<colon>:?)\s*(?P<value>(?:{NUMBER.pattern})(?:/[0-9])?|{NO_VALUE.pattern})?"
_VIEWS = labels.LabelPattern(rf"(?<!\w)(?P<label>{{views}}){_AFTER_LABEL}")
_VIEWS_AFTER = labels.LabelPattern(rf"\W*(?P<value>{_NUMBER})\s+{{views}}\W*")
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

    The label must be the article's own ("Lượt đọc: 2923", "View count: 1549", "Đã xem: 11410"): the
    same words after "Tổng" belong to the site.
    """
    line = nfc(text)
    folded = fold_keep_length(line)
    if found := _VIEWS_AFTER.fullmatch(folded):
        return parse_count(line[slice(*found.span("value"))])
    for found in _VIEWS.finditer(folded):
        if _OF_THE_SITE.search(folded, 0, found.start()):
            continue
        if found["value"]:
            return parse_count(line[slice(*found.span("value"))])
        if found["colon"] or found[0] == folded.strip():
            return parse_count("")
    return None


def find_rating(text: str) -> dict[str, int] | None:
    """Find "Tổng số điểm của bài viết là: 120 trong 29 đánh giá" as ``{"points": 120, "votes": 29}``."""
    if not (found := _RATING.search(fold(text))):
        return None
    points, votes = (parse_count(printed).value for printed in found.groups())
    return None if points is None or votes is None else {"points": points, "votes": votes}
