from __future__ import annotations

import pytest
from days import REAL_HOME, Answer
from real_pages import NUKEVIET
from warcio.archiveiterator import ArchiveIterator


@pytest.fixture(scope="session")
def pages() -> dict[str, Answer]:
    found = {}
    with (NUKEVIET / "site.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream):
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            if record.rec_type == "response" and url.startswith(REAL_HOME):
                headers = dict(record.http_headers.headers)
                status = int(record.http_headers.get_statuscode())
                found[url.removeprefix(REAL_HOME[:-1])] = Answer(
                    record.content_stream().read(), status, headers
                )
    return found
