"""A synthetic provincial portal on SharePoint: titles of page blocks leak as text, the counter is hidden."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from demo.bodies import ink
from demo.newsroom import Article, Attachment, Figure
from demo.portal import Portal, Response, day
from demo.prose import Region, slugify
from demo.topics import CATEGORIES

_PAGES = "/portal/Pages"


class BacKan(Portal):
    """SharePoint portal: /portal/Pages/YYYY-M-D/<slug cut to 50><6 random>.aspx, lists with ?Page=N."""

    stem = "backan"
    title = "Cổng thông tin điện tử tỉnh Bắc Khê"
    region = Region("tỉnh", "Bắc Khê", "Tỉnh ủy")
    disallowed = "/_layouts/"
    traps = r"^/_layouts/|/Lich\.aspx|[?&]isdlg="
    base_visits = 5_698_723

    def dateline(self, published: datetime) -> str:
        """Give day and month alone; the year stands in the date above the title."""
        return f"{'Sáng' if published.hour < 12 else 'Chiều'} {published.day}/{published.month}"

    def paths(self, article: Article) -> list[str]:
        """Give the only address: the day, 50 characters of the slug, six that mean nothing."""
        random = hashlib.sha256(f"{article.key} {article.slug}".encode()).hexdigest()[:6]
        date = article.published
        return [f"{_PAGES}/{date.year}-{date.month}-{date.day}/{article.slug[:50]}{random}.aspx"]

    def image_path(self, article: Article, figure: Figure) -> str:
        """Put images into a folder of 16 hexadecimal digits."""
        return f"/PictureLibrary/{hashlib.sha256(figure.name.encode()).hexdigest()[:16]}/{figure.name}"

    def attachment_path(self, article: Article, attachment: Attachment) -> str:
        """Put attachments into one library."""
        return f"/Documents/{attachment.name}"

    def article_page(self, article: Article, path: str, query: Mapping[str, str]) -> str:
        """Print an article in its two blocks; `isdlg=1` is the view for dialogs and printing."""
        write = ink(article)
        body = self.body(article, caption='div class="comment"', byline=article.author)
        if "isdlg" in query:
            return super().frame(article.title, f"<h3>{write(article.title)}</h3>{body}")
        files = "".join(
            f'<div><a href="{self.attachment_path(article, item)}">{item.title}</a></div>'
            for item in article.attachments
        )
        return self.frame(
            article.title,
            _block(
                "Toolbar",
                f'<div><span>{article.published:%d/%m/%Y}</span></div>\n<div><a href="#">Tăng cỡ chữ</a> '
                f'<a href="#">Giảm cỡ chữ</a> <a href="{path}?isdlg=1">In trang</a></div>\n'
                f"<h3>{write(article.title)}</h3>\n<div><b>{write(article.lead)}</b></div>",
            )
            + _block("ViewData", f"<div>{body}</div>")
            + (f"<div><div>Tài liệu đính kèm:</div>{files}</div>" if files else "")
            + f"<div><div>Các tin khác</div>{self._items(self.neighbours(article))}</div>",
        )

    def other_page(self, path: str, query: Mapping[str, str], base: str) -> Response | None:
        """Answer home, lists, calendar and contact."""
        if path in {"/", f"{_PAGES}/default.aspx"}:
            return self.html(
                self.title,
                f"<div>Tin mới{self._items(self.articles[:6])}</div>\n<div>Tin nổi bật<ul>"
                f"<li>{self.link(self.renamed, self.old_path)}</li>"
                f'<li><a href="{self.dead_path}">Tin này đã được gỡ khỏi trang của tỉnh</a></li></ul></div>',
            )
        name = path.removeprefix(f"{_PAGES}/").removesuffix(".aspx")
        if name == "Lich":
            return self.calendar(path, query)
        if name == "Lien-he":
            return self.html(
                "Liên hệ", "<h3>Liên hệ</h3><p>Số 1, phường Trung Tâm. Điện thoại: 0200 000 003.</p>"
            )
        articles = self.articles if name == "Tin-tuc" else self.in_category(name)
        if articles is None:
            return None
        shown, page, pages = self.chunk(articles, query.get("Page", "1"))
        pager = "".join(
            f'<a href="{path}?Page={number}">{label}</a> '
            for label, number in (("Trước", page - 1), ("Sau", page + 1))
            if 1 <= number <= pages
        )
        return self.html("Tin tức", f"<h3>Tin tức</h3>{self._items(shown)}<div>{pager}</div>")

    def missing(self) -> Response:
        """Answer 200 with a page that says the article does not exist."""
        return self.html("Thông báo", "<div><p>Bài viết không tồn tại hoặc đã bị gỡ bỏ.</p></div>")

    def deleted(self, article: Article) -> Response:
        """Answer 404."""
        return self.html("404 NOT FOUND", "<h3>404 NOT FOUND</h3>", status=404)

    def known(self, article: Article) -> dict[str, object]:
        """Tell what the page says: the day, the byline; category, tags and read count are not shown."""
        return {
            "byline": article.author,
            "published_at": day(article.published),
            "published_precision": "day",
            "category": None,
        }

    def frame(self, title: str, content: str, head: str = "") -> str:
        """Put menu and hidden counter around `content`."""
        menu = "".join(
            f'<li><a href="{_PAGES}/{slugify(name, keep_case=True)}.aspx">{name}</a></li>'
            for name in ("Tin tức", *CATEGORIES)
        )
        count = self.count_visit()
        return super().frame(
            title,
            f'<form id="aspnetForm">\n<div id="s4-titlerow"><a href="/">{self.title}</a></div>\n<ul>{menu}'
            f'<li><a href="{_PAGES}/Lich.aspx">Lịch làm việc</a></li>'
            f'<li><a href="{_PAGES}/Lien-he.aspx">Liên hệ</a></li>'
            f'<li><a href="{self.disallowed}authenticate.aspx">Đăng nhập</a></li></ul>\n'
            f'<div id="s4-workspace">{content}'
            f'</div>\n<div style="display:none">Tổng số truy cập: {count["total"]:,}<br>'
            f"Trong tháng: {count['month']:,}<br>"
            f"Trong ngày: {count['today']:,}<br>Tổng số trực tuyến : {count['online']}</div>\n</form>",
            '<meta name="GENERATOR" content="Microsoft SharePoint">\n' + head,
        )

    def _items(self, articles: Sequence[Article]) -> str:
        return (
            "<ul>"
            + "".join(f"<li>{self.link(a)} <span>{a.published:%d/%m/%Y}</span></li>" for a in articles)
            + "</ul>"
        )


def _block(name: str, content: str) -> str:
    return (
        '<div class="ms-webpart-zone">'
        f'<h2 class="ms-webpart-titleText">PublishingPortal - Block_BanTin_{name}</h2>\n'
        f"{content}</div>\n"
    )
