"""A synthetic town portal of the slug-id family: one article under two addresses, some without a date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import ClassVar
from urllib.parse import quote

from demo.bodies import ink
from demo.newsroom import Article, Attachment, Figure
from demo.portal import NOW, Portal, Response, day
from demo.prose import Region, slugify
from demo.topics import CATEGORIES


class SaPa(Portal):
    """Town portal: /<category>/<slug>-<id2> and /1227/27461/54439/<id>/<category>/<slug>, tags, sitemap."""

    stem = "sapa"
    title = "Trang thông tin điện tử thị xã Sa Vân"
    region = Region("thị xã", "Sa Vân", "Thị ủy")
    disallowed = "/tim-kiem"
    traps = r"^/tim-kiem|^/doi-giao-dien|^/print/|^/tag/"
    category_redirects = True
    conditional = True
    two_schemes: ClassVar[bool] = True
    always_dated: ClassVar[bool] = False
    first_id: ClassVar[int] = 1_105_000

    def __init__(self, now: datetime = NOW) -> None:
        super().__init__(now)
        self._themes = 0

    def dateline(self, published: datetime) -> str:
        """Give the whole date: on some pages it is the only one."""
        return f"{'Sáng' if published.hour < 12 else 'Chiều'} {published:%d/%m/%Y}"

    def paths(self, article: Article) -> list[str]:
        """Give the address with the new id, and that of the old scheme; the ids have nothing in common."""
        category, slug = slugify(article.category), article.slug.lower()
        new = f"/{category}/{slug}-{self.first_id + article.key * 37}"
        return [new, f"/1227/27461/54439/{290_000 + article.key * 11}/{category}/{slug}"][
            : 1 + self.two_schemes
        ]

    def image_path(self, article: Article, figure: Figure) -> str:
        """Put images below year and month."""
        return f"/UploadFolder/SiteImages/{article.published:%Y_%m}/{figure.name}"

    def attachment_path(self, article: Article, attachment: Attachment) -> str:
        """Put attachments into one folder."""
        return f"/UploadFolder/Documents/{attachment.name}"

    def article_page(self, article: Article, path: str, query: Mapping[str, str]) -> str:
        """Print an article: date, if it has one, and read count below the title; the byline comes last."""
        write = ink(article)
        date = f'<span class="date">{article.published:%d/%m/%Y %H:%M}</span>' if self._dated(article) else ""
        files = "".join(
            f'<a href="{self.attachment_path(article, item)}">{item.title}</a><br>'
            for item in article.attachments
        )
        tags = ", ".join(f'<a href="/tag/{quote(tag)}">{tag}</a>' for tag in article.tags)
        sapo = f'<div class="sapo"><strong>{write(article.lead)}</strong></div>\n' if self.has_summary else ""
        byline = self._byline(article)
        return self.frame(
            article.title,
            f'<div class="breadcrumb"><a href="/">Trang chủ</a> / <a href="/{slugify(article.category)}">'
            f"{article.category}</a></div>\n<h1>{write(article.title)}</h1>\n"
            f'<div class="info">{date} Lượt xem: {self.views(article)} '
            f'<a href="/print{self.paths(article)[0]}">Bản in</a></div>\n{sapo}'
            f'<div class="content">{self.body(article)}'
            + (f'<p style="text-align: right;"><strong>{byline}</strong></p>' if byline else "")
            + "</div>\n"
            + (f'<div class="files">Tải về: {files}</div>\n' if files else "")
            + f'<div class="tags">Từ khóa: {tags}</div>\n<div class="other"><h3>Tin khác</h3>'
            + self._items(self.neighbours(article), old=article.key % 2 == 0)
            + "</div>",
            head=f'<meta name="description" content="{escape(article.lead)}">\n' if self.has_summary else "",
        )

    def other_page(self, path: str, query: Mapping[str, str], base: str) -> Response | None:
        """Answer home, lists, sitemap, print, tag and search views, and the theme switch."""
        if path == "/":
            return self.html(self.title, self._home())
        if path == "/sitemap.xml":
            return Response(200, self._sitemap(base).encode(), "application/xml; charset=utf-8")
        if path == "/lien-he":
            return self.html(
                "Liên hệ", "<h1>Liên hệ</h1><p>Số 1, phường Trung Tâm. Điện thoại: 0200 000 002.</p>"
            )
        if path.startswith("/doi-giao-dien/"):
            return Response(302, b"", headers=(("Location", "/"),))
        if path.startswith("/print/"):
            article = self._by_path().get(path.removeprefix("/print"))
            if article is None:
                return None
            return self.html(article.title, f"<h1>{article.title}</h1>{self.body(article)}")
        if path.startswith("/tag/"):
            tagged = [article for article in self.articles if path.removeprefix("/tag/") in article.tags]
            return self._list(path, tagged, query)
        articles = self.articles if path == "/tin-tuc" else self.in_category(path.lstrip("/"))
        return None if articles is None else self._list(path, articles, query)

    def missing(self) -> Response:
        """Answer 404 with a refresh to the home page."""
        return self.html(
            "Không tìm thấy",
            "<h1>Không tìm thấy nội dung</h1><p>Nội dung không tồn tại.</p>",
            status=404,
            head='<meta http-equiv="refresh" content="5; url=/">\n',
        )

    def known(self, article: Article) -> dict[str, object]:
        """Tell what the page says: the minute where there is a date line, else the day of the dateline."""
        dated = self._dated(article)
        return {
            "author": self._byline(article),
            "byline": self._byline(article),
            "published_at": f"{article.published:%Y-%m-%dT%H:%M:00+07:00}"
            if dated
            else day(article.published),
            "published_precision": "minute" if dated else "inferred",
            "views": self.seen_views(article),
            "tags": list(article.tags),
        }

    def frame(self, title: str, content: str, head: str = "") -> str:
        """Put menu and theme switch around `content`; the switch has a new address on each page."""
        self._themes += 1
        menu = "".join(f'<li><a href="/{slugify(name)}">{name}</a></li>' for name in ("Tin tức", *CATEGORIES))
        return super().frame(
            title,
            f'<div class="top"><a href="/">{self.title}</a> '
            f'<a href="/doi-giao-dien/{self._themes:06x}">Giao diện tối</a></div>\n'
            f'<ul class="menu">{menu}<li><a href="/lien-he">Liên hệ</a></li></ul>\n'
            f'<form action="{self.disallowed}"><input name="q"></form>'
            f'<a href="{self.disallowed}?q=dan+van">Tìm kiếm</a>\n'
            f'<div class="main">{content}</div>\n{self.sidebar()}',
            head,
        )

    def sidebar(self) -> str:
        """Return what stands beside every page: nothing here."""
        return ""

    def _dated(self, article: Article) -> bool:
        return self.always_dated or article.key % 3 != 0

    def _byline(self, article: Article) -> str | None:
        house = f"Trung tâm Văn hóa, Thể thao - Truyền thông {self.region.place}"
        return f"{article.author} ({house})" if article.author else None

    def _home(self) -> str:
        return (
            f"<h2>Tin mới</h2>{self._items(self.articles[:8])}\n<h2>Tin nổi bật</h2><ul>"
            f"<li>{self.link(self.renamed, self.old_path)}</li>"
            f'<li><a href="{self.dead_path}">Tin này đã được gỡ khỏi trang của thị xã</a></li></ul>'
        )

    def _items(self, articles: Sequence[Article], *, old: bool = False) -> str:
        links = (
            f"<li>{self.link(article, self.paths(article)[-1 if old else 0])} "
            f"<span>{article.published:%d/%m/%Y}</span></li>"
            for article in articles
        )
        return f"<ul>{''.join(links)}</ul>"

    def _list(self, path: str, articles: Sequence[Article], query: Mapping[str, str]) -> Response:
        shown, page, pages = self.chunk(articles, query.get("page", "1"))
        step = f'<a href="{quote(path)}?page={page + 1}" rel="next">Sau</a>' if page < pages else ""
        back = f'<a href="{quote(path)}?page={page - 1}" rel="prev">Trước</a> ' if page > 1 else ""
        return self.html(
            "Tin tức", f"<h2>Tin tức</h2>{self._items(shown)}\n<div>{back}{page}/{pages} {step}</div>"
        )

    def _sitemap(self, base: str) -> str:
        urls = "".join(
            f"<url><loc>{base}{self.paths(a)[0]}</loc><lastmod>{a.published.isoformat()}</lastmod></url>\n"
            for a in self.articles
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{urls}</urlset>\n"
        )
