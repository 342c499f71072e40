"""The synthetic articles of a portal, and what its editors later do to them.

A portal's articles are a function of its name alone: the same on every machine and every day.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from demo.prose import Region, Writer, slugify
from demo.topics import CATEGORIES, GENERAL, TOPICS, Topic

HANOI = timezone(timedelta(hours=7))
FIRST, LAST = datetime(2023, 2, 20, tzinfo=HANOI), datetime(2024, 4, 25, tzinfo=HANOI)
ARTICLES, LATER = 44, 3
STYLES = ("p", "br", "div", "word", "table", "figure")
_AUTHORS = ("Hoài Lam", "Thu Trà", "Quế Chi", "Vân Hạ", "Đức Thoan", "Minh Sương", "Ngọc Liễu", "Hữu Phấn")
_FIGURE = re.compile(r"\b(\d\.\d)(\d)(\d)\b")


@dataclass(frozen=True, slots=True)
class Figure:
    """An image between paragraphs: its file name and the caption below it, if any."""

    name: str
    caption: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """A data table between paragraphs; the first row is its head."""

    rows: tuple[tuple[str, ...], ...]


Block = str | Figure | Table


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file offered with an article; `text` is what stands in it."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its editors see it. `key` stays the same whatever is edited."""

    key: int
    slug: str
    title: str
    lead: str
    blocks: tuple[Block, ...]
    author: str | None
    published: datetime
    category: str
    tags: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    views: int
    style: str
    nfd: bool = False
    entities: bool = False

    @property
    def figures(self) -> list[Figure]:
        """The images of the body, in order."""
        return [block for block in self.blocks if isinstance(block, Figure)]


def newsroom(seed: str, region: Region, dateline: Callable[[datetime], str]) -> list[Article]:
    """Write every article the portal `seed` ever has, oldest first; the `LATER` last are not out at first.

    `dateline` makes the opening words ("Chiều 25/4") of the publication time.
    """
    step = (LAST - FIRST) / (ARTICLES - 1)
    articles: list[Article] = []
    for key in range(ARTICLES + LATER):
        rng = random.Random(f"{seed} {key}")
        day = FIRST + min(key, ARTICLES - 1) * step
        published = day.replace(hour=rng.randint(7, 17), minute=rng.randint(1, 59), second=rng.randint(1, 59))
        if key >= ARTICLES:
            published += timedelta(days=1)
        taken = {article.slug.lower() for article in articles}
        articles.append(_write(rng, key, region, published, dateline(published), taken))
    return articles


def _write(
    rng: random.Random, key: int, region: Region, published: datetime, when: str, taken: set[str]
) -> Article:
    topic = TOPICS[key % len(TOPICS)]
    writer = Writer(rng, region, when, published)
    title = writer.fill(rng.choice(topic.titles))
    while slugify(title) in taken:
        title = writer.fill(f"{rng.choice(topic.titles)} [lần thứ {{n2}}|đợt {{n2}}|({{n}} hộ tham gia)]")
    lead = writer.fill(rng.choice(topic.leads))
    blocks = _body(rng, writer, topic, words=rng.randint(260, 720))
    _illustrate(rng, writer, topic, blocks, figures=(key + 1) % 4, table=key % 7 == 3)
    if key % 8 == 6:  # the other way to place the tone mark: both are in use
        lead, title = lead.replace("ủy", "uỷ"), title.replace("ủy", "uỷ")
        blocks = [block.replace("ủy", "uỷ") if isinstance(block, str) else block for block in blocks]
    return Article(
        key=key,
        slug=slugify(title, keep_case=True),
        title=title,
        lead=lead,
        blocks=tuple(blocks),
        author=None if key % 10 == 8 else rng.choice(_AUTHORS),
        published=published,
        category=topic.category,
        tags=(topic.tag, region.name),
        attachments=_attachments(key, writer, title),
        views=rng.randint(40, 6000),
        style=STYLES[key % len(STYLES)],
        nfd=key % 11 == 5,
        entities=key % 9 == 4,
    )


def _body(rng: random.Random, writer: Writer, topic: Topic, words: int) -> list[Block]:
    templates = [*rng.sample(topic.sentences, len(topic.sentences)), *rng.sample(GENERAL, len(GENERAL))]
    paragraphs: list[Block] = []
    written = 0
    while templates and written < words:
        count = rng.randint(1, 3)
        paragraph = " ".join(writer.fill(template) for template in templates[:count])
        del templates[:count]
        written += len(paragraph.split())
        paragraphs.append(paragraph)
    return paragraphs


