"""What makes a version of an article, and when two readings are the same content.

Views, ratings, comments, tags, category, related links and markup are no part of it; neither are
differences in white space, in Unicode form, in the host that serves an image, or in the tokens of its URL.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from portal_archive.model.page import Article
from portal_archive.vietnamese.folding import nfc

_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
# Parameters that caches, sessions and signatures add to the URL of a file; the file is the same without them.
_TOKENS = frozenset(
    re.findall(
        r"\w+",
        "t ts time timestamp expires e v ver version token checkss s sig signature h hash r rand random"
        " _ cb nocache"
        " policy jsessionid phpsessid sessionid",
    )
)
# What signs an address at Azure, beside `sig`; elsewhere these may name a file.
_AZURE = frozenset("st se sp sv sr srt ss sip spr skoid sktid skt ske sks skv".split())
# The same of S3, MinIO, Google and CloudFront; and a session in the path, as Java servers write it.
_TOKEN_NAME = re.compile(r"x-(?:amz|goog)-[\w-]+|key-pair-id|awsaccesskeyid", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_TOKEN_VALUE = re.compile(r"[0-9a-f]{16,}|\d{10,}|[0-9a-f]{8}-[0-9a-f-]{27}", re.IGNORECASE)


def plain(text: str | None) -> str:
    """Return `text` as it is compared: NFC, without zero-width characters, white space as single spaces."""
    if not text:
        return ""
    return " ".join(_ZERO_WIDTH.sub("", nfc(text)).split())


def file_key(url: str, page_path: str = "") -> str:
    """Return what identifies a file by its URL: path and query, without host and tokens.

    A file whose path is that of its own article, `page_path` (NukeViet: article URL +
    ``?download=1&id=0``), is identified by the query alone, so that it stays the same when the article moves.
    """
    parts = urlsplit(url)
    given = parse_qsl(parts.query, keep_blank_values=True)
    tokens = _TOKENS | _AZURE if any(name == "sig" for name, _ in given) else _TOKENS
    query = "&".join(
        f"{name}={value}"
        for name, value in given
        if name.lower() not in tokens
        and not _TOKEN_NAME.fullmatch(name)
        and not _TOKEN_VALUE.fullmatch(value)
    )
    path = "" if parts.path == page_path else _SESSION.sub("", parts.path)
    return f"{path}?{query}" if query else path


def canonical(article: Article, url: str) -> str:
    """Return the URL an article read at `url` is known by: its canonical URL if that can be meant for it.

    Templates exist that state the home page, or another site, as the canonical URL of every page.
    """
    stated = article.canonical_url
    if stated is None:
        return url
    parts = urlsplit(stated)
    same_site = _bare_host(parts.netloc) == _bare_host(urlsplit(url).netloc)
    return stated if same_site and (parts.path.strip("/") or parts.query) else url


def _bare_host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.")


@dataclass(frozen=True)
class Content:
    """The versioned fields of an article, as read. `url` is the page they were read on."""

    url: str
    title: str | None = None
    summary: str | None = None
    body: str | None = None
    captions: str | None = None
    author: str | None = None
    source: str | None = None
    published_at: str | None = None
    # How exactly it is known: kept with the version, and no part of what makes one.
    published_precision: str | None = None
    images: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()

    @classmethod
    def of(cls, article: Article, url: str) -> Self:
        """Return the content of an article that was read at `url`."""
        return cls(
            url=url,
            title=article.title,
            summary=article.summary,
            body=article.body,
            captions="\n".join(" ".join(caption.split()) for caption in article.captions) or None,
            author=article.author,
            source=article.source,
            published_at=article.published_at,
            published_precision=article.published_precision,
            images=tuple(dict.fromkeys(image.url for image in article.images)),
            attachments=tuple(dict.fromkeys(attachment.url for attachment in article.attachments)),
        )

    @classmethod
    def from_row(cls, row: sqlite3.Row | dict[str, Any]) -> Self:
        """Return the content that a row of the view `article_versions` holds."""
        values = {field.name: row[field.name] for field in fields(cls)}
        for name in ("images", "attachments"):
            values[name] = tuple(json.loads(values[name] or "[]"))
        return cls(**values)

    def columns(self) -> dict[str, str | None]:
        """Return it as the columns of `versions`, images and attachments as JSON arrays."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in ("images", "attachments"):
            values[name] = json.dumps(values[name], ensure_ascii=False)
        return values

    @cached_property
    def image_keys(self) -> list[str]:
        """What identifies each image."""
        return list(dict.fromkeys(file_key(url) for url in self.images))

    @cached_property
    def attachment_keys(self) -> list[str]:
        """What identifies each attachment."""
        path = urlsplit(self.url).path
        return list(dict.fromkeys(file_key(url, path) for url in self.attachments))

    @cached_property
    def text_hash(self) -> str:
        """SHA-256 of title and body as compared; equal for the same text under another URL."""
        return _sha256([plain(self.title), plain(self.body)])

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of everything that makes a version, as compared."""
        return _sha256(
            [
                self.text_hash,
                plain(self.summary),
                plain(self.captions),
                plain(self.author),
                plain(self.source),
                self.published_at or "",
                self.image_keys,
                self.attachment_keys,
            ]
        )


def _sha256(value: list[Any]) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
