"""What is shown of an article's own HTML."""

import pytest

from portal_archive.publish.parts.body import typeset

KEPT = {"https://p.example/a.jpg": "/capture/7/file"}


def test_pictures_stand_where_they_stood_and_come_from_the_archive() -> None:
    html = '<figure><img src="https://p.example/a.jpg" alt="Hội nghị"><figcaption>Ảnh: A</figcaption></figure><p>x</p>'
    body, shown = typeset(html, None, KEPT)
    assert shown == {"https://p.example/a.jpg"}
    assert 'src="/capture/7/file"' in body
    assert 'alt="Hội nghị"' in body
    assert 'loading="lazy"' in body
    assert "<figcaption>Ảnh: A</figcaption></figure><p>x</p>" in body


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://elsewhere.example/x.png">',
        '<img src="data:image/png;base64,AAAA">',
        '<img srcset="https://elsewhere.example/x.png 2x">',
        '<a href="javascript:alert(1)">x</a>',
        "<script>alert(1)</script>",
        '<p style="background:url(https://elsewhere.example/)" onclick="alert(1)">x</p>',
        '<iframe src="https://elsewhere.example/"></iframe>',
        '<svg><a href="javascript:alert(1)">x</a></svg>',
    ],
)
def test_nothing_runs_and_nothing_is_fetched(html: str) -> None:
    body, shown = typeset(html, None, KEPT)
    assert shown == set()
    assert not any(
        bad in body for bad in ("elsewhere", "alert", "data:", "onclick", "style", "iframe", "svg")
    )


def test_links_tell_nobody_who_reads() -> None:
    body, _ = typeset('<p><a href="https://p.example/1">x</a></p>', None, {})
    assert body == '<p><a href="https://p.example/1" rel="nofollow noopener noreferrer">x</a></p>'


def test_plain_text_becomes_paragraphs() -> None:
    body, _ = typeset(None, "Một <b>\nhai\n\nba", {})
    assert body == "<p>Một &lt;b&gt;<br>hai</p>\n<p>ba</p>"
    assert typeset(None, None, {})[0] == ""
