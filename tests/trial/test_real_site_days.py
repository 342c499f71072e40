"""A real site through bad days, beside its twin: eighty articles as their CMS served them, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bad_days import CASINO, LOGIN, NOTICE, frame
from days import REAL_HOME as HOME
from days import Answer, Days, Trial, moved
from real_pages import needs_real_pages

pytestmark = needs_real_pages

DAYS = range(6)
BAD = range(1, 3)


def is_article(answer: Answer) -> bool:
    return b"bodytext" in answer.body


def site(pages: dict[str, Answer], fault: Callable[[str, Answer], Answer] | None = None) -> Days:
    def days(where: str, day: int) -> Answer:
        answer = pages.get(where) or Answer(b"<h1>404</h1>", 404)
        return fault(where, answer) if fault and day in BAD else answer

    return days


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory, pages: dict[str, Answer]) -> Trial:
    trial = Trial(tmp_path_factory.mktemp("twin"), site(pages), HOME, "nukeviet")
    trial.live(DAYS)
    return trial


def everywhere(content: str) -> Callable[[str, Answer], Answer]:
    return lambda _where, _answer: Answer(frame("Thông báo", content))


def at_articles(other: Callable[[Answer], Answer]) -> Callable[[str, Answer], Answer]:
    return lambda _where, answer: other(answer) if is_article(answer) else answer


FAULTS: dict[str, Callable[[str, Answer], Answer]] = {
    "notice everywhere": everywhere(NOTICE),
    "casino everywhere": everywhere(CASINO),
    "login at articles": at_articles(lambda _: Answer(frame("Đăng nhập", LOGIN))),
    "articles missing": at_articles(lambda _: Answer(b"<h1>404</h1>", 404)),
    "articles sent home": at_articles(lambda _: moved("/")),
    "half of each article": at_articles(lambda answer: Answer(answer.body[: len(answer.body) // 2])),
}


def test_the_twin_has_eighty_articles(twin: Trial) -> None:
    assert twin.rows("SELECT count(*), max(version), count(missing_since) FROM articles") == [(80, 1, 0)]


@pytest.mark.parametrize("name", FAULTS)
def test_bad_days_leave_no_trace(twin: Trial, tmp_path: Path, pages: dict[str, Answer], name: str) -> None:
    trial = Trial(tmp_path, site(pages, FAULTS[name]), HOME, "nukeviet")
    trial.live(DAYS)
    assert trial.record() == twin.record()
    states = trial.states()
    assert states[1] not in ("ok", None)
    assert states[5] == "ok"
    trial.archive.close()
