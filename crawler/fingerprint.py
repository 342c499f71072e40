"""Who speaks in an answer: its software, its certificate, its language, what its headlines are about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from cryptography.x509 import Name, ObjectIdentifier
from cryptography.x509.oid import NameOID
from scrapy.http import Response
from twisted.internet.ssl import Certificate

from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Page
from portal_archive.model.records import REDIRECTS, Fingerprint
from portal_archive.model.site import site_of
from portal_archive.reading.cms import recognise
from portal_archive.reading.page_kind import refusal
from portal_archive.vietnamese.folding import nfc
from portal_archive.vietnamese.written import share_of_syllables

# The head of a page, and as much text as tells its language.
_HEAD = 40_000
_TEXT = 3_000
# A page that only leads on is no longer than this.
_LEADS_ON = 5_000
_WORDS_OF_PAGE = 400

_GENERATORS = (
    re.compile(
        r"<meta[^>]{0,200}\bname=[\"']?generator[\"']?[^>]{0,200}\bcontent=[\"']([^\"'>]{2,80})", re.I
    ),
    re.compile(r"<meta[^>]{0,200}\bcontent=[\"']([^\"'>]{2,80})[\"'][^>]{0,200}\bname=[\"']?generator", re.I),
)
_VERSION = re.compile(r"[\s/,(-]*\bv?\d.*|\s*[-–|(;].*", re.S)
# Paths that only this software has, where nothing names it.
_PATHS = (
    ("/sites/default/files", "Drupal"),
    ("option=com_", "Joomla"),
    ("/desktopmodules/", "DotNetNuke"),
)
# Neither looks beyond the next opening of its kind: a page of nothing but those would else be read again for each.
_MARKUP = re.compile(r"<(script|style|noscript)\b(?:(?!<\1\b).)*?</\1\s*>|<[^<>]*>|&\w+;", re.S | re.I)
_TITLE = re.compile(r"<title[^>]*>([^<]{1,300})", re.I)
_WORD = re.compile(r"[^\W\d_]{2,}")
_REFRESH = re.compile(
    r"<meta[^>]{0,100}http-equiv=[\"']?refresh[\"']?[^>]{0,100}url=[\"']?(https?://[^\"'\s>]+)", re.I
)
_SCRIPTED = re.compile(
    r"\blocation(?:\.href)?\s*(?:=|\.replace\(|\.assign\()\s*[\"'](https?://[^\"']+)", re.I
)

# Syllables that any text has.
FUNCTION_WORDS = frozenset(
    "các cho của cùng đã đang để đến đi được hay khi là lại lên mà một này những nhưng nơi năm ngày ở qua ra rất"
    " sau sẽ sự tại theo thì trên trong trước từ và vào về với vì việc".split()
)

# Words that must be there to tell a language, and the shares that make it Vietnamese.
_ENOUGH_WORDS = 20
_SYLLABLES = 0.6
_ACCENTED = 0.2


def fingerprint_of(response: Response, page: Page | None) -> Fingerprint:
    """Return what a response shows; `page` is what was read from it, None where nothing was."""
    source = response.body[:_HEAD].decode("utf-8", "replace")
    owner, issuer = _certificate(response)
    if response.status in REDIRECTS or page is None:
        return Fingerprint(owner=owner, issuer=issuer, redirect_to=_leads_to(response, source))
    headlines, text = _texts(page, source)
    said = [word.lower() for word in _WORD.findall(nfc(text[:_TEXT]))]
    words = [
        word
        for headline in headlines
        for word in dict.fromkeys(map(str.lower, _WORD.findall(nfc(headline))))
        if word not in FUNCTION_WORDS
    ]
    return Fingerprint(
        generator=generator(source, response.url),
        owner=owner,
        issuer=issuer,
        vietnamese=is_vietnamese(said),
        words=tuple(words)[:_WORDS_OF_PAGE],
        redirect_to=_leads_to(response, source),
        refusal=refusal(source, response.status) if page.kind is Outcome.BLOCKED else None,
    )


def generator(source: str, url: str) -> str | None:
    """Return the software that made a page, without its version; None where nothing shows it."""
    family = recognise(source).name
    if family != "generic":
        return family
    for pattern in _GENERATORS:
        if (named := pattern.search(source)) and (name := _VERSION.sub("", named[1]).strip()):
            return name
    lower = source.lower()
    return next((name for path, name in _PATHS if path in lower), None)


def is_vietnamese(words: list[str]) -> bool | None:
    """Return whether these words, in lower case, are Vietnamese; None where they are too few to tell."""
    if len(words) < _ENOUGH_WORDS:
        return None
    accented = sum(not word.isascii() for word in words) / len(words)
    return accented >= _ACCENTED and share_of_syllables(words) >= _SYLLABLES


def _texts(page: Page, source: str) -> tuple[Iterable[str], str]:
    """Return the headlines of a page, and running text."""
    if page.article is not None:
        title = page.article.title or ""
        return [title], f"{title} {page.article.body or ''}"
    titles = [item.title for item in page.items]
    if titles:
        return titles, " ".join(titles)
    named = _TITLE.search(source)
    text = _MARKUP.sub(" ", source)
    return [named[1] if named else "", " ".join(text.split()[:40])], text


def _certificate(response: Response) -> tuple[str | None, str | None]:
    """Return whom the certificate of the server is made out to, and who issued it."""
    if not isinstance(response.certificate, Certificate):
        return None, None
    try:
        # Twisted's own names of it can only be ASCII.
        certificate = response.certificate.original.to_cryptography()
        subject, issuer = certificate.subject, certificate.issuer
        owner, name = _first(subject, NameOID.ORGANIZATION_NAME), _host_of(subject)
        issued_by = _first(issuer, NameOID.ORGANIZATION_NAME) or _host_of(issuer)
    except ValueError:  # a certificate may hold anything
        return None, None
    if owner is None:
        host = urlsplit(response.url).hostname or ""
        # Certificates without an organisation only say that the host is the host.
        owner = host if name and (name.endswith(host) or host.endswith(name)) else name
    return owner, issued_by


def _first(name: Name, attribute: ObjectIdentifier) -> str | None:
    found = name.get_attributes_for_oid(attribute)
    value = found[0].value if found else None
    return value.strip() or None if isinstance(value, str) else None


def _host_of(name: Name) -> str | None:
    text = _first(name, NameOID.COMMON_NAME)
    return text.lower().removeprefix("*.").removeprefix("www.") if text else None


def _leads_to(response: Response, source: str) -> str | None:
    """Return the host that an answer leads away to, by a redirect or as a page that does nothing else."""
    target = ""
    if response.status in REDIRECTS:
        with suppress(ValueError):
            target = urljoin(response.url, (response.headers.get("Location") or b"").decode("latin-1"))
    elif len(response.body) < _LEADS_ON and (found := _REFRESH.search(source) or _SCRIPTED.search(source)):
        target = found[1]
    site = site_of(target)
    return site if site and site != site_of(response.url) else None
