"""`portal-archive serve`: the reading room, by Datasette."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from crawler.commands.base import ArchiveCommand
from crawler.session import archive_path
from portal_archive.model.errors import ArchiveError


def serve(archive: Path, host: str, port: int, metadata: str = "", more: Iterable[str] = ()) -> int:
    """Serve an archive until it is interrupted; return Datasette's exit code."""
    # Imported here: it brings Datasette, and every command is loaded to run any.
    from portal_archive.publish.metadata import METADATA

    command = [sys.executable, "-m", "datasette", "serve", str(archive), "-m", metadata or str(METADATA)]
    command += ["--host", host, "--port", str(port), *more]
    return subprocess.run(command, check=False).returncode  # noqa: S603


class Command(ArchiveCommand):
    """Serves the archive that the settings name; further arguments are Datasette's own."""

    requires_project = False
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "[options] [-- DATASETTE OPTION...]"

    def short_desc(self) -> str:
        """Return the line of `portal-archive --help`."""
        return "Serve the archive for readers"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options."""
        super().add_options(parser)
        parser.add_argument("--host", help="address to listen on (default: the settings' own)")
        parser.add_argument("--port", type=int, help="port (default: the settings' own)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serve; the exit code is Datasette's."""
        assert self.settings is not None
        archive = archive_path(self.settings)
        if not archive.exists():
            raise ArchiveError(
                f"{archive}: there is no archive; `portal-archive init` makes one, a crawl fills it"
            )
        host = opts.host or self.settings["SERVE_HOST"]
        port = opts.port or self.settings.getint("SERVE_PORT")
        self.exitcode = serve(archive, host, port, self.settings["SERVE_METADATA"], args)
