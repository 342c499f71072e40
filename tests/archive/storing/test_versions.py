from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from visiting import LONG, Site, article, hours

from portal_archive.archive.moments import to_text
from portal_archive.model.messages import Message, say
from portal_archive.model.page import Attachment, Image

TITLE = '[["change.title", {}]]'
VERSIONS = (
    "SELECT version, first_seen, last_seen, changed, title, is_current FROM article_versions ORDER BY version"
)


def at(number: float) -> str:
    return to_text(hours(number))


def test_the_same_again_is_no_version(site: Site) -> None:
    first = site.read("a.html", 0)
    again = site.read("a.html", 30)
    assert (first.is_new, first.changed) == (True, None)
    assert (again.is_new, again.changed, again.article_id) == (False, None, first.article_id)
    assert site.rows(VERSIONS) == [(1, at(0), at(30), None, "Giao ban công tác dân vận quý I", 1)]
    assert site.one("SELECT first_seen, last_seen, fetched_at FROM articles") == (at(0), at(30), at(30))


def test_an_edit_is_a_version_and_the_text_before_is_kept(site: Site) -> None:
    site.read("a.html", 0)
    stored = site.read("a.html", 30, article(title="Giao ban quý I", body=LONG.replace("1.245", "1.254")))
    assert stored.changed is not None
    assert stored.changed.en == "title; figure 1.245 → 1.254"
    assert site.rows(VERSIONS) == [
        (1, at(0), at(0), None, "Giao ban công tác dân vận quý I", 0),
        (2, at(30), at(30), stored.changed.as_json(), "Giao ban quý I", 1),
    ]
    assert site.rows("SELECT body FROM article_versions ORDER BY version") == [
        (LONG,),
        (LONG.replace("1.245", "1.254"),),
    ]
    # The current text stands in one place only.
    assert site.rows("SELECT version, body IS NULL FROM versions ORDER BY version") == [(1, 0), (2, 1)]


def test_a_b_a_is_three_versions(site: Site) -> None:
    site.read("a.html", 0, article(title="A"))
    site.read("a.html", 1, article(title="B"))
    site.read("a.html", 2, article(title="A"))
    assert site.rows(VERSIONS) == [
        (1, at(0), at(0), None, "A", 0),
        (2, at(1), at(1), TITLE, "B", 0),
        (3, at(2), at(2), TITLE, "A", 1),
    ]


@pytest.mark.parametrize(
    "shown",
    [
        article(views=99, comments=3, rating={"points": 5, "votes": 1}),
        article(html="<div class='khac'><p>khác</p></div>"),
        article(tags=["dân vận"], category="Tin huyện"),
        article(modified_at="2026-03-02T09:00:00+07:00"),
        article(body=LONG.replace(" ", "\u00a0").replace("\n\n", "\n\n\n\n")),
        article(body=LONG.replace("hội", "h\u200bội")),
        article(title="Giao ban công tác dân vận quý I".encode().decode()),
    ],
)
def test_what_makes_no_version(site: Site, shown: object) -> None:
    site.read("a.html", 0)
    assert site.read("a.html", 30, shown).changed is None  # type: ignore[arg-type]
    assert site.one("SELECT count(*) FROM versions") == 1


def test_nfd_and_image_tokens_make_no_version(site: Site) -> None:
    import unicodedata

    site.read("a.html", 0, article(images=["https://huyen.example/u/1.jpg?t=1"]))
    nfd = article(
        body=unicodedata.normalize("NFD", LONG), images=["https://cdn2.huyen.example/u/1.jpg?t=1712345678901"]
    )
    assert site.read("a.html", 30, nfd).changed is None


