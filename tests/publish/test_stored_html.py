"""A stored page runs nothing, loads nothing, and leads nowhere but to the page that says where a link leads."""

import re
from urllib.parse import quote

import pytest

from portal_archive.publish.parts.stored_css import harmless_css
from portal_archive.publish.parts.stored_html import Copies, decode, harmless


def shown(html: str, url: str = "https://cong.example/tin/1.html") -> str:
    copies = Copies(lambda address: f"/leaving?to={quote(address, safe='')}")
    return harmless(html.encode(), url, None, copies)[1]


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


def test_pictures_and_style_sheets_are_ours_or_are_not() -> None:
    kept = {"https://cong.example/a.png": "/capture/7/file", "https://cong.example/s.css": "/capture/8/style"}
    copies = Copies(str, kept.get, kept.get)
    html = (
        '<head><base href="/"><link rel="Stylesheet" href="s.css" media=\'print"><script>\'><link rel=icon href=a.png>'
        '<link rel=stylesheet href="khac.css"><style>p { color: red; background: u\\72l(//nha-cai.example/x) }</style>'
        '</head><img src="a.png" alt="A" srcset="b.png 2x" onerror="x()"><img src="//nha-cai.example/b.png">'
        '<img src="data:image/png;base64,AA"><p style="background:url(//nha-cai.example)">x</p>'
    )
    assert harmless(html.encode(), "https://cong.example/tin/1.html", None, copies) == (
        '<link rel="stylesheet" media="print&quot;&gt;&lt;script&gt;" href="/capture/8/style">'
        '<style media="all">p { color: red; background: u72l(//nha-cai.example/x) }</style>',
        '<img src="/capture/7/file" alt="A"><img><img><p style="background:none(//nha-cai.example)">x</p>',
    )


@pytest.mark.parametrize(
    ("css", "harmless"),
    [
        ("a{b:URL (x)}", "a{b:none(x)}"),
        ('@import "x.css"; a{c:d}', '@none "x.css"; a{c:d}'),
        ("@\\69mport url(x)", "@69mport none(x)"),
        ("@font-face{src:url(x)}", "@none{src:none(x)}"),
        ("a{b:-webkit-image-set('x' 1x)}", "a{b:none('x' 1x)}"),
        ("</style><script>x</script>", "/style>script>x/script>"),
        (
            "a{width:calc(1px + 2px);transform:translate(1px)}",
            "a{width:calc(1px + 2px);transform:translate(1px)}",
        ),
    ],
)
def test_styles_load_nothing(css: str, harmless: str) -> None:
    assert harmless_css(css) == harmless
