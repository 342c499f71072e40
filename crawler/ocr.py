"""The text of scans: pages of PDF files that are pictures, and images that are documents."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from crawler.capture_reader import ScanJob, picture_of
from crawler.workers.limits import ReaderStopped
from crawler.workers.pool import ReaderPool
from crawler.workers.tesseract import Tesseract
from portal_archive.archive.archive import Archive
from portal_archive.archive.scans import Scan, waiting_scans
from portal_archive.model.errors import ArchiveBusyError
from portal_archive.model.file_text import FilePage, FileText
from portal_archive.model.kinds import FileReason
from portal_archive.vietnamese.written import share_of_syllables

# What a picture of a news item must say to be a document: few signs and posters do.
_LEAST_WORDS = 12
_LEAST_SURE = 60.0
_LEAST_VIETNAMESE = 0.6
# Writing what was recognised takes a moment, for which a crawl that begins just then waits.
_AT_MOST = timedelta(seconds=10)

Recognised = tuple[Scan, FileText, datetime]


@dataclass(slots=True)
class Recognition:
    """Recognises what waits in an archive, and stores it between crawls.

    `pages` and `seconds` are how many pages of one file, and for how long, are recognised. `waiting` is what could not
    be stored yet, because the archive is being written to.
    """

    path: Path
    captures: Path
    readers: ReaderPool
    tesseract: Tesseract
    pages: int
    seconds: float
    waiting: list[Recognised] = field(default_factory=list)

    def run(self, portal: str | None, until: float) -> Iterator[tuple[Scan, FileText]]:
        """Give each file with what was recognised, until there is none or `until`, by the monotonic clock, is over."""
        with Archive(self.path, read_only=True) as archive:
            scans = list(waiting_scans(archive.db.conn, portal))
        for scan in scans:
            if monotonic() > until:
                break
            read = self._image(scan) if scan.known is None else self._document(scan, scan.known, until)
            self.waiting.append((scan, read, datetime.now(UTC)))
            self.store()
            yield scan, read

    def store(self) -> bool:
        """Store what waits to be; False where somebody else is writing to the archive."""
        if not self.waiting:
            return True
        with Archive(self.path) as archive:
            try:
                archive.claim("ocr", _AT_MOST)
            except ArchiveBusyError:
                return False
            with archive.batch():
                for scan, read, at in self.waiting:
                    archive.recognised(scan.portal, scan.url, read, at)
            self.waiting.clear()
        return True

    def _image(self, scan: Scan) -> FileText:
        """Return the text of an image, if it is a document."""
        page = self._page(scan, None)
        words = page.text.split()
        accented = [word for word in (word.strip(".,;:()[]\"'“”-–/") for word in words) if not word.isascii()]
        is_document = (
            len(words) >= _LEAST_WORDS
            and (page.confidence or 0.0) >= _LEAST_SURE
            and share_of_syllables(accented) >= _LEAST_VIETNAMESE
        )
        return FileText((page,)) if is_document else FileText(reason=FileReason.NOT_RECOGNISED)

    def _document(self, scan: Scan, known: FileText, until: float) -> FileText:
        """Return the text of a file with that of its pages that are pictures."""
        pages = list(known.pages)
        empty = [number for number, page in enumerate(pages) if not page.text]
        until = min(until, monotonic() + self.seconds)
        reason = FileReason.RECOGNISED_IN_PART if len(empty) > self.pages else None
        for number in empty[: self.pages]:
            if monotonic() > until:
                reason = FileReason.RECOGNISED_IN_PART
                break
            pages[number] = self._page(scan, number + 1)
        if not any(page.text for page in pages):
            reason = FileReason.NOT_RECOGNISED
        return FileText(tuple(pages), reason)

    def _page(self, scan: Scan, number: int | None) -> FilePage:
        job = ScanJob(self.captures, scan.capture, scan.original, number)
        try:
            picture = self.readers.submit(picture_of, job).result()
        except (ReaderStopped, CancelledError):
            picture = None
        return (self.tesseract.recognise(picture) if picture else None) or FilePage("")
