"""Dates: as portals print them, as machines write them, and which one of a page is its article's."""

from portal_archive.reading.dates.choice import Candidate, is_clock, months_come_first, pick_article_date
from portal_archive.reading.dates.inferred import date_from_url, infer_dateline
from portal_archive.reading.dates.machine import parse_meta_date
from portal_archive.reading.dates.printed import ParsedDate, parse_date

__all__ = [
    "Candidate",
    "ParsedDate",
    "date_from_url",
    "infer_dateline",
    "is_clock",
    "months_come_first",
    "parse_date",
    "parse_meta_date",
    "pick_article_date",
]
