"""Plain HTTP for the tests of the demo portals: no redirect is followed."""

import unicodedata
from http.client import HTTPConnection, HTTPMessage
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import html


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.body.decode())

    @property
    def text(self) -> str:
        return squeezed(self.tree.text_content())


def fetch(url: str, method: str = "GET", **headers: str) -> Answer:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    try:
        target = parts.path + ("?" + parts.query if parts.query else "")
        connection.request(
            method, target, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def squeezed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
