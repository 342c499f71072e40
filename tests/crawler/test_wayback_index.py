"""Lines of the indexes of Wayback-style archives, as they are really written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.wayback import Row

KEY = "example,vidu,tinhuy)/tin.html"
URL = "http://tinhuy.vidu.example/tin.html"
AT = datetime(2015, 5, 17, 1, 2, 3, tzinfo=UTC)
USUAL = Row(KEY, AT, URL, "text/html", 200, "DIGEST", "20150517010203")


@pytest.mark.parametrize(
    ("line", "row"),
    [
        (f"{KEY} 20150517010203 {URL} text/html 200 DIGEST 99", USUAL),
        (
            f"{KEY} 20150517010203 http://tinhuy.vidu.example:80/tin.html text/html 200 DIGEST - - 9 1 x.warc.gz",
            USUAL,
        ),
        (
            f'{KEY} 20150517010203 {{"url": "{URL}", "mime": "text/html", "status": "200", "digest": "DIGEST"}}',
            USUAL,
        ),
        (
            f'{KEY} 20150517010203 {{"url": "{URL}", "mime": "text/html", "status": 200, "digest": "DIGEST"}}',
            USUAL,
        ),
        (
            f'{KEY} 20150517010203 {{"url": "{URL}", "mime": null, "status": null, "digest": "DIGEST"}}',
            Row(KEY, AT, URL, "", None, "DIGEST", "20150517010203"),
        ),
        (
            f"{KEY} 20150517010203 {URL} warc/revisit - DIGEST 99",
            Row(KEY, AT, URL, "", None, "DIGEST", "20150517010203"),
        ),
        (
            f"{KEY} 201505170102 {URL} text/html 200 DIGEST 99",
            Row(KEY, AT.replace(second=0), URL, "text/html", 200, "DIGEST", "201505170102"),
        ),
        (
            f"{KEY} 2015 {URL} unk 200 DIGEST 99",
            Row(KEY, datetime(2015, 1, 1, tzinfo=UTC), URL, "", 200, "DIGEST", "2015"),
        ),
        (
            "example,vidu,tinhuy)/tin moi.html 20150517010203 http://tinhuy.vidu.example/tin moi 2.html text/html 200 D 9",
            Row(
                "example,vidu,tinhuy)/tin moi.html",
                AT,
                "http://tinhuy.vidu.example/tin%20moi%202.html",
                "text/html",
                200,
                "D",
                "20150517010203",
            ),
        ),
    ],
)
def test_lines_are_read(line, row):
    assert Row.parse(line) == row


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("org.archive.util.io.RuntimeIOException: too many requests", "not a line of an index"),
        (f"{KEY} 20150500010203 {URL} text/html 200 DIGEST 99", "does not match format"),
        (f"{KEY} 20150017010203 {URL} text/html 200 DIGEST 99", "does not match format"),
        (f"{KEY} 19700101000000 {URL} text/html 200 DIGEST 99", "lies before the web or after tomorrow"),
        (f"{KEY} 20150517010203 {URL}", "without media type and status"),
        (f'{KEY} 20150517010203 {{"url": null}}', "without an address on the web"),
        (f"{KEY} 20150517010203 {{url", "Expecting property name"),
    ],
)
def test_what_is_no_line_says_why(line, reason):
    with pytest.raises(ValueError, match=reason):
        Row.parse(line)
