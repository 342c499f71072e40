"""Telling people: a heartbeat for each run of a job, and one message for each change of a portal's state or a job's.

Where to, and with which secrets, stands in the environment and nowhere else (see docs/operations.md). What goes
wrong here is logged without address or secret, stops nothing, and is told by the next run.

`tell(archive)` at the end of a crawl; what jobs say of themselves is said by `crawler/jobs.py`.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from http.client import HTTPException
from threading import Thread
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

from portal_archive.archive.archive import Archive
from portal_archive.archive.health.notices import ChangeOfState, mark_sent, pending
from portal_archive.model.errors import ArchiveError

logger = logging.getLogger(__name__)

# With {job} in it, every job asks it under its name; without, the crawl of all portals alone.
HEARTBEAT_URL = "ARCHIVE_HEARTBEAT_URL"
_JOB = "{job}"
_JOB_WITHOUT_NAME = "crawl-all"
# Addresses in the form of Apprise with blanks between: mailtos://..., tgram://..., slack://..., json://...
NOTIFY_URLS = "ARCHIVE_NOTIFY_URLS"

# Seconds before each attempt at a heartbeat, and for all of them: it must not keep a crawl waiting.
_PAUSES = (0.0, 2.0, 5.0)
_SECONDS = 10.0
_HEARTBEAT_SECONDS = 30.0
_TROUBLE = (OSError, HTTPException, ValueError)


class Beat(Enum):
    """What a heartbeat says; the value is put behind its address, as healthchecks services expect."""

    START = "/start"
    SUCCESS = ""
    FAILURE = "/fail"


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody is told: a line and a text."""

    title: str
    text: str


class Notifier:
    """One address that is told of events. `name` says which, without its secrets."""

    def __init__(self, url: str) -> None:
        self.is_broken = False
        scheme = url.partition("://")[0].lower()
        known = scheme.isalnum() and len(scheme) <= 20 and scheme != url.lower()
        self.name = f"{scheme if known else 'unknown'}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
        with warnings.catch_warnings():
            # Of its hundred services, which it imports now, some use what Python is going to drop.
            warnings.simplefilter("ignore", DeprecationWarning)
            # Imported here: it takes a while, and most runs have nothing to tell.
            import apprise

            # They print what they do and cannot do, addresses and all.
            for name in ("apprise", "urllib3", "requests_oauthlib"):
                logging.getLogger(name).setLevel(logging.CRITICAL)
            self._service = apprise.Apprise()
            self._is_known = bool(self._service.add(url))
            for server in self._service:
                # Telegram and the like refuse what is longer than they take: it comes in parts, unless the address
                # says what else is to become of it.
                is_short = server.body_maxlen < apprise.NotifyBase.body_maxlen
                if is_short and server.overflow_mode == apprise.OverflowMode.UPSTREAM:
                    server.overflow_mode = apprise.OverflowMode.SPLIT

    def send(self, event: Event) -> str | None:
        """Tell of an event; returns None when it was taken, else in a word why not."""
        if not self._is_known:
            return "its address is wrong"
        try:
            taken = self._service.notify(title=event.title, body=event.text)
        except Exception as error:  # a hundred services, each with libraries of its own
            return type(error).__name__
        return None if taken else "it was not taken"


def notifiers(environ: Mapping[str, str] = os.environ) -> list[Notifier]:
    """Return who is told, as the environment says."""
    return [Notifier(url) for url in dict.fromkeys(environ.get(NOTIFY_URLS, "").split())]


def heartbeat(job: str, beat: Beat, log: str = "", environ: Mapping[str, str] = os.environ) -> None:
    """Say that a job begins, went well or failed, to the address in `ARCHIVE_HEARTBEAT_URL` if it is for that job.

    `log` is sent along as the body. Tried a few times, and for `_HEARTBEAT_SECONDS` in all.
    """
    url = environ.get(HEARTBEAT_URL, "").strip()
    if not url or (_JOB not in url and job != _JOB_WITHOUT_NAME):
        return
    said = [f"no answer within {_HEARTBEAT_SECONDS:g} s"]
    asking = Thread(target=_beat, args=(url.replace(_JOB, job), beat, log, said), daemon=True)
    asking.start()
    asking.join(_HEARTBEAT_SECONDS)
    if said:
        logger.warning("The heartbeat (%s) was not heard: %s", beat.name.lower(), said[-1])


def _beat(url: str, beat: Beat, log: str, said: list[str]) -> None:
    """Ask until it is heard; `said` is emptied then, else its last line says what went wrong."""
    for pause in _PAUSES:
        time.sleep(pause)
        try:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https"):
                raise ValueError
            at = urlunsplit(parts._replace(path=parts.path.rstrip("/") + beat.value))
            headers = {"User-Agent": "portal-archive", "Content-Type": "text/plain; charset=utf-8"}
            request = Request(at, log.encode() or None, headers)  # noqa: S310 - of the web, see above
            with urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
                response.read(1000)
        except _TROUBLE as error:
            said.append(_in_words(error))
            if isinstance(error, ValueError):
                return
        else:
            said.clear()
            return


def tell(archive: Archive, environ: Mapping[str, str] = os.environ) -> None:
    """Tell every change of state that is not told yet to all that are set up, each once."""
    told_of = notifiers(environ)
    if not told_of:
        return
    names = {notifier.name for notifier in told_of}
    try:
        for change in pending(archive.db.conn):
            told = send_to_all(told_of, event_of(change), change.sent_by, change.portal)
            if told != change.sent_by:
                mark_sent(archive, change, told, datetime.now(UTC), all_sent=told >= names)
    except ArchiveError as error:
        logger.error("%s", error)


def send_to_all(told_of: list[Notifier], event: Event, sent_by: Collection[str], about: str) -> set[str]:
    """Send an event to those that did not take it yet; returns the names of all that have by now.

    One that does not take it is logged, and asked no more in this run.
    """
    told = set(sent_by)
    for notifier in told_of:
        if notifier.name in told or notifier.is_broken:
            continue
        if (why := notifier.send(event)) is None:
            told.add(notifier.name)
        else:
            notifier.is_broken = True
            logger.warning("%s: not told by %s: %s", about, notifier.name, why)
    return told


def event_of(change: ChangeOfState) -> Event:
    """Return what is said of a portal's new state, in both languages."""
    before = f" ({change.before} before)" if change.before else ""
    parts = [
        f"{change.title}\n{change.portal}: {change.state}, since {change.since}",
        change.reason.en,
        change.next_step.en,
        change.reason.vi,
        change.next_step.vi,
        "\n".join(change.examples),
    ]
    title = " ".join(f"[portal-archive] {change.portal}: {change.state}{before}".split())
    return Event(title, "\n\n".join(part for part in parts if part))


def _in_words(error: Exception) -> str:
    """Return what went wrong without what was sent or where to: both may hold a secret."""
    if isinstance(error, HTTPError):
        return f"status {error.code}"
    if isinstance(error, ValueError):
        return "its address is wrong"
    reason = getattr(error, "reason", error)
    kind = type(reason if isinstance(reason, Exception) else error).__name__
    return f"{kind} {reason.strerror}" if isinstance(reason, OSError) and reason.strerror else kind
