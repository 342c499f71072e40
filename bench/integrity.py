"""How well injection is found: demo articles injected by every mechanism, hard negatives, and what it costs."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize
from unittest.mock import patch
from urllib.request import urlopen

from rich.console import Console
from rich.table import Table

from bench.pages import REAL_SITE, html_pages
from demo.server import serve
from portal_archive.integrity.check import findings_of, read_and_check
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Finding, Page
from portal_archive.reading.markup.document import Document, parse
from portal_archive.reading.read import read_document
from portal_archive.vietnamese.folding import fold

_SET = Path(__file__).parent / "integrity_set"
_SEED = 20240318
_ROUNDS = 7
_TAG = re.compile(r"(<[^>]*>)")
# What pages of real portals hide themselves; on every page, injected or not.
FURNITURE = (
    "<!--[if lt IE 9]><script src='/js/html5shiv.js'></script><![endif]-->"
    "<noscript><iframe src='https://www.googletagmanager.com/ns.html?id=GTM-X1' height='0' width='0'"
    " style='display:none;visibility:hidden'></iframe></noscript>"
    "<noscript><p>Trình duyệt của bạn không hỗ trợ JavaScript, hãy bật để xem đầy đủ nội dung.</p></noscript>"
    "<form style='display:none'><input type='hidden' name='__RequestVerificationToken' value='CfDJ8'></form>"
    "<div id='fb-root'></div><div class='zalo-chat-widget' data-oaid='579745863508352884'></div>"
    "<div id='popup' style='display:none'><p>Bạn cần đăng nhập để gửi ý kiến về bài viết này.</p></div>"
    "<ul class='menu-mobile' style='display:none'><li><a href='/'>Trang chủ</a></li><li><a href='/tin-tuc'>Tin tức</a>"
    "</li></ul><a href='#noi-dung' style='position:absolute;left:-9999px'>Truy cập nội dung luôn</a>"
    "<!-- <div class='banner'><a href='https://www.facebook.com/trang'>Trang facebook của huyện</a></div> -->"
    "<!-- Kết thúc phần nội dung bài viết -->"
    "<style>.tab-pane{display:none}.tab-pane.active{display:block}.tip{visibility:hidden}"
    "a:hover .tip{visibility:visible}@media print{.share-bar{display:none}}.btn-x{color:#fff}"
    ".slide{opacity:0;transition:opacity 1s}"
    ".welcome{display:none}.more-text{display:none}@media (max-width:600px){.desktop{display:none}}</style>"
    "<div class='tab-pane'>Danh sách các văn bản liên quan đến bài viết này.</div>"
    "<a href='#'>Huyện ủy <span class='tip'>Cơ quan lãnh đạo của Đảng bộ huyện</span> thông báo</a>"
    "<div class='share-bar'>Chia sẻ bài viết này với bạn bè của bạn</div>"
    "<div class='slide'>Ảnh hoạt động của huyện</div>"
    "<p>Xem <a class='btn-x' href='https://www.software-company.example/'>phần mềm quản lý</a> của đơn vị.</p>"
    "<div class='welcome'>Chào mừng bạn đến với trang thông tin điện tử của huyện.</div>"
    "<div class='more-text'><p>Các đại biểu đã thảo luận sôi nổi về báo cáo tại hội nghị.</p></div>"
    "<script>document.querySelector('.more-text').hidden = false</script>"
)


class Case(NamedTuple):
    """A page, and by which mechanism it was injected ("" for none)."""

    mechanism: str
    url: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Source:
    """A page of a demo portal, and the name of its place as its texts write it."""

    url: str
    html: str
    place: str
    title: str
    texts: tuple[str, ...]  # its summary and paragraphs

    def pieces(self) -> tuple[str, list[str]]:
        """Return the head, and tags and texts of the rest in turn."""
        head, mark, rest = self.html.partition("</head>")
        return head + mark, _TAG.split(rest)

    def is_text(self, piece: str) -> bool:
        """Tell whether a piece between tags is part of the article's own text."""
        words = " ".join(normalize("NFC", unescape(piece)).split())
        return len(words) >= 20 and any(words in text for text in self.texts)


Inject = Callable[[Source, str, str, random.Random], tuple[str, str] | None]


