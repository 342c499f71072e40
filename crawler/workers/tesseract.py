"""Tesseract, which recognises the text of a picture: a program of its own, within limits of time and memory.

It is given nothing that a portal made, but grey pixels that a worker has decoded (see `reading.documents.pictures`).
"""

from __future__ import annotations

import csv
import io
import resource
import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from portal_archive.model.file_text import FilePage

INSTALL = "apt-get install tesseract-ocr tesseract-ocr-vie"
SECONDS = 120.0
_CPU_SECONDS = 100
_MEMORY = 1024 * 1024 * 1024
_LANGUAGE = "vie"
# Below this, from 0 to 100, a word is a speck or a stamp more often than a word.
_LEAST_SURE = 25.0
_WORD = "5"  # the level of a word in Tesseract's table


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The installed program."""

    path: str

    @classmethod
    def find(cls) -> Tesseract | None:
        """Return the program, None where it or its Vietnamese is not installed."""
        path = shutil.which("tesseract")
        if path is None:
            return None
        listed = subprocess.run([path, "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S603
        return cls(path) if _LANGUAGE in listed.stdout.split() else None

    def recognise(self, picture: bytes) -> FilePage | None:
        """Return the text of a PGM and how surely it was recognised; None where it took too much or failed."""
        process = subprocess.Popen(  # noqa: S603  # an installed program, constant arguments
            [self.path, "stdin", "stdout", "-l", _LANGUAGE, "tsv"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # A thread a page: this is never in the way of a crawl.
            env={"OMP_THREAD_LIMIT": "1", "LANG": "C.UTF-8"},
        )
        for what, limit in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _CPU_SECONDS)):
            resource.prlimit(process.pid, what, (limit, limit))
        try:
            table, _ = process.communicate(picture, SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None
        return page_of(table.decode("utf-8", "replace")) if process.returncode == 0 else None


def page_of(table: str) -> FilePage:
    """Return the text of Tesseract's table: a line a line, a blank line between paragraphs."""
    words = [
        row
        for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
        if row["level"] == _WORD and row["text"].strip() and float(row["conf"]) >= _LEAST_SURE
    ]
    paragraphs = [
        "\n".join(
            " ".join(word["text"] for word in line)
            for _, line in groupby(paragraph, key=lambda word: word["line_num"])
        )
        for _, paragraph in groupby(words, key=lambda word: (word["block_num"], word["par_num"]))
    ]
    letters = sum(len(word["text"]) for word in words)
    sure = sum(float(word["conf"]) * len(word["text"]) for word in words)
    text = unicodedata.normalize("NFC", "\n\n".join(paragraphs))
    return FilePage(text, round(sure / letters, 1) if letters else None)
