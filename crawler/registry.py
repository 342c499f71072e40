"""The portals that have a file in `spiders/`."""

from __future__ import annotations

import logging
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Protocol, cast

from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader as ScrapySpiderLoader
from scrapy.utils.spider import iter_spider_classes

from crawler.settings import SPIDER_MODULES
from portal_archive.archive.provinces import provinces
from portal_archive.model.bodies import PARTY, Body
from portal_archive.model.records import Portal
from portal_archive.model.site import site_of
from portal_archive.reading.portal_rules import PortalRules, rules_from

logger = logging.getLogger(__name__)


class DeclaredSpider(Protocol):
    """What is asked of a portal's spider before it crawls."""

    name: str
    home: str
    of_table: bool
    province: str | None
    body: str | None
    known: str

    def rules(self) -> PortalRules:
        """Return what the readers are told of the portal's pages."""

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
        broken.update(getattr(module, "broken", {}))
        yield module
        inside = pkgutil.iter_modules(getattr(module, "__path__", ()))
        yield from _modules([f"{name}.{info.name}" for info in inside], broken)


class SpiderLoader(ScrapySpiderLoader):
    """Scrapy's own, but a file that cannot be read does not hide the others.

    `broken` says by the file's stem, which is its portal's name, or by the line of a table, what is wrong.
    """

    def _load_all_spiders(self) -> None:
        self.broken: dict[str, str] = {}
        for module in _modules(self.spider_modules, self.broken):
            self._load_spiders(module)
        for reason in self.broken.values():
            logger.error("%s", reason)
        self._check_name_duplicates()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which portals a crawl takes; None means any.

    `province` is the slug of a province, as it was or as it is since July 2025. Where nothing is chosen, a portal of a
    table is taken if it is the Party's. Raises ValueError for a province or body that there is not.
    """

    province: str | None = None
    body: str | None = None
    known: str | None = None

    def __post_init__(self) -> None:
        if self.province and not self._provinces():
            raise ValueError(f"no province has the id {self.province!r}")
        if self.body and self.body not in set(Body):
            raise ValueError(f"no body is called {self.body!r}; there are: {', '.join(Body)}")

    def _provinces(self) -> set[str]:
        return {
            one.id
            for one in provinces()
            if self.province in (one.id, one.slug)
            or one.successor in (self.province, f"{self.province}-2025")
        }

    def takes(self, spider: type[Spider] | None) -> bool:
        """Return whether a portal is chosen; one whose file cannot be read always is, so that it is told."""
        if spider is None:
            return True
        cls = cast("type[DeclaredSpider]", spider)
        if not (self.province or self.body or self.known):
            return not cls.of_table or cls.body in PARTY
        return (
            (not self.province or cls.province in self._provinces())
            and (not self.body or cls.body == self.body)
            and (not self.known or cls.known == self.known)
        )


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
    """Return the portals that have a file as rows of the archive, with the homes that `settings` give them instead.

    One in a province that there is not is left out: it costs no other its place in the archive. A portal of a table
    enters the archive with its first crawl.
    """
    homes = settings.getdict("PORTAL_HOMES") if settings else {}
    known = {None, "", *(province.id for province in provinces())}
    portals = [spider.portal for spider in portal_spiders() if not spider.of_table]
    for portal in portals:
        if portal.province not in known:
            logger.error("%s: no province has the id %s", portal.name, portal.province)
    return [
        replace(portal, home_url=homes.get(portal.name, portal.home_url))
        for portal in portals
        if portal.province in known
    ]


@cache
def _spiders_of_sites() -> dict[str, DeclaredSpider]:
    return {site_of(spider.home): spider for spider in reversed(portal_spiders())}


def table_portals() -> list[Portal]:
    """Return the portals of the table as rows, which enter the archive's `portals` with their first crawl."""
    return [spider.portal for spider in portal_spiders() if spider.of_table]


def portal_for_host(host: str) -> Portal | None:
    """Return the portal declared for a host, be it with "www." or with the usual port."""
    spider = _spiders_of_sites().get(site_of(f"https://{host}/"))
    return spider.portal if spider else None


def rules_for_host(host: str) -> PortalRules | None:
    """Return what the readers are told of the pages of a host; None where no portal is declared for it."""
    spider = _spiders_of_sites().get(site_of(f"https://{host}/"))
    return spider.rules() if spider else None


@cache
def rules_of(portal: str, family: str | None = None) -> PortalRules:
    """Return what the readers are told of a portal's pages, by its name; of one without a file only its family."""
    spider = next((spider for spider in portal_spiders() if spider.name == portal), None)
    return spider.rules() if spider else rules_from(None if family == "generic" else family)
