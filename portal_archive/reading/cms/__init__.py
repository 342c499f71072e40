"""CMS families, a file each; the first whose marks a page carries reads it, `generic` otherwise."""

from portal_archive.reading.cms.dienbien import DIENBIEN
from portal_archive.reading.cms.family import Family, Layout, split
from portal_archive.reading.cms.generic import GENERIC
from portal_archive.reading.cms.liferay import LIFERAY
from portal_archive.reading.cms.nukeviet import NUKEVIET
from portal_archive.reading.cms.sharepoint import SHAREPOINT
from portal_archive.reading.cms.vhv import VHV
from portal_archive.reading.cms.vnportal import VNPORTAL

__all__ = ["FAMILIES", "Family", "Layout", "recognise", "split"]

FAMILIES = {
    family.name: family for family in (NUKEVIET, LIFERAY, SHAREPOINT, VHV, DIENBIEN, VNPORTAL, GENERIC)
}


def recognise(source: str, url: str, expected: str | None = None) -> Family:
    """Return the family of a page.

    What the page itself shows counts first: a portal may change its CMS. `expected` is what the portal's file
    declares, for pages without a mark. Raises KeyError for an unknown `expected`.
    """
    host = split(url).hostname or ""
    for family in FAMILIES.values():
        if (family.hosts and family.hosts.search(host)) or any(mark in source for mark in family.marks):
            return family
    return FAMILIES[expected or "generic"]
