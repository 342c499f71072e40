"""Whether a host speaks for another owner than before."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import Any, cast

import pytest

from portal_archive.archive.health.evidence import Evidence
from portal_archive.archive.health.takeover import changes, is_takeover

# Words of headlines: of a portal at two times, of its shop of football bets, and of a shop for household goods.
PARTY = "hội nghị công tác dân vận tỉnh huyện đảng bộ kiểm tra giám sát tuyên giáo đoàn viên nông thôn mới".split()
LATER = "hội nghị tỉnh đảng đại biểu công tác nhân dân huyện mặt trận tổ quốc tuyên giáo thi đua".split()
BETS = "nhà cái uy tín khuyến mãi cá cược bóng đá casino trực tuyến nạp rút tiền game nổ hũ tải app".split()


def crawl(**signs: dict[str, int]) -> Evidence:
    return Evidence(
        cast("sqlite3.Row", {"id": 1}),
        {name: Counter(counts) for name, counts in signs.items()},
        {},
        counters=False,
    )


def portal(words: list[str] = PARTY, pages: int = 10, **changed: dict[str, int]) -> Evidence:
    signs: dict[str, Any] = {
        "flagged": {"no": pages},
        "language": {"vi": pages},
        "generator": {"nukeviet": pages},
        "owner": {"UBND tỉnh Mường Mây": pages},
        "word": dict.fromkeys(words, pages),
    }
    return crawl(**{**signs, **changed})


BEFORE = [portal(), portal(LATER)]


@pytest.mark.parametrize(
    ("now", "signs", "taken"),
    [
        (portal(), [], False),
        (portal(LATER, 3), [], False),
        # A redesign, a new certificate: each happens to everybody.
        (portal(generator={"WordPress": 10}), ["generator"], False),
        (portal(owner={"Sở Thông tin Mường Mây": 10}), ["owner"], False),
        (portal(generator={"WordPress": 10}, owner={"X": 10}), ["generator", "owner"], True),
        # A certificate for the host alone is anybody's who has the host.
        (portal(generator={"WordPress": 10}, owner={"muongmay.example.gov.vn": 10}), ["generator"], False),
        # Unknown software is no other software.
        (portal(generator={"": 10}), [], False),
        (portal(language={"other": 8, "vi": 2}), ["language"], True),
        (portal(language={"other": 4, "vi": 6}), [], False),
        (portal(BETS), ["topic"], True),
        (portal(PARTY[:6] + BETS), [], False),
        (portal(flagged={"yes": 7, "no": 3}), ["flagged"], True),
        (portal(flagged={"yes": 5, "no": 10}), ["flagged"], True),
        (portal(flagged={"yes": 5, "no": 11}), [], False),
        (portal(flagged={"yes": 4}), [], False),
        # Two pages are too few to say anything.
        (
            portal(BETS[:3], 2, language={"other": 2}, generator={"WordPress": 2}, flagged={"yes": 2}),
            [],
            False,
        ),
    ],
)
def test_two_signs_or_one_that_nothing_else_explains(now: Evidence, signs: list[str], taken: bool) -> None:
    found = changes(now, BEFORE)
    assert [change.sign for change in found] == signs
    assert is_takeover(found) is taken


def test_the_signs_say_what_was_and_what_is() -> None:
    found = changes(portal(generator={"WordPress": 9, "": 1}, language={"other": 10}), BEFORE)
    assert [(change.sign, change.before, change.after) for change in found] == [
        ("language", "100%", "0%"),
        ("generator", "nukeviet", "WordPress"),
    ]
    assert found[0].said.en == "only 0% of its pages are in Vietnamese, 100% before"
    assert found[1].said.vi == "các trang do WordPress tạo ra, trước là nukeviet"


def test_nothing_is_compared_with_nothing() -> None:
    assert changes(portal(BETS, language={"other": 10}), []) == []


def test_a_portal_flagged_as_ever_has_not_changed_hands() -> None:
    flagged = portal(flagged={"yes": 9, "no": 1})
    assert changes(flagged, [flagged]) == []


FRAMES = {
    "old": {f"div.cu-{number}": 10 for number in range(8)},
    "new": {f"div.moi-{number}": 10 for number in range(8)},
}
OFFICES = dict.fromkeys(
    ("tinh.example.gov.vn", "mattran.example.vn", "bao.example.vn", "doan.example.vn"), 10
)


def built(frame: str, ties: dict[str, int], **changed: dict[str, int]) -> Evidence:
    return portal(built={"": 10}, frame=FRAMES[frame], tie=ties, **changed)


@pytest.mark.parametrize(
    ("now", "has_news", "signs", "taken"),
    [
        (built("old", OFFICES), False, [], False),
        # Restored by strangers from an archive: old articles, another template, the neighbours gone.
        (built("new", {}), False, ["build", "ties"], True),
        (built("new", {"vay-nhanh.example": 10}), False, ["build", "ties"], True),
        (built("new", {}, generator={"WordPress": 10}), False, ["generator", "build", "ties"], True),
        # A new CMS changes software and template: one sign, however many it shows in.
        (built("new", OFFICES, generator={"WordPress": 10}), False, ["generator", "build"], False),
        # Relaunched with another certificate, the same neighbours and today's news: by its owners.
        (built("new", OFFICES, generator={"WordPress": 10}, owner={"VNPT": 10}), True, [], False),
        (
            built("new", OFFICES, generator={"WordPress": 10}, owner={"X": 10}),
            False,
            ["generator", "owner", "build"],
            True,
        ),
        # Relaunched without the neighbours: news goes on, or other offices are linked to.
        (built("new", {}), True, ["build"], False),
        (built("new", {"dichvucong.gov.vn": 10}), False, ["build"], False),
        # Links are taken out of the old template.
        (built("old", {}), False, ["ties"], False),
    ],
)
def test_who_rebuilt_the_pages(now: Evidence, has_news: bool, signs: list[str], taken: bool) -> None:
    found = changes(now, [built("old", OFFICES)], has_news=has_news)
    assert [change.sign for change in found] == signs
    assert is_takeover(found) is taken


def test_what_is_said_of_a_restored_copy() -> None:
    build, ties = changes(built("new", {"vay-nhanh.example": 10}), [built("old", OFFICES)])
    assert build.said.en == "its pages have another template (0% of it as before)"
    assert ties.said.vi == (
        "các trang dẫn sang những nơi khác (vay-nhanh.example; trước: bao.example.vn, doan.example.vn,"
        " mattran.example.vn, tinh.example.gov.vn)"
    )
