"""What printed and written dates have in common: Vietnam's time, the years that can be, ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from portal_archive.model.kinds import Precision, ProblemKind
from portal_archive.model.page import Moment, Problem

VIETNAM = timezone(timedelta(hours=7))
OLDEST = 1997  # Vietnam went online in November 1997
NEWEST = 2100

ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2}(?P<seconds>:\d{2})?)(?:[.,]\d+)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)
_ZONES = {"UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "PST": -8, "PDT": -7}


def problem(kind: str, seen: str) -> Problem:
    """Return a problem of the date of publication."""
    return Problem(kind, seen[:100], "published_at")


def stamp(moment: datetime, precision: Precision) -> Moment:
    """Return an aware datetime as a record of the model."""
    return Moment(moment.isoformat(timespec="seconds"), precision)


def out_of_range(moment: datetime, not_after: datetime | None) -> Problem | None:
    """Say what is wrong with a moment no article can have; a day's grace after the visit covers zones."""
    if moment.year < OLDEST:
        return problem(ProblemKind.DATE_TOO_OLD, moment.date().isoformat())
    if moment.year > NEWEST or (not_after is not None and moment > not_after + timedelta(days=1)):
        return problem(ProblemKind.DATE_FUTURE, moment.date().isoformat())
    return None


def from_iso(match: re.Match[str], not_after: datetime | None) -> tuple[Moment | None, Problem | None]:
    """Read a match of `ISO`, or of a pattern with its groups, in Vietnam's time unless it names a zone.

    Midnight to the second in Vietnam's time is a day: a database's date without a time. Raises ValueError for
    an impossible date.
    """
    zone = (match["zone"] or "").upper()
    if zone[:1] in ("+", "-"):
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].lstrip(":") or 0))
        offset = -offset if zone[0] == "-" else offset
    else:
        offset = timedelta(hours=_ZONES.get(zone, 7))  # "ICT" is Vietnam's
    local = datetime.fromisoformat(f"{match['date']}T{match['time'] or '00:00'}")
    precision = Precision.SECOND if match["seconds"] else Precision.MINUTE if match["time"] else Precision.DAY
    return in_vietnam(local.replace(tzinfo=timezone(offset)), precision, not_after)


def in_vietnam(
    moment: datetime, precision: Precision, not_after: datetime | None
) -> tuple[Moment | None, Problem | None]:
    """Return a moment in Vietnam's time (which a naive one is taken to be in), or why it cannot be one."""
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(VIETNAM)
    if wrong := out_of_range(moment, not_after):
        return None, wrong
    if precision is Precision.SECOND and (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        precision = Precision.DAY
    return stamp(moment, precision), None


def from_epoch(seconds: int) -> datetime:
    """Return the moment of a Unix time. Raises ValueError or OverflowError for one out of range."""
    return datetime.fromtimestamp(seconds, UTC)
