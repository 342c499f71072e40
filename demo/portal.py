"""What all demo portals share: editions, visits and counters, files, missing pages, traps, and the truth.

A portal is a function from requests to pages. Its only state is the edition shown (1, 2 or 3), how often
pages were visited, and `now`, which is passed in: nothing here looks at a clock.
"""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from html import escape
from typing import ClassVar, TypedDict
from urllib.parse import quote

from demo import files
from demo.bodies import body_html, ink
from demo.newsroom import HANOI, Article, Attachment, Block, Edition, Figure, editions, newsroom
from demo.prose import Region, slugify
from demo.topics import CATEGORIES

NOW = datetime(2024, 4, 26, 8, tzinfo=HANOI)
NOTE = (
    "Trang mô phỏng phục vụ thử nghiệm (synthetic): mọi tên người, địa danh, sự kiện và số liệu "
    "đều là hư cấu."
)
_META = (
    '<meta name="generator-note" content="synthetic demo page: all names, places and figures are invented">'
)
_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "jpg": "image/jpeg",
    "png": "image/png",
}


class Gold(TypedDict):
    """What a perfect reader knows of an article from its own page. Text is NFC; None: not on the page."""

    key: int
    url: str
    urls: list[str]  # every address that leads to it, `url` first; redirects and former addresses included
    title: str
    summary: str | None
    body: list[str | list[list[str]]]  # in order: a paragraph, or the rows of a table
    paragraphs: list[str]  # the paragraphs of `body` alone
    captions: list[str]
    author: str | None
    byline: str | None  # as printed
    source: str | None
    published_at: str | None  # +07:00; a day is written with T00:00:00
    published_precision: str | None  # second, minute, day or inferred
    listed_at: str | None  # the day that list pages, feed or sitemap state
    category: str | None
    tags: list[str]
    views: int | None  # as printed last; before the first visit, as it will be printed
    rating: dict[str, int] | None
    images: list[dict[str, str | None]]  # url, caption
    attachments: list[dict[str, str]]  # url, title, text
    style: str
    nfd: bool
    hijacked: dict[str, str | int] | None  # phrase, place, href, count


