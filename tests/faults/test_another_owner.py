"""A host that changes hands between two crawls, told by its certificate and its software over real TLS."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawling import Answer, Crawl, Site, article, html, links
from fault_server import Authority, serving

NAMES = [f"tin-{number}" for number in range(6)]


def pages(generator: str) -> dict[str, Answer]:
    head = f"<meta name='generator' content='{generator}'>"
    return {"/": html(links(*(f"/{name}.html" for name in NAMES)) + head.encode())} | {
        f"/{name}.html": html(article(name, head)) for name in NAMES
    }


@pytest.mark.long
def test_another_certificate_and_other_software(
    tmp_path: Path, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    site = Site()
    serving(site, authority.certificate(days=9, owner="UBND huyện Mường Mây"))
    context = site.server.socket.context  # type: ignore[attr-defined]
    assert isinstance(context, ssl.SSLContext)
    states = []
    now = datetime.now(UTC)
    for day, (owner, generator) in enumerate(
        [
            ("UBND huyện Mường Mây", "CMS Một 1.0"),
            ("UBND huyện Mường Mây", "CMS Hai 2.0"),  # a redesign
            ("Great Bonus Ltd", "CMS Hai 2.0"),  # a new certificate
            ("Another Ltd", "CMS Ba 3.0"),
        ]
    ):
        context.load_cert_chain(authority.certificate(days=9, owner=owner))
        site.routes = pages(generator)
        crawl.now = now + timedelta(days=day)
        done = crawl.command("crawl", "portal", "-a", f"url=https://{site.host}/")
        assert done.returncode == 0, done.stderr
        states += crawl.query("SELECT state, cause FROM portal_states WHERE until IS NULL")
    site.server.shutdown()
    site.server.server_close()
    assert states == [("ok", None), ("ok", None), ("ok", None), ("hijacked", "generator+owner")]
    assert crawl.query("SELECT value FROM crawl_tallies WHERE crawl_id = 4 AND tally = 'owner'") == [
        ("Another Ltd",)
    ]
    assert crawl.query("SELECT span FROM findings WHERE kind = 'host-takeover' ORDER BY span") == [
        ("generator: CMS Ba",),
        ("owner: Another Ltd",),
    ]
