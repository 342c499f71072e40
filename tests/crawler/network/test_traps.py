"""What shows that a way through a portal has no end."""

import pytest

from crawler.network.traps import (
    ASTRAY_CHAIN,
    ASTRAY_TOTAL,
    BARREN_CHAIN,
    BARREN_TOTAL,
    SEEN_BEFORE,
    TrapWatch,
    pattern,
)
from crawler.response_reader import Reading
from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Article, Item, Link, Page

HOME = "http://portal.example/"


def of_list(*items: str, lists: tuple[str, ...] = ()) -> Reading:
    page = Page(HOME, Outcome.LIST, items=[Item(HOME + item, item) for item in items])
    return Reading(Outcome.LIST, page, [Link(HOME + name, LinkKind.LIST) for name in lists])


def of_article(title: str, *links: str) -> Reading:
    page = Page(HOME, Outcome.ARTICLE, article=Article(title=title, body="Thân bài"))
    return Reading(Outcome.ARTICLE, page, [Link(HOME + name, LinkKind.ARTICLE) for name in links])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/doi-giao-dien/0039f5", "/doi-giao-dien/0039f4", True),
        ("/?theme=r&to=abc", "/?to=xyz&theme=d", True),
        ("/tin/a.html", "/tin/b.html", True),
        ("/tin/a.html", "/tin/a.html?in=1", False),
        ("/tin/a.html", "/van-ban/a.html", False),
        ("/a", "/b", True),
    ],
)
def test_pattern(one: str, other: str, same: bool) -> None:
    assert (pattern(HOME + one.lstrip("/")) == pattern(HOME + other.lstrip("/"))) is same


def test_addresses_that_lead_back_are_left_after_some() -> None:
    watch = TrapWatch()
    home = of_list("tin/1", lists=("doi/1", "doi/2"))
    assert watch.leads_on(HOME, HOME, "a", home) == home.links
    for number in range(SEEN_BEFORE):
        url = f"{HOME}doi/{number}"
        assert not watch.is_trap(url)
        assert watch.leads_on(url, HOME, f"b{number}", home) == []
    assert watch.is_trap(f"{HOME}doi/khac")
    assert not watch.is_trap(f"{HOME}tin/1")


def test_one_that_shows_something_new_clears_its_pattern() -> None:
    watch = TrapWatch()
    watch.leads_on(HOME, HOME, "a", of_list("tin/1"))
    for number in range(SEEN_BEFORE - 1):
        watch.leads_on(f"{HOME}tin/{number}", HOME, "a", of_list("tin/1"))
    watch.leads_on(f"{HOME}tin/moi", f"{HOME}tin/moi", "c", of_article("Mới"))
    watch.leads_on(f"{HOME}tin/cu", HOME, "a", of_list("tin/1"))
    assert not watch.is_trap(f"{HOME}tin/khac")


def test_articles_that_lead_to_known_ones_are_no_trap() -> None:
    watch = TrapWatch()
    for number in range(2 * SEEN_BEFORE):
        main = f"{HOME}muc-mot/{number}.html"
        watch.leads_on(main, main, f"d{number}", of_article(f"Bài {number}"), LinkKind.ARTICLE)
        second = f"{HOME}muc-hai/{number}.html"
        reading = of_article(f"Bài {number}", "tin/khac")
        assert watch.leads_on(second, main, f"e{number}", reading, LinkKind.ARTICLE) == []
    assert not watch.is_trap(f"{HOME}muc-hai/")


def test_the_same_article_under_another_address_leads_nowhere() -> None:
    watch = TrapWatch()
    assert watch.leads_on(HOME + "tin/a", HOME + "tin/a", "x", of_article("A", "tin/b")) != []
    # Views and clocks differ, so do the payloads.
    assert watch.leads_on(HOME + "tin/a?v=2", HOME + "tin/a?v=2", "y", of_article("A", "tin/c")) == []
    assert watch.leads_on(HOME + "tin/b", HOME + "tin/b", "z", of_article("B", "tin/c")) != []


