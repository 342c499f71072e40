"""A citation ready to be pasted, in Vietnamese or English whatever the language of the page."""

from __future__ import annotations

from portal_archive.model import messages
from portal_archive.publish.parts import formats


def cite(
    lang: str,
    *,
    author: str | None,
    title: str,
    portal: str,
    published: str,
    url: str,
    captured_at: str,
    digest: str | None,
) -> str:
    """Return one sentence that names an article and the capture it was read from.

    `published` is as shown to readers, `captured_at` a moment of the archive (UTC; cited in Vietnamese time).
    """
    kept = messages.text("citation.captured", lang, when=formats.minute(captured_at))
    parts = [author, f"“{title}”", portal, published, url]
    proof = f"{kept}, {digest}" if digest else kept
    return ", ".join(part for part in parts if part) + f" [{proof}]."
