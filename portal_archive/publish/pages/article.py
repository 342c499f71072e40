"""`/article/ID`: an article to read, with where it comes from, how it changed and how to cite it."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import unquote

from datasette.utils.asgi import Response
from markupsafe import Markup, escape

from portal_archive.archive.moments import from_text
from portal_archive.archive.storing.merge import merged_into
from portal_archive.model.kinds import PortalState, Precision
from portal_archive.publish.page_context import MissingError, PageContext
from portal_archive.publish.pages.capture import grade, place
from portal_archive.publish.parts import charts, citing, formats, permalinks, stored, tampering
from portal_archive.publish.parts.body import typeset
from portal_archive.publish.parts.cards import change_words, flags, json_list
from portal_archive.publish.parts.found_words import Marked
from portal_archive.publish.parts.tampering import Findings
from portal_archive.publish.parts.typed import understand
from portal_archive.vietnamese import mentions

_NAMED_AT_MOST = 24
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|zarsrc|_ga|mibextid)=", re.IGNORECASE)
_SHARED = 200

_ARTICLE = """
SELECT a.*, p.title AS portal_title, p.province,
       h.state AS health, pr.name AS province_name, pr.unit AS province_unit, now.name AS now_name, now.unit AS now_unit
FROM articles a JOIN portals p ON p.name = a.portal
LEFT JOIN portal_states h ON h.portal = a.portal AND h.until IS NULL
LEFT JOIN provinces pr ON pr.id = p.province
LEFT JOIN provinces now ON now.id = pr.successor
WHERE a.id = ?
"""
_VERSIONS = "SELECT * FROM article_versions WHERE article_id = ? ORDER BY version"
_URLS = "SELECT url, first_seen, last_seen FROM article_urls WHERE article_id = ? ORDER BY first_seen"
_COPIES = """
SELECT a.id, a.published_at, p.title AS portal_title, s.story_id
FROM story_articles s JOIN articles a ON a.id = s.article_id JOIN portals p ON p.name = a.portal
WHERE s.story_id = (SELECT story_id FROM story_articles WHERE article_id = ?) AND a.id <> ?
ORDER BY s.position LIMIT 12
"""
_VIEWS = """
SELECT seen_at, last_seen, views FROM article_views
WHERE article_id = ? AND views IS NOT NULL ORDER BY seen_at
"""
_IMAGES = """
SELECT i.position, i.url, i.caption, i.caption AS title, i.text != '' AS has_text, i.confidence, NULL AS reason, (
    SELECT c.id FROM captures c WHERE c.url = i.url AND c.status = 200 AND c.kind = 'file'
    ORDER BY c.fetched_at DESC LIMIT 1
) AS capture_id
FROM images i WHERE i.article_id = ? ORDER BY i.position
"""
_ATTACHMENTS = """
SELECT position, url, title, capture_id, text != '' AS has_text, reason, (
    SELECT avg(confidence) FROM attachment_pages p WHERE p.article_id = t.article_id AND p.position = t.position
) AS confidence
FROM attachments t WHERE article_id = ? ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What the archive has of an article; `versions` are rows of `article_versions` by number."""

    article: sqlite3.Row
    capture: sqlite3.Row | None
    versions: list[sqlite3.Row]
    urls: list[sqlite3.Row]
    views: list[sqlite3.Row]
    images: list[sqlite3.Row]
    attachments: list[sqlite3.Row]
    copies: list[sqlite3.Row]
    findings: list[sqlite3.Row]


def read(db: sqlite3.Connection, number: int) -> Found:
    """Read an article. Raises MissingError, as MergedError where it is another one now."""
    article = db.execute(_ARTICLE, [number]).fetchone()
    if article is None:
        raise MissingError if (now := merged_into(db, number)) is None else MergedError(now)
    return Found(
        article=article,
        capture=stored.row(db, article["capture_id"]) if article["capture_id"] else None,
        versions=db.execute(_VERSIONS, [number]).fetchall(),
        urls=db.execute(_URLS, [number]).fetchall(),
        views=db.execute(_VIEWS, [number]).fetchall(),
        images=db.execute(_IMAGES, [number]).fetchall(),
        attachments=db.execute(_ATTACHMENTS, [number]).fetchall(),
        findings=tampering.read(db, number),
        copies=db.execute(_COPIES, [number, number]).fetchall(),
    )


class MergedError(MissingError):
    """The article turned out to be another one; `number` is what it is now."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


