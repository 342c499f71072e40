"""What a portal's file tells the readers of its pages, beside what its CMS family and the general rules know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal_archive.reading.cms import FAMILIES
from portal_archive.reading.cms.family import Layout
from portal_archive.reading.dates.moments import VIETNAM
from portal_archive.reading.endpoints import Endpoint
from portal_archive.reading.listing.json_lists import JsonList


@dataclass(frozen=True, slots=True)
class PortalRules:
    """The CMS family of a portal (None: its pages tell), its own layouts, labels by group, lists in JSON, endpoints."""

    family: str | None = None
    layouts: tuple[Layout, ...] = ()
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    json_lists: tuple[JsonList, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()

    def every_endpoint(self) -> tuple[Endpoint, ...]:
        """Return the endpoints of the portal, then those of its family."""
        return self.endpoints + (FAMILIES[self.family].endpoints if self.family else ())


NO_RULES = PortalRules()


def rules_from(family: str | PortalRules | None) -> PortalRules:
    """Return the rules of a portal of which only the name of its family may be known."""
    return family if isinstance(family, PortalRules) else PortalRules(family) if family else NO_RULES


def layouts_of(layouts: Sequence[Layout], fetched_at: datetime | None) -> list[Layout]:
    """Return the layouts that a page fetched at this moment may have (None: any moment), the oldest first.

    A layout is valid up to and including its last day, in Vietnam; one without a last day is tried after those.
    """
    day = fetched_at.astimezone(VIETNAM).date().isoformat() if fetched_at else ""
    dated = [layout for layout in layouts if layout.valid_until and layout.valid_until >= day]
    dated.sort(key=lambda layout: layout.valid_until or "")
    return dated + [layout for layout in layouts if not layout.valid_until]