def test_lists_that_announce_nothing_new_end() -> None:
    watch = TrapWatch()
    watch.leads_on(HOME, HOME, "home", of_list("tin/1", lists=("lich/0",)))
    visited, number = 0, 0
    while links := watch.leads_on(
        f"{HOME}lich/{number}",
        f"{HOME}lich/{number}",
        f"d{number}",
        of_list("tin/1", lists=(f"lich/{number + 1}",)),
    ):
        assert [link.url for link in links] == [f"{HOME}lich/{number + 1}"]
        visited, number = visited + 1, number + 1
    assert visited == BARREN_CHAIN - 1


def test_a_list_with_something_new_leads_on_for_ever() -> None:
    watch = TrapWatch()
    for number in range(5 * BARREN_CHAIN):
        url = f"{HOME}tin/trang-{number}"
        reading = of_list(f"tin/{number}", lists=(f"tin/trang-{number + 1}",))
        assert watch.leads_on(url, url, f"d{number}", reading) == reading.links


def test_barren_lists_have_a_budget() -> None:
    watch = TrapWatch()
    watch.leads_on(HOME, HOME, "home", of_list("tin/1"))
    many = of_list("tin/1", lists=tuple(f"doi/{number}" for number in range(BARREN_TOTAL + 50)))
    links = watch.leads_on(HOME + "muc", HOME + "muc", "x", many)
    assert len(links) == BARREN_TOTAL
    # What is known already stays a link: the crawl has it anyway.
    assert watch.leads_on(HOME + "khac", HOME + "khac", "y", many) == links


def test_files_and_feeds_are_never_traps() -> None:
    watch = TrapWatch()
    feed = Reading("feed", links=[Link(HOME + "tin/1", LinkKind.ARTICLE)])
    for number in range(SEEN_BEFORE + 1):
        assert watch.leads_on(f"{HOME}rss/{number}", f"{HOME}rss/{number}", "same", feed) == feed.links
    assert not watch.is_trap(HOME + "rss/x")


def test_articles_whose_addresses_look_like_lists() -> None:
    watch = TrapWatch()
    visited = 0
    for number in range(3 * BARREN_TOTAL // 10):
        names = tuple(f"bai-{number}-{item}" for item in range(10))
        links = watch.leads_on(
            f"{HOME}?trang={number}",
            f"{HOME}?trang={number}",
            str(number),
            of_list(lists=(*names, f"?trang={number + 1}")),
        )
        for link in links[:-1]:
            watch.leads_on(link.url, link.url, link.url, of_article(link.url))
            visited += 1
        assert links[-1].url == f"{HOME}?trang={number + 1}"
    assert visited == 3 * BARREN_TOTAL


def no_article(*links: str) -> Reading:
    page = Page(HOME, Outcome.OTHER)
    return Reading(Outcome.OTHER, page, [Link(HOME + name, LinkKind.ARTICLE) for name in links])


def test_pages_at_articles_addresses_that_show_none_lead_on_a_little() -> None:
    watch = TrapWatch()
    for number in range(ASTRAY_CHAIN):
        url, following = f"{HOME}{number}.html", f"{number + 1}.html"
        links = watch.leads_on(url, url, f"d{number}", no_article(following), LinkKind.ARTICLE)
        assert [link.url for link in links] == [HOME + following]
    last = f"{HOME}{ASTRAY_CHAIN}.html"
    assert watch.leads_on(last, last, "e", no_article("9.html"), LinkKind.ARTICLE) == []


def test_pages_that_show_no_article_lead_to_so_many_in_all() -> None:
    watch = TrapWatch()
    found = 0
    for number in range(20):
        url = f"{HOME}{number}.html"
        many = no_article(*(f"{number}-{entry}.html" for entry in range(50)))
        found += len(watch.leads_on(url, url, f"d{number}", many, LinkKind.ARTICLE))
    assert found == ASTRAY_TOTAL
