"""What the demo portals showed in the days before now."""

from collections import Counter
from datetime import timedelta

import pytest

from demo.portal import NOW
from demo.server import serve
from portal_archive.model.kinds import Outcome
from portal_archive.reading.read import read_page


def test_a_portal_lives_through_ten_days_to_its_last_state() -> None:
    with serve(["laichau"]) as sites:
        site = sites["laichau"]
        first = {article["url"] for article in site.gold()}
        seen = list(site.past())
        assert site.portal.now == NOW
        with pytest.raises(ValueError, match="no state after 3"):
            site.advance()
        days = Counter((NOW - one.at).days for one in seen)
        homes = [one for one in seen if one.url == f"{site.url}/"]
        assert [NOW - one.at for one in homes] == [timedelta(days=day) for day in range(10, 0, -1)]
        assert {one.url for one in seen if (NOW - one.at).days == 10} == {*first, f"{site.url}/"}
        assert days[9] == 1
        assert days[6] > 1
        gone = {one.url for one in seen if one.response.status in (404, 410)}
        assert {url in first for url in gone} == {True}
        assert site.log == []


def test_a_portal_has_a_day_of_maintenance_that_is_read_as_one() -> None:
    with serve(["tamduong"]) as sites:
        site = sites["tamduong"]
        every = {article["url"] for article in site.gold()}
        day = [one for one in site.past() if (NOW - one.at).days == 5]
        assert {one.url for one in day} == {*every, f"{site.url}/"}
        pages = [read_page(one.response.body, one.url, {}, one.response.status, None) for one in day]
        assert {(one.response.status, page.kind) for one, page in zip(day, pages, strict=True)} == {
            (200, Outcome.BLOCKED)
        }
