"""The last resort for body text: trafilatura, where our own reading found none. Always marked in `methods`."""

from __future__ import annotations

from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.lines import LONG
from portal_archive.reading.markup.text import clean_block


def trafilatura_body(document: Document) -> str | None:
    """Return the text trafilatura finds, paragraphs separated by a blank line; None when it finds none."""
    import trafilatura  # takes a second to load, and few pages need it

    text = trafilatura.extract(
        document.source,
        url=document.url or None,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
    )
    if not text:
        return None
    paragraphs = [line for part in text.splitlines() if (line := clean_block(part))]
    sentences = sum(len(line) for line in paragraphs if len(line) >= LONG)
    # From a page without a text it gathers menus and headings.
    return "\n\n".join(paragraphs) if 2 * sentences > sum(map(len, paragraphs)) else None
