"""What editors do to a demo portal between two crawls is what it says they did."""

import re
import subprocess
import sys

import pytest
from fetching import fetch

from demo.portal import Gold
from demo.server import Site, serve

CONTENT = ("title", "summary", "body", "captions", "author", "published_at", "images", "attachments")


def content(article: Gold) -> dict[str, object]:
    return {name: value for name, value in article.items() if name in CONTENT}


def by_key(site: Site) -> dict[int, Gold]:
    return {article["key"]: article for article in site.gold()}


def test_state_two_changes_exactly_what_it_says(site: Site) -> None:
    before = by_key(site)
    assert site.changes() == []
    site.advance()
    after = by_key(site)
    kinds = {change["kind"]: change["key"] for change in site.changes()}
    assert [change["kind"] for change in site.changes()] == [
        "title", "paragraph", "figure", "deleted", "moved", "category", "deleted", "new", "new", "new",
    ]  # fmt: skip
    deleted = {change["key"] for change in site.changes() if change["kind"] == "deleted"}
    new = {change["key"] for change in site.changes() if change["kind"] == "new"}
    assert before.keys() - after.keys() == deleted
    assert after.keys() - before.keys() == new
    assert len(after) == 45
    edited = {key for key in before.keys() & after.keys() if content(before[key]) != content(after[key])}
    assert edited == {kinds["title"], kinds["paragraph"], kinds["figure"]}
    key = kinds["title"]
    assert after[key]["title"] == before[key]["title"] + ": kết quả bước đầu"
    assert after[key]["body"] == before[key]["body"]
    assert after[key]["url"] == before[key]["url"]
    key = kinds["paragraph"]
    assert after[key]["paragraphs"][:-1] == before[key]["paragraphs"][:-1]
    assert after[key]["paragraphs"][-1].startswith("Sau khi tin này được đăng")


def test_a_figure_is_corrected(site: Site) -> None:
    before = by_key(site)
    site.advance()
    key = next(change["key"] for change in site.changes() if change["kind"] == "figure")
    old, new = ("\n".join(gold[key]["paragraphs"]) for gold in (before, by_key(site)))
    changed = [index for index, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    assert len(changed) == 2
    assert changed[1] == changed[0] + 1
    assert (old[changed[0]], old[changed[1]]) == (new[changed[1]], new[changed[0]])
    assert re.fullmatch(r"\d\.\d\d\d", old[changed[0] - 3 : changed[1] + 1])


def test_a_moved_article_redirects_to_its_new_address(site: Site) -> None:
    site.advance()
    moved = next(change for change in site.changes() if change["kind"] == "moved")
    answer = fetch(moved["url"])
    assert (answer.status, site.url + answer.headers["Location"]) == (301, moved["new_url"])
    assert moved["url"] != moved["new_url"]
    assert moved["url"] in by_key(site)[moved["key"]]["urls"]


@pytest.mark.parametrize(
    ("stem", "status"),
    [
        ("laichau", 404),
        ("dienbien", 200),
        ("sapa", 301),
        ("backan", 200),
        ("tamduong", 301),
        ("hijacked", 200),
    ],
)
def test_a_changed_category(stem: str, status: int) -> None:
    with serve([stem]) as sites:
        site = sites[stem]
        site.advance()
        change = next(change for change in site.changes() if change["kind"] == "category")
        assert fetch(change["url"]).status == status
        assert (change["url"] == change["new_url"]) == (status == 200)
        assert fetch(str(change["new_url"])).status == 200


def test_deleted_articles_are_gone_and_one_comes_back(site: Site) -> None:
    soft = 200 if site.portal.stem == "dienbien" else 404
    site.advance()
    deleted = [change for change in site.changes() if change["kind"] == "deleted"]
    assert [change["new_url"] for change in deleted] == [None, None]
    assert [fetch(change["url"]).status for change in deleted] == [404, soft]
    site.advance()
    assert [(change["kind"], change["url"]) for change in site.changes()][1:] == [
        ("returned", deleted[0]["url"])
    ]
    assert [fetch(change["url"]).status for change in deleted] == [200, soft]
    assert fetch(deleted[0]["url"]).body != fetch(deleted[1]["url"]).body


def test_the_paragraph_is_in_state_three_what_it_was_in_state_one(site: Site) -> None:
    first = by_key(site)
    site.advance()
    key = next(change["key"] for change in site.changes() if change["kind"] == "paragraph")
    assert by_key(site)[key]["body"] != first[key]["body"]
    site.advance()
    assert by_key(site)[key]["body"] == first[key]["body"]
    with pytest.raises(ValueError, match="no state after 3"):
        site.advance()


def test_a_state_can_be_served_from_the_start() -> None:
    with serve(["backan"], state=2) as sites:
        assert len(sites["backan"].gold()) == 45
        assert fetch(sites["backan"].gold()[0]["url"]).status == 200


def test_an_unknown_portal_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nirgends"), serve(["nirgends"]):
        pass


def test_python_m_demo_prints_the_addresses() -> None:
    command = [sys.executable, "-m", "demo", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline().split() for _ in range(6)]
            assert [stem for stem, _ in lines] == [
                "laichau",
                "dienbien",
                "sapa",
                "backan",
                "tamduong",
                "hijacked",
            ]
            assert all(fetch(url).status == 200 for _, url in lines)
        finally:
            process.terminate()
