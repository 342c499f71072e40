"""A real NukeViet site as it was captured, and as it may be two days later: what is edited, moved, deleted."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

from real_pages import NUKEVIET
from warcio.archiveiterator import ArchiveIterator

from portal_archive.archive.warc.captures import CaptureWriter
from portal_archive.model.messages import joined, say
from portal_archive.model.records import Fetch

CAPTURE = NUKEVIET / "site.warc.gz"
HOST = "127.0.0.1:8088"
Pages = dict[str, Fetch]

LIST = "/cong-tac-dan-van/"
LISTS = ("/", LIST, f"{LIST}page-2/", f"{LIST}page-3/")
TITLE = r'(headline">|<title>|og:title" content=")'
# Article id -> (before, after), and what the archive is to call it.
EDITS = {
    13: [("9 chuyên đề", "8 chuyên đề")],
    21: [(re.compile(TITLE), r"\1Đoàn ")],
    25: [(re.compile(r"(<p [^>]*>(?:<span [^>]*>)*[^<]*Chị Sùng)"), r"<p>Sẽ có thêm hai lớp trong quý tới.</p>\1")],
    29: [("Thành (bên trái)", "Thành (bên phải)")],
    49: [(re.compile(TITLE), r"\1Thường trực ")],
    53: [("</strong>Phạm Quý", "</strong>Phạm Quý, Lê Hương")],
    57: [("14/08/2023 18:33", "15/08/2023 18:33"), ("2023-08-14+07", "2023-08-15+07"), ("Thứ hai - 15", "Thứ ba - 15")],
    69: [(re.compile(r'<div style="text-align:center"><figure class="image".*?</figure></div>'), "")],
    # No edit: markup and white space.
    17: [("<br />\n", "<br>\r\n \t"), ("class=\"bodytext", "data-y=\"1\" class=\"bodytext")],
    61: [('<p style="text-align:justify">', '<p\nstyle="text-align:left"> \n &nbsp;')],
}  # fmt: skip
CHANGED = {
    13: say("change.figure", before="9", after="8"),
    21: say("change.title"),
    25: say("change.paragraphs_added", n=1),
    29: say("change.captions_changed", n=1),
    49: say("change.title"),
    53: say("change.author"),
    57: say("change.publication_date"),
    69: joined(say("change.captions_removed", n=1), say("change.images_removed", n=1)),
}
RENAMED = (33, 49)  # the old address leads to the new one
RECATEGORISED = 37  # the old address answers 404
DELETED = 41
SENT_HOME = 45  # deleted too: its address leads to the home page
COPIED, NEW = 77, 81


def load() -> Pages:
    """Return the responses of the category "Công tác dân vận" by path, its articles' files among them."""
    pages: Pages = {}
    with CAPTURE.open("rb") as stream:
        for record in ArchiveIterator(stream):
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            if record.rec_type == "response":
                at = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
                http = record.http_headers
                body = record.content_stream().read()
                pages[url.partition(HOST)[2]] = Fetch(
                    url, int(http.get_statuscode()), tuple(http.headers), body, at
                )
    return pages


def category(pages: Pages) -> Pages:
    """Return the lists and articles of one category, which is a fifth of the site."""
    wanted = [path for path in pages if re.fullmatch(rf"{LIST}[^/]*-\d+\.html", path)]
    return {path: pages[path] for path in (*LISTS, *wanted, "/robots.txt")}


def path_of(pages: Pages, number: int) -> str:
    return next(path for path in pages if path.endswith(f"-{number}.html") and path.count("/") == 2)


def moved_to(number: int, path: str) -> str:
    """Return the new address of an article that moves."""
    if number == RECATEGORISED:
        return path.replace(LIST, "/kinh-te-xa-hoi/")
    return path.replace(f"-{number}.html", f"-ten-moi-{number}.html")


