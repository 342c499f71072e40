"""An article's text, made safe and ready to read: nothing in it runs, and no picture is fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import nh3
from markupsafe import Markup

from portal_archive.archive.storing.safe_html import ATTRIBUTES, TAGS


def typeset(
    html: str | None, text: str | None, kept: Mapping[str, str], leading: Callable[[str], str] | None = None
) -> tuple[Markup, set[str]]:
    """Return the body as HTML, and which of the pictures stand in it.

    `html` is the body as stored, which an older or another program may have done; None where only the `text`
    is known. `kept` are the addresses of the
    article's pictures, with those of their stored copies; any other picture is left out. `leading` gives the link to
    put in place of an address that nobody is to be led to.
    """
    shown: set[str] = set()

    def local(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) == ("a", "href"):
            return leading(value) if leading else value
        if (tag, attribute) != ("img", "src"):
            return value
        if value in kept:
            shown.add(value)
        return kept.get(value)

    if html:
        clean = nh3.clean(
            html,
            tags=set(TAGS),
            attributes=ATTRIBUTES,
            attribute_filter=local,
            set_tag_attribute_values={"img": {"loading": "lazy"}},
            link_rel="nofollow noopener noreferrer",
        )
        return Markup(clean), shown  # noqa: S704
    paragraphs = [part.split("\n") for part in (text or "").split("\n\n") if part]
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(lines)) for lines in paragraphs
    ), shown
