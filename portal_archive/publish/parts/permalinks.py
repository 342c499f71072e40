"""Addresses that never show anything but what they were made for.

They hold the beginning of a hash beside the number: numbers of versions move when two articles turn out to be one, and
what was read from a capture is written anew by a better reader. What no longer has that hash is not shown.
"""

from __future__ import annotations

_LETTERS = 16


def of_version(article: int, version: int, content_hash: str) -> str:
    """Return the path of a version of an article."""
    return f"/article/{article}/version/{version}/{content_hash[:_LETTERS]}"


def of_capture(number: int, digest: str) -> str:
    """Return the path of a capture, by its payload digest ("sha1:BASE32")."""
    return f"/capture/{number}/{digest.rpartition(':')[2][:_LETTERS]}"
