"""`/review`: what waits for a decision, for whoever runs the archive (`datasette --root`) and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from datasette.utils.asgi import Forbidden, Response

from portal_archive.archive import review as archive_review
from portal_archive.archive.archive import Archive
from portal_archive.archive.review import VERDICTS, Item, Subject
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import FindingKind
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import formats

_MOST = 200
_DECIDED = 50


async def review(ctx: PageContext) -> Any:
    """Show what waits, narrowed by `portal` and `kind`, and the last decisions; a POST decides, or takes one back.

    Raises Forbidden for visitors.
    """
    if not await ctx.datasette.permission_allowed(ctx.request.actor, "debug-menu", default=False):
        raise Forbidden("operators only")
    said = ""
    if ctx.request.method == "POST":
        form = parse_qs((await ctx.request.post_body()).decode())
        try:
            await ctx.compute(lambda: _enter(ctx, form))
        except ArchiveError as error:
            said = str(error)
        else:
            return Response.redirect(
                ctx.url("/review", [(key, ctx.arg(key)) for key in ("portal", "kind") if ctx.arg(key)])
            )
    portal, kind = ctx.arg("portal") or None, ctx.arg("kind") or None
    everything = await ctx.read(lambda db: archive_review.waiting(db))
    shown = [item for item in everything if portal in (None, item.portal) and kind in (None, item.kind)]
    decided = await ctx.read(lambda db: archive_review.decided(db, _DECIDED))
    return await ctx.page(
        "room_review.html",
        title=ctx.t("review.title"),
        said=said,
        count=ctx.t("review.count", n=len(shown)),
        items=[_line(ctx, item) for item in shown[:_MOST]],
        verdicts=[
            (verdict, ctx.t(f"review.do_{verdict}")) for verdicts in VERDICTS.values() for verdict in verdicts
        ],
        portals=sorted({item.portal for item in everything}),
        kinds=[(kind, _kind(ctx, kind)) for kind in sorted({item.kind for item in everything})],
        chosen=(portal, kind),
        decided=[_decision(ctx, dict(one)) for one in decided],
    )


def _enter(ctx: PageContext, form: dict[str, list[str]]) -> None:
    """Enter all decisions of a form, or none. Raises ArchiveError that says what is missing or wrong."""
    why, who = (form.get(name, [""])[0].strip() for name in ("why", "who"))
    if not who:
        raise ArchiveError(ctx.t("review.who_is_missing"))
    now = datetime.now(UTC)
    with Archive(Path(ctx.archive_path)) as archive, archive.batch():
        if "undo" in form:
            archive_review.undo(archive.db.conn, int(form["undo"][0]), who=who, at=now)
            return
        names = form.get("item", [])
        if not why or not names:
            raise ArchiveError(ctx.t("review.why_is_missing"))
        for name in names:
            subject, number = archive_review.parse(name)
            verdict = form["verdict"][0]
            archive_review.decide(archive.db.conn, subject, number, verdict, why=why, who=who, at=now)


def _kind(ctx: PageContext, kind: str) -> str:
    return ctx.t(f"sign.{kind}") if kind in set(FindingKind) else ctx.t(f"doubts.rule_{kind}")


def _line(ctx: PageContext, item: Item) -> dict[str, Any]:
    return {
        "name": item.name,
        "kind": _kind(ctx, item.kind),
        "portal": item.portal,
        "since": formats.minute(item.since),
        "shows": item.shows,
        "what": item.what,
        "is_finding": item.subject is Subject.FINDING,
        "article_url": ctx.url(f"/article/{item.article_id}") if item.article_id else "",
        "capture_url": ctx.url(f"/capture/{item.capture_id}") if item.capture_id else "",
    }


def _decision(ctx: PageContext, one: dict[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "verdict": ctx.t(f"review.{one['verdict']}"),
        "at": formats.minute(one["decided_at"]),
        "undone": ctx.t("review.undone", who=one["undone_by"], at=formats.minute(one["undone_at"]))
        if one["undone_at"]
        else "",
    }
