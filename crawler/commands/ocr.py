"""`portal-archive ocr`: the text of scans, recognised by Tesseract when nothing else needs the machine."""

from __future__ import annotations

import argparse
import os
from time import monotonic, sleep

from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.commands.crawl_all import seconds
from crawler.ocr import Recognition
from crawler.session import captures_folder, existing_archive, reader_pool
from crawler.workers.tesseract import INSTALL, Tesseract
from portal_archive.archive.archive import Archive
from portal_archive.archive.scans import count_waiting
from portal_archive.model.errors import ArchiveError

_LOOK_SECONDS = 2.0


class Command(ArchiveCommand):
    """Recognises pages of PDF files that are pictures, and images that are documents."""

    requires_project = True
    requires_crawler_process = False
    is_job = True

    def syntax(self) -> str:
        """Return the arguments."""
        return "[--portal NAME] [--max-time TIME] [--max-pages N]"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Recognise the text of scans (Tesseract), between crawls"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--portal", metavar="NAME", help="only files of this portal")
        parser.add_argument(
            "--max-time", metavar="TIME", default="40m", help="stop after this long: 90s, 40m (default), 2h"
        )
        parser.add_argument(
            "--max-pages", metavar="N", type=int, default=40, help="of one file (default: 40)"
        )
        parser.add_argument(
            "--max-file-time", metavar="TIME", default="10m", help="for one file (default: 10m)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Recognise and store. Raises ArchiveError where the archive was written to by others all the time.

        Tesseract is optional: without it this says how many files wait, and what to install.
        """
        assert self.settings is not None
        try:
            limit, file_limit = seconds(opts.max_time), seconds(opts.max_file_time)
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from error
        path = existing_archive(self.settings)
        with Archive(path, read_only=True) as archive:
            waiting = count_waiting(archive.db.conn, opts.portal)
        if not waiting:
            print("no scan waits to be recognised")  # noqa: T201
            return
        tesseract = Tesseract.find()
        if tesseract is None:
            print(f"{waiting} files wait to be recognised, and Tesseract is not installed: {INSTALL}")  # noqa: T201
            return
        self.job.begins()
        os.nice(19)
        until = monotonic() + limit
        with reader_pool(self.settings, 1) as readers:
            recognition = Recognition(
                path, captures_folder(self.settings), readers, tesseract, opts.max_pages, file_limit
            )
            looked, found = 0, 0
            for scan, read in recognition.run(opts.portal, until):
                looked += 1
                if text := read.text:
                    found += 1
                    sure = [page.confidence for page in read.pages if page.confidence is not None]
                    surely = f", {sum(sure) / len(sure):.0f} % sure" if sure else ""
                    print(f"{scan.url}: {len(text.split())} words{surely}")  # noqa: T201
            while not recognition.store():
                if monotonic() > until:
                    number = len(recognition.waiting)
                    raise ArchiveError(
                        f"{path} is being written to: {number} files were recognised in vain; run it again"
                    )
                sleep(_LOOK_SECONDS)
        print(f"{looked} of {waiting} files looked at, text recognised in {found}")  # noqa: T201
