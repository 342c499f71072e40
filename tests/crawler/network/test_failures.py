"""Errors of the downloader in words."""

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from crawler.network.failures import describe
from crawler.network.traps import TRAP

URL = "http://portal.example/tin"


@pytest.mark.parametrize(
    ("error", "kind", "problem"),
    [
        (IgnoreRequest("Forbidden by robots.txt"), "refused", "robots"),
        (IgnoreRequest("max redirections reached"), "refused", "redirects"),
        (IgnoreRequest("it exceeded DOWNLOAD_MAXSIZE (5 B) during decompression."), "refused", "too-large"),
        (DownloadCancelledError("larger than download max size"), "refused", "too-large"),
        (CannotResolveHostError("portal.example"), "error", "dns"),
        (DownloadConnectionRefusedError("refused"), "error", "connection-refused"),
        (DownloadTimeoutError("took longer"), "error", "timeout"),
        (ResponseDataLossError("cut"), "error", "cut-short"),
        (DownloadFailedError("connection lost"), "error", "connection"),
        (DownloadFailedError("[SSL] certificate verify failed"), "error", "tls"),
        (OSError("not a gzipped file"), "error", "unreadable"),
    ],
)
def test_describe(error: Exception, kind: str, problem: str) -> None:
    found_kind, (found,) = describe(error, URL)
    assert (found_kind, found.kind) == (kind, problem)
    assert URL in found.detail
    assert len(found.detail) <= 200


def test_a_trap_is_left_without_a_problem() -> None:
    assert describe(IgnoreRequest(TRAP), URL) == ("refused", [])
