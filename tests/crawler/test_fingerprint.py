"""Who speaks in an answer."""

from __future__ import annotations

from datetime import datetime

import pytest
from crawling import article, links, page, title_of
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL.crypto import X509
from scrapy.http import HtmlResponse
from twisted.internet.ssl import Certificate

from crawler.fingerprint import fingerprint_of, generator, is_vietnamese
from portal_archive.integrity.check import read_and_check as read_page
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Item, Page
from portal_archive.reading.page_kind import refusal

URL = "https://huyen.example.vn/tin.html"
ENGLISH = (
    "<h1>Best online casino bonuses this year</h1><p>Play the newest slots and win big with our trusted partners, "
    "claim your welcome bonus today and enjoy fast payouts around the clock on every device you own.</p>"
)


def response(body: bytes, status: int = 200, **values: object) -> HtmlResponse:
    return HtmlResponse(URL, status=status, body=body, encoding="utf-8", **values)


def certificate(organisation: str | None, name: str) -> Certificate:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(parts))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Cơ yếu")]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1))
        .not_valid_after(datetime(2027, 1, 1))
        .sign(key, hashes.SHA256())
    )
    return Certificate(X509.from_cryptography(made))


def test_an_article() -> None:
    body = article("A")
    signs = fingerprint_of(response(body), read_page(body, URL))
    assert (signs.generator, signs.owner, signs.redirect_to, signs.refusal) == (None, None, None, None)
    assert signs.vietnamese is True
    assert title_of("A") == "Hội nghị công tác dân vận A"
    assert signs.words == ("hội", "nghị", "công", "tác", "dân", "vận")


def test_a_list_gives_the_words_of_each_headline() -> None:
    read = Page(
        URL,
        Outcome.LIST,
        items=[
            Item("/1", "Hội nghị dân vận, hội nghị xã"),
            Item("/2", "Hội nghị về Đảng"),
            Item("/3", "2026"),
        ],
    )
    signs = fingerprint_of(response(links("/1")), read)
    assert signs.words == ("hội", "nghị", "dân", "vận", "xã", "hội", "nghị", "đảng")


def test_another_language() -> None:
    body = page("Best online casino", ENGLISH)
    assert fingerprint_of(response(body), read_page(body, URL)).vietnamese is False


@pytest.mark.parametrize(
    ("words", "judged"),
    [
        (
            "hội nghị đánh giá kết quả công tác dân vận quý một biểu dương các tập thể tiêu biểu và bàn nhiệm vụ",
            True,
        ),
        (
            "the committee met on monday to discuss its work in the first quarter of the year and its plans ahead",
            False,
        ),
        # Without its marks it cannot be told from Malay or English.
        (
            "hoi nghi danh gia ket qua cong tac dan van quy mot bieu duong cac tap the tieu bieu va ban nhiem vu",
            False,
        ),
        ("tổng kết công tác", None),
    ],
)
def test_language(words: str, judged: bool | None) -> None:
    assert is_vietnamese(words.split()) is judged


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta name="generator" content="WordPress 6.4.2">', "wordpress"),
        ("<meta content='Joomla! - Open Source Content Management' name='generator'>", "Joomla!"),
        ('<meta name="generator" content="DNN Platform v9">', "DNN Platform"),
        ('<link href="/wp-content/themes/x/style.css">', "wordpress"),
        ('<script src="/DesktopModules/x.js"></script>', "DotNetNuke"),
        ('<meta name="generator" content="5.0">', None),
        ("", None),
    ],
)
def test_the_software_without_its_version(head: str, name: str | None) -> None:
    assert generator(f"<html><head>{head}</head></html>", URL) == name


@pytest.mark.parametrize(
    ("body", "status", "headers", "host"),
    [
        (b"", 302, {"Location": "https://khac.example/"}, "khac.example"),
        (b"", 302, {"Location": "/trang-chu"}, None),
        (b"", 301, {"Location": "http://www.huyen.example.vn/"}, None),
        (b"", 302, {"Location": "http://[::1"}, None),
        (
            page("", "<meta http-equiv='refresh' content='0;url=https://khac.example/x'>"),
            200,
            {},
            "khac.example",
        ),
        (
            page("", "<script>window.location.href = 'https://khac.example/';</script>"),
            200,
            {},
            "khac.example",
        ),
        (page("", "<script>location.replace('https://huyen.example.vn/a')</script>"), 200, {}, None),
        # A page with something to read may also link.
        (page("", "<p>x</p>" * 2000 + "<script>location='https://khac.example/'</script>"), 200, {}, None),
    ],
)
def test_where_an_answer_leads(body: bytes, status: int, headers: dict[str, str], host: str | None) -> None:
    answer = response(body, status, headers=headers)
    read = read_page(body, URL) if status == 200 else None
    assert fingerprint_of(answer, read).redirect_to == host


@pytest.mark.parametrize(
    ("organisation", "name", "owner"),
    [
        ("UBND huyện Mường Mây", "*.example.vn", "UBND huyện Mường Mây"),
        # Without an organisation it only says that the host is the host.
        (None, "*.example.vn", "huyen.example.vn"),
        (None, "huyen.example.vn", "huyen.example.vn"),
        (None, "sni.cdn.example", "sni.cdn.example"),
    ],
)
def test_whom_the_certificate_is_made_out_to(organisation: str | None, name: str, owner: str) -> None:
    signs = fingerprint_of(response(article("A"), certificate=certificate(organisation, name)), None)
    assert (signs.owner, signs.issuer) == (owner, "Cơ yếu")


@pytest.mark.parametrize(
    ("source", "status", "how"),
    [
        ('<html><body><script>document.cookie="D1N=0f3a"+"; path=/";window.location.reload(true);</script>', 200,
         "cookie-wall"),
        ("<h1>Flood Blocker</h1>Bạn đã truy cập quá nhiều. Vui lòng đợi 60 giây", 200, "flood"),
        ("Vui lòng thử lại sau <b>30</b> giây", 200, "flood"),
        ("Too many", 429, "flood"),
        ("<div class='g-recaptcha'></div>", 200, "captcha"),
        ("<h1>403 Forbidden</h1>", 403, "http-403"),
        ("Truy cập bị từ chối", 200, "refusal"),
    ],
)  # fmt: skip
def test_how_a_page_refuses(source: str, status: int, how: str) -> None:
    assert refusal(source, status) == how
