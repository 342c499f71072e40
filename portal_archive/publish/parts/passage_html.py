"""The words of an event as HTML that needs no style sheet, as feeds carry it."""

from __future__ import annotations

from markupsafe import Markup

from portal_archive.archive.events.passages import Passage, Passages, field_code
from portal_archive.publish.page_context import PageContext

_TAGS = {"removed": Markup("<del>{}</del>"), "added": Markup("<ins>{}</ins>"), "same": Markup("{}")}


def field_name(ctx: PageContext, passage: Passage) -> str:
    """Return what the field is called in which something happened."""
    return ctx.t(field_code(passage.field))


def as_html(ctx: PageContext, words: Passages, about: str) -> Markup:
    """Return the line `about` and the words below it, what went and came marked."""
    lines = [Markup("{}").format(about)]
    for passage in words.shown:
        pieces = Markup("").join(_TAGS[piece.kind].format(piece.text) for piece in passage.pieces)
        lines.append(Markup("<b>{}:</b> {}").format(field_name(ctx, passage), pieces))
    if words.others:
        lines.append(Markup("{}").format(ctx.t("changes.others", n=words.others)))
    return Markup("").join(map(Markup("<p>{}</p>").format, lines))
