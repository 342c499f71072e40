"""Citations ready to be pasted: a sentence in Vietnamese or English, BibTeX (biblatex's fields), RIS.

Each names the version that was read and the capture it was read from, by addresses that never show anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal_archive.model import messages
from portal_archive.publish.parts import formats

_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    letter: f"\\{letter}" for letter in "{}%&#$_"
}
_INNER_QUOTES = str.maketrans('“”"', "‘’’")
# What would end a field that is taken letter by letter, as that of an address is.
_NOT_VERBATIM = re.compile(r"[\s{}\\]")


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited. `published` is as shown to readers; `published_at` is ISO 8601, `captured_at` too, in UTC.

    `permalink` and `capture` are the absolute addresses of the version and of the capture it was read from;
    `digest` is the payload digest of that capture.
    """

    key: str
    author: str | None
    title: str
    portal: str
    published: str
    published_at: str | None
    url: str
    version: int
    permalink: str
    captured_at: str
    capture: str | None
    digest: str | None

    def sentence(self, lang: str) -> str:
        """Return it as one sentence in a language, "vi" or "en"."""
        # Quotation marks within others are single ones.
        title = self.title.translate(_INNER_QUOTES)
        parts = [self.author, f"“{title}”", self.portal, self.published, self.url]
        return ", ".join(part for part in parts if part) + f" [{', '.join(self._kept(lang))}]."

    def bibtex(self, lang: str) -> str:
        """Return it as an entry of BibTeX, with the fields of biblatex; notes in a language."""
        fields = {
            "author": f"{{{_tex(self.author)}}}" if self.author else "",
            "title": f"{{{_tex(self.title)}}}",
            "organization": f"{{{_tex(self.portal)}}}",
            "date": (self.published_at or "")[:10],
            "url": _verbatim(self.permalink),
            "urldate": _day(self.captured_at),
            "note": _tex(f"{self.url}. {', '.join(self._kept(lang, without_permalink=True))}"),
            "langid": "vietnamese",
        }
        shown = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@online{{{self.key},\n{shown}\n}}"

    def ris(self, lang: str) -> str:
        """Return it as a record of RIS; notes in a language."""
        fields = [
            ("TY", "ELEC"),
            ("AU", self.author),
            ("TI", self.title),
            ("PB", self.portal),
            ("DA", (self.published_at or "")[:10].replace("-", "/")),
            ("Y2", _day(self.captured_at).replace("-", "/")),
            ("UR", self.permalink),
            ("L2", self.capture),
            ("N1", f"{self.url}. {', '.join(self._kept(lang, without_permalink=True))}"),
            ("LA", "vi"),
        ]
        lines = [f"{name}  - {' '.join(value.split())}" for name, value in fields if value]
        return "\n".join([*lines, "ER  - "])

    def _kept(self, lang: str, *, without_permalink: bool = False) -> list[str]:
        version = messages.text("citation.version", lang, n=self.version)
        captured = messages.text("citation.captured", lang, when=formats.minute(self.captured_at))
        parts = [
            version if without_permalink else f"{version}: {self.permalink}",
            f"{captured}: {self.capture}" if self.capture else captured,
            self.digest,
        ]
        return [part for part in parts if part]


def _day(moment: str) -> str:
    day, month, year = formats.day(moment).split("/")
    return f"{year}-{month}-{day}"


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in " ".join(text.split()))


def _verbatim(address: str) -> str:
    return _NOT_VERBATIM.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address)
