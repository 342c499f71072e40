"""A lapsed portal that strangers restore with its old articles, and one that its owners relaunch."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bad_days import well
from days import REAL_HOME, Answer, Days, Trial
from real_pages import needs_real_pages

OFFICES = (
    "tinhuy.muongmay.example.vn",
    "mattran.muongmay.example.vn",
    "bao.muongmay.example.vn",
    "cong.muongmay.gov.vn",
)


def with_links(body: bytes, hosts: tuple[str, ...]) -> bytes:
    links = "".join(f"<li><a href='https://{host}/'>{host}</a></li>" for host in hosts)
    return body.replace(b"</body>", f"<ul id='lien-ket'>{links}</ul></body>".encode())


def in_another_frame(body: bytes, hosts: tuple[str, ...]) -> bytes:
    """Return a page with another template around what it says."""
    text = body.decode()
    for old, new in {
        "id='header'": "class='site-header hero'",
        "class='menu'": "class='nav primary-nav'",
        "class='detail'": "class='entry post'",
        "class='title'": "class='entry-title'",
        "class='date'": "class='posted-on'",
        "class='content'": "class='entry-content wp-body'",
        "class='author'": "class='byline'",
        "class='news-list'": "class='posts-grid'",
        "id='footer'": "class='colophon site-footer'",
    }.items():
        text = text.replace(old, new)
    font = "<link rel='stylesheet' href='https://fonts.example.com/css?family=Jost'></head>"
    return with_links(text.replace("</head>", font).encode(), hosts)


def days(ties: tuple[str, ...], *, frozen: bool, from_day: int = 3) -> Days:
    """Return a portal that another CMS shows from a day on; `frozen`: what there was then, and nothing new."""

    def answer(where: str, day: int) -> Answer:
        if day < from_day:
            page = well(where, day)
            return Answer(with_links(page.body, OFFICES), page.status)
        page = well(where, from_day - 1 if frozen else day)
        return Answer(in_another_frame(page.body, ties), page.status)

    return answer


@pytest.mark.parametrize("ties", [(), ("vay-tien-nhanh.example", "quang-cao.example")])
def test_who_restores_the_old_articles_is_told(tmp_path: Path, ties: tuple[str, ...]) -> None:
    trial = Trial(tmp_path, days(ties, frozen=True))
    trial.live(range(7))
    states = trial.states()
    # On the last days too few articles are read to say anything: it stays as it is.
    assert list(states.values()) == ["ok", "ok", "ok", "hijacked", "hijacked", None, None]
    assert trial.rows("SELECT state FROM portal_states WHERE until IS NULL") == [("hijacked",)]
    verdict = trial.verdicts[3]
    assert verdict is not None
    assert verdict.cause == "build+ties"
    assert verdict.reason.en.endswith(
        f"its pages lead to other sites ({', '.join(sorted(ties)) or '-'}; before: "
        "bao.muongmay.example.vn, cong.muongmay.gov.vn, mattran.muongmay.example.vn, tinhuy.muongmay.example.vn)"
    )
    assert trial.rows("SELECT count(*) FROM versions WHERE version > 1") == [(1,)]  # the edit before
    assert trial.rows("SELECT span FROM findings WHERE kind = 'host-takeover' ORDER BY 1") == [
        ("build",),
        ("ties",),
    ]


@pytest.mark.parametrize(
    ("ties", "frozen"), [(OFFICES, False), (OFFICES, True), ((), False), (("dichvucong.gov.vn",), True)]
)
def test_a_relaunch_by_the_owners_is_no_takeover(tmp_path: Path, ties: tuple[str, ...], frozen: bool) -> None:
    trial = Trial(tmp_path, days(ties, frozen=frozen))
    trial.live(range(7))
    assert "hijacked" not in trial.states().values()
    assert trial.rows("SELECT count(*) FROM findings") == [(0,)]


def test_the_builds_of_good_crawls_are_kept_and_no_others(tmp_path: Path) -> None:
    trial = Trial(tmp_path, days((), frozen=True, from_day=5))
    trial.live(range(9))
    good = trial.rows(
        "SELECT count(DISTINCT crawl_id) FROM crawl_tallies JOIN crawls c ON c.id = crawl_id"
        " WHERE tally = 'frame' AND c.state = 'ok'"
    )
    assert good == [(3,)]


@needs_real_pages
def test_a_real_site_relaunched_and_then_restored_by_others(tmp_path: Path, pages: dict[str, Answer]) -> None:
    def answer(where: str, day: int) -> Answer:
        page = pages.get(where) or Answer(b"<h1>404</h1>", 404)
        if page.status != 200 or b"</body>" not in page.body or day == 0:
            return page
        text = re.sub(r'(class|id)="(?!news-bodyhtml|bodytext)', rf'\1="neu{day}-', page.body.decode())
        if day == 3:
            text = re.sub(r'href="https?://(?!127\.)', 'href="#', text)
        return Answer(text.encode(), page.status, page.headers)

    trial = Trial(tmp_path, answer, REAL_HOME, "nukeviet")
    for day in (0, 1, 3):
        trial.live(range(day, day + 1))
    # The other template has its fields elsewhere, which is told; the neighbours are there, or they are not.
    assert trial.states() == {0: "ok", 1: "degraded", 3: "hijacked"}
    assert trial.rows("SELECT cause FROM portal_states WHERE until IS NULL") == [("build+ties",)]