async def article(ctx: PageContext) -> Any:
    """Show an article in its current version; the number of one that was merged leads to what it is now."""
    try:
        found = await ctx.read(lambda db: read(db, int(ctx.request.url_vars["id"])))
    except MergedError as merged:
        return Response.redirect(ctx.url(f"/article/{merged.number}"))
    row = found.article
    kept = {
        image["url"]: ctx.url(f"/capture/{image['capture_id']}/file")
        for image in found.images
        if image["capture_id"]
    }
    findings = Findings(ctx, row["id"], found.findings)
    is_live = row["health"] != PortalState.HIJACKED and not row["flagged"]
    leading = None if is_live else partial(_leading, ctx)
    body, shown = typeset(row["html"], row["body"], kept, leading)
    text = texts(ctx, row, findings, body, row["published_precision"] or Precision.DAY)
    about = _about(text, row)
    text |= await marked_texts(ctx, text, row)
    return await ctx.page(
        "room_article.html",
        **text,
        about=about,
        tampered=findings.banner(
            found.versions, "tampered.title", text["heading"], text["summary"], text["body"]
        ),
        flags=[{"kind": flag, "label": ctx.t(f"flag.{flag}")} for flag in flags(row)],
        portal=row["portal_title"],
        portal_url=ctx.url(f"/portal/{row['portal']}"),
        province=_unit(row["province_unit"], row["province_name"]),
        province_now=_unit(row["now_unit"], row["now_name"])
        if row["now_name"] != row["province_name"]
        else "",
        category=row["category"],
        category_url=ctx.url("/search", [("portal", row["portal"]), ("category", row["category"] or "")]),
        tags=[(tag, ctx.url("/search", [("q", f'"{tag}"')])) for tag in json_list(row["tags"])],
        views=ctx.number(row["views"]) if row["views"] is not None else "",
        views_chart=_views_chart(ctx, found.views),
        **_named(ctx, row),
        **_files(ctx, found, shown),
        events=_events(ctx, row) + findings.past(),
        provenance=_provenance(ctx, found),
        original=row["url"],
        is_live=is_live,
        capture_url=found.capture
        and ctx.url(permalinks.of_capture(found.capture["id"], found.capture["digest"])),
        capture_label=found.capture and ctx.t("article.capture_open", id=str(found.capture["id"])),
        other_urls=[item["url"] for item in found.urls if item["url"] != row["url"]],
        **_copies(ctx, found),
        **citing.of_version(
            ctx, row, found.versions[-1], found.capture, row["published_precision"], row["fetched_at"]
        ),
        versions=_timeline(ctx, found, findings),
        wacz_url=ctx.url(f"/article/{row['id']}.wacz"),
        changes_url=ctx.url("/changes", [("article", str(row["id"]))]),
        feed_url=ctx.url("/changes.atom", [("article", str(row["id"]))]),
        row_url=ctx.table_url("articles") + f"/{row['id']}",
    )


async def by_address(ctx: PageContext) -> Any:
    """Redirect from an address the article has or had on its portal to its page here."""
    path = ctx.request.url_vars.get("address")
    if path is None:
        address = ctx.arg("url")
    else:
        address = unquote(path) + (f"?{ctx.request.query_string}" if ctx.request.query_string else "")
    number = await ctx.read(lambda db: find(db, address))
    if number is None:
        raise MissingError
    return Response.redirect(ctx.url(f"/article/{number}"))


def find(db: sqlite3.Connection, address: str) -> int | None:
    """Return the id of the article that stands or stood at `address`.

    Whatever its scheme, "www." and closing "/", and what advertisers and social networks have added to it.
    """
    rest = address.partition("://")[2] or address
    tails = dict.fromkeys((rest, _without_tracking(rest)))
    variants = [
        f"{scheme}://{way}"
        for tail in tails
        for host in dict.fromkeys((tail, tail.removeprefix("www."), f"www.{tail}"))
        for way in dict.fromkeys((host, host.rstrip("/"), host.rstrip("/") + "/"))
        for scheme in ("https", "http")
    ]
    marks = ", ".join("?" * len(variants))
    found = db.execute(
        f"SELECT article_id FROM article_urls WHERE url IN ({marks}) LIMIT 1", variants
    ).fetchone()
    return found[0] if found else None


