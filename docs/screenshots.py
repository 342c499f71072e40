"""Takes the pictures of the reading room that the README and `searching.md` show.

`python docs/screenshots.py [ARCHIVE]` serves the archive (by default that of `make demo`), opens its pages in the
system's Chromium as wide as a desk's and a phone's screen, and writes `docs/screenshots/*.png`.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "screenshots"
# What a picture's name ends in, and how wide the screen is.
WIDTHS = {"": 1280, "-phone": 390}
HEIGHT = 860
# The most telling article: the one that was changed most often.
_ARTICLE = "SELECT id, version FROM articles ORDER BY version DESC, id LIMIT 1"
_COUNTED = "SELECT portal FROM counter_readings GROUP BY portal ORDER BY count(total) DESC LIMIT 1"


def pages(archive: Path) -> dict[str, str]:
    """Return the pages worth a picture: name of the file, and address."""
    database = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    article = database.execute(_ARTICLE).fetchone()
    portal = database.execute(_COUNTED).fetchone()
    database.close()
    if article is None:
        sys.exit(f"{archive}: holds no article: fill it first (make demo SERVE=0)")
    number, version = article
    found = {
        "home": "/",
        "search": "/search?q=%22d%C3%A2n+v%E1%BA%ADn+kh%C3%A9o%22",
        "article": f"/article/{number}",
        "counters": "/counters",
        "status": "/status",
        "findings": "/findings",
    }
    if version > 1:
        found["changes"] = f"/article/{number}/diff/{version - 1}/{version}"
    if portal:
        found["portal"] = f"/portal/{portal[0]}"
    return found


@contextmanager
def served(archive: Path) -> Iterator[str]:
    """Serve the archive on loopback and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    metadata = str(ROOT / "datasette-metadata.json")
    command = [sys.executable, "-m", "datasette", str(archive), "-m", metadata, "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603
        assert server.stderr
        for line in server.stderr:
            if "running on" in line:
                break
        else:
            sys.exit(f"{archive}: cannot be served")
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        server.communicate()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", nargs="?", type=Path, default=ROOT / "demo-run" / "archive.db")
    archive: Path = parser.parse_args().archive
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not archive.exists() or not chromium:
        sys.exit(f"{archive}: no such file" if chromium else "no Chromium: install the package chromium")
    PICTURES.mkdir(exist_ok=True)
    with served(archive) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for ending, width in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": HEIGHT}, locale="vi-VN")
            for name, path in pages(archive).items():
                page.goto(site + path)
                picture = PICTURES / f"{name}{ending}.png"
                page.screenshot(path=picture)
                print(picture.relative_to(ROOT))  # noqa: T201
        browser.close()


if __name__ == "__main__":
    main()
