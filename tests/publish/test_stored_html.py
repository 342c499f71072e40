"""A stored page runs nothing, loads nothing, and leads nowhere but to the page that says where a link leads."""

import re
from urllib.parse import quote

import pytest

from portal_archive.publish.parts.stored_html import decode, harmless


def shown(html: str, url: str = "https://cong.example/tin/1.html") -> str:
    return harmless(html.encode(), url, None, lambda address: f"/leaving?to={quote(address, safe='')}")


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ('<a href="https://nha-cai.example/x?a=1&amp;b=2">x</a>', "https://nha-cai.example/x?a=1&b=2"),
        ('<a href="2.html">x</a>', "https://cong.example/tin/2.html"),
        ('<a href="/">x</a>', "https://cong.example/"),
        ('<a href="//nha-cai.example">x</a>', "https://nha-cai.example"),
        ('<base href="https://khac.example/a/"><a href="b">x</a>', "https://khac.example/a/b"),
        ('<map><area href="https://nha-cai.example/"></map>', "https://nha-cai.example/"),
        ('<a href=" https://nha-cai.example/ ">x</a>', "https://nha-cai.example/"),
        ('<svg><style><a href="https://nha-cai.example/">x</a></style></svg>', None),
        ('<svg><a xlink:href="https://nha-cai.example/"><text>x</text></a></svg>', None),
        ('<math href="https://nha-cai.example/"><mi>x</mi></math>', None),
        ('<form action="https://nha-cai.example/"><button>x</button></form>', None),
        ('<meta http-equiv="refresh" content="0;url=https://nha-cai.example/">', None),
        ('<iframe src="https://nha-cai.example/"></iframe>', None),
        ('<noscript><a href="https://nha-cai.example/">x</a></noscript>', None),
        ('<template><a href="https://nha-cai.example/">x</a></template>', None),
        ('<a href="javascript:location=1">x</a>', None),
        ('<a href="data:text/html,x">x</a>', None),
        ('<a href="mailto:a@b.example">x</a>', None),
        ('<a href="https://[">x</a>', None),
        ('<a href="#muc-2">x</a>', "#muc-2"),
        ('<a ping="https://nha-cai.example/" href="/b">x</a>', "https://cong.example/b"),
    ],
)
def test_a_link_goes_through_our_page(link: str, address: str | None) -> None:
    page = shown(f"<p>{link}</p>")
    wanted = (
        address if address is None or address.startswith("#") else f"/leaving?to={quote(address, safe='')}"
    )
    assert re.findall(r'(?:href|action|src|ping|url)="?([^" >]*)', page) == ([wanted] if wanted else [])
    assert "nha-cai.example" not in re.sub(r'href="/leaving[^"]*"', "", page)


def test_text_and_tables_stay() -> None:
    html = '<body bgcolor="red"><h1 style="color:red">A</h1><table border="1"><tr><td colspan="2">ấ</td></tr></table>'
    assert shown(html) == (
        '<h1 style="color:red">A</h1><table border="1"><tbody><tr><td colspan="2">ấ</td></tr></tbody></table>'
    )


def test_the_charset_is_the_headers_else_the_pages() -> None:
    assert decode("Đảng bộ".encode("utf-16"), "utf-16") == "Đảng bộ"
    assert decode(b'<meta charset="windows-1258">\xd0', None).endswith("Đ")
    assert decode("Đảng".encode(), "no-such-charset") == "Đảng"
