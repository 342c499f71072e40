"""How long a portal asks us to stay away."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from portal_archive.reading.labels import WAIT_SECONDS
from portal_archive.vietnamese.folding import fold

# A date that no calendar reaches.
_FOREVER = 1e9


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a `Retry-After` header asks for (RFC 9110, 10.2.3: seconds or an HTTP date).

    `now` is an aware datetime. None when the header is missing or says nothing that can be understood.
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except OverflowError:
        return _FOREVER
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def stated_wait(text: str) -> float | None:
    """Return the seconds that a flood page asks for ("Hãy đợi 60 giây" is 60), None if it names none."""
    found = WAIT_SECONDS.search(fold(text))
    return float(found[1]) if found else None
