"""Whether pages that show the old articles are built and tied by others than before.

Who restores an expired portal from an archive shows its old titles and texts: no word gives it away. The build does:
another template that loads other things, without the links to the neighbours of the real portal, or with new ones. A
redesign changes the build and keeps the ties; a new partner changes a tie and keeps the build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portal_archive.model.page_build import PageBuild

# Pages that must be known, before and now, and the share of them on which a part is part of the site.
_ENOUGH_PAGES = 3
_COMMON = 0.5
# Likeness (Jaccard) of the common parts below which they are others; a template that is only touched up stays above.
_OTHER_TEMPLATE = 0.25
_OTHER_ASSETS = 0.5
_OTHER_LINKS = 0.34
# Hosts that a site must have linked to, for their loss to say anything.
_LEAST_LINKS = 3


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How alike the builds are, each from 0 to 1, and what is gone and new; None where too little is known."""

    template: float
    assets: float | None
    links: float | None
    gone: tuple[str, ...]  # hosts linked to before and not now, in order
    new: tuple[str, ...]  # the other way round

    @property
    def build_changed(self) -> bool:
        """Whether the template is another, and nothing that it loads speaks against it."""
        return self.template < _OTHER_TEMPLATE and (self.assets is None or self.assets < _OTHER_ASSETS)

    @property
    def ties_changed(self) -> bool:
        """Whether the links to other sites are others."""
        return self.links is not None and self.links < _OTHER_LINKS

    @property
    def is_by_others(self) -> bool:
        """Whether build and ties changed together: two signs of different nature."""
        return self.build_changed and self.ties_changed


def compare(before: Sequence[PageBuild], now: Sequence[PageBuild]) -> Rebuilt | None:
    """Compare the builds of pages of one kind (articles with articles, say) captured before and now.

    Returns None where fewer than three pages of either are known. The certificate and the generator are compared in
    `takeover`, to which this adds.
    """
    if min(len(before), len(now)) < _ENOUGH_PAGES:
        return None
    template = _likeness(_common(before, "template"), _common(now, "template"))
    if template is None:
        return None
    old, new = _common(before, "links"), _common(now, "links")
    return Rebuilt(
        template,
        _likeness(_common(before, "assets"), _common(now, "assets")),
        _likeness(old, new) if len(old) >= _LEAST_LINKS else None,
        tuple(sorted(old - new)),
        tuple(sorted(new - old)),
    )


def _common(pages: Sequence[PageBuild], part: str) -> frozenset[str]:
    """Return what stands on most pages: what one article links to says nothing about its site."""
    counts = Counter(value for page in pages for value in getattr(page, part))
    return frozenset(value for value, count in counts.items() if count >= _COMMON * len(pages))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float | None:
    return len(one & other) / len(one | other) if one or other else None
