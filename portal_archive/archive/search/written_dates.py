"""Days and months as people write them, and all the ways to write the same: 05/5, ngày 5 tháng 5, tháng 5/2024."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

_NUMERIC = re.compile(r"(?P<day>\d{1,2})([/.-])(?P<month>\d{1,2})(?:\2(?P<year>\d{4}|\d\d))?")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([/.-])(?P<month>\d{1,2})\2(?P<day>\d{1,2})")
_MONTH_AND_YEAR = re.compile(r"(?P<month>\d{1,2})[/-](?P<year>\d{4})")
_NUMBER_OF_MONTH = {"giêng": 1, "gieng": 1, "tư": 4, "tu": 4, "chạp": 12, "chap": 12}
_MONTH = r"th[aá]ng\s+(?P<month>\d{1,2}|tư|giêng|chạp)"
_YEAR = r"(?:\s*[/.,-]\s*|,?\s+n[aă]m\s+)(?P<year>\d{4})"
_END = r"(?![\w/-])"
# In a text as it was typed. Months and days alone stand for themselves, but for their digits.
IN_WORDS = re.compile(
    rf"(?<![\w/.-])(?:(?:(?:ng[aà]y|m[uù]ng|m[oồ]ng)\s+)?(?P<day>\d{{1,2}})\s+{_MONTH}(?:{_YEAR})?"
    rf"|(?P<ofday>ng[aà]y)\s+(?P<short>\d{{1,2}}[/.-]\d{{1,2}}){_END}"
    rf"|{_MONTH.replace('month', 'only')}(?:{_YEAR.replace('year', 'its')})?){_END}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A day of any year, a day, a month, or a month of any year."""

    day: int | None
    month: int
    year: int | None

    def spellings(self) -> Iterator[tuple[str, ...]]:
        """Give the ways to write it, in words as the index has them."""
        months = dict.fromkeys((f"{self.month}", f"{self.month:02}"))
        if self.day is None:
            for month in months:
                if self.year:
                    yield from ((*way, f"{self.year}") for way in (("tháng", month), (month,)))
                    yield ("tháng", month, "năm", f"{self.year}")
                else:
                    yield ("tháng", month)
            return
        days = dict.fromkeys((f"{self.day}", f"{self.day:02}"))
        for day, month in product(days, months):
            if self.year:
                yield (day, month, f"{self.year}")
                yield (day, "tháng", month, "năm", f"{self.year}")
            else:
                yield (day, month)
                yield (day, "tháng", month)

    def span(self) -> tuple[date, date] | None:
        """Return the first and the last day that it means; None where it does not say the year."""
        if self.year is None:
            return None
        last = calendar.monthrange(self.year, self.month)[1]
        first = self.day or 1
        return date(self.year, self.month, first), date(self.year, self.month, self.day or last)


def numeric_date(said: str) -> WrittenDate | None:
    """Return the date that a word is: 26/4/2024, 26.04.24, 2024-04-26, 26/4, 4/2024; None for any other word."""
    found = _NUMERIC.fullmatch(said) or _YEAR_FIRST.fullmatch(said)
    if found:
        year = found["year"]
        return _checked(int(found["day"]), int(found["month"]), _full(year) if year else None)
    month = _MONTH_AND_YEAR.fullmatch(said)
    return _checked(None, int(month["month"]), int(month["year"])) if month else None


def date_in_words(found: re.Match[str]) -> WrittenDate | None:
    """Return the date of a match of `IN_WORDS`; None for numbers that are none."""
    if found["ofday"]:
        short = numeric_date(found["short"])
        return WrittenDate(short.day, short.month, None) if short and short.day else None
    month = (found["month"] or found["only"]).lower()
    number = _NUMBER_OF_MONTH.get(month) or int(month)
    year = found["year"] or found["its"]
    day = int(found["day"]) if found["day"] else None
    return _checked(day, number, int(year) if year else None)


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _checked(day: int | None, month: int, year: int | None) -> WrittenDate | None:
    if not 1 <= month <= 12 or (year is not None and not 1900 <= year <= 2100):
        return None
    last = calendar.monthrange(year or 2024, month)[1]
    return WrittenDate(day, month, year) if day is None or 1 <= day <= last else None
