"""What a page is built of, beside its text: its template, what it loads, where it leads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageBuild:
    """The build of one page.

    `template` are the named elements of its frame ("div.main-content", "ul#menu"), `assets` the hosts and fonts
    that it loads scripts, styles and frames from, `links` the hosts of other sites that it links to. The portal's
    own host stands in none of them.
    """

    template: frozenset[str]
    assets: frozenset[str]
    links: frozenset[str]
