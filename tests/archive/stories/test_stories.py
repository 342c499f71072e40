"""Stories as articles are stored, changed, merged and removed: who is first, who follows, who is not one of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from newsrooms import OTHER, REPORT, START, Newsrooms, paragraphs, replaced
from real_pages import NUKEVIET, needs_real_pages

from demo.portals import PORTALS
from portal_archive.archive import archive as archives
from portal_archive.archive.stories import stories
from portal_archive.archive.storing.merge import merge
from portal_archive.archive.verify.database import verify_database
from portal_archive.model.kinds import Precision

RENAMED = replaced(
    REPORT, [("Lò Thị Khuê", "Mùa Thị Sua"), ("Khuê", "Sua"), ("Giàng A Thước", "Lường Văn Phìn")]
)


def day(number: int) -> str:
    return f"2026-03-{number:02}T08:00:00+07:00"


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Newsrooms]:
    made = Newsrooms(tmp_path / "archive.db")
    yield made
    made.close()


def test_the_same_text_on_two_portals_is_one_story_of_two_articles(rooms: Newsrooms) -> None:
    first = rooms.publish("bao", REPORT, day(1))
    second = rooms.publish("huyen", REPORT, day(2))
    rooms.publish("tinh", OTHER, day(2), title="Chợ phiên Pha Mu họp lại")
    assert rooms.group() == 3
    assert rooms.stories() == {1: [first, second]}
    assert rooms.rows("SELECT * FROM stories") == [(1, first, 2, 2, None)]
    assert rooms.rows("SELECT * FROM story_articles") == [
        (first, 1, 1, None, None, None),
        (second, 1, 2, 0, 0, 0),
    ]
    assert list(verify_database(rooms.archive.db.conn)) == []


def test_what_nothing_happened_to_is_not_looked_at_again(rooms: Newsrooms) -> None:
    rooms.publish("bao", REPORT)
    assert [rooms.group(), rooms.group()] == [1, 0]
    rooms.publish("bao", REPORT)
    assert rooms.group() == 0
    rooms.publish("bao", OTHER)
    assert [rooms.group(), rooms.group()] == [1, 0]


def test_two_addresses_of_one_portal_are_one_article_of_the_story(rooms: Newsrooms) -> None:
    first = rooms.publish("huyen", REPORT, path="tin/1")
    assert rooms.publish("huyen", REPORT, path="su-kien/1") == first
    other = rooms.publish("tinh", REPORT, day(3))
    rooms.group()
    assert rooms.stories() == {1: [first, other]}


def test_articles_of_one_portal_are_no_story_until_another_has_the_text(rooms: Newsrooms) -> None:
    first = rooms.publish("huyen", REPORT, day(1), path="1")
    again = rooms.publish("huyen", RENAMED, day(4), path="2")
    rooms.group()
    assert rooms.stories() == {}
    other = rooms.publish("tinh", REPORT, day(2))
    rooms.group()
    assert rooms.stories() == {1: [first, other, again]}


COPIES: dict[str, tuple[str, str]] = {
    "bao": (REPORT, day(1)),
    "nua-dau": (paragraphs(REPORT, 0, 1), day(2)),
    "nua-sau": (paragraphs(REPORT, 2, 3), day(3)),
    "doi-ten": (RENAMED, day(4)),
    "them": (REPORT + "\n\n" + paragraphs(OTHER, 2), day(5)),
}


@pytest.mark.parametrize("order", [*permutations(COPIES)][::17])
def test_copies_are_one_story_in_whatever_order_they_are_found(
    rooms: Newsrooms, order: tuple[str, ...]
) -> None:
    ids = {}
    for portal in order:
        ids[portal] = rooms.publish(portal, *COPIES[portal])
        rooms.group()
    assert list(rooms.stories().values()) == [[ids[portal] for portal in COPIES]]
    found = rooms.rows(
        "SELECT words_left_out, words_added, percent_changed FROM story_articles ORDER BY position"
    )
    assert found == [(None, None, None), (105, 0, 49), (103, 0, 48), (6, 6, 3), (0, 43, 17)]
    assert rooms.rows("SELECT first_article, articles, portals FROM stories WHERE joined IS NULL") == [
        (ids["bao"], 5, 5)
    ]


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_what_is_like_two_articles_does_not_make_one_story_of_them(
    rooms: Newsrooms, order: tuple[int, ...]
) -> None:
    texts = [("bao", REPORT, day(1)), ("dai", OTHER, day(2)), ("tong-hop", f"{REPORT}\n\n{OTHER}", day(3))]
    ids = {}
    for number in order:
        portal, body, published = texts[number]
        ids[portal] = rooms.publish(portal, body, published)
        rooms.group()
    ((first, second),) = rooms.stories().values()
    assert first in (ids["bao"], ids["dai"])
    assert second == ids["tong-hop"]


def test_the_earliest_is_the_first_however_late_it_is_found(rooms: Newsrooms) -> None:
    late = rooms.publish("huyen", paragraphs(REPORT, 0, 1), day(9))
    later = rooms.publish("xa", REPORT, day(10))
    rooms.group()
    assert rooms.stories() == {1: [late, later]}
    first = rooms.publish("bao", REPORT, day(8))
    rooms.group()
    assert rooms.stories() == {1: [first, late, later]}
    assert rooms.rows("SELECT percent_changed FROM story_articles ORDER BY position") == [
        (None,),
        (49,),
        (0,),
    ]
    # Only a date is corrected.
    rooms.archive.db.execute("UPDATE articles SET published_at = ? WHERE id = ?", (day(11), first))
    rooms.group()
    assert rooms.stories() == {1: [late, later, first]}


def test_a_day_is_later_than_a_time_on_it_and_no_date_is_when_it_was_seen(rooms: Newsrooms) -> None:
    undated = rooms.publish("khong-ngay", REPORT, None)
    dated = rooms.publish("ngay", REPORT, "2026-03-01T00:00:00+07:00", precision=Precision.DAY)
    inferred = rooms.publish("suy-ra", REPORT, "2026-02-28T00:00:00+07:00", precision=Precision.INFERRED)
    exact = rooms.publish("gio", REPORT, "2026-03-01T23:59:00+07:00")
    rooms.group()
    assert rooms.stories() == {1: [inferred, exact, dated, undated]}


def test_the_tampered_with_come_after_the_clean(rooms: Newsrooms) -> None:
    injected = rooms.publish("bi-chiem", REPORT.replace("bản Nậm Sính", "sòng bài online uy tín"), day(1))
    clean = rooms.publish("bao", REPORT, day(2))
    rooms.group()
    assert rooms.stories() == {1: [injected, clean]}
    rooms.archive.db.execute("UPDATE articles SET flagged = 1 WHERE id = ?", (injected,))
    rooms.group()
    assert rooms.stories() == {1: [clean, injected]}
    assert rooms.rows("SELECT percent_changed FROM story_articles ORDER BY position") == [(None,), (2,)]


def test_a_rewritten_article_leaves_and_its_story_with_it(rooms: Newsrooms) -> None:
    first, second, third = (
        rooms.publish(portal, REPORT, day(n)) for n, portal in enumerate(("a", "b", "c"), 1)
    )
    rooms.group()
    assert rooms.publish("b", OTHER, day(2)) == second
    rooms.group()
    assert rooms.stories() == {1: [first, third]}
    rooms.publish("a", OTHER, day(1))
    rooms.group()
    # What the first became is a copy of what the second had become.
    assert rooms.stories() == {2: [first, second]}
    rooms.publish("b", REPORT, day(2))
    rooms.group()
    assert rooms.stories() == {3: [second, third]}
    assert rooms.rows("SELECT id FROM stories") == [(3,)]


def test_an_edited_copy_stays_and_tells_how_much_it_differs_now(rooms: Newsrooms) -> None:
    rooms.publish("a", REPORT, day(1))
    rooms.publish("b", REPORT, day(2))
    rooms.group()
    rooms.publish("b", RENAMED, day(2))
    rooms.group()
    assert rooms.rows("SELECT story_id, percent_changed FROM story_articles ORDER BY position") == [
        (1, None),
        (1, 3),
    ]


def test_a_story_survives_the_rewriting_of_its_first(rooms: Newsrooms) -> None:
    first, second, third = (
        rooms.publish(portal, REPORT, day(n)) for n, portal in enumerate(("a", "b", "c"), 1)
    )
    rooms.group()
    rooms.publish("a", OTHER, day(30))
    rooms.group()
    assert rooms.stories() == {1: [second, third]}
    fourth = rooms.publish("d", RENAMED, day(4))
    rooms.group()
    assert rooms.stories() == {1: [second, third, fourth]}
    assert first not in rooms.stories()[1]


def test_articles_that_turn_out_to_be_one_are_one_in_the_story(rooms: Newsrooms) -> None:
    first = rooms.publish("a", REPORT, day(1))
    second = rooms.publish("b", REPORT, day(2), path="1")
    third = rooms.publish("b", RENAMED, day(3), path="2")
    rooms.group()
    assert rooms.stories() == {1: [first, second, third]}
    with rooms.archive.batch():
        assert merge(rooms.archive.db.conn, second, third, day(4)) == second
    assert rooms.group() == 3
    assert rooms.stories() == {1: [first, second]}
    assert rooms.rows("SELECT articles, portals FROM stories") == [(2, 2)]
    assert rooms.rows("SELECT DISTINCT article_id FROM story_keys") == [(first,)]
    assert rooms.rows("SELECT article_id FROM story_sketches") == [(first,), (second,)]
    assert list(verify_database(rooms.archive.db.conn)) == []


def test_two_stories_become_one_when_their_original_is_found(rooms: Newsrooms) -> None:
    ids = [
        rooms.publish(portal, paragraphs(REPORT, *part), day(n))
        for n, (portal, part) in enumerate(zip("abcd", ((0, 1), (0, 1), (2, 3), (2, 3)), strict=True), 2)
    ]
    rooms.group()
    assert rooms.stories() == {1: ids[:2], 2: ids[2:]}
    original = rooms.publish("bao", REPORT, day(1))
    rooms.group()
    assert rooms.stories() == {1: [original, *ids]}
    assert rooms.rows("SELECT * FROM stories") == [(1, original, 5, 5, None), (2, None, 0, 0, 1)]


def test_phrases_that_many_share_glue_nothing_and_hide_no_copy(rooms: Newsrooms) -> None:
    closing = paragraphs(OTHER, 1)
    numbers = [*range(40)]
    for number in numbers:
        own = " ".join(
            f"{word}{number * 1000 + n}" for n, word in enumerate(("bản", "nhà", "đường", "suối") * 25)
        )
        rooms.publish(f"cong{number % 7}", f"{own}\n\n{closing}", day(1 + number % 28), path=str(number))
    copy = rooms.publish("chep", f"{own}\n\n{closing}", day(30))
    rooms.group()
    assert rooms.stories() == {1: [numbers[-1] + 1, copy]}


def test_a_crawl_groups_what_it_found_as_it_ends(rooms: Newsrooms) -> None:
    first = rooms.publish("tinh", REPORT, day(1))
    rooms.register("huyen")
    crawl = rooms.archive.begin_crawl("huyen", START)
    second = rooms.publish("huyen", REPORT, day(2), crawl=crawl)
    assert rooms.stories() == {}
    rooms.archive.end_crawl(crawl, START + timedelta(hours=3), "finished")
    assert rooms.stories() == {1: [first, second]}


def test_the_end_of_a_crawl_does_not_wait_for_a_whole_archive(
    rooms: Newsrooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "STORIES_AT_END", 2)
    monkeypatch.setattr(archives, "STORIES_BATCH", 1)
    ids = [rooms.publish(f"cong{number}", REPORT, day(1 + number)) for number in range(5)]
    for number, done in enumerate((ids[3:], ids[1:], ids)):
        crawl = rooms.archive.begin_crawl("cong0", START + timedelta(days=number))
        rooms.archive.end_crawl(crawl, START + timedelta(days=number, hours=1), "finished")
        assert rooms.stories() == {1: done}


def test_what_was_interrupted_is_done_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "STORIES_BATCH", 2)
    rooms = Newsrooms(tmp_path / "archive.db")
    for portal, (body, published) in COPIES.items():
        rooms.publish(portal, body, published)
    assert next(rooms.archive.group_stories()) == 2
    looked: Callable[..., None] = stories._Grouping.look_at

    def killed(grouping: stories._Grouping, article_id: int) -> None:
        looked(grouping, article_id)
        if article_id == 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(stories._Grouping, "look_at", killed)
        with pytest.raises(KeyboardInterrupt):
            rooms.group()
    assert rooms.rows("SELECT article_id FROM stories_waiting") == [(3,), (4,), (5,)]
    assert rooms.stories() == {1: [1, 2]}
    rooms.close()
    again = Newsrooms(tmp_path / "archive.db")
    assert again.group() == 3
    assert again.stories() == {1: [1, 2, 3, 4, 5]}
    again.close()


def published(rooms: Newsrooms, portal: str, number: int, title: str, text: str, at: str | None) -> int:
    return rooms.publish(portal, text, at, path=str(number), title=title)


def test_of_the_demo_portals_only_the_copied_one_makes_stories(rooms: Newsrooms) -> None:
    ids: dict[int, tuple[str, int]] = {}
    with rooms.archive.batch():
        for stem, portal in PORTALS.items():
            for one in portal().gold(f"https://{stem}.example"):
                text = "\n\n".join([one["summary"] or "", *one["paragraphs"]])
                number = published(rooms, stem, one["key"], one["title"], text, one["published_at"])
                ids[number] = (stem, one["key"])
    assert len(ids) == 6 * 44
    rooms.group()
    found = [sorted(ids[number] for number in articles) for articles in rooms.stories().values()]
    assert sorted(found) == [[("hijacked", key), ("tamduong", key)] for key in range(44)]


@needs_real_pages
def test_sixty_eight_articles_from_shared_templates_make_no_story(rooms: Newsrooms) -> None:
    lines = [json.loads(line) for line in (NUKEVIET / "gold.jsonl").read_text().splitlines()]
    articles = [line for line in lines if line["origin"] == "fixture"]
    assert len(articles) == 68
    for number, one in enumerate(articles):
        # As if each were of another portal than its neighbours: articles of one portal alone make no story.
        text = "\n\n".join(one["body"])
        published(rooms, f"cong{number % 17}", number, one["title"], text, None)
    rooms.group()
    assert rooms.stories() == {}