class Change(TypedDict):
    """What an edition changed: a title, paragraph, figure, moved, category, deleted, returned or new."""

    kind: str
    key: int
    url: str  # the address before; of a new article its only one
    new_url: str | None  # the address after; None for a deleted article


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: status, body, media type and further headers."""

    status: int
    body: bytes
    type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


class Portal(ABC):
    """A synthetic portal. Subclasses say where things stand and how they are printed."""

    stem: ClassVar[str]
    title: ClassVar[str]
    region: ClassVar[Region]
    seed: ClassVar[str] = ""  # whose articles it shows, where not its own
    disallowed: ClassVar[str]  # what robots.txt forbids; linked from the home page
    traps: ClassVar[str] = r"(?!)"  # pattern of path and query that a careful crawler never asks for
    has_summary: ClassVar[bool] = True
    category_redirects: ClassVar[bool] = False  # whether an article's address under its old category leads on
    conditional: ClassVar[bool] = False  # whether articles are served with an ETag that is honoured
    html_type: ClassVar[str] = "text/html; charset=utf-8"
    base_visits: ClassVar[int] = 812_345
    per_page: ClassVar[int] = 10

    has_maintenance_day: ClassVar[bool] = False  # in its past: nothing of it is to be seen in its articles

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.state = 1
        self.editions = editions(newsroom(self.seed or self.stem, self.region, self.dateline))
        self.visits = 0
        self._asked = "/"
        self.reads: Counter[int] = Counter()
        # What the visitor counter printed, in the order of the visits: (path and query, values).
        self.readings: list[tuple[str, dict[str, int]]] = []
        self._files = {path: make for edition in self.editions for path, make in self._all_files(edition)}

    # --- what a portal says of itself ------------------------------------------------------------------

    @abstractmethod
    def dateline(self, published: datetime) -> str:
        """Return the first words of an article published then."""

    @abstractmethod
    def paths(self, article: Article) -> list[str]:
        """Return the addresses at which an article is served, the canonical one first."""

    @abstractmethod
    def image_path(self, article: Article, figure: Figure) -> str:
        """Return the path of an image."""

    @abstractmethod
    def attachment_path(self, article: Article, attachment: Attachment) -> str:
        """Return the path of an attachment."""

    @abstractmethod
    def article_page(self, article: Article, path: str, query: Mapping[str, str]) -> str:
        """Return the HTML of an article."""

    @abstractmethod
    def other_page(self, path: str, query: Mapping[str, str], base: str) -> Response | None:
        """Return the home page, a list page or any other that is not an article; None if there is none."""

    @abstractmethod
    def missing(self) -> Response:
        """Return the answer for a page that does not exist."""

    def deleted(self, article: Article) -> Response:
        """Return the answer for an article that was deleted."""
        return self.missing()

    @abstractmethod
    def known(self, article: Article) -> dict[str, object]:
        """Return the fields of `Gold` that depend on what this portal prints."""

    # --- requests --------------------------------------------------------------------------------------

    @property
    def articles(self) -> Sequence[Article]:
        """The articles that are out, newest first."""
        return self.editions[self.state - 1].articles

    def advance(self) -> None:
        """Go on to the next edition: 2, then 3.

        Raises ValueError after the last.
        """
        if self.state == len(self.editions):
            raise ValueError(f"{self.stem} has no state after {self.state}")
        self.state += 1

    def get(self, path: str, query: Mapping[str, str], base: str, etag: str | None = None) -> Response:
        """Answer a request for `path` (unquoted) and `query`; `base` is the portal's address, no slash."""
        self._asked = path + "?" * bool(query) + "&".join(f"{name}={value}" for name, value in query.items())
        if path == "/robots.txt":
            text = f"User-agent: *\nDisallow: {self.disallowed}\n"
            return Response(200, text.encode(), "text/plain; charset=utf-8")
        if (make := self._files.get(path)) is not None:
            return _fresh(Response(200, make(), _TYPES[path.rpartition(".")[2].lower()]), etag)
        if path.startswith(self.disallowed):
            return self.html(
                "Trang nội bộ", "<h1>Trang nội bộ</h1><p>Chỉ dành cho cán bộ được phân công.</p>"
            )
        if (article := self._by_path().get(path)) is not None:
            return self._article(article, path, query, etag)
        if (article := self._former().get(path)) is not None:
            return Response(301, b"", headers=(("Location", quote(self.paths(article)[0])),))
        found = self.other_page(path, query, base)
        if found is not None:
            return found
        gone = {path: article for article in self._deleted() for path in self.paths(article)}
        return self.deleted(gone[path]) if path in gone else self.missing()

    def _article(self, article: Article, path: str, query: Mapping[str, str], etag: str | None) -> Response:
        content = hashlib.sha1(repr(article).encode(), usedforsecurity=False).hexdigest()
        if self.conditional and etag == f'"{content}"':
            return Response(304, b"", headers=(("ETag", etag),))
        page = self.article_page(article, path, query).encode()
        self.reads[article.key] += 1
        return Response(200, page, self.html_type, (("ETag", f'"{content}"'),) if self.conditional else ())

    def _by_path(self) -> dict[str, Article]:
        return {path: article for article in self.articles for path in self.paths(article)}

    def _former(self) -> dict[str, Article]:
        """Return former addresses that redirect, with the article each leads to."""
        current = {article.key: article for article in self.articles}
        former: dict[str, Article] = {}
        for edition in self.editions[: self.state - 1]:
            for old in edition.articles:
                new = current.get(old.key)
                if new and (self.category_redirects or old.category == new.category):
                    former.update(dict.fromkeys(self.paths(old), new))
        renamed = current[self.renamed.key]
        former.update(dict.fromkeys(self.paths(replace(renamed, slug=f"Tin-nhanh-{renamed.slug}")), renamed))
        return {path: article for path, article in former.items() if path not in self._by_path()}

    def _deleted(self) -> list[Article]:
        out = {article.key for article in self.articles}
        return [
            old
            for edition in self.editions[: self.state - 1]
            for old in edition.articles
            if old.key not in out
        ]

    @property
    def renamed(self) -> Article:
        """An article whose address was corrected before the first visit; the old one redirects."""
        return next(article for article in self.articles if article.key == 20)

    @property
    def old_path(self) -> str:
        """The redirecting address of `renamed`; the home page still links to it."""
        return self.paths(replace(self.renamed, slug=f"Tin-nhanh-{self.renamed.slug}"))[0]

    @property
    def dead_path(self) -> str:
        """The address of an article that never existed; the home page links to it."""
        return self.paths(replace(self.renamed, key=900, slug="Tin-nay-da-duoc-go-khoi-trang"))[0]

    def _all_files(self, edition: Edition) -> list[tuple[str, Callable[[], bytes]]]:
        out: list[tuple[str, Callable[[], bytes]]] = [("/images/logo.png", partial(files.png, self.stem))]
        for article in edition.articles:
            out += [
                (self.image_path(article, item), partial(files.jpeg, item.name)) for item in article.figures
            ]
            for attachment in article.attachments:
                make = files.pdf if attachment.name.endswith("pdf") else files.docx
                out.append((self.attachment_path(article, attachment), partial(make, attachment.text)))
        return out

    # --- counters --------------------------------------------------------------------------------------

    def views(self, article: Article) -> int:
        """Return the read count that the next visit prints."""
        return article.views + self.reads[article.key]

    def count_visit(self) -> dict[str, int]:
        """Count a visit to the page asked for, and return what its visitor counter shows.

        The counter grows by one with each visit, and by one in twenty seconds of `now`.
        """
        self.visits += 1
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        values = {
            "today": self._since(midnight),
            "yesterday": 4000 + self.now.timetuple().tm_yday * 7,
            "month": self._since(midnight.replace(day=1)),
            "year": self._since(midnight.replace(month=1, day=1)),
            "total": self.base_visits + self._since(datetime(2023, 1, 1, tzinfo=HANOI)),
            "online": 3 + self.visits % 9,
        }
        self.readings.append((self._asked, values))
        return values

    def _since(self, start: datetime) -> int:
        return (self.now - start) // timedelta(seconds=20) + self.visits

    # --- pieces of pages -------------------------------------------------------------------------------

    def notice(self) -> Response:
        """Return what stands at every address on a day of maintenance, with status 200 as many such notices have."""
        said = "Hệ thống đang được nâng cấp, bảo trì. Mong bạn đọc quay lại vào ngày mai."
        return self.html("Website đang bảo trì", f"<h1>Website đang bảo trì</h1>\n<p>{said}</p>")

    def html(self, title: str, content: str, status: int = 200, head: str = "") -> Response:
        """Return a page as a response."""
        return Response(status, self.frame(title, content, head).encode(), self.html_type)

    def frame(self, title: str, content: str, head: str = "") -> str:
        """Return a whole page around `content` (HTML); every page says that it is synthetic."""
        return (
            f'<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n{_META}\n'
            f"<title>{escape(title, quote=False)}</title>\n{head}</head>\n<body>\n{content}\n"
            f'<div class="footer"><p>{NOTE}</p></div>\n</body>\n</html>\n'
        )

    def blocks(self, article: Article) -> list[Block]:
        """Return the body: without the lead where the portal prints that as the summary."""
        return [*article.blocks] if self.has_summary else [article.lead, *article.blocks]

    def body(self, article: Article, caption: str | None = None, byline: str | None = None) -> str:
        """Return the HTML of the body."""
        return body_html(
            article.style,
            self.blocks(article),
            ink(article),
            lambda figure: f'<img src="{self.image_path(article, figure)}" alt="" width="320" />',
            caption=caption,
            byline=byline,
        )

    def chunk(self, articles: Sequence[Article], page: str) -> tuple[Sequence[Article], int, int]:
        """Return the articles of list page `page`, its number, and the number of pages."""
        pages = max(1, -(-len(articles) // self.per_page))
        number = min(max(1, int(page) if page.isascii() and page.isdigit() else 1), pages)
        return articles[(number - 1) * self.per_page :][: self.per_page], number, pages

    def in_category(self, slug: str) -> list[Article] | None:
        """Return the articles of the category with this slug (any case); None if there is no such one."""
        name = next((name for name in CATEGORIES if slugify(name) == slug.lower()), None)
        return None if name is None else [article for article in self.articles if article.category == name]

    def neighbours(self, article: Article, count: int = 4) -> Sequence[Article]:
        """Return the next older articles, which stand below an article as related ones."""
        return [other for other in self.articles if other.published < article.published][:count]

    def calendar(self, path: str, query: Mapping[str, str]) -> Response:
        """Return a month of a calendar of appointments: its next month never ends."""
        given = [query.get(name, "") for name in ("thang", "nam")]
        month, year = (int(text) if text.isdigit() else 1 for text in given)
        after = (month % 12 + 1, year + month // 12)
        return self.html(
            f"Lịch công tác tháng {month}/{year}",
            f"<h2>Lịch công tác tháng {month}/{year}</h2><p>Không có lịch.</p>"
            f'<a href="{path}?thang={after[0]}&amp;nam={after[1]}">Tháng sau</a>',
        )

    def link(self, article: Article, path: str | None = None) -> str:
        """Return a link to an article with its title."""
        return f'<a href="{escape(path or self.paths(article)[0])}">{ink(article)(article.title)}</a>'

    # --- the truth -------------------------------------------------------------------------------------

    def gold(self, base: str) -> list[Gold]:
        """Return what a perfect reader knows of each article that is out, newest first."""
        former = self._former()
        return [self._gold(article, base, former) for article in self.articles]

    def gold_text(self, article: Article, text: str) -> str:
        """Return a paragraph or caption as the page has it."""
        return text

    def _gold(self, article: Article, base: str, former: Mapping[str, Article]) -> Gold:
        paths = [
            *self.paths(article),
            *(path for path, target in former.items() if target.key == article.key),
        ]
        blocks = self.blocks(article)
        body: list[str | list[list[str]]] = []
        for block in blocks:
            if isinstance(block, str):
                body.append(self.gold_text(article, block))
            elif not isinstance(block, Figure):
                body.append([list(row) for row in block.rows])
        captions = [
            self.gold_text(article, figure.caption) if figure.caption else None for figure in article.figures
        ]
        gold = Gold(
            key=article.key,
            url=base + paths[0],
            urls=[base + path for path in paths],
            title=article.title,
            summary=article.lead if self.has_summary else None,
            body=body,
            paragraphs=[block for block in body if isinstance(block, str)],
            captions=[caption for caption in captions if caption],
            author=article.author,
            byline=None,
            source=None,
            published_at=None,
            published_precision=None,
            listed_at=day(article.published),
            category=article.category,
            tags=[],
            views=None,
            rating=None,
            images=[
                {"url": base + self.image_path(article, figure), "caption": caption}
                for figure, caption in zip(article.figures, captions, strict=True)
            ],
            attachments=[
                {"url": base + self.attachment_path(article, item), "title": item.title, "text": item.text}
                for item in article.attachments
            ],
            style=article.style,
            nfd=article.nfd,
            hijacked=None,
        )
        gold.update(self.known(article))  # type: ignore[typeddict-item]
        return gold

    def tells_year(self, article: Article) -> bool:
        """Tell whether a page without a date line names the year: its text, or the address of a file."""
        text = (article.title, article.lead, *article.blocks)
        named = any(f"năm {article.published.year}" in part for part in text if isinstance(part, str))
        return named or bool(article.figures or article.attachments)

    def seen_views(self, article: Article) -> int:
        """Return the read count as the latest visit saw it."""
        return article.views + max(0, self.reads[article.key] - 1)

    def changes(self, base: str) -> list[Change]:
        """Return what the current edition changed since the one before it."""
        if self.state == 1:
            return []
        before, now = self.editions[self.state - 2], self.editions[self.state - 1]
        old = {article.key: base + self.paths(article)[0] for article in before.articles}
        new = {article.key: base + self.paths(article)[0] for article in now.articles}
        # A returned article is out now and was not before: its address is the one it had.
        return [
            Change(
                kind=re.sub(r"-\d$", "", kind), key=key, url=old.get(key) or new[key], new_url=new.get(key)
            )
            for kind, key in now.touched.items()
        ]


def day(moment: datetime) -> str:
    """Return the day of a moment as ISO 8601."""
    return f"{moment:%Y-%m-%d}T00:00:00+07:00"


def _fresh(response: Response, etag: str | None) -> Response:
    """Return the response with its ETag, or 304 where the client has it already."""
    tag = f'"{hashlib.sha1(response.body, usedforsecurity=False).hexdigest()}"'
    headers = (("ETag", tag), ("Last-Modified", format_datetime(NOW.astimezone(UTC), usegmt=True)))
    if etag == tag:
        return Response(304, b"", response.type, headers)
    return Response(200, response.body, response.type, headers)
