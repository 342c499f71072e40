"""The styles of a stored page, made harmless: they name nothing to load, and cannot end the element they stand in."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from bs4.filter import SoupStrainer

# Whatever takes an address, and rules that load one. Escapes, which could hide these, are taken out first.
_LOADING = re.compile(r"[\w-]*(?:url|src|image|image-set|cross-fade|element|attr)\s*\(", re.IGNORECASE)
_RULES = re.compile(r"@(?:import|font-face|namespace)\b", re.IGNORECASE)
_MOST_SHEETS = 60


def harmless_css(css: str) -> str:
    """Return a style sheet, or the declarations of an attribute, without anything that loads."""
    plain = css.replace("\\", "").replace("<", "")
    return _RULES.sub("@none", _LOADING.sub("none(", plain))


def style_elements(page: str, start: str, sheet: Callable[[str], str | None]) -> str:
    """Return the styles of a page as elements for the head of another.

    `start` is what relative addresses begin at; `sheet` gives the address of our copy of a style sheet, None where
    there is none.
    """
    found = BeautifulSoup(page, "lxml", parse_only=SoupStrainer(["style", "link"])).find_all(
        ["style", "link"]
    )
    elements = []
    for one in found[:_MOST_SHEETS]:
        media = escape(str(one.get("media") or "all"))
        if one.name == "style":
            elements.append(f'<style media="{media}">{harmless_css(one.get_text())}</style>')
            continue
        if "stylesheet" not in [word.lower() for word in one.get("rel") or []] or not one.get("href"):
            continue
        try:
            ours = sheet(urljoin(start, str(one["href"]).strip()))
        except ValueError:
            continue
        if ours:
            elements.append(f'<link rel="stylesheet" media="{media}" href="{escape(ours)}">')
    return "".join(elements)
