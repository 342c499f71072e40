"""CMS families, a file each; the first whose marks a page carries reads it, `generic` otherwise."""

from portal_archive.reading.cms.dotnetnuke import DOTNETNUKE
from portal_archive.reading.cms.drupal import DRUPAL
from portal_archive.reading.cms.epi import EPI
from portal_archive.reading.cms.family import Family, Layout, split
from portal_archive.reading.cms.generic import GENERIC
from portal_archive.reading.cms.hungyen import HUNGYEN
from portal_archive.reading.cms.joomla import JOOMLA
from portal_archive.reading.cms.liferay import LIFERAY
from portal_archive.reading.cms.nukeviet import NUKEVIET
from portal_archive.reading.cms.sharepoint import SHAREPOINT
from portal_archive.reading.cms.vhv import VHV
from portal_archive.reading.cms.vnportal import VNPORTAL
from portal_archive.reading.cms.websphere import WEBSPHERE
from portal_archive.reading.cms.wordpress import WORDPRESS

__all__ = ["FAMILIES", "Family", "Layout", "recognise", "split"]

# Vendors of portals first: a page of theirs may link to files of a WordPress.
FAMILIES = {
    family.name: family
    for family in (
        NUKEVIET, VHV, VNPORTAL, LIFERAY, SHAREPOINT, WEBSPHERE, DOTNETNUKE, JOOMLA, DRUPAL, WORDPRESS, EPI, HUNGYEN,
        GENERIC,
    )
}  # fmt: skip


def recognise(source: str, expected: str | None = None) -> Family:
    """Return the family of a page.

    What the page itself shows counts first: a portal may change its CMS. `expected` is what the portal's file
    declares, for pages without a mark. Raises KeyError for an unknown `expected`.
    """
    for family in FAMILIES.values():
        if any(mark in source for mark in family.marks):
            return family
    return FAMILIES[expected or "generic"]
