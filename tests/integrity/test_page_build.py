"""Pages of the old articles that others have rebuilt: by their build, from synthetic pages."""

from collections import Counter
from collections.abc import Sequence

import pytest

from portal_archive.archive.health.rebuilt import ASSET, BUILT, FRAME, TIE, Builds, Rebuilt
from portal_archive.archive.health.rebuilt import compare as compare_builds
from portal_archive.integrity.page_build import build_of
from portal_archive.model.page_build import PageBuild
from portal_archive.reading.markup.document import parse

HOST = "danvantamkhe.example.vn"
NEIGHBOURS = (
    "tamkhe.example.gov.vn",
    "mattran.example.org.vn",
    "baotamkhe.example.vn",
    "chinhphu.example.vn",
)
OLD_FRAME = ("wrap", "banner", "menu-top", "col-left", "col-main", "news-detail", "box-link", "foot-info")
NEW_FRAME = (
    "site",
    "site-header",
    "nav-primary",
    "hero",
    "entry",
    "entry-content",
    "widget-area",
    "site-footer",
)


def page(frame: tuple[str, ...], fonts: str, links: tuple[str, ...], number: int) -> PageBuild:
    boxes = "".join(f"<div class='{name}' id='{name}-box'>" for name in frame) + "</div>" * len(frame)
    anchors = "".join(f"<a href='https://www.{host}/'>{host}</a>" for host in links)
    html = (
        f"<html><head><link rel=stylesheet href='https://fonts.example.com/css?family={fonts}'>"
        f"<script src='/js/a.js'></script><link rel=canonical href='https://other.example/'></head>"
        f"<body class='post-{number}1234'>{boxes}<h1>Hội nghị số {number}</h1><p>Văn bản không đổi.</p>{anchors}"
        f"<a href='https://only-here-{number}.example/'>nguồn</a><a href='/trong'>trong</a></body></html>"
    )
    return build_of(parse(html.encode(), f"https://{HOST}/bai-{number}.html"), HOST)


def pages(frame: tuple[str, ...], fonts: str, links: tuple[str, ...]) -> list[PageBuild]:
    return [page(frame, fonts, links, number) for number in range(4)]


def tallies(pages: Sequence[PageBuild]) -> Builds:
    parts = {
        FRAME: [page.template for page in pages],
        ASSET: [page.assets for page in pages],
        TIE: [page.links for page in pages],
    }
    counted = {name: Counter(one for part in parts[name] for one in part) for name in parts}
    return {BUILT: Counter({"": len(pages)}), **counted}


def compare(before: Sequence[PageBuild], now: Sequence[PageBuild]) -> Rebuilt | None:
    return compare_builds([tallies(before)], tallies(now))


OLD = pages(OLD_FRAME, "Poppins", NEIGHBOURS)


def test_what_a_page_is_built_of() -> None:
    build = page(OLD_FRAME[:2], "Poppins", NEIGHBOURS[:1], 7)
    assert build.template == {"body.post-", "div.wrap", "div#wrap-box", "div.banner", "div#banner-box"}
    assert build.assets == {"font Poppins", "fonts.example.com"}
    assert build.links == {"tamkhe.example.gov.vn", "only-here-7.example"}


@pytest.mark.parametrize(
    ("now", "build", "ties"),
    [
        (OLD, False, False),
        # Restored by strangers: another template and font, the neighbours gone, something new.
        (pages(NEW_FRAME, "Jost", ("casino-x.example",)), True, True),
        (pages(NEW_FRAME, "Jost", ()), True, True),
        # Relaunched by the owners, who leave the old neighbours and link to other offices.
        (pages(NEW_FRAME, "Jost", ("dichvucong.example.gov.vn",)), True, False),
        # A redesign of the owner's.
        (pages(NEW_FRAME, "Jost", NEIGHBOURS), True, False),
        (pages(NEW_FRAME, "Jost", (*NEIGHBOURS[:3], "dichvucong.example.vn")), True, False),
        # Links are taken out, or a box of partners is put in.
        (pages(OLD_FRAME, "Poppins", ()), False, True),
        (pages((*OLD_FRAME, "partners"), "Poppins", (*NEIGHBOURS, "a.example", "b.example")), False, False),
    ],
)
def test_build_and_ties(now: list[PageBuild], build: bool, ties: bool) -> None:
    found = compare(OLD, now)
    assert found is not None
    assert (found.build_changed, found.ties_changed) == (build, ties)


def test_what_is_gone_and_new() -> None:
    found = compare(OLD, pages(NEW_FRAME, "Jost", (NEIGHBOURS[0], "casino-x.example")))
    assert found == Rebuilt(
        template=1 / 33,
        assets=1 / 3,
        links=1 / 5,
        gone=("baotamkhe.example.vn", "chinhphu.example.vn", "mattran.example.org.vn"),
        new=("casino-x.example",),
    )


def test_too_few_pages_or_links_say_nothing() -> None:
    assert compare(OLD[:2], OLD) is None
    assert compare(OLD, OLD[:2]) is None
    bare = pages(OLD_FRAME, "Poppins", NEIGHBOURS[:2])
    found = compare(bare, pages(NEW_FRAME, "Jost", ()))
    assert found is not None
    assert (found.links, found.ties_changed, found.ties_kept) == (None, False, False)


def test_the_newest_crawls_that_read_enough_are_compared_with() -> None:
    relaunched = pages(NEW_FRAME, "Jost", NEIGHBOURS)
    one, two, four = (tallies(some) for some in (relaunched[:1], relaunched[:2], OLD))
    found = compare_builds([one, two, four], tallies(relaunched))
    assert found is not None
    assert (found.template, found.build_changed) == (1.0, False)
    found = compare_builds([one, four], tallies(relaunched))
    assert found is not None
    assert found.build_changed
