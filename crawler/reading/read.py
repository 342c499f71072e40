"""From bytes to record: what spiders, `scrapy extract`, imports and re-parsing call."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from lxml import etree

from crawler.reading import labels
from crawler.reading.body import MAX_CAPTION, Block, Body, Role, collect, plain, read_blocks
from crawler.reading.bylines import body_byline, is_account_name, strip_author_label
from crawler.reading.cms import FAMILIES, Family, recognise, split
from crawler.reading.cms.family import Layout
from crawler.reading.counters import read_counter, read_counter_text
from crawler.reading.dates import (
    Candidate,
    date_from_url,
    infer_dateline,
    parse_date,
    parse_meta_date,
    pick_article_date,
)
from crawler.reading.density import Region, find_region, is_toolbar
from crawler.reading.document import Document, parse
from crawler.reading.fallback import trafilatura_body
from crawler.reading.kind import early_kind, says_missing
from crawler.reading.lists import list_items
from crawler.reading.numbers import find_rating, find_views, parse_count
from crawler.reading.page import Article, Attachment, Counter, Image, Kind, Moment, Page, Precision, Problem
from crawler.reading.text import clean
from vietnamese.folding import fold, fold_keep_length

MIN_BODY = 80  # characters: an article whose place is known may be this short
MIN_FOUND_BODY = 250  # characters: text found by density alone must be longer to count as an article
MAX_TITLE = 1000
_SITE_MARK = re.compile(r"^\W*\(?((?:[\w-]+\.)+(?:gov\.vn|vn|org|com))\)?\W*$")


def read_page(
    body: bytes,
    url: str,
    headers: Mapping[str, str] | None = None,
    status: int = 200,
    family: str | None = None,
) -> Page:
    """Read one fetched page.

    Takes the bytes (transfer and content encoding undone), the URL ("" when unknown: then what the page says of
    itself), response headers, HTTP status, and the CMS family its portal declares (used where the page shows no
    mark of one). Never raises for anything a server may send; what was wrong is in `Page.problems`.
    """
    return read_document(parse(body, url, headers, status), family)


def read_document(document: Document, family: str | None = None) -> Page:
    """Read a parsed page; see `read_page`."""
    cms = recognise(document.source, document.url, family)
    page = Page(document.url, Kind.OTHER, cms.name, problems=list(document.problems))
    page.counter, found = (
        read_counter_text(document.source.splitlines())
        if document.is_text
        else read_counter(document.tree, document.source)
    )
    page.problems += found
    if (kind := early_kind(document)) is not None:
        page.kind = kind
        return page
    own_url = document.url or _own_url(document) or ""
    is_article_url = bool(own_url) and cms.article_match(own_url) is not None

    if _read_by_layout(document, cms, page):
        _finish(document, cms, page, own_url)
        return page
    items = list_items(document, cms)
    region: Region | None = None
    # A family whose every article has a known layout needs no search for one on its other pages.
    if is_article_url or cms.name not in ("nukeviet",):
        region = find_region(document)
    if region is not None and _is_article(document, region, is_article_url, len(items), bool(_exact(cms, document))):
        _read_by_density(document, page, region)
        _finish(document, cms, page, own_url)
        return page
    if region is not None and says_missing([line.text for line in (*region.head, *region.body)]):
        page.kind = Kind.SOFT_404
    elif is_article_url:
        # The address of an article that answers with a list, or with nothing: the article is not there.
        page.kind = Kind.SOFT_404
        page.items = items
    elif items:
        page.kind = Kind.LIST
        page.items = items
    return page


def _exact(cms: Family, document: Document) -> bool:
    return cms.list_path is not None and cms.list_needs in document.source


def _own_url(document: Document) -> str | None:
    for element in document.head_elements("link"):
        if element.get("rel") == "canonical" and (href := element.get("href")):
            return document.absolute(href)
    return document.meta("og:url")


# --- an article whose place is known -------------------------------------------------------------------


def _read_by_layout(document: Document, cms: Family, page: Page) -> bool:
    """Read the article by one of the family's layouts; False when the page has none of them."""
    layouts = cms.layouts if cms.name == "generic" else (*cms.layouts, *FAMILIES["generic"].layouts)
    for layout in layouts:
        element = layout.find_body(document.tree, document.source)
        if element is None:
            continue
        wrapper = next(iter(layout.paths["wrapper"](element)), document.tree)
        drop = set(layout.paths["drop"](element)) if layout.drop else ()
        blocks, files = read_blocks(element, document.absolute, drop)
        title = next((text for node in _select(layout, wrapper, "title") if (text := _text(node))), None)
        body = collect(_kept(blocks), (file for _, file in files))
        if title is None and not body.paragraphs:
            continue
        if title is None and layout.name == "nukeviet" and wrapper is document.tree:
            continue
        article = Article(title=title)
        page.kind = Kind.ARTICLE
        page.article = article
        if title:
            page.methods["title"] = layout.name
        _read_fields(document, layout, wrapper, page, article)
        _set_body(page, article, body, layout.name)
        if not _declares_all(layout):
            around = [
                block.text
                for block in read_blocks(wrapper, document.absolute, (element,))[0]
                if block.role is not Role.IMAGE and block.text != title
            ]
            head = [Candidate(text, index) for index, text in enumerate(around, 1)]
            _read_labels(document, page, article, head, around)
        return True
    return False


