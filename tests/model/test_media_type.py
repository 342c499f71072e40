import pytest

from portal_archive.model.media_type import is_html, is_html_type, is_vague_type, media_type


@pytest.mark.parametrize(
    "written",
    [
        "text/html",
        "TEXT/HTML; charset=UTF-8",
        "text/html, charset=utf-8",
        "text/html charset=utf-8",
        "text/html;charset=utf-8, text/html",
        '"text/html"',
        "text/htm",
        "html",
        "htm",
        "text/xhtml",
        "application/xhtml+xml",
        "text/x-server-parsed-html",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    ],
)
def test_a_page_in_any_spelling(written):
    assert is_html_type(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "text/plain",
        "text/plain;charset=utf-8",
        "application/octet-stream",
        "binary/octet-stream",
        "application/x-unknown",
        "*/*",
        "unknown",
        ";charset=utf-8",
        "charset=utf-8",
    ],
)
def test_types_that_say_nothing(written):
    assert is_vague_type(written)
    assert not is_html_type(written)


@pytest.mark.parametrize(
    "written",
    ["application/pdf", "image/jpeg", "text/css", "application/json", "application/rss+xml", "text/htmlx"],
)
def test_other_types(written):
    assert not is_html_type(written)
    assert not is_vague_type(written)


def test_the_type_alone():
    assert media_type(" Text/HTML ; charset=utf-8") == "text/html"
    assert media_type("") == ""


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><p>",
        b"\xef\xbb\xbf\r\n<html lang='vi'>",
        b"<?xml version='1.0'?><!-- a --><!doctype HTML>",
        b"<p>Tin</p>",
        b"<b>Warning</b>: in x.php on line 2 <!DOCTYPE html>",
        b"Notice: undefined in x.php\n<html>",
        "<html><body>".encode("utf-16"),
    ],
)
def test_html_is_told_by_its_beginning(body):
    assert is_html("text/plain", body)


@pytest.mark.parametrize("body", [b"", b"User-agent: *", b"%PDF-1.4", b"<rss>", b"<article>", b"PK\x03\x04<"])
def test_what_is_no_html(body):
    assert not is_html("", body)


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/htm", b"", True),
        ("application/x-httpd-php", b"<!DOCTYPE html>", True),
        ("application/x-httpd-php", b"Notice <!DOCTYPE html>", False),
        ("application/json", b'{"a": "<html>"}', False),
        ("image/jpeg", b"<!DOCTYPE html>", False),
    ],
)
def test_a_type_that_says_something_is_believed(content_type, body, expected):
    assert is_html(content_type, body) is expected
