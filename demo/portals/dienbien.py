"""A synthetic party portal in the manner of Điện Biên's: pages that are one list, a counter by script."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from demo.bodies import body_html, ink
from demo.newsroom import Article, Attachment, Figure
from demo.portal import Portal, Response
from demo.prose import Region, slugify
from demo.topics import CATEGORIES

_SCRIPT = """<script>
fetch('/api/ThongKe/TongTruyCap').then(function (answer) { return answer.json(); }).then(function (count) {
  document.getElementById('tongtruycap').textContent = count.TongTruyCap;
});
</script>"""


class DienBien(Portal):
    """Party portal: /TinTuc/<Slug>, lists /ChuyenMuc/<Slug>?PageIndex=N, no <h1>, one <title>."""

    stem = "dienbien"
    title = "TRANG THÔNG TIN ĐIỆN TỬ ĐẢNG BỘ TỈNH BIÊN HÀ"
    region = Region("tỉnh", "Biên Hà", "Tỉnh ủy")
    disallowed = "/QuanTri/"
    traps = r"^/QuanTri/|^/TinTuc/.*PageIndex="
    base_visits = 6_431_870

    def dateline(self, published: datetime) -> str:
        """Give the day before publication, without year."""
        event = published - timedelta(days=1)
        return f"Ngày {event.day}/{event.month}"

    def paths(self, article: Article) -> list[str]:
        """Give the only address; quotation marks became hyphens of their own."""
        return ["/TinTuc/" + re.sub(r"-(Dan-van-kheo)\b", r"---\1-", article.slug)]

    def image_path(self, article: Article, figure: Figure) -> str:
        """Put images below the year."""
        return f"/Uploads/Images/{article.published.year}/{figure.name}"

    def attachment_path(self, article: Article, attachment: Attachment) -> str:
        """Put attachments into one folder."""
        return f"/Uploads/Files/{attachment.name}"

    def article_page(self, article: Article, path: str, query: Mapping[str, str]) -> str:
        """Print an article; `PageIndex` pages the related news below it."""
        write = ink(article)
        body = body_html(
            article.style,
            self.blocks(article),
            write,
            lambda figure: f'<img src="{self.image_path(article, figure)}" alt="{figure.name}" />',
            byline=self._byline(article),
        )
        files = "".join(
            f'<li><a href="{self.attachment_path(article, item)}">{item.title}</a></li>'
            for item in article.attachments
        )
        older = [other for other in self.articles if other.published < article.published]
        related, page, pages = self.chunk(older, query.get("PageIndex", "1"))
        return self.frame(
            self.title,
            f"<li><b>{write(article.title)}</b></li>\n"
            f"<li>Thời gian đăng: {article.published:%d/%m/%Y %I:%M:%S %p} - "
            f"Lượt đọc: {self.views(article)}</li>\n"
            f"<li><b>{write(article.lead)}</b></li>\n<li>{body}"
            + "</li>\n"
            + (f"<li>Tệp đính kèm:<ul>{files}</ul></li>\n" if files else "")
            + "<li>Tin liên quan<ul>"
            + "".join(f"<li>{self.link(other)}</li>" for other in related)
            + f"</ul>{_pager(path, page, pages)}</li>",
        )

    def other_page(self, path: str, query: Mapping[str, str], base: str) -> Response | None:
        """Answer home, lists, the counter's endpoint and the contact page."""
        if path == "/":
            return self.html(
                self.title, f"<li>Tin mới<ul>{self._items(self.articles[:8])}</ul></li>{self._more()}"
            )
        if path == "/api/ThongKe/TongTruyCap":
            total = f"{self.count_visit()['total']:,}".replace(",", ".")
            return Response(
                200, json.dumps({"TongTruyCap": total}).encode(), "application/json; charset=utf-8"
            )
        if path == "/LienHe/Dia-chi":
            return self.html(
                self.title, "<li>Địa chỉ: Số 1, phường Trung Tâm. Điện thoại: 0200 000 001.</li>"
            )
        controller, _, slug = path.lstrip("/").partition("/")
        articles = self.articles if slug == "Tin-tuc" else self.in_category(slug)
        if controller != "ChuyenMuc" or articles is None:
            return None
        shown, page, pages = self.chunk(articles, query.get("PageIndex", "1"))
        return self.html(self.title, f"<li><ul>{self._items(shown)}</ul>{_pager(path, page, pages)}</li>")

    def missing(self) -> Response:
        """Answer 200 with a page that says the article does not exist."""
        return self.html(self.title, "<li>Bài viết không tồn tại hoặc đã bị xóa.</li>")

    def deleted(self, article: Article) -> Response:
        """Answer 404 for the articles deleted at first, and the soft 404 for the second of them."""
        if article.key == self.editions[1].touched["deleted"]:
            return self.html(self.title, "<li>404 - Không tìm thấy.</li>", status=404)
        return self.missing()

    def known(self, article: Article) -> dict[str, object]:
        """Tell what the page says: the date to the second, the read count, no category."""
        return {
            "byline": self._byline(article),
            "published_at": article.published.isoformat(),
            "published_precision": "second",
            "views": self.seen_views(article),
            "category": None,
        }

    def frame(self, title: str, content: str, head: str = "") -> str:
        """Put `content`, which is made of <li>, into the list that the whole page is."""
        menu = "".join(
            f'<li><a href="/ChuyenMuc/{slugify(name, keep_case=True)}">{name}</a></li>'
            for name in ("Tin tức", *CATEGORIES)
        )
        return super().frame(
            title,
            f'<a href="/">{self.title}</a>\n<ul>\n<li><ul>{menu}'
            '<li><a href="/LienHe/Dia-chi">Liên hệ</a></li>'
            f'<li><a href="{self.disallowed}Dang-nhap">Quản trị</a></li></ul></li>\n{content}\n'
            "<li>BẢN ĐỒ HÀNH CHÍNH<br />Liên kết web</li>\n"
            '<li>Thống kê truy cập<br />Tổng truy cập: <span id="tongtruycap"></span></li>\n'
            f"</ul>\n{_SCRIPT}",
            head,
        )

    def _byline(self, article: Article) -> str | None:
        return f"{'Tin, ảnh' if article.figures else 'Tin'}: {article.author}" if article.author else None

    def _items(self, articles: Sequence[Article]) -> str:
        return "".join(f"<li>{self.link(a)} <span>({a.published:%d/%m/%Y})</span></li>" for a in articles)

    def _more(self) -> str:
        return (
            f"<li>Tin đọc nhiều<ul><li>{self.link(self.renamed, self.old_path)}</li>"
            f'<li><a href="{self.dead_path}">Tin này đã được gỡ khỏi trang của tỉnh</a></li></ul></li>'
        )


def _pager(path: str, page: int, pages: int) -> str:
    links = (
        f"<span>{number}</span>" if number == page else f'<a href="{path}?PageIndex={number}">{number}</a>'
        for number in range(1, pages + 1)
    )
    return f"<div>{' '.join(links)}</div>"
