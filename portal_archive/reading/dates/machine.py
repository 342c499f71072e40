"""Dates as machines write them: meta tags, attributes, JSON-LD, feeds, sitemaps."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

from portal_archive.model.kinds import Precision
from portal_archive.model.page import Moment
from portal_archive.reading.dates.moments import ISO, from_epoch, from_iso, in_vietnam
from portal_archive.reading.dates.printed import parse_date
from portal_archive.vietnamese.folding import nfc

_LONGEST = 200  # characters
# PHP's date('Y-m-dTH:i:s'), where T is the abbreviation of the zone the time is in.
_ISO_WITH_ABBREVIATION = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?P<zone>[+-]\d{2}|[A-Z]{3,4})(?P<time>\d{2}:\d{2}(?P<seconds>:\d{2}))"
)
# The year of .NET's empty date, 0001, is none.
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2,8},\s*)?\d{1,2}[\s-][A-Z][a-z]{2,8}[\s-](?:\d{2}|(?:19|20)\d{2})\s+\d{1,2}:\d{2}.*"
)
_EPOCH = re.compile(r"(?:/Date\()?(?P<seconds>\d{9,10})(?:\d{3})?(?:\)/)?")


def parse_meta_date(value: str | None, *, not_after: datetime | None = None) -> Moment | None:
    """Read a date from a meta tag, feed, sitemap or attribute.

    ISO 8601 (without a zone: Vietnam's time), RFC 822, seconds or milliseconds since 1970, NukeViet's
    ``2024-01-18+0707:34:05`` and ``2024-01-18EST07:34:05`` (day, abbreviation of the zone, time in that
    zone), and what `parse_date` reads. Midnight to the second in Vietnam's time is a day. None for anything
    else, and for what is before 1997 or after `not_after`.
    """
    value = nfc((value or "")[:_LONGEST]).strip()
    try:
        if iso := _ISO_WITH_ABBREVIATION.fullmatch(value) or ISO.fullmatch(value):
            return from_iso(iso, not_after)[0]
        if epoch := _EPOCH.fullmatch(value):
            return in_vietnam(from_epoch(int(epoch["seconds"])), Precision.SECOND, not_after)[0]
        if _RFC_822.fullmatch(value):
            return in_vietnam(parsedate_to_datetime(value), Precision.SECOND, not_after)[0]
    except (ValueError, OverflowError):
        return None
    human = parse_date(value, not_after=not_after)
    return human.moment if human else None
