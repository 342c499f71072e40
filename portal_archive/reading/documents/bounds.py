"""How much of a file is read, and how a reader says that there was more."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import islice

from portal_archive.model.file_text import FilePage
from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import Problem

MAX_PAGES = 500
MAX_CHARACTERS = 2_000_000
# Seconds of processor after which no further page is begun; less than a worker is given.
MAX_SECONDS = 12.0
# What a ZIP, as most formats of today are, may unpack to.
MAX_UNPACKED = 200 * 1024 * 1024


class TooLargeError(Exception):
    """A file that would take more memory than there is."""


class EncryptedError(Exception):
    """A file that opens with a password only."""


class OtherFormatError(Exception):
    """A file of a format whose text is not read."""


def bounded(
    kind: str, texts: Iterable[str], total: int | None = None
) -> tuple[list[FilePage], list[Problem]]:
    """Take pages as far as time, number and length allow, and return them with what was cut.

    `kind` names the format in a problem, `total` is how many pages there are where that is known.
    """
    pages: list[FilePage] = []
    problems: list[Problem] = []
    left = MAX_CHARACTERS
    started = time.process_time()
    of = f" of {total}" if total else ""
    for text in islice(texts, MAX_PAGES):
        pages.append(FilePage(text[:left]))
        left -= len(text)
        if left < 0:
            detail = f"{kind} text cut at {MAX_CHARACTERS} characters"
            problems.append(Problem(ProblemKind.ATTACHMENT_TOO_LONG, detail))
            break
        if time.process_time() - started > MAX_SECONDS:
            detail = f"{kind} read to page {len(pages)}{of}"
            problems.append(Problem(ProblemKind.ATTACHMENT_TOO_SLOW, detail))
            break
    if len(pages) == MAX_PAGES < (total or 0):
        detail = f"{kind} of {total} pages read to page {MAX_PAGES}"
        problems.append(Problem(ProblemKind.ATTACHMENT_TOO_LONG, detail))
    return pages, problems
