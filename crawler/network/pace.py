"""One request at a time to a host, and never too soon after the last, whichever crawl asks."""

from __future__ import annotations

import asyncio
from asyncio import sleep
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from portal_archive.model.site import site_of


class Host:
    """When a host was asked last (`last`), and how many seconds lie between two requests (`distance`).

    `refusals` counts how often in a row it has asked to be left alone, whichever portal's page was asked for.
    """

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.distance = 0.0
        self.last = float("-inf")
        self.resume_at = float("-inf")
        self.refusals = 0


class Pace:
    """What the crawls of one process have asked of each host; moments are of the monotonic clock, in seconds.

    Two crawls of one host get their turns in the order in which they ask for them. The distance between two
    requests is the greater of what either of them keeps.
    """

    def __init__(self) -> None:
        self._hosts: defaultdict[str, Host] = defaultdict(Host)

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[Host]:
        """Wait until the host of `url` may be asked; it is not asked by another until the block is left."""
        host = self._hosts[site_of(url)]
        async with host.turn:
            await sleep(max(0.0, host.last + host.distance - monotonic()))
            yield host

    def pause(self, url: str, seconds: float) -> None:
        """Let nobody begin anything with the host of `url` for so many seconds from now."""
        host = self._hosts[site_of(url)]
        host.resume_at = max(host.resume_at, monotonic() + seconds)

    def refused(self, url: str) -> int:
        """Count that the host of `url` asks to be left alone; return how often in a row it has."""
        host = self._hosts[site_of(url)]
        host.refusals += 1
        return host.refusals

    def answered(self, url: str) -> None:
        """Write that the host of `url` has answered, and refuses no more."""
        self._hosts[site_of(url)].refusals = 0

    def is_paused(self, url: str) -> bool:
        """Return whether the host of `url` has asked to be left alone for now."""
        return monotonic() < self._hosts[site_of(url)].resume_at