def held_out(*, later: bool = False) -> list[str]:
    """Return the phrases that are injected, those of the later mechanisms where asked for."""
    return _lines("held_out_later.txt" if later else "held_out_phrases.txt")


def hard_negatives() -> list[tuple[str, str]]:
    """Return (title, paragraphs as HTML) of the articles that only look injected."""
    found: list[tuple[str, str]] = []
    for line in _lines("hard_negatives.txt"):
        if line.startswith("== "):
            found.append((line[3:], ""))
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]}{line}\n")
    return found


def _lines(name: str) -> list[str]:
    text = (_SET / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def negative_page(title: str, paragraphs: str) -> bytes:
    """Return the page of a hard negative, as a small portal serves it."""
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title></head><body>"
        "<div class='menu'><a href='/'>Trang chủ</a> <a href='/tin-tuc'>Tin tức</a></div><div class='detail'>"
        f"<h1>{title}</h1><div class='date'>14/05/2024 16:50</div><div class='content'>{paragraphs}"
        f"<p style='text-align:right'><strong>Nguyễn Thị Hà</strong></p></div></div>{FURNITURE}</body></html>"
    ).encode()


# --- the mechanisms ------------------------------------------------------------------------------------


def _replaced(source: Source, old: str, new: str, most: int = 0) -> str | None:
    """Replace words in the text of an article, not beside it."""
    head, parts = source.pieces()
    count = 0
    for index, piece in enumerate(parts):
        if old in piece and source.is_text(piece) and (not most or count < most):
            count += piece.count(old)
            parts[index] = piece.replace(old, new, most or -1)
    return head + "".join(parts) if count else None


