"""The HTML of an article's body as it may be kept: nothing in it can run, whoever shows it later."""

from __future__ import annotations

import nh3

TAGS = frozenset(
    "p br h2 h3 h4 ul ol li blockquote strong em b i u sub sup a table thead tbody tr th td"
    " figure figcaption img".split()
)
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "img": {"src", "alt"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}


def sanitise(html: str | None) -> str | None:
    """Return the HTML without anything that runs, styles or loads a frame; None when nothing of it is left.

    Scripts and styles go with what is in them, of other unknown elements the text stays. Pictures keep their
    addresses: whether they are fetched is for whoever shows the text to decide.
    """
    if not html:
        return None
    clean = nh3.clean(
        html, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None, strip_comments=True
    )
    return clean.strip() or None
