"""Where a crawl may go: public addresses of the web, and the one where its own portal lives.

A portal's pages, redirects and names are anybody's word: a page may link to the machine beside the crawler, and
the name of a portal that was given up may be pointed at it. What answers there would be archived and published.
So a request for another scheme than http and https is refused, as is one for an address that is not public; and what
counts is the address that a name has when it is connected to, not the name.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self, cast
from unicodedata import normalize
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import Problem

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

_WEB = ("http", "https")
# Names that the public DNS never has: RFC 6761, RFC 6762, RFC 8375, and ICANN's choice of 2024.
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa", ".test")
# IPv6 addresses with an IPv4 address in their last four bytes: RFC 4291 2.5.5, RFC 6052, RFC 8215.
_CARRIERS = tuple(map(ip_network, ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")))
_HOSTS_FILE = Path("/etc/hosts")

# The address of each name that was refused, so that the error which Twisted makes of it can be told from any other.
_refused: dict[str, str] = {}


class AtHome(Protocol):
    """A spider: it knows which addresses it may ask although they are private."""

    def lives_at(self, url: str) -> bool:
        """Return whether a URL is of what it crawls."""


class Guarded(IgnoreRequest):
    """A request that is never made; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is one of the Internet's, not of this machine, its network or a group."""
    if isinstance(address, IPv6Address):
        inner = address.sixtofour or (address.teredo or (None, None))[1]
        if any(address in network for network in _CARRIERS):
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def is_private(host: str) -> bool:
    """Return whether a host, as a URL names it, says itself that it is not on the Internet.

    That is an address that is not public, however it is spelled ("2130706433", "0177.1", "[::ffff:7f00:1]"), a
    name that the public DNS cannot have ("localhost", "intranet"), or one that this machine's own hosts file has:
    the word of whoever runs the crawl. Nothing is looked up.
    """
    host = normalize("NFKC", host).replace("。", ".").strip("[]").rstrip(".").lower()
    try:
        return not is_public(ip_address(host))
    except ValueError:
        pass
    try:
        # As the C library reads it, which makes the connection: any base, and fewer than four parts.
        return not is_public(IPv4Address(socket.inet_aton(host)))
    except (OSError, ValueError, UnicodeError):
        return "." not in host or host.endswith(_LOCAL_NAMES) or host in _names_of_this_machine()


@cache
def _names_of_this_machine() -> frozenset[str]:
    try:
        lines = _HOSTS_FILE.read_text(errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(name.lower() for line in lines for name in line.partition("#")[0].split()[1:])


def problem_of(url: str) -> Problem | None:
    """Return why a URL is one that no crawl may ask for, as far as the URL tells; None where it is not."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return Problem(ProblemKind.SCHEME, f"{url[:150]} is no address of a page")
    if parts.scheme not in _WEB:
        return Problem(ProblemKind.SCHEME, f"{url[:150]} is not of the web: {parts.scheme}")
    if not host or is_private(host):
        return Problem(
            ProblemKind.PRIVATE_ADDRESS,
            f"{url[:150]} is not on the Internet, but on this machine or its network",
        )
    return None


class PublicOnly:
    """Makes no request to where no crawl may go, and says so of a name that turned out to lead there.

    Raises Guarded, which says what was asked for. The portal's own home is the exception: see `lives_at` of its
    spider.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise Guarded."""
        problem = problem_of(request.url)
        if problem is not None:
            spider = cast("AtHome", self._crawler.spider)
            if problem.kind == ProblemKind.SCHEME or not spider.lives_at(request.url):
                raise Guarded(problem)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise Guarded in place of the error of a name that was refused for its address."""
        host = urlsplit(request.url).hostname or ""
        if isinstance(exception, CannotResolveHostError) and host in _refused:
            raise Guarded(
                Problem(
                    ProblemKind.PRIVATE_ADDRESS,
                    f"{request.url[:150]}: {host} has the address {_refused[host]}, which is not on the Internet;"
                    " if that is meant, write the name into the hosts file",
                )
            ) from exception


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver, which finds no private address for a name that does not say itself to be private.

    The address it gives is the one that is connected to, so that a name cannot be checked as one and visited as
    another. Like Scrapy's, it knows IPv4 only.
    """

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802  # Twisted's name
        """Return the address of a name; fails with DNSLookupError where there is none, or a private one."""
        found = super().getHostByName(name, timeout)
        return found if is_private(name) else found.addCallback(_only_public, name)


def _only_public(address: str, name: str) -> str:
    if is_public(ip_address(address)):
        return address
    _refused[name.lower()] = address
    raise DNSLookupError(f"{name} has the address {address}, which is not on the Internet")