def _without_tracking(address: str) -> str:
    """Return an address, without its scheme, less what is added to it wherever it is shared."""
    host, slash, path = address.partition("#")[0].partition("/")
    path, mark, query = path.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not _TRACKING.match(part))
    return f"{host.lower()}{slash}{path}{mark if kept else ''}{kept}"


def texts(
    ctx: PageContext, row: sqlite3.Row, findings: Findings, body: Markup, precision: str
) -> dict[str, Any]:
    """Return what the templates of an article and of its versions show of its text."""
    title = row["title"] or ctx.t("article.untitled")
    return {
        "title": title,
        "heading": findings.marked("title", title),
        "summary": findings.marked("summary", row["summary"] or ""),
        "body": findings.marked_body(body, row["body"]),
        "author": row["author"],
        "author_url": ctx.url("/search", [("q", f'author:"{row["author"]}"')]),
        "source": row["source"],
        "published": formats.printed(row["published_at"], precision) or ctx.t("date.unknown"),
        "precision": ctx.t(f"precision.{precision}") if row["published_at"] else "",
    }


async def marked_texts(ctx: PageContext, text: dict[str, Any], row: sqlite3.Row) -> dict[str, Any]:
    """Return the texts of a page with the words marked for which it was found, and how many there are."""
    query = await understand(ctx)
    if not query.terms:
        return {}

    def mark() -> dict[str, Any]:
        marked = Marked(query, (text["title"], row["summary"], row["body"]))
        columns = {"heading": "title", "summary": "summary", "body": "body"}
        shown: dict[str, Any] = {
            name: marked.html(escape(text[name]), column) for name, column in columns.items()
        }
        note = ctx.t("article.found", n=marked.count) if marked.count else ctx.t("article.found_elsewhere")
        return shown | {
            "found": note,
            "without_marks": ctx.url(ctx.request.path),
            "has_marks": marked.count > 0,
        }

    return await ctx.compute(mark)


def _about(text: dict[str, Any], row: sqlite3.Row) -> str:
    """Return what a link to the article shows where it is shared: portal, date, and how it begins."""
    begins = " ".join((row["summary"] or row["body"] or "").split())
    short = begins if len(begins) <= _SHARED else begins[:_SHARED].rpartition(" ")[0] + "…"
    return " · ".join(part for part in (row["portal_title"], text["published"], short) if part)


def _leading(ctx: PageContext, address: str) -> str:
    return ctx.url("/leaving", [("to", address)])


def _unit(unit: str | None, name: str | None) -> str:
    return f"{unit} {name}" if name else ""


def _named(ctx: PageContext, row: sqlite3.Row) -> dict[str, Any]:
    """Return the documents and people that the text names, each with the search for it."""
    documents, people = (
        find_in(row["body"])[:_NAMED_AT_MOST] for find_in in (mentions.documents, mentions.people)
    )
    return {
        "documents": [(name, ctx.url("/search", [("q", name)])) for name in documents],
        "people": [(name, ctx.url("/search", [("q", f'"{name}"')])) for name in people],
    }


def _copies(ctx: PageContext, found: Found) -> dict[str, Any]:
    return {
        "copies": [
            (
                f"{copy['portal_title']}, {formats.day(copy['published_at']) or ctx.t('date.unknown')}",
                ctx.url(f"/article/{copy['id']}"),
            )
            for copy in found.copies
        ],
        "story_url": found.copies and ctx.url(f"/story/{found.copies[0]['story_id']}"),
    }


def _files(ctx: PageContext, found: Found, shown: set[str]) -> dict[str, Any]:
    """Return the images that do not stand in the body, and the attachments with the documents among the others."""
    documents = [image for image in found.images if image["url"] in shown and image["has_text"]]
    return {
        "images": [_image(ctx, image) for image in found.images if image["url"] not in shown],
        "attachments": [
            *(_attachment(ctx, item) for item in found.attachments),
            *(_attachment(ctx, image, "image") for image in documents),
        ],
    }


def _attachment(ctx: PageContext, item: sqlite3.Row, kind: str = "file") -> dict[str, Any]:
    kept = item["capture_id"]
    return {
        "url": item["url"],
        "title": item["title"] or item["url"].rpartition("/")[2],
        "stored": kept and ctx.url(f"/capture/{kept}/file"),
        "text_url": _text_url(ctx, kind, item),
        "notes": _notes(ctx, item["confidence"], item["reason"]),
    }


