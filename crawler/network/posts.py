"""Pages that a portal shows only in answer to a POST, in a frontier and captures that hold addresses.

A POST is written as the address under which replay tools index it (pywb, CDXJ): the fields of its form behind
``__wb_method=POST``. Everything in this program knows the page by that address; only the wire carries the POST.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request

_MARK = "__wb_method=POST"


def method_of(url: str) -> str:
    """Return the HTTP method that asks for a page."""
    return "POST" if urlsplit(url).query.split("&", 1)[0] == _MARK else "GET"


def on_the_wire(request: Request) -> Request:
    """Return what is sent for a request: itself, or the form that its address stands for."""
    if method_of(request.url) == "GET":
        return request
    parts = urlsplit(request.url)
    form = parts.query.partition("&")[2]
    sent = request.replace(url=parts._replace(query="").geturl(), method="POST", body=form.encode())
    sent.headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
    return sent
