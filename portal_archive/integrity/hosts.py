"""Hosts: which an official article links to as a matter of course, and which sell."""

from __future__ import annotations

import re
from functools import lru_cache

from portal_archive.integrity.words import HOST_WORDS, read_list

_HOST = re.compile(r"\s*(?:https?:)?//(?:[^/?#@\s]*@)?([^/?#\s:]+)", re.I)
_ORDINARY = frozenset((*read_list("hosts", "organisations"), *read_list("hosts", "press and services")))
_HOST_WORDS = tuple(word.replace("-", "") for word in HOST_WORDS)
# bk8, fun88, 789bet, w88, m88, sv388, kubet77: letters and digits as betting brands have them.
BRAND = re.compile(
    r"(?<![^\W_])(?=[a-z\d]*\d)(?:[a-z]{1,6}\d{1,3}(?:bet|win|vip)?|\d{1,3}(?:bet|win|vip|club|b|f|k)|[a-z]*(?:bet|win)\d{1,3}|\d{1,3}[a-z]{3,6})(?![^\W_])"
)
# The same where nothing else is called so: with what they are, or with the numbers that bring luck.
SURE_BRAND = re.compile(
    r"(?<![^\W_])(?!(?:km|ql|dt|tt|qd|nd)\d)(?=[a-z\d]*\d)"
    r"(?:[a-z]{0,6}\d{1,3}(?:bet|win|vip|club)|[a-z]{0,6}(?:bet|win|club)\d{1,3}|[a-z]{1,5}(?:66|68|77|79|86|88|99|789|365|247))"
    r"(?![^\W_])"
)
_BRAND_HOST = re.compile(
    r"(?:^|[.-])(?:[a-z]{0,8}\d{1,3})?(?:bet|win|club|vip)\d{0,3}(?:[.-]|$)|(?:^|[.-])[a-z]{1,6}\d{2,3}(?:bet|win|vip|club)?(?:[.-]|$)|bet\d|\dbet"
)


def host_of(url: str) -> str:
    """Return the host of an absolute URL in lower case without "www."; "" for any other."""
    match = _HOST.match(url)
    return match[1].lower().removeprefix("www.").rstrip(".") if match else ""


def _site(host: str) -> str:
    """Return the name under which a host was registered: two labels, three below gov.vn and the like."""
    labels = host.split(".")
    depth = 3 if len(labels) > 2 and labels[-1] == "vn" and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-depth:])


_SECOND_LEVEL = frozenset("com net org edu gov int ac biz info name pro health dcs".split())


@lru_cache(maxsize=4096)
def is_ordinary(host: str, own: str) -> bool:
    """Tell whether official articles link to `host` as a matter of course; `own` is the page's ("" unknown)."""
    if own and (host == own or _site(host) == _site(own)):
        return True
    if "." not in host or host.replace(".", "").isdigit():
        return True  # a machine of the house
    labels = host.split(".")
    return any(".".join(labels[start:]) in _ORDINARY for start in range(len(labels)))


def sells(host: str) -> str | None:
    """Return the part of a host name that says what is sold there, if one does."""
    squeezed = host.replace(".", "").replace("-", "")
    for word in _HOST_WORDS:
        if word in squeezed:
            return word
    match = _BRAND_HOST.search(host)
    return match[0].strip(".-") if match else None


def is_foreign(host: str, own: str) -> bool:
    """Tell whether a host is none that official articles link to, and abroad or selling something."""
    return not is_ordinary(host, own) and (not host.endswith(".vn") or sells(host) is not None)
