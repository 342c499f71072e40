"""Telling people what is new of their watches, each once.

Whom a watch is told to stands in the environment, in the form of Apprise with blanks between the addresses:
`ARCHIVE_WATCH_URLS`, else `ARCHIVE_NOTIFY_URLS`; `ARCHIVE_WATCH_URLS_DESK` for watches with `to = "desk"`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawler.notify import NOTIFY_URLS, Event, Notifier
from portal_archive.archive.archive import Archive
from portal_archive.archive.events import query
from portal_archive.archive.watches import digest, found, memory
from portal_archive.archive.watches.declared import Watch
from portal_archive.archive.watches.found import News
from portal_archive.archive.watches.memory import Progress
from portal_archive.model.errors import WatchError

WATCH_URLS = "ARCHIVE_WATCH_URLS"
# Where the reading room is, for links.
ADDRESS = "ARCHIVE_ADDRESS"
# The recipient of a dry run where nobody is set up.
NOBODY = "nobody"
# What begins the line of a recipient that did not take its message.
NOT_TOLD = "! "
# So many are told in words; of the others, how many there are.
_MOST = 30


@dataclass(slots=True)
class Digest:
    """What one recipient is told in one language: the news of its watches."""

    way: str
    language: str
    notifier: Notifier | None
    newest: int  # the highest number of an article that was looked at
    news: list[News] = field(default_factory=list)

    def event(self, address: str) -> Event | None:
        """Return the message; None where nothing is new."""
        new = [one for one in self.news if one.all_ids]
        if not new:
            return None
        return Event(digest.title(new, self.language), digest.body(new, self.language, address))


def recipients(watch: Watch, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the addresses that are told of a watch; none where nobody is set up."""
    if watch.to:
        return environ.get(variable(watch), "").split()
    return (environ.get(WATCH_URLS) or environ.get(NOTIFY_URLS, "")).split()


def variable(watch: Watch) -> str:
    """Return the name of the variable in which the recipients of a watch stand."""
    name = re.sub(r"\W", "_", watch.to.upper(), flags=re.ASCII)
    return f"{WATCH_URLS}_{name}" if name else WATCH_URLS


def digests(
    archive: Archive, watches: Sequence[Watch], now: datetime, environ: Mapping[str, str], *, dry_run: bool
) -> list[Digest]:
    """Return what each recipient is to be told. Raises WatchError, and for a watch of nobody unless `dry_run`."""
    db = archive.db.conn
    newest = memory.newest_article(db)
    asked: list[tuple[Watch, Progress, Notifier | None]] = []
    notifiers: dict[str, Notifier] = {}
    for watch in watches:
        found.check(db, watch)
        told = recipients(watch, environ)
        if not told and not dry_run:
            raise WatchError(
                f"watch {watch.name!r}: nobody is told: set {variable(watch)} in the environment"
            )
        for url in told or [""]:
            if url and url not in notifiers:
                notifiers[url] = Notifier(url)
            notifier = notifiers.get(url)
            way = notifier.name if notifier else NOBODY
            asked.append((watch, memory.progress(db, watch.name, way, now, watch.since), notifier))
    # Going through a year of events takes seconds: it is done once for all.
    events = query.seen_since(db, min((one.events_since for _, one, _ in asked), default=""))
    made: dict[tuple[str, str], Digest] = {}
    for watch, progress, notifier in asked:
        key = (progress.way, watch.language)
        one = made.setdefault(key, Digest(progress.way, watch.language, notifier, newest))
        one.news.append(found.news(db, events, watch, progress, newest, _MOST))
    return list(made.values())


def send(
    archive: Archive, made: Iterable[Digest], now: datetime, environ: Mapping[str, str] = os.environ
) -> Iterator[str]:
    """Send what there is to send, and remember it; gives a line for each recipient. Raises ArchiveError.

    What a recipient did not take is told by the next run; its line begins with `NOT_TOLD`.
    """
    # What could not be remembered would be told again and again.
    memory.remember(archive, (), 0, now)
    address = environ.get(ADDRESS, "").rstrip("/")
    for one in made:
        event = one.event(address)
        if event is not None and one.notifier is not None and (why := one.notifier.send(event)) is not None:
            yield f"{NOT_TOLD}{one.way}: not told, which the next run tries again: {why}"
            continue
        memory.remember(archive, ((news.progress, news.all_ids) for news in one.news), one.newest, now)
        if event is not None:
            yield f"{one.way}: {event.title}"
