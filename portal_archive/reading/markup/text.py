"""From bytes to text, and from parsed text to clean text."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

import ftfy
from bs4.dammit import EncodingDetector
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import Problem
from portal_archive.vietnamese.folding import nfc
from portal_archive.vietnamese.legacy import repair_legacy
from portal_archive.vietnamese.written import share_of_syllables

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16: comes before it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 1024  # HTML wants the declaration within so many bytes
_SAMPLE = 200_000  # bytes that are judged when the encoding has to be found out
_GUESS_SAMPLE = 20_000
_WORD = re.compile(r"[^\W\d_]+")
# Python has codecs that are no charsets, and some that take minutes.
_CHARSET = re.compile(r"(?:utf-?(?:8|16|32)|sloppy|windows|cp|iso|koi|gb|big5|euc|shift|mac|tis|ascii)", re.I)

# UTF-8 of ạ-ỹ begins with E1 BA or E1 BB; as Windows-1252 (C1 bytes kept) that is "áº" or "á»" and one more.
_CONTINUATION = "".join(bytes([byte]).decode("sloppy-windows-1252") for byte in range(0x80, 0xC0))
_MOJIBAKE = re.compile(f"á[º»][{re.escape(_CONTINUATION)}\x80-\xbf]|Ã¡Â[º»]")  # the latter: done to it twice
_LEAST_MOJIBAKE = 2
_RUN = re.compile(r"[^<>\n]+")
_FTFY = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)
# "à" of TCVN3 and VNI, where the editor of that time wrote the characters as references.
_LEGACY_REFERENCE = re.compile(rb"&(?:micro|oslash|#181|#248);")
_LATIN1_REFERENCE = re.compile(r"&(?:#1[6-9]\d|#2[0-5]\d|[A-Za-z]{3,6}\d{0,2});")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page, the encoding it was read in, and what had to be put right."""

    text: str
    encoding: str
    problems: list[Problem] = field(default_factory=list)


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page: `body` as it came, `content_type` the value of that HTTP header.

    What the bytes prove comes first: a byte order mark, then valid UTF-8. Otherwise the encodings that
    header and page declare, and bs4's guesses, are tried, and the first in which the accented words are
    Vietnamese is taken. Text that was broken before it was served (UTF-8 taken for Windows-1252) and text for
    TCVN3 and VNI fonts is put right where that is certain. Each of these leaves a `Problem` of kind
    "charset-lie", "mojibake" or "legacy-encoding". NUL characters are dropped. Never raises.
    """
    decoded = _by_mark(body) or _as_utf8(body, content_type) or _by_trial(body, content_type)
    text = decoded.text
    if b"\0" in body and "\0" in text:
        text = text.replace("\0", "")
    # "º" and "»" are in every longer text that was broken; looking for them costs a microsecond.
    if decoded.encoding == "utf-8" and ("º" in text or "»" in text):
        text = _without_mojibake(text, decoded.problems)
    text = _without_legacy(text, body, decoded.problems)
    return Decoded(text, decoded.encoding, decoded.problems)


def _by_mark(body: bytes) -> Decoded | None:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(encoding, "replace").lstrip("\ufeff"), encoding)
    head = body[:_HEAD]
    if head.count(0) * 3 > len(head):
        encoding = "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"
        return Decoded(body.decode(encoding, "replace"), encoding)
    return None


def _as_utf8(body: bytes, content_type: str | None) -> Decoded | None:
    problems: list[Problem] = []
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        text = body.decode(errors="replace")
        broken = text.count("\ufffd")
        if not _is_cut(error, body) and sum(1 for _ in _accented_words(text)) < 4 * broken:
            return None
        text = body.decode(errors=_STRAY_BYTES)
        problems.append(
            Problem(ProblemKind.CHARSET_LIE, f"UTF-8 with {broken} invalid bytes or letters cut in two")
        )
    if not text.isascii():
        for place, declared in _declarations(body, content_type):
            if declared != "utf-8":
                problems.append(
                    Problem(ProblemKind.CHARSET_LIE, f"{place} says {declared}, the bytes are UTF-8")
                )
    return Decoded(text, "utf-8", problems)


def _accented_words(text: str) -> Iterator[str]:
    return (match[0] for match in _WORD.finditer(text) if not match[0].isascii())


def _stray_byte(error: UnicodeError) -> tuple[str, int]:
    """Read a lone byte as Windows-1252 (a quotation mark from Word), a letter cut in two as U+FFFD."""
    assert isinstance(error, UnicodeDecodeError)
    stray = error.object[error.start : error.end]
    lone = len(stray) == 1 and stray < b"\xc0"
    return stray.decode("sloppy-windows-1252") if lone else "\ufffd", error.end


_STRAY_BYTES = "stray-windows-1252"
codecs.register_error(_STRAY_BYTES, _stray_byte)


def _is_cut(error: UnicodeDecodeError, body: bytes) -> bool:
    """Whether the only thing wrong is that the page ends within a letter."""
    return error.reason == "unexpected end of data" and error.end == len(body)


def _declarations(body: bytes, content_type: str | None) -> Iterator[tuple[str, str]]:
    """Name the encodings that the HTTP header and the page itself declare, as Python calls them."""
    if content_type and "utf-8" in content_type.lower():
        yield "header", "utf-8"
    elif declared := http_content_type_encoding(content_type):
        yield "header", declared
    if b"utf-8" in body[:_HEAD].lower():
        yield "page", "utf-8"
    elif declared := html_body_declared_encoding(body[:_HEAD]):
        yield "page", declared


def _by_trial(body: bytes, content_type: str | None) -> Decoded:
    """Choose among the declared and the usual encodings for bytes that are not UTF-8."""
    declared = dict.fromkeys(encoding for _, encoding in _declarations(body, content_type))
    sample = body[:_SAMPLE]
    guesses = EncodingDetector(sample[:_GUESS_SAMPLE], is_html=True).encodings
    best, best_share = "cp1252", -1.0
    for name in chain(declared, ("cp1252", "cp1258"), guesses):
        text = None if name == "utf-8" else _decode_as(sample, name)
        if text is None:
            continue
        words = set(_accented_words(nfc(text)))
        share = 1.0 if repair_legacy(text)[1] else share_of_syllables(words)
        if share > best_share:
            best, best_share = name, share
        if share >= 0.6 or (not words and name in declared):
            break
    text = _decode_as(body, best)
    if text is None:  # wrong beyond the sample
        best, text = "cp1252", body.decode("sloppy-windows-1252")
    problems = []
    if declared and best not in declared:
        problems.append(Problem(ProblemKind.CHARSET_LIE, f"declared {', '.join(declared)}, read as {best}"))
    return Decoded(nfc(text) if best == "cp1258" else text, best, problems)


def _decode_as(data: bytes, encoding: str) -> str | None:
    """Decode, or None where the bytes are not in that encoding or Python has none of that name."""
    if encoding in ("cp1252", "windows-1252"):
        encoding = "sloppy-windows-1252"  # as browsers read it: the five unassigned bytes pass
    errors = "replace" if encoding == "cp1258" else "strict"
    if not _CHARSET.match(encoding):
        return None
    try:
        # Not `bytes.decode`: a character cut off at the end is no proof of another encoding.
        return codecs.getincrementaldecoder(encoding)(errors).decode(data)
    except (LookupError, ValueError):
        return None


def _without_mojibake(text: str, problems: list[Problem]) -> str:
    """Repair text between tags that is UTF-8 read as Windows-1252, once that is beyond doubt."""
    if len(_MOJIBAKE.findall(text)) < _LEAST_MOJIBAKE:
        return text
    repaired = 0

    def repair(match: re.Match[str]) -> str:
        nonlocal repaired
        run = match[0]
        broken = len(_MOJIBAKE.findall(run))
        # A closing quote after á («quá»…) looks the same.
        if not broken or ("«" in run and broken < _LEAST_MOJIBAKE):
            return run
        fixed = ftfy.fix_encoding(run, _FTFY)
        if "\ufffd" in fixed and "\ufffd" not in run:
            return run
        repaired += fixed != run
        return fixed

    text = _RUN.sub(repair, text)
    if repaired:
        problems.append(Problem(ProblemKind.MOJIBAKE, f"UTF-8 read as Windows-1252 in {repaired} places"))
    return text


def _without_legacy(text: str, body: bytes, problems: list[Problem]) -> str:
    plain = _LATIN1_REFERENCE.sub(_latin1_letter, text) if _LEGACY_REFERENCE.search(body) else text
    repaired, encoding = repair_legacy(plain)
    if encoding is None:
        return text
    problems.append(Problem(ProblemKind.LEGACY_ENCODING, encoding))
    return repaired


def _latin1_letter(match: re.Match[str]) -> str:
    letter = html.unescape(match[0])
    return letter if "¡" <= letter <= "ÿ" else match[0]


# Besides spaces: controls, soft hyphen, zero width, direction marks, byte order mark, surrogates, private use
# (Word's Wingdings bullets), tags, and the object replacement character.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffc\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e007f\U000f0000-\U0010ffff]+"
)
_REFERENCE = re.compile(r"&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});")


# Tags of Word that an editor escaped: «<o:p></o:p>» as text.
_OFFICE_TAG = re.compile(r"</?(?:o|w|v|st1|xml):\w{1,20}[^<>]{0,40}>", re.I)


def _unescaped(text: str) -> str:
    """Replace references that were escaped twice, so that the parser left them; with their ``&amp;``."""
    return _REFERENCE.sub(lambda match: html.unescape(f"&{match[1]};"), text) if "&" in text else text


def clean(text: str | None) -> str | None:
    """Return `text` as one line of NFC, or None when nothing is left.

    Every kind of space becomes a space, runs of them one; characters without an image of their own (zero
    width, soft hyphen, direction, control, private use, lone surrogates) go; references left by double
    escaping (``&#039;``, ``&amp;#x3A;``) become their character; escaped tags of Word (``<o:p>``) go.
    """
    if not text:
        return None
    line = " ".join(_unescaped(text).split())
    if "<" in line:
        line = " ".join(_OFFICE_TAG.sub("", line).split())
    if not line.isprintable() or "\ufffc" in line:
        line = " ".join(_INVISIBLE.sub("", line).split())
    return nfc(line) or None


def clean_block(text: str | None) -> str | None:
    """Return `text` as `clean` does, but with its line breaks; at most one empty line in a row."""
    if not text:
        return None
    lines: list[str] = []
    for line in _unescaped(text).splitlines():
        cleaned = clean(line) or ""
        if cleaned or (lines and lines[-1]):
            lines.append(cleaned)
    return "\n".join(lines).strip() or None
