"""What a page is before any article is looked for: an answer, a refusal, or nothing."""

from __future__ import annotations

import re

from portal_archive.model.kinds import Outcome
from portal_archive.reading import labels
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.text import clean
from portal_archive.vietnamese.folding import fold

_GONE_STATUS = frozenset((404, 410))
_BLOCKED_STATUS = frozenset((401, 403, 407, 429, 451))
# Cookie walls of some gov.vn hosts: a few hundred bytes of script that set a cookie and load the page again.
_COOKIE_STUB = re.compile(r"document\.cookie\s*=.{0,200}(?:location\.(?:reload|href)|location\s*=)", re.S)
_CAPTCHA_TITLE = re.compile(r"captcha|robot|cloudflare|ddos", re.I)
_CAPTCHA = re.compile(r"captcha|cf-challenge")
_BARE_404 = re.compile(r"^\W*(?:error\s*|loi\s*)?404\b")
RIDDLE = 300  # characters around a captcha
NOTICE = 600  # characters of a notice of maintenance, all of its page
SHORT = 1500  # characters of visible text: a refusal or an error page says little more


def early_kind(document: Document) -> Outcome | None:
    """Return the kind where status or text settle it; None for a page to be read further.

    That is GONE, BLOCKED and SOFT_404, and OTHER for redirects and failures of the server.
    """
    source = document.source
    if not source and document.status == 200:
        # Nothing, or a file: no word of the article, also not that it is gone.
        return Outcome.OTHER
    if document.status in _GONE_STATUS:
        return Outcome.GONE
    if 300 <= document.status < 400:
        return Outcome.OTHER
    if len(source) < 2000 and _COOKIE_STUB.search(source):
        return Outcome.BLOCKED
    if document.status in _BLOCKED_STATUS:
        return Outcome.BLOCKED
    if document.status >= 500:
        return Outcome.BLOCKED if labels.BLOCKED.search(fold(document.head_title() or "")) else Outcome.OTHER
    title = document.head_title() or ""
    folded_title = fold(title)
    # An article may be about robots: a refusal is short.
    refused = bool(labels.BLOCKED.search(folded_title) or _CAPTCHA_TITLE.search(title))
    missing = bool(_BARE_404.match(folded_title) or labels.MISSING.search(folded_title))
    if not (missing or refused) and len(source) > 40_000:
        return None
    text = _visible(document)
    if len(text) > SHORT:
        return Outcome.SOFT_404 if missing else None
    folded = fold(text)
    if missing or labels.MISSING.search(folded):
        return Outcome.SOFT_404
    if refused or labels.BLOCKED.search(folded):
        return Outcome.BLOCKED
    if is_maintenance(folded):
        return Outcome.BLOCKED
    # Beside a form to be filled in there is more on a page than the riddle.
    if len(text) < RIDDLE and ("g-recaptcha" in source or "cf-challenge" in source):
        return Outcome.BLOCKED
    return None


def is_maintenance(folded: str) -> bool:
    """Tell whether a page says little else than that somebody works on the site; an article on it says more."""
    return len(folded) <= NOTICE and bool(labels.MAINTENANCE.search(folded))


def says_missing(lines: list[str]) -> bool:
    """Tell whether one of these short lines says that the article does not exist."""
    return any(len(line) <= 200 and labels.MISSING.search(fold(line)) for line in lines)


def _visible(document: Document) -> str:
    """Return the text of a page, or rather more than `SHORT` characters of it."""
    body = document.tree.find("body")
    parts: list[str] = []
    length = 0
    for element in document.tree.iter() if body is None else body.iter():
        own = isinstance(element.tag, str) and element.tag not in ("script", "style", "noscript")
        for text in (element.text if own else None, element.tail):
            if text and (shown := text.strip()):
                parts.append(shown)
                length += len(shown)
        if length > 2 * SHORT:
            break
    return clean(" ".join(parts)) or ""


def refusal(source: str, status: int) -> str:
    """Return how a BLOCKED page refuses: "cookie-wall", "flood", "captcha", "maintenance", "http-403", "refusal"."""
    if len(source) < 2000 and _COOKIE_STUB.search(source):
        return "cookie-wall"
    text = fold(source[:40_000])
    if status == 429 or "flood" in text or labels.WAIT_SECONDS.search(text):
        return "flood"
    if _CAPTCHA.search(text):
        return "captcha"
    if status < 400 and labels.MAINTENANCE.search(text):
        return "maintenance"
    return f"http-{status}" if status >= 400 else "refusal"
