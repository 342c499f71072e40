"""A synthetic provincial portal in the manner of Lai Châu's: no date line, ratings, a counter with dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from demo.bodies import ink
from demo.newsroom import Article, Attachment, Figure
from demo.portal import Portal, Response, day
from demo.prose import Region, slugify
from demo.topics import CATEGORIES

_NEWS = "/tin-tuc-su-kien"
_TOOLBAR = """<div class="tools"><a href="javascript:void(0)">A-</a> <a href="javascript:void(0)">A</a>
<a href="javascript:void(0)">A+</a> | <a href="#">Chia sẻ bài viết lên facebook</a>
<a href="#">Chia sẻ bài viết lên twitter</a> <a href="#">Chia sẻ bài viết lên google+</a>
<a href="#">Tăng tương phản</a> <a href="#">Giảm tương phản</a></div>"""


class LaiChau(Portal):
    """Province portal: /tin-tuc-su-kien, /tin-tuc-su-kien/<category>/<slug>.html, RSS."""

    stem = "laichau"
    title = "Cổng thông tin điện tử tỉnh Sơn Thượng"
    region = Region("tỉnh", "Sơn Thượng", "Tỉnh ủy")
    disallowed = "/noi-bo/"
    traps = r"^/noi-bo/|^/lich-cong-tac|[?&]in=1"
    has_summary = False
    base_visits = 81_203_117
    mark = "sonthuong.gov.vn"

    def dateline(self, published: datetime) -> str:
        """Give day and month alone: the year stands nowhere but in the addresses of files."""
        return f"{'Sáng' if published.hour < 12 else 'Chiều'} nay ({published.day}/{published.month})"

    def paths(self, article: Article) -> list[str]:
        """Give the only address: category and slug, no id."""
        return [f"{_NEWS}/{slugify(article.category)}/{article.slug.lower()}.html"]

    def image_path(self, article: Article, figure: Figure) -> str:
        """Put images below tenant and day."""
        return f"/upload/7000123/{article.published:%Y%m%d}/{figure.name}"

    def attachment_path(self, article: Article, attachment: Attachment) -> str:
        """Put attachments where the images are."""
        return f"/upload/7000123/{article.published:%Y%m%d}/{attachment.name}"

    def article_page(self, article: Article, path: str, query: Mapping[str, str]) -> str:
        """Print an article; `in=1` is the print view."""
        title = ink(article)(article.title)
        content = f"<h1>{title}</h1>\n<div>({self.mark})</div>\n<div>{self.body(article)}</div>"
        if "in" in query:
            return super().frame(article.title, content)
        files = "".join(
            f'<li><a href="{self.attachment_path(article, item)}">{item.title}</a></li>'
            for item in article.attachments
        )
        author = f"<div><b>Tác giả:</b> {article.author}</div>" if article.author else ""
        rating = self._rating(article)
        return self.frame(
            article.title,
            f'<ul class="duong-dan"><li><a href="/">Trang chủ</a> :</li>\n'
            f'<li><a href="{_NEWS}/{slugify(article.category)}">{article.category}</a> :</li></ul>\n'
            f'{_TOOLBAR} <a href="{path}?in=1">In bài</a>\n{content}\n'
            + (f"<p>Tài liệu kèm theo:</p><ul>{files}</ul>\n" if files else "")
            + f"{author}\n<div>Tổng số điểm của bài viết là: "
            f"{rating['points']} trong {rating['votes']} đánh giá</div>\n"
            f"<div>Click để đánh giá bài viết</div>\n<div><h3>Tin liên quan</h3>"
            f"{self._items(self.neighbours(article))}</div>",
        )

    def other_page(self, path: str, query: Mapping[str, str], base: str) -> Response | None:
        """Answer home, lists, feed, calendar and contact."""
        if path == "/":
            return self.html(
                self.title,
                f"<h2>Tin mới</h2>{self._items(self.articles[:6])}\n<h2>Tin nổi bật</h2><ul>"
                f"<li>{self.link(self.renamed, self.old_path)}</li>"
                f'<li><a href="{self.dead_path}">Tin này đã được gỡ khỏi trang của tỉnh</a></li></ul>',
                head='<link rel="alternate" type="application/rss+xml" href="/rss/tin-tuc-su-kien.rss">\n',
            )
        if path == "/rss/tin-tuc-su-kien.rss":
            return Response(200, self._feed(base).encode(), "application/rss+xml; charset=utf-8")
        if path == "/lich-cong-tac":
            return self.calendar(path, query)
        if path == "/lien-he":
            return self.html(
                "Liên hệ", "<h1>Liên hệ</h1><p>Số 1, phường Trung Tâm. Điện thoại: 0200 000 000.</p>"
            )
        if not path.startswith(_NEWS):
            return None
        articles = self.articles if path == _NEWS else self.in_category(path.removeprefix(f"{_NEWS}/"))
        if articles is None:
            return None
        shown, page, pages = self.chunk(articles, query.get("page", "1"))
        pager = " ".join(
            f"<b>{number}</b>" if number == page else f'<a href="{path}?page={number}">{number}</a>'
            for number in range(1, pages + 1)
        )
        return self.html(
            "Tin tức sự kiện", f"<h2>Tin tức sự kiện</h2>{self._items(shown)}\n<div>{pager}</div>"
        )

    def missing(self) -> Response:
        """Answer 404 with a refresh to the home page."""
        return self.html(
            "Không tìm thấy trang",
            "<h2>404</h2><p>Trang bạn yêu cầu không tồn tại. Hệ thống sẽ chuyển về trang chủ.</p>",
            status=404,
            head='<meta http-equiv="refresh" content="3;url=/">\n',
        )

    def known(self, article: Article) -> dict[str, object]:
        """Tell what the page says: the year can be inferred where text or a file names it."""
        dated = self.tells_year(article)
        return {
            "source": self.mark,
            "byline": f"Tác giả: {article.author}" if article.author else None,
            "published_at": day(article.published) if dated else None,
            "published_precision": "inferred" if dated else None,
            "rating": self._rating(article),
        }

    def frame(self, title: str, content: str, head: str = "") -> str:
        """Put the menu above and the counter below `content`."""
        menu = "".join(f'<li><a href="{_NEWS}/{slugify(name)}">{name}</a></li>' for name in CATEGORIES)
        count = self.count_visit()
        rows = (
            ("Hôm nay", "today"),
            ("Hôm qua", "yesterday"),
            (f"Tháng {self.now:%m}", "month"),
            (f"Năm {self.now.year}", "year"),
            ("Tổng số", "total"),
        )
        counter = "".join(f"<li>{label} : {count[name]:,}</li>".replace(",", ".") for label, name in rows)
        return super().frame(
            title,
            f'<div class="top"><a href="/"><img src="/images/logo.png" alt=""> {self.title}</a></div>\n'
            f'<ul class="menu"><li><a href="{_NEWS}">Tin tức sự kiện</a></li>{menu}'
            '<li><a href="/lich-cong-tac">Lịch công tác</a></li><li><a href="/lien-he">Liên hệ</a></li>'
            f'<li><a href="{self.disallowed}van-ban">Nội bộ</a></li></ul>\n'
            f'<div class="main">{content}</div>\n'
            f"<div><h4>Bản đồ địa giới hành chính</h4><h4>Thống kê truy cập</h4><ul>{counter}</ul></div>",
            head,
        )

    def _items(self, articles: Sequence[Article]) -> str:
        return (
            "<ul>"
            + "".join(f"<li>{self.link(a)} <i>({a.published:%d/%m/%Y})</i></li>" for a in articles)
            + "</ul>"
        )

    def _rating(self, article: Article) -> dict[str, int]:
        votes = article.key % 5
        return {"points": votes * 5 - votes // 2, "votes": votes}

    def _feed(self, base: str) -> str:
        items = "".join(
            f"<item><title>{escape(a.title)}</title><link>{base}{self.paths(a)[0]}</link>"
            f"<description>{escape(a.lead)}</description><pubDate>{format_datetime(a.published)}</pubDate></item>\n"
            for a in self.articles[:20]
        )
        return (
            f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{self.title}</title>'
            f"<link>{base}/</link><description>Synthetic.</description>\n{items}</channel></rss>\n"
        )