@pytest.mark.parametrize(
    "signed",
    [
        "1.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=2026{0}T010000Z&X-Amz-Credential=kho/{0}/x&X-Amz-Signature=a{0}",
        "1.jpg?sv=2022-11-02&st=2026-{0}&se=2027-{0}&sr=b&sp=r&sig=ab%2F{0}",
        "1.jpg?Policy=ey{0}&Signature=xy{0}&Key-Pair-Id=K{0}",
        "1.jpg;jsessionid=0{0}F.node1",
    ],
    ids=["S3", "Azure", "CloudFront", "Java"],
)
def test_a_signed_address_makes_no_version(site: Site, signed: str) -> None:
    home = "https://huyen.example/u/"
    site.read("a.html", 0, article(images=[home + signed.format("0301")]))
    assert site.read("a.html", 30, article(images=[home + signed.format("0302")])).changed is None


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"summary": "Tóm tắt"}, say("change.summary")),
        ({"published_at": "2026-03-01T09:00:00+07:00"}, say("change.publication_date")),
        ({"images": [Image("https://huyen.example/u/1.jpg")]}, say("change.images_added", n=1)),
        ({"captions": ["Toàn cảnh hội nghị"]}, say("change.captions_added", n=1)),
        (
            {"attachments": [Attachment("https://huyen.example/u/1.pdf")]},
            say("change.attachments_added", n=1),
        ),
    ],
)
def test_what_makes_a_version(site: Site, fields: dict[str, object], changed: Message) -> None:
    site.read("a.html", 0)
    assert site.read("a.html", 30, article(**fields)).changed == changed
    assert site.read("a.html", 60, article()).changed is not None
    assert site.one("SELECT count(*) FROM versions") == 3


@pytest.mark.parametrize("name", ["author", "source"])
def test_an_author_that_is_added_is_a_version_one_that_is_lost_only_when_it_lasts(
    site: Site, name: str
) -> None:
    site.read("a.html", 0)
    assert site.read("a.html", 30, article(**{name: "Kim Anh"})).changed == say(f"change.{name}")
    assert site.read("a.html", 60, article()).changed is None
    assert site.read("a.html", 84, article()).changed == say(f"change.{name}")
    assert site.rows(f"SELECT version, first_seen, {name} FROM article_versions ORDER BY version") == [
        (1, at(0), None),
        (2, at(30), "Kim Anh"),
        (3, at(60), None),
    ]


@pytest.mark.parametrize("name", ["title", "body"])
def test_a_reading_that_lost_its_text_replaces_nothing(site: Site, name: str) -> None:
    site.read("a.html", 0, article(author="Kim Anh"))
    stored = site.read("a.html", 30, article(**{name: None}))
    assert stored.changed is None
    assert site.one("SELECT title, body, author, version, last_seen, fetched_at FROM articles") == (
        "Giao ban công tác dân vận quý I",
        LONG,
        "Kim Anh",
        1,
        at(30),
        at(0),
    )
    assert site.rows("SELECT kind, field, url, closed_at FROM problems") == [
        ("field-vanished", name, "https://huyen.example/a.html", None)
    ]
    site.read("a.html", 60, article(author="Kim Anh"))
    assert site.one("SELECT closed_at FROM problems") == at(60)
    assert site.one("SELECT count(*) FROM versions") == 1


def test_a_lost_date_stays_and_the_rest_is_compared(site: Site) -> None:
    site.read("a.html", 0)
    stored = site.read("a.html", 30, article(published_at=None, author="Kim Anh"))
    assert stored.changed == say("change.author")
    assert site.one("SELECT published_at, author FROM articles") == ("2026-03-01T08:00:00+07:00", "Kim Anh")
    assert site.one("SELECT kind, field FROM problems") == ("field-vanished", "published_at")


def test_a_summary_that_is_taken_away_is_a_change(site: Site) -> None:
    site.read("a.html", 0, article(summary="Tóm tắt"))
    assert site.read("a.html", 30).changed == say("change.summary")
    assert site.rows("SELECT summary FROM article_versions ORDER BY version") == [("Tóm tắt",), (None,)]


