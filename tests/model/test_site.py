"""What is the same site."""

import pytest

from portal_archive.model.site import site_of


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://laichau.gov.vn/tin", "laichau.gov.vn"),
        ("http://WWW.LaiChau.gov.vn:80/", "laichau.gov.vn"),
        ("https://laichau.gov.vn.:443", "laichau.gov.vn"),
        ("http://laichau.gov.vn:443/", "laichau.gov.vn:443"),
        ("http://127.0.0.1:8088/", "127.0.0.1:8088"),
        ("http://127.0.0.1:8089/", "127.0.0.1:8089"),
        ("https://user@laichau.gov.vn@evil.example/", "evil.example"),
        ("ftp://laichau.gov.vn/", ""),
        ("javascript:alert(1)", ""),
        ("http://laichau.gov.vn:port/", ""),
        ("http://[::1/", ""),
        ("/tin-tuc", ""),
        ("", ""),
    ],
)
def test_site_of(url: str, site: str) -> None:
    assert site_of(url) == site
