"""Cloaking: a portal that shows a search engine another page than its readers."""

from __future__ import annotations

from portal_archive.integrity.finding import CLOAKING, finding
from portal_archive.integrity.words import NAMES, SELLS
from portal_archive.model.page import Finding, Page
from portal_archive.vietnamese.folding import fold_keep_length as fold

_SHINGLE = 4  # words
_ALIKE = 0.5  # share of the text that must be the same


def differs(page_seen: Page, page_for_search_engine: Page) -> Finding | None:
    """Compare a page as readers get it with the same address asked for as a search engine.

    Returns a finding about the second page's title (field "title") or its first words that the first does not
    have (field "body"), or None where both say the same. Counters, clocks and menus do not count: only titles and
    texts of articles are compared.
    """
    seen, shown = page_seen.article, page_for_search_engine.article
    if shown is None:
        return None
    text = shown.body or shown.title or ""
    if seen is None:
        return _finding(0.6, text, "body" if shown.body else "title", 0, min(len(text), 80))
    known = set(_shingles(" ".join(filter(None, (seen.title, seen.summary, seen.body)))))
    other = _shingles(" ".join(filter(None, (shown.title, shown.summary, shown.body))))
    share = sum(shingle in known for shingle in other) / len(other) if other else 1.0
    if share >= _ALIKE:
        for field in ("title", "body"):
            value = getattr(shown, field) or ""
            folded = fold(value)
            for start, end in SELLS.spans(folded) + NAMES.spans(folded):
                if folded[start:end] not in fold(getattr(seen, field) or ""):
                    return _finding(0.9, value, field, start, end)
        return None
    sells = SELLS.within(fold(text)) or NAMES.within(fold(text))
    return _finding(0.95 if sells else 0.7, text, "body" if shown.body else "title", 0, min(len(text), 80))


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = fold(text).split()
    return list(zip(*(words[offset:] for offset in range(_SHINGLE)), strict=False))


def _finding(score: float, text: str, field: str, start: int, end: int) -> Finding:
    return finding(
        CLOAKING, score, text, field, start, end,
        "A search engine is shown another text than readers are.",
        "Máy tìm kiếm được cho xem nội dung khác với người đọc.",
    )  # fmt: skip
