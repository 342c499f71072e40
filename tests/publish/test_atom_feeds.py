"""A feed is valid XML and says what it was given, whatever that holds."""

from typing import Any, cast
from xml.dom import minidom

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import feeds
from portal_archive.publish.parts.feeds import Entry, feed

FORBIDDEN = {*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF} - {0x09, 0x0A, 0x0D}
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=30)


class Here:
    lang = "vi"

    def t(self, code: str) -> str:
        return code


def allowed(text: str) -> str:
    kept = "".join(letter for letter in text if ord(letter) not in FORBIDDEN)
    # Line ends are one letter in XML.
    return kept.replace("\r\n", "\n").replace("\r", "\n")


@settings(deadline=None)
@given(title=ANYTHING, key=ANYTHING, via=ANYTHING, author=ANYTHING, summary=ANYTHING)
def test_any_text_gives_a_valid_feed(title: str, key: str, via: str, author: str, summary: str) -> None:
    entry = Entry(
        key=f"https://kho.example/{key}",
        title=f"x{title}x",
        page="https://kho.example/article/1",
        via=f"https://nguon.example/{via}",
        published="2026-11-01T00:00:00+07:00",
        updated="2026-11-01T00:00:00Z",
        author=f"x{author}",
        summary=f"x{summary}x",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feeds, "absolute", lambda _ctx, path, _kept=(): f"https://kho.example{path}")
        answer = feed(cast(PageContext, Here()), title, "/search.atom", "/search", [], [entry])
    text = cast(Any, answer).body
    document = minidom.parseString(text.encode())
    shown = document.getElementsByTagName("entry")[0]
    for name, wanted in (("title", entry.title), ("id", entry.key), ("summary", entry.summary)):
        node = shown.getElementsByTagName(name)[0]
        assert "".join(child.data for child in node.childNodes) == allowed(wanted), name
    parsed = feedparser.parse(text.encode(), sanitize_html=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert len(parsed.entries) == 1