def test_an_unchanged_answer_is_seen_in_the_version(site: Site) -> None:
    site.read("a.html", 0, etag='"1"')
    stored = site.visit("a.html", 30, "unchanged", status=304)
    assert stored.article_id == 1
    assert site.one("SELECT last_seen FROM versions") == at(30)
    assert site.one("SELECT last_seen, fetched_at FROM articles") == (at(30), at(0))


# What a page showed, by hour: a text that was changed, changed back, and lost an image.
HISTORY = [
    (0, article(title="A", images=["https://huyen.example/1.jpg"], views=10)),
    (10, article(title="A", images=["https://huyen.example/1.jpg"], views=10)),
    (20, article(title="B", images=["https://huyen.example/1.jpg"], views=12)),
    (30, article(title="A", images=["https://huyen.example/1.jpg"], views=12)),
    (40, article(title="A", views=15)),
]


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_the_order_of_import_does_not_matter(tmp_path: Path, order: tuple[int, ...]) -> None:
    site = Site(tmp_path / "archive.db")
    for index in order:
        hour, shown = HISTORY[index]
        site.read("a.html", hour, shown)
    assert site.rows(VERSIONS) == [
        (1, at(0), at(10), None, "A", 0),
        (2, at(20), at(20), TITLE, "B", 0),
        (3, at(30), at(30), TITLE, "A", 0),
        (4, at(40), at(40), say("change.images_removed", n=1).as_json(), "A", 1),
    ]
    assert site.one("SELECT title, views, first_seen, last_seen, fetched_at, version FROM articles") == (
        *("A", 15),
        *(at(0), at(40), at(40)),
        4,
    )
    assert site.rows("SELECT seen_at, views FROM article_views ORDER BY seen_at") == [
        (at(0), 10),
        (at(20), 12),
        (at(40), 15),
    ]
    assert site.rows("SELECT * FROM images") == []
    assert site.rows("SELECT url, first_seen, last_seen FROM article_urls") == [
        ("https://huyen.example/a.html", at(0), at(40))
    ]
    # Each version is proved by the first capture that showed it.
    assert site.rows(
        "SELECT v.version, c.fetched_at FROM versions v JOIN captures c ON c.id = v.capture_id ORDER BY 1"
    ) == [(1, at(0)), (2, at(20)), (3, at(30)), (4, at(40))]
    site.archive.db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('integrity-check')")


def test_an_older_capture_without_a_date_is_an_earlier_version_in_any_order(tmp_path: Path) -> None:
    visits = [(0, article(published_at=None)), (10, article()), (20, article(published_at=None))]
    for number, order in enumerate(([0, 1, 2], [1, 0, 2], [1, 2, 0])):
        site = Site(tmp_path / f"{number}.db")
        for index in order:
            site.read("a.html", *visits[index])
        assert site.rows(
            "SELECT version, first_seen, last_seen, published_at, changed FROM article_versions"
        ) == [
            (1, at(0), at(0), None, None),
            (2, at(10), at(20), "2026-03-01T08:00:00+07:00", say("change.publication_date").as_json()),
        ]


def test_a_sighting_without_capture_survives_an_older_import(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    site.read("a.html", 20, article(title="B"), etag='"1"')
    site.visit("a.html", 50, "unchanged", status=304)
    site.read("a.html", 0, article(title="A"))
    assert site.rows(VERSIONS) == [
        (1, at(0), at(0), None, "A", 0),
        (2, at(20), at(50), TITLE, "B", 1),
    ]


def test_the_same_capture_twice_changes_nothing(site: Site) -> None:
    shown = article(views=5)
    first = site.read("a.html", 0, shown, digest="x")
    before = list(site.archive.db.conn.iterdump())
    again = site.read("a.html", 0, shown, digest="x")
    assert (again.article_id, again.is_new, again.changed) == (first.article_id, False, None)
    assert list(site.archive.db.conn.iterdump()) == before
