"""After a bad day the archive is as that of a twin of the portal which never had it.

Twelve articles, one more each day, one deleted on day 1, one edited on day 1 and one on day 3, crawled daily with the
readers and the frontier of a real crawl. What of it is not the same: an article that was new on a bad day is met later.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from bad_days import (
    BAD,
    CASINO,
    DELETED,
    EDITED,
    EDITED_LATER,
    LOGIN,
    NOTICE,
    frame,
    listed,
    missing,
    newest_everywhere,
    numbers,
    on,
    path,
    shows,
    well,
)
from days import Answer, Trial

DAYS = range(12)


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """Return the portal that had no bad day."""
    trial = Trial(tmp_path_factory.mktemp("twin"), well)
    trial.live(DAYS)
    return trial


def test_the_twin_has_what_happened_and_nothing_else(twin: Trial) -> None:
    record = twin.record()
    assert len(record["articles"]) == 23
    changed = [(url, number) for url, number, changed, _ in record["versions"] if changed]
    assert changed == [(f"https://banmay.example{path(number)}", 2) for number in (EDITED, EDITED_LATER)]
    gone = [url for url, *_, is_gone, _ in record["articles"] if is_gone]
    assert gone == [f"https://banmay.example{path(DELETED)}"]
    assert twin.rows("SELECT count(*) FROM doubts") == [(0,)]
    assert set(twin.states().values()) == {"ok"}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_day_leaves_no_trace(twin: Trial, tmp_path: Path, name: str) -> None:
    trial = Trial(tmp_path, BAD[name])
    trial.live(DAYS)
    assert trial.record() == twin.record()
    assert trial.rows("SELECT url, rule FROM doubts WHERE state IN ('held', 'refused')") == []
    assert set(list(trial.states().values())[-4:]) == {"ok"}
    # What was new on a bad day was first read up to four days later, and is looked at again from then on.
    late = {
        url: (at, due)
        for (url, _, due), (_, _, at) in zip(trial.schedule(), twin.schedule(), strict=True)
        if date.fromisoformat(due) > date.fromisoformat(at) + timedelta(days=4)
    }
    assert late == {}
    trial.archive.close()


def notice_among_links(_where: str, day: int) -> Answer:
    return Answer(frame("Thông báo", NOTICE + listed(numbers(day)[-8:])))


# The first crawl of a portal, or the first three, meet the bad day: nothing is known that could be compared with.
FIRST = {
    "notice everywhere": (on(range(1), shows(NOTICE)), 1, "degraded"),
    "notice at articles": (on(range(1), shows(NOTICE), articles_only=True), 1, "degraded"),
    "notice at articles, three days": (on(range(3), shows(NOTICE), articles_only=True), 3, "degraded"),
    "notice among the links of the lists": (on(range(1), notice_among_links), 1, "degraded"),
    "casino page at articles": (on(range(1), shows(CASINO), articles_only=True), 1, "hijacked"),
    "login form at articles": (on(range(1), shows(LOGIN), articles_only=True), 1, "degraded"),
    "newest article everywhere": (on(range(1), newest_everywhere, articles_only=True), 1, "degraded"),
}


@pytest.mark.parametrize("name", FIRST)
def test_a_portal_that_is_met_first_on_a_bad_day(tmp_path: Path, name: str) -> None:
    days, well_from, state = FIRST[name]
    trial, twin = Trial(tmp_path / "bad", days), Trial(tmp_path / "twin", well)
    trial.live(range(8))
    twin.live(range(well_from, 8))
    assert trial.states()[0] == state
    assert trial.states()[7] == "ok"
    assert trial.record() == twin.record()
    assert trial.rows("SELECT url FROM doubts WHERE state IN ('held', 'refused')") == []


def test_what_is_deleted_for_good_is_known_in_days(tmp_path: Path) -> None:
    trial = Trial(tmp_path, on(range(2, 99), missing, articles_only=True))
    trial.live(range(16))
    known = trial.rows("SELECT count(*), count(missing_since), count(gone_at) FROM articles")
    assert known == [(13, 13, 13)]
    # The rest was known to be missing on day 4; a week later, at the next look, all are gone and none before.
    days = "substr(min({0}), 1, 10), substr(max({0}), 1, 10)"
    others = "FROM articles WHERE url NOT LIKE ?"
    deleted = f"%{path(DELETED)}"
    assert trial.rows(f"SELECT {days.format('missing_since')} {others}", deleted) == [
        ("2026-11-24", "2026-11-26")
    ]
    assert trial.rows(f"SELECT {days.format('gone_at')} {others}", deleted) == [("2026-12-05", "2026-12-07")]


def test_an_edit_that_replaces_everything_is_believed_a_day_later(tmp_path: Path) -> None:
    said = "Hợp tác xã mua thêm máy xay, chia ca cho từng tổ và ghi sổ công khai ở cửa kho."
    text = "".join(f"<p>Lần {number}: {said}</p>" for number in range(1, 6))
    by = f"<p class='date'>Ngày đăng: 20/11/2026</p><div class='content'>{text}</div><p>Tác giả: Lò Thị Mây</p>"
    other = frame("Hợp tác xã mua máy xay", f"<div class='detail'><h1>Hợp tác xã mua máy xay</h1>{by}</div>")

    def days(where: str, day: int) -> Answer:
        return Answer(other) if where == path(7) and day >= 3 else well(where, day)

    trial = Trial(tmp_path, days)
    trial.live(range(6))
    assert trial.rows(
        "SELECT v.version, substr(v.first_seen, 1, 10) FROM versions v JOIN article_urls u USING (article_id)"
        " WHERE u.url LIKE ? ORDER BY 1",
        f"%{path(7)}",
    ) == [(1, "2026-11-22"), (2, "2026-11-25")]
    assert trial.rows("SELECT rule, state, times FROM doubts") == [("replaced", "believed", 1)]