def _declares_all(layout: Layout) -> bool:
    return "published_at" in layout.fields and "byline" in layout.fields


def _kept(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without lines of toolbars and titles of page blocks."""
    return [
        block
        for block in blocks
        if block.role is Role.IMAGE or len(block.text) > 160 or not is_toolbar(block.text, fold(block.text))
    ]


def _select(layout: Layout, wrapper: etree._Element, name: str) -> list[etree._Element | str]:
    path = layout.paths.get(name)
    return list(path(wrapper)) if path is not None else []


def _text(node: etree._Element | str) -> str | None:
    return clean(node) if isinstance(node, str) else plain(node) or None


def _read_fields(
    document: Document, layout: Layout, wrapper: etree._Element, page: Page, article: Article
) -> None:
    """Read what stands around the text, by the layout's paths."""
    method = layout.name

    def texts(name: str) -> list[str]:
        return [text for node in _select(layout, wrapper, name) if (text := _text(node))]

    for text in texts("published_at"):
        if _take_date(document, page, article, [Candidate(text, 1)], method):
            break
    for text in texts("views"):
        count = find_views(text) or parse_count(text)
        if count.value is not None:
            article.views, page.methods["views"] = count.value, method
            break
    for text in texts("comments"):
        count = parse_count(text)
        if count.value is not None:
            article.comments, page.methods["comments"] = count.value, method
            break
    for node in _select(layout, wrapper, "summary"):
        if summary := _text(node) if isinstance(node, str) else _summary(document, node):
            article.summary, page.methods["summary"] = summary, method
            break
    for text in texts("source"):
        if value := _after(labels.SOURCE_LINE, text):
            article.source, page.methods["source"] = value, method
            break
    for text in texts("author"):
        if (value := strip_author_label(text)) and not is_account_name(value):
            article.author, page.methods["author"] = value, method
            break
    for text in texts("byline"):
        _take_label(page, article, text, method)
    for node in _select(layout, wrapper, "lead_image"):
        if not isinstance(node, str):
            _take_lead_image(document, article, node)
    for node in _select(layout, wrapper, "attachments"):
        if not isinstance(node, str) and (href := node.get("href")):
            named = node.find(".//strong")
            title = plain(node) if named is None else plain(named)
            _add_attachment(article, Attachment(document.absolute(href), title or None))
    tags = texts("tags")
    if tags:
        article.tags, page.methods["tags"] = list(dict.fromkeys(tags)), method
    for text in texts("rating"):
        if rating := find_rating(text):
            article.rating, page.methods["rating"] = rating, method


def _after(pattern: re.Pattern[str], text: str) -> str | None:
    """Return what follows a label that the folded text begins with; the whole text where it has none."""
    match = pattern.match(fold_keep_length(text))
    return (text[match.end() :].strip() or None) if match else text


def _summary(document: Document, node: etree._Element) -> str | None:
    """Return the text of a summary without the picture that some templates put into it."""
    if node.find(".//img") is None:
        return plain(node) or None
    blocks, _ = read_blocks(node, document.absolute)
    return " ".join(collect(blocks, ()).paragraphs) or None


def _take_lead_image(document: Document, article: Article, figure: etree._Element) -> None:
    """Take the first picture of an element, and the text beside it as its caption."""
    blocks, _ = read_blocks(figure, document.absolute)
    for block in blocks:
        if block.image is not None:
            texts = (other.text for other in blocks if other.text and len(other.text) <= MAX_CAPTION)
            caption = next(texts, None)
            article.images.append(Image(block.image.url, caption))
            if caption:
                article.captions.append(caption)
            return


def _add_attachment(article: Article, attachment: Attachment) -> None:
    if all(attachment.url != known.url for known in article.attachments):
        article.attachments.append(attachment)


def _take_date(
    document: Document, page: Page, article: Article, candidates: Sequence[Candidate], method: str | None = None
) -> bool:
    """Take the date of publication from the lines around an article; False when they hold none."""
    reading = pick_article_date(candidates, not_after=document.fetched_at)
    if reading is None:
        return False
    if reading.problem is not None:
        page.problems.append(replace(reading.problem, field="published_at"))
    if reading.moment is None:
        return False
    _set_moment(page, article, reading.moment, method or ("label" if reading.label else "date-line"))
    return True


def _set_moment(page: Page, article: Article, moment: Moment, method: str) -> None:
    article.published_at, article.published_precision = moment.iso, moment.precision
    page.methods["published_at"] = method


def _take_label(page: Page, article: Article, text: str, method: str) -> bool:
    """Take an author or source line such as «Tác giả: X»; True when it was one."""
    folded = fold_keep_length(text)
    if match := labels.AUTHOR_LINE.match(folded):
        value = clean(text[match.end() :])
        if value and article.author is None and not is_account_name(value):
            article.author, page.methods["author"] = value, method
        return True
    if match := labels.SOURCE_LINE.match(folded):
        value = clean(text[match.end() :])
        if value and article.source is None:
            article.source, page.methods["source"] = value, method
        return True
    return False


# --- an article found by density -----------------------------------------------------------------------


def _is_article(document: Document, region: Region, is_article_url: bool, items: int, exact_list: bool) -> bool:
    if region.title is None and not document.is_text and not is_article_url:
        return False
    if exact_list and items and not is_article_url:
        return False
    paragraphs = sum(1 for block in region.body if block.role is not Role.IMAGE and len(block.text) >= 60)
    listed = max(region.links, 0)
    if listed >= 3 and listed * 2 >= paragraphs and not is_article_url:
        return False
    if exact_list and items >= 3:
        # An article's address that answers with the family's list.
        return False
    reading = pick_article_date(region.head, not_after=document.fetched_at)
    dated = reading is not None and reading.moment is not None
    if is_article_url or (dated and region.title_method != "meta"):
        if listed >= 5 and listed >= paragraphs:
            return False
        return region.length >= MIN_BODY
    if document.meta("og:type") == "article" or document.is_text:
        return region.length >= MIN_FOUND_BODY
    has_author = any(labels.AUTHOR_LINE.match(fold(block.text)) for block in region.tail[:10])
    return region.length >= MIN_FOUND_BODY and (has_author or (paragraphs >= 3 and items < 2 * paragraphs + 5))


def _read_by_density(document: Document, page: Page, region: Region) -> None:
    article = Article(title=region.title)
    page.kind, page.article = Kind.ARTICLE, article
    if region.title:
        page.methods["title"] = region.title_method
    if region.summary is not None:
        article.summary, page.methods["summary"] = region.summary.text, "class"
    body_blocks = _split_meta(page, article, region)
    body = collect(body_blocks, region.files)
    if sum(map(len, body.paragraphs)) < MIN_BODY and (text := trafilatura_body(document)):
        article.body, page.methods["body"] = text, "trafilatura"
    else:
        _set_body(page, article, body, "density")
    _read_labels(document, page, article, region.head, [block.text for block in region.tail])


def _split_meta(page: Page, article: Article, region: Region) -> list[Block]:
    """Take labelled lines and bare dates out of the text, into the head; return what is text."""
    kept: list[Block] = []
    for block in region.body:
        if block.role in (Role.IMAGE, Role.CAPTION, Role.TABLE) or len(block.text) > 160:
            kept.append(block)
            continue
        text = block.text
        if _take_label(page, article, text, "label"):
            continue
        if _take_site_mark(page, article, text):
            continue
        reading = parse_date(text)
        if (reading is not None and reading.moment and reading.end - reading.start >= 0.5 * len(text)) or (
            find_views(text) is not None and len(text) < 60
        ):
            region.head.append(Candidate(text, len(kept) + 1))
            continue
        kept.append(block)
    return kept


def _take_site_mark(page: Page, article: Article, text: str) -> bool:
    """Take a line that is a site's name alone, «(laichau.gov.vn)», for the source; True when it was one."""
    match = _SITE_MARK.match(text)
    if match and article.source is None:
        article.source, page.methods["source"] = match.group(1), "site-mark"
    return match is not None


def _read_labels(
    document: Document, page: Page, article: Article, head: Sequence[Candidate], tail: Sequence[str]
) -> None:
    """Read dates, counts, authors, sources and tags from the lines around an article."""
    if article.published_at is None:
        _take_date(document, page, article, head)
    for candidate in head:
        if len(candidate.text) <= 200 and not _take_label(page, article, candidate.text, "label"):
            _take_site_mark(page, article, candidate.text)
    for line in (*(candidate.text for candidate in head), *tail):
        if len(line) > 200:
            continue
        if article.views is None and (count := find_views(line)) is not None and count.value is not None:
            article.views, page.methods["views"] = count.value, "label"
        if article.rating is None and (rating := find_rating(line)):
            article.rating, page.methods["rating"] = rating, "label"
    # A byline may stand just outside the element of the text.
    if article.author is None and tail and (byline := body_byline(tail[:1])) and byline.author:
        article.author, page.methods["author"] = byline.author, "byline"
    for line in tail[:25]:
        if len(line) <= 200:
            _take_label(page, article, line, "label")
        if not article.tags and len(line) <= 400 and (match := labels.TAG_LINE.match(fold_keep_length(line))):
            tags = [tag for part in re.split(r"[,;#]", line[match.end() :]) if (tag := clean(part))]
            if tags:
                article.tags, page.methods["tags"] = tags, "label"


# --- both ----------------------------------------------------------------------------------------------


def _set_body(page: Page, article: Article, body: Body, method: str) -> None:
    """Store the text; the byline at its end goes to the author where the CMS names none."""
    texts = [index for index, block in enumerate(body.blocks) if block.role not in (Role.IMAGE, Role.CAPTION)]
    byline = body_byline([body.blocks[index].text for index in texts])
    if byline is not None:
        taken = {texts[index] for index in byline.indexes}
        body.blocks = [block for index, block in enumerate(body.blocks) if index not in taken]
        if byline.author and article.author is None:
            article.author, page.methods["author"] = byline.author, "byline"
        if byline.source and article.source is None:
            article.source, page.methods["source"] = byline.source, "byline"
    article.body, article.html = body.text, body.html()
    if article.body:
        page.methods["body"] = method
    known = {image.url for image in article.images}
    article.images += [image for image in body.images if image.url not in known]
    article.captions += body.captions
    for attachment in body.attachments:
        _add_attachment(article, attachment)
    for name in ("images", "captions", "attachments"):
        if getattr(article, name):
            page.methods[name] = method


def _finish(document: Document, cms: Family, page: Page, own_url: str) -> None:
    """Fill what the head and the address say, and hold every value against what is possible."""
    article = page.article
    assert article is not None
    if article.title and len(article.title) > MAX_TITLE:
        page.problems.append(Problem("title-too-long", f"{len(article.title)} characters", "title"))
        article.title = article.title[:MAX_TITLE]
    article.canonical_url, method = _canonical(document, cms, own_url)
    if article.canonical_url is not None:
        page.methods["canonical_url"] = method
    article.cms_id = _cms_id(document, cms, own_url, article)
    if article.cms_id:
        page.methods["cms_id"] = "url"
    if article.category is None:
        _read_category(document, page, article)
    _read_moments(document, page, article, own_url)
    if article.body is None:
        page.problems.append(Problem("body-empty", "an article without text", "body"))
    if article.title is None:
        page.problems.append(Problem("title-missing", "an article without a title", "title"))


def _canonical(document: Document, cms: Family, own_url: str) -> tuple[str | None, str]:
    host = split(own_url).netloc.lower()
    for element in document.head_elements("link"):
        if (element.get("rel") or "").lower() == "canonical" and (href := element.get("href")):
            stated = cms.canonical(document.absolute(href))
            parts = split(stated)
            # Some templates print the home page, or the host of a test server, on every page.
            if parts.netloc == host and (parts.path not in ("", "/") or parts.query):
                return cms.main_view(stated), "link"
            break
    return (cms.main_view(cms.canonical(own_url)), "url") if own_url else (None, "url")


_MODULE = re.compile(r"nv_module_name\s*=\s*[\"']([\w-]+)")


def _cms_id(document: Document, cms: Family, own_url: str, article: Article) -> str | None:
    found = cms.article_id(article.canonical_url or "") or cms.article_id(own_url)
    if found and cms.name == "nukeviet" and (module := _MODULE.search(document.source)):
        # Each module counts its own articles.
        return found if module.group(1) == "news" else f"{module.group(1)}:{found}"
    return found


_CRUMBS = etree.XPath(
    "descendant::*[contains(@class, 'crumb') or contains(@id, 'crumb') or contains(@class, 'duong-dan')"
    " or contains(@class, 'duongdan') or contains(@class, 'dd_chuyenmuc')][descendant::a][1]"
)
_CRUMB_MARKS = ("crumb", "duong-dan", "duongdan", "dd_chuyenmuc")
_CRUMB_SEPARATOR = re.compile(r"[>»›/:|→]")
_HOMES = frozenset(fold(label) for label in labels.HOME_LABELS)


def _read_category(document: Document, page: Page, article: Article) -> None:
    if section := document.meta("article:section"):
        article.category, page.methods["category"] = section, "meta"
        return
    crumbs: etree._Element | None = None
    if any(mark in document.source for mark in _CRUMB_MARKS):
        crumbs = next(iter(_CRUMBS(document.tree)), None)
    if crumbs is None and page.methods.get("body") == "density":
        crumbs = _trail(document.tree)
    if crumbs is None:
        return
    names = [text for link in crumbs.iter("a") if (text := plain(link).strip(" :>»›/|"))]
    names = [name for name in names if fold(name) not in _HOMES and name != article.title]
    if names:
        article.category, page.methods["category"] = names[-1], "breadcrumb"


def _trail(tree: etree._Element) -> etree._Element | None:
    """Return the element of «Trang chủ > Tin tức > ...», told from a menu by its length and separators."""
    for link in tree.iter("a"):
        if len(link.text or "") > 20 or fold(plain(link)) not in _HOMES:
            continue
        for ancestor in (link.getparent(), link.getparent().getparent()):
            if ancestor is not None and 2 <= sum(1 for _ in ancestor.iter("a")) <= 5:
                if len(text := plain(ancestor)) < 300 and _CRUMB_SEPARATOR.search(text):
                    return ancestor
    return None


def _read_moments(document: Document, page: Page, article: Article, own_url: str) -> None:
    published = document.meta("article:published_time")
    if article.published_at is None and published and (moment := parse_meta_date(published, not_after=document.fetched_at)):
        _set_moment(page, article, moment, "meta")
    modified = document.meta("article:modified_time")
    if modified and (moment := parse_meta_date(modified, not_after=document.fetched_at)):
        article.modified_at, page.methods["modified_at"] = moment.iso, "meta"
    if article.published_at is None:
        _infer_moment(document, page, article, own_url)


def _infer_moment(document: Document, page: Page, article: Article, own_url: str) -> None:
    """Take the day that the text opens with, its year from the page."""
    reference = _dated_reference(article, own_url)
    upper = reference or _visited(document, page.counter)
    for text in (article.summary, *(article.body or "").split("\n\n")[:3]):
        moment = infer_dateline(text, year_from=upper) if text else None
        if moment is None:
            continue
        if reference is None and moment.precision is Precision.INFERRED and not _names_year(article, moment.iso[:4]):
            # Any year up to the visit is possible; the latest is a guess unless the article itself names it.
            return
        _set_moment(page, article, Moment(moment.iso, Precision.INFERRED), "dateline")
        return


def _dated_reference(article: Article, own_url: str) -> date | None:
    """Return a date close to the article's that tells its year: of its address, its files, its last edit."""
    for url in (own_url, *(image.url for image in article.images), *(file.url for file in article.attachments)):
        if found := date_from_url(url):
            return found
    return datetime.fromisoformat(article.modified_at).date() if article.modified_at else None


def _visited(document: Document, counter: Counter | None) -> date | None:
    """Return the latest day on which the page can have been visited: of the server's clock, or the counter's.

    The counter's rows name month and year of the visit: «Tháng 04 : 199.242 / Năm 2024 : 870.832».
    """
    if document.fetched_at is not None:
        return document.fetched_at.date()
    if counter is None or counter.year is None:
        return None
    folded = fold(document.source)
    year = _row_number(folded, r"nam\s+(20\d\d)", counter.printed["year"])
    month = _row_number(folded, r"thang\s+(0?[1-9]|1[0-2])", counter.printed.get("month"))
    return date(year, month or 12, 28) if year else None


def _row_number(folded: str, label: str, printed: str | None) -> int | None:
    """Return the number in a counter's label, told by the value printed after it."""
    match = re.search(rf"\b{label}\b\D{{0,80}}{re.escape(printed)}(?!\d)", folded) if printed else None
    return int(match[1]) if match else None


def _names_year(article: Article, year: str) -> bool:
    return re.search(rf"\bnam {year}\b", fold(f"{article.title} {article.summary} {article.body}")) is not None
