"""Where a script asks for what its page shows: an answer of JSON, or a piece of HTML.

Lists in JSON are declared among the lists of a portal (`reading.listing.json_lists`): nobody need look at the page that
shows them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit


@dataclass(frozen=True, slots=True)
class Endpoint:
    r"""What a portal's file, or a CMS family, knows of a script that fills pages.

    `page` is a regular expression for path and query of the pages it fills; `data` is the address at which it asks for
    their content, with groups of `page` as in `re.sub` (`/api/tin/\g<id>`), absolute or relative to the page. A POST
    is written as everywhere here: `/api/tin?__wb_method=POST&id=\g<id>`.
    """

    page: str
    data: str

    def data_of(self, url: str) -> str | None:
        """Return where the content of a page is asked for; None for a page that this endpoint does not fill."""
        parts = urlsplit(url)
        match = re.search(self.page, f"{parts.path}?{parts.query}" if parts.query else parts.path)
        return urljoin(url, match.expand(self.data)) if match else None


def as_page(body: bytes) -> bytes:
    """Return the answer of an endpoint as a page to be read: JSON as the data of a script, HTML as it is."""
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith((b"{", b"[")):
        return body
    try:
        data = json.loads(text.decode("utf-8", "replace"), strict=False)
        shown = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    except (ValueError, RecursionError):
        return body
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>'
        f'<script type="application/json">{shown}</script></body></html>'
    ).encode("utf-8", "replace")
