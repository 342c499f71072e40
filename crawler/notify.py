"""Telling people: a heartbeat for each run, and one message for each change of a portal's state.

Where to, and with which secrets, stands in the environment and nowhere else (see docs/operations.md). What goes
wrong here is logged without address or secret, stops nothing, and is told by the next run.

`heartbeat(Beat.START)` before a run, `tell(archive)` and `heartbeat(Beat.SUCCESS)` or `Beat.FAILURE` after it.
"""

from __future__ import annotations

import json
import logging
import os
import smtplib
import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import make_msgid
from enum import Enum
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

from portal_archive.archive.archive import Archive
from portal_archive.archive.health.notices import ChangeOfState, mark_sent, pending
from portal_archive.archive.health.words import FINE
from portal_archive.model.errors import ArchiveError

logger = logging.getLogger(__name__)

HEARTBEAT_URL = "ARCHIVE_HEARTBEAT_URL"
WEBHOOK_URL = "ARCHIVE_WEBHOOK_URL"
SMTP_HOST = "ARCHIVE_SMTP_HOST"
SMTP_PORT = "ARCHIVE_SMTP_PORT"
SMTP_SECURITY = "ARCHIVE_SMTP_SECURITY"
SMTP_USER = "ARCHIVE_SMTP_USER"
SMTP_PASSWORD = "ARCHIVE_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
MAIL_FROM = "ARCHIVE_MAIL_FROM"
MAIL_TO = "ARCHIVE_MAIL_TO"

_SECONDS = 15
_STARTTLS, _SSL, _NONE = "starttls", "ssl", "none"
_PORTS = {_STARTTLS: 587, _SSL: 465, _NONE: 25}
_TROUBLE = (OSError, HTTPException, smtplib.SMTPException, ValueError)

Send = Callable[[ChangeOfState], None]


class Beat(Enum):
    """What a heartbeat says; the value is put behind its address, as healthchecks services expect."""

    START = "/start"
    SUCCESS = ""
    FAILURE = "/fail"


def heartbeat(beat: Beat, environ: Mapping[str, str] = os.environ) -> None:
    """Say that a run begins, went well or failed, to the address in `ARCHIVE_HEARTBEAT_URL` if there is one."""
    url = environ.get(HEARTBEAT_URL, "").strip()
    if not url:
        return
    try:
        parts = urlsplit(url)
        at = urlunsplit(parts._replace(path=parts.path.rstrip("/") + beat.value))
        _ask(Request(_of_the_web(at)))  # noqa: S310 - `_of_the_web` has looked at the scheme
    except _TROUBLE as error:
        logger.warning("The heartbeat (%s) was not heard: %s", beat.name.lower(), _in_words(error))


def tell(archive: Archive, environ: Mapping[str, str] = os.environ) -> None:
    """Tell every change of state that is not told yet, by mail and webhook, as far as they are set up."""
    ways = _ways(environ)
    if not ways:
        return
    try:
        changes = pending(archive.db.conn)
        broken: set[str] = set()
        for change in changes:
            told = set(change.sent_by)
            for name, send in ways.items():
                if name in told or name in broken:
                    continue
                try:
                    send(change)
                except _TROUBLE as error:
                    broken.add(name)
                    logger.warning("%s: not told by %s: %s", change.portal, name, _in_words(error))
                    continue
                told.add(name)
            if told != change.sent_by:
                mark_sent(archive, change, told, datetime.now(UTC), all_sent=told >= set(ways))
    except ArchiveError as error:
        logger.error("%s", error)


def _ways(environ: Mapping[str, str]) -> dict[str, Send]:
    """Return the ways that are set up, by name."""
    ways: dict[str, Send] = {}
    if url := environ.get(WEBHOOK_URL, "").strip():
        ways["webhook"] = lambda change: _post(url, change)
    if environ.get(SMTP_HOST, "").strip() and environ.get(MAIL_TO, "").strip():
        ways["mail"] = lambda change: _mail(environ, change)
    return ways


# --- webhook and heartbeat ---------------------------------------------------------------------------------


def _of_the_web(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError
    return url


def _ask(request: Request) -> None:
    request.add_header("User-Agent", "portal-archive")
    with urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
        response.read(1000)


def _post(url: str, change: ChangeOfState) -> None:
    body = json.dumps(message(change), ensure_ascii=False).encode()
    _ask(Request(_of_the_web(url), body, {"Content-Type": "application/json; charset=utf-8"}))  # noqa: S310


def message(change: ChangeOfState) -> dict[str, object]:
    """Return what a webhook is told; `text` is the whole in one, which chat services show."""
    return {
        "text": f"{_subject(change)}\n{_text(change)}",
        "portal": change.portal,
        "title": change.title,
        "state": change.state,
        "before": change.before,
        "needs_person": change.state not in FINE,
        "since": change.since,
        "field": change.field,
        "reason": change.reason.en,
        "reason_vi": change.reason.vi,
        "next_step": change.next_step.en,
        "next_step_vi": change.next_step.vi,
        "examples": change.examples,
    }


# --- mail --------------------------------------------------------------------------------------------------


def _mail(environ: Mapping[str, str], change: ChangeOfState) -> None:
    security = environ.get(SMTP_SECURITY, "").strip().lower() or _STARTTLS
    if security not in _PORTS:
        raise ValueError
    host = environ[SMTP_HOST].strip()
    port = int(environ.get(SMTP_PORT, "").strip() or _PORTS[security])
    recipients = [address.strip() for address in environ[MAIL_TO].split(",") if address.strip()]
    mail = EmailMessage()
    mail["Subject"] = " ".join(f"[portal-archive] {_subject(change)}".split())
    mail["From"] = environ.get(MAIL_FROM, "").strip() or environ.get(SMTP_USER, "").strip() or recipients[0]
    mail["To"] = ", ".join(recipients)
    mail["Message-ID"] = make_msgid(domain="portal-archive.invalid")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_text(change))
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
        if security == _SSL
        else smtplib.SMTP(host, port, timeout=_SECONDS)
    )
    with server:
        if security == _STARTTLS:
            server.starttls(context=context)
        if user := environ.get(SMTP_USER, "").strip():
            server.login(user, environ.get(SMTP_PASSWORD, ""))
        server.send_message(mail)


# --- words -------------------------------------------------------------------------------------------------


def _subject(change: ChangeOfState) -> str:
    before = f" ({change.before} before)" if change.before else ""
    return f"{change.portal}: {change.state}{before}"


def _text(change: ChangeOfState) -> str:
    parts = [
        f"{change.title}\n{change.portal}: {change.state}, since {change.since}",
        change.reason.en,
        change.next_step.en,
        change.reason.vi,
        change.next_step.vi,
        "\n".join(change.examples),
    ]
    return "\n\n".join(part for part in parts if part)


def _in_words(error: Exception) -> str:
    """Return what went wrong without what was sent or where to: both may hold a secret."""
    if isinstance(error, HTTPError):
        return f"status {error.code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    if isinstance(error, ValueError):
        return "its address or settings are wrong"
    reason = getattr(error, "reason", error)
    kind = type(reason if isinstance(reason, Exception) else error).__name__
    return f"{kind} {reason.strerror}" if isinstance(reason, OSError) and reason.strerror else kind
