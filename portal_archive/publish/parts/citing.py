"""The panel that a page has for citing what it shows."""

from __future__ import annotations

import sqlite3
from typing import Any

from portal_archive.model import messages
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import formats, permalinks
from portal_archive.publish.parts.citation import Citation
from portal_archive.publish.parts.feeds import absolute


def of_version(
    ctx: PageContext,
    article: sqlite3.Row,
    version: sqlite3.Row,
    capture: sqlite3.Row | None,
    precision: str | None,
    captured_at: str,
) -> dict[str, Any]:
    """Return what the template `room_cite.html` shows of a version (a row of `article_versions`).

    `article` gives the portal, `capture` is the one that the version was read from, at the moment `captured_at`.
    """
    permalink = permalinks.of_version(article["id"], version["version"], version["content_hash"])
    cited = Citation(
        key=f"{article['portal']}-{article['id']}-v{version['version']}",
        author=version["author"],
        title=version["title"] or ctx.t("article.untitled"),
        portal=article["portal_title"],
        published=formats.printed(version["published_at"], precision),
        published_at=version["published_at"],
        url=version["url"],
        version=version["version"],
        permalink=absolute(ctx, permalink),
        captured_at=captured_at,
        capture=absolute(ctx, permalinks.of_capture(capture["id"], capture["digest"])) if capture else None,
        digest=capture["digest"] if capture else None,
    )
    return {
        "dossier_url": ctx.url("/dossier/add", [("item", f"article:{article['id']}")]),
        "dossier_version_url": ctx.url(
            "/dossier/add", [("item", f"version:{article['id']}:{permalink.rpartition('/')[2]}")]
        ),
        "permalink": cited.permalink,
        "permalink_url": ctx.url(permalink),
        "citations": [(ctx.t(f"article.cite_{lang}"), cited.sentence(lang)) for lang in messages.LANGUAGES],
        "citation_files": [("BibTeX", cited.bibtex(ctx.lang)), ("RIS", cited.ris(ctx.lang))],
    }
