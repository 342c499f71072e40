"""What went wrong when no response came, in a word that stays the same and a sentence for people."""

from __future__ import annotations

import re

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from crawler.network.guards import Guarded
from crawler.network.tls import TLS, WEAK
from crawler.network.traps import TRAP
from portal_archive.model.page import Problem

REFUSED = "refused"
ERROR = "error"
ROBOTS = "Forbidden by robots.txt"
ROBOTS_PROBLEM = "robots"
# A `crawler.network.tls.CertificateRefused` in the words that the downloader's errors make of it.
_CERTIFICATE = re.compile(r"CertificateRefused: (?P<kind>tls[\w-]*): (?P<reason>[^>]+)")
# What OpenSSL says of a handshake that its security level forbids.
_WEAK = ("too small", "too weak", "unsafe legacy")

_PROBLEMS: tuple[tuple[type[Exception], str], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "connection-refused"),
    (DownloadTimeoutError, "timeout"),
    (ResponseDataLossError, "cut-short"),
    (DownloadFailedError, "connection"),
)


def describe(error: BaseException, url: str) -> tuple[str, list[Problem]]:
    """Return the kind of the visit and the problem for an error of the downloader; a trap is left without one.

    The kind is "refused" where asking again soon is pointless (robots.txt, too large, redirects without an
    end, an address where no crawl may go), else "error". The problem's detail names the URL.
    """
    if isinstance(error, Guarded):
        return REFUSED, [error.problem]
    if isinstance(error, IgnoreRequest):
        if str(error) == TRAP:
            return REFUSED, []
        if str(error) == ROBOTS:
            return REFUSED, [Problem(ROBOTS_PROBLEM, f"{url} is not for crawlers, says robots.txt")]
        if "decompress" in str(error):
            return REFUSED, [Problem("too-large", f"{url} unpacks to more than is read")]
        return REFUSED, [Problem("redirects", f"{url}: {error}"[:200])]
    if isinstance(error, DownloadCancelledError):
        return REFUSED, [Problem("too-large", f"{url} is larger than is read")]
    reason = f"{type(error).__name__}: {error}"
    kind = next((kind for known, kind in _PROBLEMS if isinstance(error, known)), "unreadable")
    if isinstance(error, DownloadFailedError):
        if refused := _CERTIFICATE.search(reason):
            return ERROR, [Problem(refused["kind"], f"{url}: {refused['reason']}"[:200])]
        if any(word in reason for word in _WEAK):
            kind = WEAK
        elif any(word in reason.lower() for word in ("certificate", "tls", "ssl")):
            kind = TLS
    return ERROR, [Problem(kind, f"{url}: {reason}"[:200])]
