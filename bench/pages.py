"""The pages that benchmarks read: a real site where its capture is at hand, else the demo portals."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.request import urlopen

from warcio.archiveiterator import ArchiveIterator

_PORTALS = Path(__file__).parents[2] / "shared" / "real-portals"
REAL_SITE = _PORTALS / "nukeviet-egov" / "site.warc.gz"
SAVED_PAGES = _PORTALS / "saved-pages" / "index.jsonl"


def html_pages() -> tuple[str, list[tuple[str, bytes]]]:
    """Return what the pages are, and (URL, body) of each HTML page answered with status 200."""
    if REAL_SITE.exists():
        pages = []
        with REAL_SITE.open("rb") as stream:
            for record in ArchiveIterator(stream):
                headers = record.http_headers
                if record.rec_type != "response" or headers.get_statuscode() != "200":
                    continue
                if (headers.get_header("Content-Type") or "").startswith("text/html"):
                    pages.append(
                        (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
                    )
        return "a real NukeViet site", pages
    from demo.server import serve

    with serve() as portals:
        urls = [article["url"] for site in portals.values() for article in site.gold()]
        return "the demo portals", [(url, urlopen(url).read()) for url in urls]


def saved_pages() -> list[tuple[str, bytes]]:
    """Return (URL, body) of each saved page of many sites, most of a structure nobody described; none without them."""
    if not SAVED_PAGES.exists():
        return []
    lines = map(json.loads, SAVED_PAGES.read_text(encoding="utf-8").splitlines())
    return [(line.get("url") or "", (SAVED_PAGES.parent / line["path"]).read_bytes()) for line in lines]
