"""Small portals of today's kinds: three whose pages a script fills, and one that publishes documents and scans.

Each has a dozen articles and no past. `declared` is what a portal's file would say of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from demo import files
from demo.newsroom import Article, newsroom
from demo.portal import NOW, Response
from demo.prose import Region, slugify

_DOCUMENTS = Path(__file__).parent / "documents"
_NOTE = "Trang mô phỏng phục vụ thử nghiệm (synthetic): mọi tên người, địa danh, sự kiện và số liệu đều là hư cấu."
_NUMBER = 12
_JSON = "application/json; charset=utf-8"
_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
}


class SmallPortal:
    """A portal of a dozen articles. Subclasses say how its pages come to show them."""

    stem: ClassVar[str]
    title: ClassVar[str]
    region: ClassVar[Region]
    declared: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        written = newsroom(self.stem, self.region, lambda day: f"Ngày {day:%d/%m}")
        self.articles = written[-_NUMBER:][::-1]

    def path(self, article: Article) -> str:
        """Return the address of an article."""
        return f"/tin/{slugify(article.title)}-{article.key}.html"

    def text(self, article: Article) -> str:
        """Return the text of an article as HTML."""
        paragraphs = [block for block in article.blocks if isinstance(block, str)]
        return "".join(f"<p>{escape(text, quote=False)}</p>" for text in paragraphs)

    def entry(self, article: Article, *, whole: bool) -> dict[str, object]:
        """Return an article as the data of a script, with its text or as a list has it."""
        found: dict[str, object] = {
            "id": article.key,
            "title": article.title,
            "sapo": article.lead,
            "url": self.path(article),
            "publishedAt": article.published.isoformat(timespec="seconds"),
        }
        return found | ({"author": article.author, "content": self.text(article)} if whole else {})

    def get(self, path: str, query: Mapping[str, str], base: str, etag: str | None = None) -> Response:
        """Answer a request for `path` (unquoted) and `query`."""
        if path == "/robots.txt":
            return Response(200, b"User-agent: *\nDisallow: /noi-bo/\n", "text/plain; charset=utf-8")
        if path == "/":
            return self.home()
        article = next((article for article in self.articles if self.path(article) == path), None)
        return self.page(article) if article else self.other(path, query)

    def home(self) -> Response:
        """Return the home page, which lists every article."""
        raise NotImplementedError

    def page(self, article: Article) -> Response:
        """Return the page of an article."""
        raise NotImplementedError

    def other(self, path: str, query: Mapping[str, str]) -> Response:
        """Return what stands at any other address."""
        return html("Không tìm thấy", "<h1>404: không tìm thấy trang</h1>", 404)


def html(title: str, content: str, status: int = 200) -> Response:
    """Return a page; every one says that it is synthetic."""
    page = (
        f'<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n<meta name="generator-note" '
        f'content="synthetic demo page: all names, places and figures are invented">\n'
        f"<title>{escape(title, quote=False)}</title>\n</head>\n<body>\n{content}\n<!-- {_NOTE} -->\n</body>\n</html>\n"
    )
    return Response(status, page.encode())


def data(value: object) -> Response:
    """Return an answer in JSON."""
    return Response(200, json.dumps(value, ensure_ascii=False).encode(), _JSON)


class State(SmallPortal):
    """Pages carry what their script shows, as Next.js has it."""

    stem = "trangthai"
    title = "Đảng bộ huyện Mường Khoa (mô phỏng: dữ liệu trong trang)"
    region = Region("huyện", "Mường Khoa", "Huyện ủy")

    def home(self) -> Response:
        """Return an empty page with the list in its data."""
        return self._filled(
            self.title, {"tinMoi": [self.entry(article, whole=False) for article in self.articles]}
        )

    def page(self, article: Article) -> Response:
        """Return an empty page with the article, and some others, in its data."""
        others = [self.entry(other, whole=False) for other in self.articles[:3] if other is not article]
        return self._filled(article.title, {"tin": self.entry(article, whole=True), "lienQuan": others})

    def _filled(self, title: str, props: Mapping[str, object]) -> Response:
        state = json.dumps({"props": {"pageProps": props}}, ensure_ascii=False).replace("</", "<\\/")
        script = f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'
        return html(title, f'<div id="__next"></div>\n{script}')


class Endpoints(SmallPortal):
    """Pages ask an endpoint for their content."""

    stem = "diemcuoi"
    title = "Đảng bộ huyện Bản Lếch (mô phỏng: nội dung lấy từ API)"
    region = Region("huyện", "Bản Lếch", "Huyện ủy")
    declared: ClassVar[Mapping[str, Any]] = {
        "lists": ("/api/tin?trang={page}",),
        "endpoints": ((r"^/tin/[\w-]+-(?P<id>\d+)\.html$", r"/api/tin/\g<id>"),),
    }

    def home(self) -> Response:
        """Return an empty page."""
        return self._shell()

    def page(self, article: Article) -> Response:
        """Return the same empty page."""
        return self._shell()

    def _shell(self) -> Response:
        return html(self.title, '<div id="app"></div>\n<script src="/static/js/main.41c2.js"></script>')

    def other(self, path: str, query: Mapping[str, str]) -> Response:
        """Return what the script asks for: a page of the list, or an article."""
        if path == "/api/tin":
            first = (int(query.get("trang", "1")) - 1) * 5
            some = [self.entry(article, whole=False) for article in self.articles[first : first + 5]]
            return data({"items": some, "totalPage": 3})
        found = next((one for one in self.articles if path == f"/api/tin/{one.key}"), None)
        return data({"tin": self.entry(found, whole=True)}) if found else super().other(path, query)


class Rendered(SmallPortal):
    """Pages put together what a script of theirs fetches piece by piece, of which nothing outside knows."""

    stem = "trinhduyet"
    title = "Đảng bộ huyện Phìn Hồ (mô phỏng: chỉ trình duyệt mới thấy)"
    region = Region("huyện", "Phìn Hồ", "Huyện ủy")
    declared: ClassVar[Mapping[str, Any]] = {"rendered": True}

    def home(self) -> Response:
        """Return an empty page whose script fetches the list."""
        return self._shell("/manh/danh-sach")

    def page(self, article: Article) -> Response:
        """Return an empty page whose script fetches the article."""
        return self._shell(f"/manh/{article.key}")

    def _shell(self, piece: str) -> Response:
        script = (
            f'fetch("{piece}").then(answer => answer.text()).then(text => '
            '{ document.getElementById("app").innerHTML = text; });'
        )
        return html(self.title, f'<div id="app"></div>\n<script>{script}</script>')

    def other(self, path: str, query: Mapping[str, str]) -> Response:
        """Return a piece of a page."""
        if path == "/manh/danh-sach":
            items = "".join(
                f'<li><a href="{self.path(one)}">{escape(one.title)}</a> <i>{one.published:%d/%m/%Y}</i></li>'
                for one in self.articles
            )
            return Response(200, f"<h2>Tin mới</h2><ul>{items}</ul>".encode())
        article = next((one for one in self.articles if path == f"/manh/{one.key}"), None)
        return Response(200, self.shown(article).encode()) if article else super().other(path, query)

    def shown(self, article: Article) -> str:
        """Return an article as people see it."""
        return (
            f"<h1>{escape(article.title)}</h1><p>Ngày đăng: {article.published:%d/%m/%Y %H:%M}</p>"
            f'<div class="noi-dung">{self.text(article)}</div>'
        )


class Documents(Rendered):
    """An ordinary portal whose news are files: Word and Excel of before 2007, a scan in a viewer, one as an image."""

    stem = "vanban"
    title = "Văn bản Huyện ủy Nậm Sơn (mô phỏng: tệp và bản quét)"
    region = Region("huyện", "Nậm Sơn", "Huyện ủy")
    declared: ClassVar[Mapping[str, Any]] = {}
    _offered = (
        '<p>Tệp kèm theo: <a href="/tep/danh-sach.doc">Danh sách hộ hiến đất</a></p>',
        '<p>Tệp kèm theo: <a href="/tep/cam-ket.xls">Số hộ ký cam kết</a></p>',
        '<p><iframe src="/pdfjs/web/viewer.html?file=/tep/thong-bao.pdf" width="100%"></iframe></p>',
        '<p><img src="/tep/giay-moi.png" alt="Giấy mời"></p>',
    )

    def home(self) -> Response:
        """Return the list of articles."""
        return html(self.title, self.other("/manh/danh-sach", {}).body.decode())

    def page(self, article: Article) -> Response:
        """Return an article, with its file."""
        place = self.articles.index(article)
        offered = self._offered[place] if place < len(self._offered) else ""
        return html(article.title, self.shown(article).removesuffix("</div>") + f"{offered}</div>")

    def other(self, path: str, query: Mapping[str, str]) -> Response:
        """Return a file."""
        name = path.removeprefix("/tep/")
        kind = _TYPES.get(name.rpartition(".")[2], "")
        if name == "thong-bao.pdf":
            pages = (_DOCUMENTS / f"thong-bao-{number}.png" for number in (1, 2))
            return Response(200, files.scanned_pdf(*(page.read_bytes() for page in pages)), kind)
        if path.startswith("/tep/") and kind and (_DOCUMENTS / Path(name).name).is_file():
            return Response(200, (_DOCUMENTS / Path(name).name).read_bytes(), kind)
        return super().other(path, query)


SHELLS: dict[str, type[SmallPortal]] = {
    portal.stem: portal for portal in (State, Endpoints, Rendered, Documents)
}