def _illustrate(
    rng: random.Random, writer: Writer, topic: Topic, blocks: list[Block], figures: int, *, table: bool
) -> None:
    for number, caption in enumerate(topic.captions[:figures]):
        name = f"anh-{number + 1}_{rng.randrange(16**5):05x}.jpg"
        # A place in the middle: what stands first or last would be taken for a lead image by any reader.
        place = rng.randint(1, len(blocks) - 1)
        blocks.insert(place, Figure(name, writer.fill(caption) if rng.random() < 0.85 else None))
    if table:
        blocks.insert(len(blocks) - 1, Table(writer.rows(topic.columns)))


def _attachments(key: int, writer: Writer, title: str) -> tuple[Attachment, ...]:
    if key % 6 != 1:
        return ()
    extension = "pdf" if key % 12 == 1 else "docx"
    number = 100 + key
    text = f"Kế hoạch số {number}-KH/BDV kèm theo tin “{title}”. {writer.fill(GENERAL[key % len(GENERAL)])}"
    return (Attachment(f"ke-hoach-{number}.{extension}", f"Kế hoạch số {number}-KH/BDV", text),)


@dataclass(frozen=True, slots=True)
class Edition:
    """The articles of a portal at one time, newest first, and which of them were touched (kind -> key)."""

    articles: tuple[Article, ...]
    touched: dict[str, int]


def editions(articles: list[Article]) -> tuple[Edition, Edition, Edition]:
    """Make three states of a portal from its `newsroom` articles.

    1: as first published. 2: a title, a paragraph, a figure, a slug and a category changed, two articles
    deleted, `LATER` new ones. 3: the paragraph as it was first, and the first deleted article back.
    """
    newest_first = articles[::-1]
    first = newest_first[LATER:]
    free = iter(index for index in range(5, len(first)) if index not in {7, 9, 11, 20})
    figure = next(index for index in free if _next_figure(first[index]))
    touched = {"title": 1, "paragraph": 3, "figure": figure, "deleted": 7, "moved": 9, "category": 11}
    touched["deleted-2"] = 20
    second = list(first)
    second[1] = replace(first[1], title=first[1].title + ": kết quả bước đầu")
    second[3] = _rewritten(first[3])
    second[figure] = _next_figure(first[figure]) or first[figure]
    second[9] = replace(first[9], slug=first[9].slug + "-2")
    other = CATEGORIES[(CATEGORIES.index(first[11].category) + 1) % len(CATEGORIES)]
    second[11] = replace(first[11], category=other)
    del second[20], second[7]
    third = [first[3] if article.key == first[3].key else article for article in second]
    third.insert(7, first[7])
    new = newest_first[:LATER]
    keys = {kind: first[index].key for kind, index in touched.items()}
    return (
        Edition(tuple(first), {}),
        Edition((*new, *second), keys | {f"new-{n}": article.key for n, article in enumerate(new, 1)}),
        Edition((*new, *third), {"paragraph": keys["paragraph"], "returned": keys["deleted"]}),
    )


def _rewritten(article: Article) -> Article:
    """Return `article` with its last paragraph replaced."""
    blocks = list(article.blocks)
    last = max(index for index, block in enumerate(blocks) if isinstance(block, str))
    blocks[last] = (
        "Sau khi tin này được đăng, cơ quan chuyên môn đã cung cấp thêm số liệu; theo đó các phần "
        "việc còn lại sẽ xong sớm hơn kế hoạch và kết quả được thông báo tới từng hộ dân."
    )
    return replace(article, blocks=tuple(blocks))


def _next_figure(article: Article) -> Article | None:
    """Return `article` with its first grouped figure changed (1.245 -> 1.254), if it has one."""
    for index, block in enumerate(article.blocks):
        match = _FIGURE.search(block) if isinstance(block, str) else None
        if match and isinstance(block, str) and match[2] != match[3]:
            text = f"{block[: match.start()]}{match[1]}{match[3]}{match[2]}{block[match.end() :]}"
            return replace(article, blocks=(*article.blocks[:index], text, *article.blocks[index + 1 :]))
    return None