def _in_paragraph(source: Source, insert: str, rng: random.Random) -> str | None:
    """Put something behind a word in the middle of one of the longer paragraphs."""
    head, parts = source.pieces()
    long = [
        index
        for index, piece in enumerate(parts)
        if len(piece) > 160 and not re.search(r"&\w+;", piece) and source.is_text(piece)
    ]
    if not long:
        return None
    chosen = rng.choice(long[:4])
    words = parts[chosen].split(" ")
    at = rng.randrange(len(words) // 3, 2 * len(words) // 3)
    parts[chosen] = " ".join([*words[:at], insert, *words[at:]])
    return head + "".join(parts)


def _after_paragraph(source: Source, insert: str, rng: random.Random) -> str | None:
    head, parts = source.pieces()
    ends = [
        index + 1
        for index, piece in enumerate(parts[:-1])
        if parts[index + 1] == "</p>" and source.is_text(piece)
    ]
    if len(ends) < 2:
        return None
    at = rng.choice(ends[:-1])
    return head + "".join([*parts[: at + 1], insert, *parts[at + 1 :]])


def _name(change: Callable[[str, str], str], most: int = 0, bare: bool = False) -> Inject:
    """Replace the name of the place; `bare` leaves its unit: «huyện X»."""

    def inject(source: Source, phrase: str, host: str, rng: random.Random) -> tuple[str, str] | None:
        old, unit = source.place, ""
        if bare:
            unit, _, old = source.place.partition(" ")
            if unit == "thị":
                unit, old = "thị xã", old.partition(" ")[2]
            html = _replaced(source, source.place, f"{unit} {change(phrase, host)}", most)
        else:
            html = _replaced(source, old, change(phrase, host), most)
        return (html, source.url) if html else None

    return inject


def _piece(make: Callable[[str, str], str], after: bool = False) -> Inject:
    def inject(source: Source, phrase: str, host: str, rng: random.Random) -> tuple[str, str] | None:
        html = (_after_paragraph if after else _in_paragraph)(source, make(phrase, host), rng)
        return (html, source.url) if html else None

    return inject


def _by_sheet(rule: str, make: Callable[[str, str], str], after: bool = False) -> Inject:
    """Hide by a style sheet in the head of the page."""
    put = _piece(make, after)

    def inject(source: Source, phrase: str, host: str, rng: random.Random) -> tuple[str, str] | None:
        injected = put(source, phrase, host, rng)
        return (
            (injected[0].replace("</head>", f"<style>{rule}</style></head>"), source.url)
            if injected
            else None
        )

    return inject


def _corrupted(phrase: str, rng: random.Random) -> str:
    """Give vowels of a phrase a second tone, as spam does that wants to be read but not found."""
    words = []
    for word in phrase.split():
        letters = normalize("NFD", word)
        vowels = [index for index, letter in enumerate(letters) if letter in "aeiouy"]
        has_tone = re.search("[\u0300\u0301\u0303\u0309\u0323]", letters)
        if vowels and not word.isascii() and (has_tone or len(vowels) > 1):
            marks = rng.sample("\u0300\u0301\u0309\u0323", 1 if has_tone else 2)
            for mark, index in zip(marks, sorted(vowels[:2], reverse=True), strict=False):
                letters = letters[: index + 1] + mark + letters[index + 1 :]
        words.append(normalize("NFC", letters))
    return " ".join(words)


def _diacritics(source: Source, phrase: str, host: str, rng: random.Random) -> tuple[str, str] | None:
    html = _in_paragraph(source, f"{_corrupted(phrase, rng)}, cách nhận bỉết {_corrupted(phrase, rng)}", rng)
    return (html, source.url) if html else None


def _title_glued(source: Source, phrase: str, host: str, rng: random.Random) -> tuple[str, str] | None:
    glued = source.title[1:].replace(" ", "")
    html = _in_paragraph(source, f"{glued}{fold(phrase)} vs", rng)
    return (html, source.url) if html else None


def _title_beheaded(source: Source, phrase: str, host: str, rng: random.Random) -> tuple[str, str] | None:
    if source.html.count(source.title) < 2 or not source.title[1].isalpha():
        return None
    head, mark, rest = source.html.partition("</head>")
    return head + mark + rest.replace(source.title, source.title[1:]), source.url


def _words_glued(source: Source, phrase: str, host: str, rng: random.Random) -> tuple[str, str] | None:
    html = _in_paragraph(source, phrase.replace(" ", ""), rng)
    return (html, source.url) if html and len(phrase) >= 21 else None


def _doorway_address(source: Source, phrase: str, host: str, rng: random.Random) -> tuple[str, str] | None:
    base = source.url.split("/", 3)
    noise = "".join(rng.choices("abcdefghij0123456789", k=2))
    return source.html, f"{base[0]}//{base[2]}/xem.php?ID={noise}/{fold(phrase).replace(' ', '-')}.shtml"


def _doorway_text(source: Source, phrase: str, host: str, rng: random.Random) -> tuple[str, str] | None:
    other = rng.choice(held_out())
    text = " ".join(
        f"{phrase} {word} {phrase}, {other} {phrase}" for word in ("mới", "tốt", "hay", "rẻ", "đẹp") * 3
    )
    html = f"<p>{text}</p>" * 2
    return negative_page(phrase.capitalize(), f"{html}<p>{text}</p>").decode(), source.url


MECHANISMS: dict[str, Inject] = {
    "name: link and break": _name(lambda phrase, host: f'<a href="{host}">{phrase}</a><br />\n'),
    "name: break": _name(lambda phrase, host: f"{phrase}<br/>"),
    "name: words alone": _name(lambda phrase, host: phrase),
    "name: after its unit": _name(lambda phrase, host: phrase, bare=True),
    "name: one place, break": _name(lambda phrase, host: f"{phrase}<br>", most=1),
    "link in a sentence": _piece(lambda phrase, host: f'<a href="{host}">{phrase}</a>'),
    "links, two": _piece(
        lambda phrase, host: f'<a href="{host}">{phrase}</a> và <a href="{host}">{phrase}</a>'
    ),
    "hidden: link, not displayed": _piece(
        lambda phrase, host: f'<div style="display:none"><a href="{host}">{phrase}</a></div>', after=True
    ),
    "hidden: text, not displayed": _piece(
        lambda phrase, host: f'<span style="display: none">{phrase}</span>'
    ),
    "hidden: size zero": _piece(lambda phrase, host: f'<span style="font-size:0">{phrase} giá tốt</span>'),
    "hidden: off the screen": _piece(
        lambda phrase, host: (
            f'<div style="position:absolute;left:-9999px"><a href="{host}">{phrase}</a></div>'
        ),
        after=True,
    ),
    "hidden: indent": _piece(
        lambda phrase, host: f'<p style="text-indent:-9999px">{phrase} hôm nay</p>', after=True
    ),
    "hidden: colour": _piece(lambda phrase, host: f'<font color="#ffffff">{phrase} mới nhất</font>'),
    "hidden: noscript": _piece(
        lambda phrase, host: f'<noscript><a href="{host}">{phrase}</a></noscript>', after=True
    ),
    "hidden: by a class, link": _by_sheet(
        ".z3x{display:none}",
        lambda phrase, host: f'<div class="z3x"><a href="{host}">{phrase}</a></div>',
        after=True,
    ),
    "hidden: by a class, text": _by_sheet(
        "p{margin:0} .k{color:red} .k9, span.z3x{position:absolute; left:-9999px}",
        lambda phrase, host: f'<span class="z3x">{phrase} hôm nay</span>',
    ),
    "hidden: comment": _piece(lambda phrase, host: f"<!-- {phrase} tốt nhất -->"),
    "spun: title glued in": _title_glued,
    "spun: title beheaded": _title_beheaded,
    "spun: words glued": _words_glued,
    "diacritics": _diacritics,
    "doorway: address": _doorway_address,
    "doorway: text": _doorway_text,
}
_ADVERTISEMENTS = (
    "{0}: gọi ngay 0912 345 678 để được tư vấn và nhận báo giá.",
    "Bạn đang tìm {1}? Chúng tôi cam kết chất lượng, hoàn tiền nếu quý khách không hài lòng.",
    "{0} – bấm vào đây để nhận ưu đãi chỉ có trong hôm nay!",
    "Đội ngũ {1} của shop phục vụ cả ngày lễ, khách ở xa chỉ cần một tin nhắn.",
    "{0}, thanh toán sau khi nhận. Hàng có sẵn, số lượng có hạn, inbox để giữ chỗ.",
)


def _advertisement(source: Source, phrase: str, host: str, rng: random.Random) -> tuple[str, str] | None:
    words = rng.choice(_ADVERTISEMENTS).format(phrase[0].upper() + phrase[1:], phrase)
    html = _after_paragraph(source, f"<p>{words}</p>", rng)
    return (html, source.url) if html else None


def _behind_title(source: Source, phrase: str, host: str, rng: random.Random) -> tuple[str, str] | None:
    """Put the phrase behind the title, wherever the page shows it."""
    title = source.title + rng.choice((" ", " - ", " | ", ", ", ": ")) + phrase
    return source.html.replace(source.title, title), source.url


# The phrases of these are those of held_out_later.txt.
LATER: dict[str, Inject] = {
    "paragraph that only advertises": _advertisement,
    "keyword behind the title": _behind_title,
    "name: one place, plain words": _name(lambda phrase, host: phrase, most=1),
    "name: every place, plain words": _name(lambda phrase, host: phrase),
    "keyword in a sentence, later": _piece(lambda phrase, host: phrase),
}
# Nobody can find a single plain phrase without knowing it; measured apart, and not part of the aim.
BEYOND: dict[str, Inject] = {
    "name: one place, words alone": _name(lambda phrase, host: phrase, most=1),
    "keyword in a sentence": _piece(lambda phrase, host: phrase),
}


def sources() -> list[Source]:
    """Return the articles of the demo portals that were not tampered with."""
    found = []
    with serve() as portals:
        for stem, portal in portals.items():
            for article in portal.gold():
                if stem != "hijacked":
                    html = urlopen(article["url"]).read().decode()
                    texts = (article["summary"] or "", *article["paragraphs"], *article["captions"])
                    place = portal.portal.region.place
                    found.append(Source(article["url"], html, place, article["title"], texts))
    return found


def cases() -> Iterator[Case]:
    """Build the labelled set, the same every time."""
    rng = random.Random(_SEED)
    clean = sources()
    for mechanism, inject in (MECHANISMS | BEYOND | LATER).items():
        phrases = held_out(later=mechanism in LATER)
        made = 0
        for source in rng.sample(clean, len(clean)):
            phrase = phrases[made % len(phrases)]
            slug = fold(phrase).replace(" ", "-")
            host = rng.choice(
                (
                    f"https://{slug}.example/",
                    f"https://www.{slug[:4]}{made}.example/vn",
                    "https://top-1.example/",
                )
            )
            injected = inject(source, phrase, host, rng)
            if injected is not None:
                html, url = injected
                yield Case(mechanism, url, html.replace("</body>", FURNITURE + "</body>").encode())
                made += 1
            if made == len(phrases):
                break
    for source in clean:
        yield Case("", source.url, source.html.replace("</body>", FURNITURE + "</body>").encode())
    for title, paragraphs in hard_negatives():
        yield Case("", "https://www.example.gov.vn/tin-tuc/bai-viet", negative_page(title, paragraphs))
    if REAL_SITE.exists():
        for url, body in html_pages()[1]:
            yield Case("", url, body)


def cost(pages: list[tuple[str, bytes]]) -> tuple[float, float]:
    """Return seconds of processor time for findings, and for reading with them, of an article: best of rounds."""
    total = [0.0, 0.0]
    articles = 0
    for url, body in pages:
        document = parse(body, url)
        article = read_document(document).article
        if article is not None:
            articles += 1
            total[0] += _best(findings_of, document, article, url)
            total[1] += _best(read_and_check, body, url)
    return total[0] / articles, total[1] / articles


def cost_once(pages: list[tuple[str, bytes]]) -> float:
    """Return the same for findings of pages that are read once: the later half, after the words of the others.

    To be called before anything else has read them.
    """
    spent: list[float] = []

    def timed(document: Document, article: Article | None, own_url: str) -> list[Finding]:
        start = time.process_time()
        found = findings_of(document, article, own_url)
        if article is not None:
            spent.append(time.process_time() - start)
        return found

    with patch("portal_archive.integrity.check.findings_of", timed):
        for url, body in pages:
            read_and_check(body, url)
    later = spent[len(spent) // 2 :]
    return sum(later) / len(later)


def _best(work: Callable[..., object], *arguments: object) -> float:
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.process_time()
        work(*arguments)
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    """Print recall by mechanism, precision, and cost."""
    what, pages = html_pages()
    once = cost_once(pages)
    flagged: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    wrong: list[tuple[str, Page]] = []
    for case in cases():
        page = read_and_check(case.body, case.url)
        seen[case.mechanism] += 1
        flagged[case.mechanism] += page.flagged
        unread[case.mechanism] += page.kind is not Outcome.ARTICLE
        if page.flagged:
            kinds.setdefault(case.mechanism, Counter()).update({page.findings[0].kind: 1})
            if not case.mechanism:
                wrong.append((case.url, page))
    console = Console(width=110)
    table = Table(title="flagged articles by mechanism; the phrases are in no word list")
    for heading in ("mechanism", "articles", "flagged", "recall", "surest finding"):
        table.add_column(heading, justify="right" if heading in ("articles", "flagged", "recall") else "left")
    for mechanism in (*MECHANISMS, *BEYOND, *LATER, ""):
        by_kind = ", ".join(
            f"{kind} {count}" for kind, count in kinds.get(mechanism, Counter()).most_common(3)
        )
        share = f"{flagged[mechanism] / max(seen[mechanism], 1):.3f}" if mechanism else ""
        table.add_row(
            ("(beyond) " if mechanism in BEYOND else "(later) " if mechanism in LATER else "")
            + (mechanism or "not injected"),
            str(seen[mechanism]), str(flagged[mechanism]), share, by_kind,
        )  # fmt: skip
    console.print(table)
    injected = sum(seen[mechanism] for mechanism in MECHANISMS)
    hits = sum(flagged[mechanism] for mechanism in MECHANISMS)
    precision = hits / (hits + flagged[""]) if hits else 0.0
    console.print(
        f"recall {hits / injected:.4f} (aim 0.95), precision {precision:.4f} (aim 0.99);"
        f" {flagged['']} of {seen['']} pages that were not injected are flagged"
    )
    for url, page in wrong:
        console.print(f"wrong: {url} {page.findings[0].kind} {page.findings[0].span!r}")
    finding, reading = cost(pages[:60])
    console.print(
        f"cost: {finding * 1000:.2f} ms an article, {once * 1000:.2f} ms read once (aim under 1),"
        f" {finding / reading:.0%} of reading it; {what}"
    )


if __name__ == "__main__":
    main()
