"""The pages that benchmarks read: a real site where its capture is at hand, else the demo portals."""

from __future__ import annotations

from pathlib import Path
from urllib.request import urlopen

from warcio.archiveiterator import ArchiveIterator

REAL_SITE = Path(__file__).parents[2] / "shared" / "real-portals" / "nukeviet-egov" / "site.warc.gz"


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
