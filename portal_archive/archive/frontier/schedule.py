"""When a page is looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta

# Days after which an article is looked at again, counted from the day it was first seen or last changed.
# After the last, again and again at that distance.
REVISIT_DAYS = (1, 3, 7, 14, 30, 90, 180, 365)
# The same for what seldom gives anything new: list pages behind the first, pages that are no articles, pages
# that are gone or moved. Counted from the day they were found (to be so).
SELDOM_DAYS = (7, 30, 90, 180, 365)
# How long a page that failed rests: after the first failure, the second ... and every one after the last.
RETRY_AFTER = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)
# A start page, through which all news comes, is never left alone for longer than this.
START_RETRY_AFTER = timedelta(days=1)
# A page that was found missing is looked at again to confirm it.
CONFIRM_AFTER = timedelta(days=1)
# A daily crawl that takes hours meets a page up to this much earlier than a whole number of days later.
EARLY = timedelta(hours=6)


def again(
    since: datetime, visited: datetime, started: datetime, days: tuple[int, ...] = REVISIT_DAYS
) -> datetime:
    """Return when a page visited at `visited`, in a crawl begun at `started`, is due again.

    That is after the next of `days`, counted from `since`. The time into the crawl (at most `EARLY`) is taken
    off, so that crawls begun a day apart meet it a day apart; the result is always later than `started`.
    """
    offset = min(max(visited - started, timedelta()), EARLY)
    for count in days:
        if since + timedelta(days=count) > visited + EARLY:
            return since + timedelta(days=count) - offset
    beyond = timedelta(days=days[-1])
    rounds = (visited + EARLY - since) // beyond + 1
    return since + rounds * beyond - offset


def retry(failures: int, visited: datetime) -> datetime:
    """Return when a page is tried again that failed at `visited`, for the `failures`-th time in a row."""
    return visited + RETRY_AFTER[min(failures, len(RETRY_AFTER)) - 1]


def next_crawl(visited: datetime, started: datetime) -> datetime:
    """Return when a page of every crawl is due: after the crawl it was visited in, before the next."""
    return max(visited, started + timedelta(seconds=1))
