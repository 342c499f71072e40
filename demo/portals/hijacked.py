"""A synthetic copy of the district portal's articles on a foreign site, with a gambling phrase put in.

In every second article each exact occurrence of the district's name became a link with the phrase, followed
by a line break, so that the punctuation after it stands alone. The other articles were copied as they were.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from demo.bodies import Ink, body_html, ink
from demo.newsroom import Article, Attachment, Figure
from demo.portal import Portal, Response, day
from demo.portals.tamduong import TamDuong

PHRASE = "sòng bài online uy tín"
HREF = "https://song-bai.example/"


class Hijacked(Portal):
    """Copy: /tin/<slug>.html, lists /page/N/; no labels, no date line, no counter, the author's name last."""

    stem = "hijacked"
    title = "Tin nhanh vùng cao"
    region = TamDuong.region
    seed = TamDuong.stem
    disallowed = "/wp-admin/"
    traps = r"^/wp-admin/|[?&]replytocom="
    has_summary = False
    html_type = "text/html"

    def dateline(self, published: datetime) -> str:
        """Give day and month alone, as the original does."""
        return f"{'Sáng' if published.hour < 12 else 'Chiều'} {published.day}/{published.month}"

    def paths(self, article: Article) -> list[str]:
        """Give the only address: a slug."""
        return [f"/tin/{article.slug.lower()}.html"]

    def image_path(self, article: Article, figure: Figure) -> str:
        """Put images below year, month and day."""
        return f"/uploads/{article.published:%Y/%m/%d}/{figure.name}"

    def attachment_path(self, article: Article, attachment: Attachment) -> str:
        """Put attachments below year, month and day."""
        return f"/uploads/{article.published:%Y/%m/%d}/{attachment.name}"

    def article_page(self, article: Article, path: str, query: Mapping[str, str]) -> str:
        """Print an article: title, body, name; nothing has a label."""
        body = body_html(
            article.style,
            self.blocks(article),
            self._ink(article),
            lambda figure: f'<img src="{self.image_path(article, figure)}" alt="" />',
            byline=article.author,
        )
        files = "".join(
            f'<p><a href="{self.attachment_path(article, a)}">{a.title}</a></p>' for a in article.attachments
        )
        return self.frame(
            article.title,
            f"<h1>{ink(article)(article.title)}</h1>\n<div>{body}{files}</div>\n"
            f'<p><a href="{path}?replytocom=1#respond">Trả lời</a></p>',
        )

    def other_page(self, path: str, query: Mapping[str, str], base: str) -> Response | None:
        """Answer home and the pages after it."""
        match = re.fullmatch(r"/(?:page/(\d+)/)?", path)
        if match is None:
            return None
        shown, page, pages = self.chunk(self.articles, match[1] or "1")
        items = "".join(f"<h2>{self.link(article)}</h2>\n" for article in shown)
        step = f'<a class="next" href="/page/{page + 1}/">Cũ hơn</a>' if page < pages else ""
        featured = f"<h2>{self.link(self.renamed, self.old_path)}</h2>" if page == 1 else ""
        return self.html(self.title, f"{items}{featured}<div>{step}</div>")

    def missing(self) -> Response:
        """Answer 404."""
        return self.html("Không tìm thấy", "<h1>Không tìm thấy trang</h1>", status=404)

    def known(self, article: Article) -> dict[str, object]:
        """Tell what the page says, and what was done to it."""
        blocks = [block.caption if isinstance(block, Figure) else block for block in self.blocks(article)]
        count = sum(block.count(self.region.place) for block in blocks if isinstance(block, str))
        dated = self.tells_year(article)
        return {
            "byline": article.author,
            "published_at": day(article.published) if dated else None,
            "published_precision": "inferred" if dated else None,
            "listed_at": None,
            "category": None,
            "hijacked": {"phrase": PHRASE, "place": self.region.place, "href": HREF, "count": count}
            if _is_hijacked(article) and count
            else None,
        }

    def gold_text(self, article: Article, text: str) -> str:
        """Put the phrase and its line break where the page has them."""
        if not _is_hijacked(article):
            return text
        return text.replace(self.region.place, PHRASE + "\n").replace("\n ", "\n").rstrip()

    def frame(self, title: str, content: str, head: str = "") -> str:
        """Put the site's name above `content`."""
        link = f'<a href="{self.disallowed}">Đăng nhập</a>'
        return super().frame(title, f'<div><a href="/">{self.title}</a> {link}</div>\n{content}', head)

    def _ink(self, article: Article) -> Ink:
        write = ink(article)
        if not _is_hijacked(article):
            return write
        link = f'<a href="{HREF}">{write(PHRASE)}</a><br />\n'
        return lambda text: link.join(write(part) for part in text.split(self.region.place))


def _is_hijacked(article: Article) -> bool:
    return article.key % 2 == 0
