"""The portals that have a file in `spiders/`."""

from __future__ import annotations

import logging
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Protocol, cast

from scrapy import Request
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader as ScrapySpiderLoader
from scrapy.utils.spider import iter_spider_classes

from crawler.settings import SPIDER_MODULES
from portal_archive.archive.provinces import provinces
from portal_archive.model.records import Portal
from portal_archive.model.site import site_of

logger = logging.getLogger(__name__)


class DeclaredSpider(Protocol):
    """What is asked of a portal's spider before it crawls."""

    name: str
    home: str

    @property
    def portal(self) -> Portal:
        """The portal as a row of the archive."""

    def counter_requests(self, settings: BaseSettings) -> list[Request]:
        """Return what to ask for the portal's visitor counter."""


def _modules(packages: list[str], broken: dict[str, str]) -> Iterator[ModuleType]:
    """Import the files of the packages; enter those that fail in `broken`, by stem, with what is wrong."""
    for name in packages:
        try:
            module = import_module(name)
        except Exception as error:  # whatever a file does when it is read
            broken[name.rpartition(".")[2]] = f"{name} cannot be read: {type(error).__name__}: {error}"
            continue
        yield module
        inside = pkgutil.iter_modules(getattr(module, "__path__", ()))
        yield from _modules([f"{name}.{info.name}" for info in inside], broken)


class SpiderLoader(ScrapySpiderLoader):
    """Scrapy's own, but a file that cannot be read does not hide the others.

    `broken` says by the file's stem, which is its portal's name, what is wrong.
    """

    def _load_all_spiders(self) -> None:
        self.broken: dict[str, str] = {}
        for module in _modules(self.spider_modules, self.broken):
            self._load_spiders(module)
        for reason in self.broken.values():
            logger.error("%s", reason)
        self._check_name_duplicates()


@cache
def portal_spiders() -> tuple[DeclaredSpider, ...]:
    """Return a spider for each declared portal of which one can be made, by name."""
    found = {}
    for module in _modules(SPIDER_MODULES, {}):
        for spidercls in iter_spider_classes(module):
            cls = cast("type[DeclaredSpider]", spidercls)
            try:
                spider = cls()
            except Exception as error:  # one portal's mistake is not the others'
                logger.error("%s: %s: %s", cls.name, type(error).__name__, error)
                continue
            if spider.home:
                found[spider.name] = spider
    return tuple(found[name] for name in sorted(found))


def declared_portals(settings: BaseSettings | None = None) -> list[Portal]:
    """Return all declared portals as rows of the archive, with the homes that `settings` give them instead.

    One in a province that there is not is left out: it costs no other its place in the archive.
    """
    homes = settings.getdict("PORTAL_HOMES") if settings else {}
    known = {None, "", *(province.id for province in provinces())}
    portals = [spider.portal for spider in portal_spiders()]
    for portal in portals:
        if portal.province not in known:
            logger.error("%s: no province has the id %s", portal.name, portal.province)
    return [
        replace(portal, home_url=homes.get(portal.name, portal.home_url))
        for portal in portals
        if portal.province in known
    ]


def portal_for_host(host: str) -> Portal | None:
    """Return the portal declared for a host, be it with "www." or with the usual port."""
    site = site_of(f"https://{host}/")
    return next((portal for portal in declared_portals() if site_of(portal.home_url) == site), None)
