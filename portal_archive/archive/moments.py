"""Moments as the archive writes them: ISO 8601 in UTC, to the second, ending in Z.

Such text sorts as time does, so SQLite compares moments without parsing them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


def to_text(moment: datetime) -> str:
    """Return an aware datetime as ``2026-11-22T05:31:28Z``; fractions of a second are dropped.

    Raises ValueError for a datetime without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a moment of the archive needs a time zone: {moment.isoformat()}")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text: str) -> datetime:
    """Return the aware UTC datetime that `to_text` wrote as `text`."""
    return datetime.fromisoformat(text).astimezone(UTC)


def epoch(text: str) -> int:
    """Return the Unix time in seconds of a moment or a printed date; without a time zone it is Vietnam's."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=VIETNAM)
    return int(moment.timestamp())
