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
from crawler.network.headers import TOO_LARGE as HEADERS_TOO_LARGE
from crawler.network.traps import TRAP
from portal_archive.model.kinds import Outcome, ProblemKind
from portal_archive.model.page import Problem

ROBOTS = "Forbidden by robots.txt"
# A `crawler.network.tls.CertificateRefused` in the words that the downloader's errors make of it.
_CERTIFICATE = re.compile(r"CertificateRefused: (?P<kind>tls[\w-]*): (?P<reason>[^>]+)")
# What OpenSSL says of a handshake that its security level forbids.
_WEAK = ("too small", "too weak", "unsafe legacy")

_PROBLEMS: tuple[tuple[type[Exception], ProblemKind], ...] = (
    (CannotResolveHostError, ProblemKind.DNS),
    (DownloadConnectionRefusedError, ProblemKind.CONNECTION_REFUSED),
    (DownloadTimeoutError, ProblemKind.TIMEOUT),
    (ResponseDataLossError, ProblemKind.CUT_SHORT),
    (DownloadFailedError, ProblemKind.CONNECTION),
)


def describe(error: BaseException, url: str) -> tuple[Outcome, list[Problem]]:
    """Return the kind of the visit and the problem for an error of the downloader; a trap is left without one.

    The kind is "refused" where asking again soon is pointless (robots.txt, too large, redirects without an
    end, an address where no crawl may go), else "error". The problem's detail names the URL.
    """
    if isinstance(error, Guarded):
        return Outcome.REFUSED, [error.problem]
    if isinstance(error, IgnoreRequest):
        if str(error) == TRAP:
            return Outcome.REFUSED, []
        if str(error) == ROBOTS:
            return Outcome.REFUSED, [
                Problem(ProblemKind.ROBOTS, f"{url} is not for crawlers, says robots.txt")
            ]
        if "decompress" in str(error):
            return Outcome.REFUSED, [Problem(ProblemKind.TOO_LARGE, f"{url} unpacks to more than is read")]
        return Outcome.REFUSED, [Problem(ProblemKind.REDIRECTS, f"{url}: {error}"[:200])]
    if HEADERS_TOO_LARGE in str(error):
        return Outcome.REFUSED, [Problem(ProblemKind.TOO_LARGE, f"{url} has more headers than are read")]
    if isinstance(error, DownloadCancelledError):
        return Outcome.REFUSED, [Problem(ProblemKind.TOO_LARGE, f"{url} is larger than is read")]
    reason = f"{type(error).__name__}: {error}"
    kind = next((kind for known, kind in _PROBLEMS if isinstance(error, known)), ProblemKind.UNREADABLE)
    if isinstance(error, DownloadFailedError):
        if refused := _CERTIFICATE.search(reason):
            return Outcome.ERROR, [Problem(refused["kind"], f"{url}: {refused['reason']}"[:200])]
        if any(word in reason for word in _WEAK):
            kind = ProblemKind.TLS_WEAK
        elif any(word in reason.lower() for word in ("certificate", "tls", "ssl")):
            kind = ProblemKind.TLS
    return Outcome.ERROR, [Problem(kind, f"{url}: {reason}"[:200])]