def _notes(ctx: PageContext, confidence: float | None, reason: str | None) -> list[str]:
    """Say how surely a text was recognised, and why some of it is missing."""
    recognised = [ctx.t("file.recognised", percent=round(confidence))] if confidence is not None else []
    return recognised + ([ctx.t(f"file_reason.{reason}")] if reason else [])


def _image(ctx: PageContext, image: sqlite3.Row) -> dict[str, Any]:
    kept = image["capture_id"]
    return {
        "url": image["url"],
        "caption": image["caption"],
        "stored": kept and ctx.url(f"/capture/{kept}/file"),
        "text_url": _text_url(ctx, "image", image),
    }


def _text_url(ctx: PageContext, kind: str, item: sqlite3.Row) -> str:
    """Return the link to the text of a file, with the words marked that were searched for; "" for one without text."""
    if not item["has_text"]:
        return ""
    words = [("q", ctx.arg("q"))] if ctx.arg("q") else []
    return ctx.url(f"/article/{ctx.request.url_vars['id']}/{kind}/{item['position']}", words)


def _views_chart(ctx: PageContext, rows: list[sqlite3.Row]) -> Markup:
    if len(rows) < 2:
        return Markup("")
    # A row stands for all visits that found the same number.
    points = [
        charts.Point(
            datetime.fromisoformat(row[moment]).timestamp() / 86400,
            row["views"],
            f"{formats.minute(row[moment])}: {ctx.number(row['views'])}",
        )
        for row in rows
        for moment in ("seen_at", "last_seen")
    ]
    ends = (formats.day(rows[0]["seen_at"]), formats.day(rows[-1]["last_seen"]))
    return charts.line(points, ctx.t("article.views_chart"), ends)


def _events(ctx: PageContext, row: sqlite3.Row) -> list[dict[str, str]]:
    events = []
    if row["gone_at"] and not row["came_back_at"]:
        since = row["missing_since"] or row["gone_at"]
        events.append({"kind": "gone", "text": ctx.t("article.gone", when=formats.minute(since))})
    elif row["missing_since"]:
        events.append(
            {"kind": "missing", "text": ctx.t("article.missing", when=formats.minute(row["missing_since"]))}
        )
    if row["came_back_at"]:
        events.append(
            {"kind": "back", "text": ctx.t("article.came_back", when=formats.minute(row["came_back_at"]))}
        )
    if row["version"] > 1:
        events.append({"kind": "changed", "text": ctx.t("article.changed", n=row["version"] - 1)})
    return events


def _provenance(ctx: PageContext, found: Found) -> list[tuple[str, str]]:
    row, capture = found.article, found.capture
    facts = [
        (ctx.t("article.first_seen"), formats.minute(row["first_seen"])),
        (ctx.t("article.last_seen"), formats.minute(row["last_seen"])),
        (ctx.t("article.captured"), formats.minute(row["fetched_at"])),
    ]
    if capture:
        facts += [
            (ctx.t("capture.grade"), grade(ctx, capture)),
            (ctx.t("article.digest"), capture["digest"]),
            (ctx.t("article.place"), place(ctx, capture)),
        ]
    return facts


def seen(ctx: PageContext, row: sqlite3.Row) -> str:
    """Say when a version was seen first and last."""
    return ctx.t(
        "article.version_seen", first=formats.minute(row["first_seen"]), last=formats.minute(row["last_seen"])
    )


def _timeline(ctx: PageContext, found: Found, findings: Findings) -> list[dict[str, Any]]:
    number = found.article["id"]
    newest_first = sorted(found.versions, key=lambda row: -row["version"])
    return [
        {
            "label": ctx.t("article.version", n=row["version"]),
            "url": ctx.url(permalinks.of_version(number, row["version"], row["content_hash"])),
            "when": from_text(row["first_seen"]).isoformat(),
            "seen": seen(ctx, row),
            "changed": change_words(ctx, row) or ctx.t("article.first_version"),
            "current": ctx.t("article.current") if row["is_current"] else "",
            "tampered": ctx.t("tampered.version") if findings.is_dirty(row) else "",
            "diffs": [
                (
                    ctx.t("article.compare", n=older["version"]),
                    ctx.url(f"/article/{number}/diff/{older['version']}/{row['version']}"),
                )
                for older in reversed(found.versions)
                if older["version"] < row["version"]
            ],
        }
        for row in newest_first
    ]