def again(pages: Pages, days: int) -> Pages:
    """Return the same site so many days later: other figures, tokens and links to related news."""

    def more(found: re.Match[str]) -> str:
        separator = "," if "," in found[2] else "."
        figure = int(found[2].replace(separator, "")) + days * 7
        plain = (separator not in found[2] and figure < 1000) or found[1].startswith("Đã xem")
        return found[1] + (str(figure) if plain else f"{figure:,}".replace(",", separator))

    def other(text: str) -> str:
        text = re.sub(r"\b[0-9a-f]{32}\b", lambda found: found[0][days:] + found[0][:days], text)
        text = re.sub(r"nv_redirect=", f"nv_redirect=x{days}", text)
        text = re.sub(r"captcha&(amp;)?t=\d+", f"captcha&t=17953{days:05}", text)
        text = re.sub(r"((?:Hôm nay|truy cập)</span><span[^>]*>)([\d,]+)", more, text)
        text = re.sub(r'(fa-eye"[^>]*></i>)([\d.]+)', more, text)
        text = re.sub(r"(Đã xem: )(\d+)", more, text)
        return text.replace("/banners/click/?id=", f"/banners/click/?n={days}&amp;id=")

    return {path: _with(page, other(_text(page)), days) for path, page in pages.items()}


def edited(pages: Pages) -> Pages:
    """Return the site after all that EDITS, RENAMED, RECATEGORISED, DELETED, SENT_HOME and NEW say."""
    missing = next(page for path, page in load().items() if path.endswith("khong-co-bai-nay-9999.html"))
    paths = {
        number: path_of(pages, number) for number in (*EDITS, *RENAMED, RECATEGORISED, DELETED, SENT_HOME)
    }
    links = {paths[number]: moved_to(number, paths[number]) for number in (*RENAMED, RECATEGORISED)}
    copied = path_of(pages, COPIED)
    # Its place in lists and among related news is taken by a new article.
    links[paths[DELETED]] = copied.replace(f"-{COPIED}.html", f"-dot-hai-{NEW}.html")
    new: Pages = {}
    for path, page in pages.items():
        text = _text(page)
        for number, edits in EDITS.items():
            if path == paths[number]:
                for before, after in edits:
                    found = re.subn(before, after, text) if isinstance(before, re.Pattern) else None
                    assert found[1] if found else before in text, (number, before)
                    text = found[0] if found else text.replace(before, after)
        for old, moved in links.items():
            text = text.replace(old, moved)
        new[links.get(path, path)] = _with(page, text, 0)
    text = _text(pages[copied]).replace(copied, links[paths[DELETED]])
    new[links[paths[DELETED]]] = _with(pages[copied], text.replace("quán triệt", "quán triệt (đợt hai)"), 0)
    for number in RENAMED:
        new[paths[number]] = _redirect(pages[paths[number]], links[paths[number]])
    new[paths[SENT_HOME]] = _redirect(pages[paths[SENT_HOME]], "/")
    for number in (RECATEGORISED, DELETED):
        page = pages[paths[number]]
        new[paths[number]] = Fetch(page.url, 404, missing.headers, missing.body, page.fetched_at)
    return {path: _at(page, path) for path, page in new.items()}


def write(pages: Pages, folder: Path) -> Path:
    """Write the pages as one WARC file; returns it."""
    with CaptureWriter(folder, HOST, "theirs") as writer:
        for page in sorted(pages.values(), key=lambda page: page.fetched_at):
            writer.write(page)
    return next(folder.rglob("*.warc.gz"))


def _text(page: Fetch) -> str:
    return page.body.decode("utf-8", "surrogateescape")


def _with(page: Fetch, text: str, days: int) -> Fetch:
    body = text.encode("utf-8", "surrogateescape")
    return Fetch(page.url, page.status, page.headers, body, page.fetched_at + timedelta(days=days))


def _at(page: Fetch, path: str) -> Fetch:
    return Fetch(f"http://{HOST}{path}", page.status, page.headers, page.body, page.fetched_at)


def _redirect(page: Fetch, target: str) -> Fetch:
    headers = (("Content-Type", "text/html"), ("Location", f"http://{HOST}{target}"))
    return Fetch(page.url, 301, headers, b"", page.fetched_at)
