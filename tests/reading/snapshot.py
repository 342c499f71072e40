"""`python -m tests.reading.snapshot`: renew what the readers read from the project's own synthetic pages.

The snapshot holds a hash of each reading and the `READER_VERSION` it was made with. Whatever changes a reading must raise
that version, or versions that are stored would be compared with others as if the portal had changed them; so this refuses
to renew readings that changed under the same version.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from portal_archive.model.page import READER_VERSION
from portal_archive.reading.read import read_page

HERE = Path(__file__).parent
SNAPSHOT = HERE / "snapshot.json"
COMMAND = "python -m tests.reading.snapshot"


def pages() -> Iterator[tuple[str, str, bytes]]:
    """Give the project's own pages: a name that those of one template share, the URL and the bytes."""
    from test_read_templates import CASES, HOST  # found beside this file
    from test_read_variations import CHANGES, STORY

    for path in sorted((HERE / "pages").glob("*.html")):
        yield path.name, json.loads(path.with_suffix(".json").read_text())["url"], path.read_bytes()
    for name, case in CASES.items():
        html = case.template(STORY, HOST + case.path)
        for change in (str, *CHANGES):
            yield name, HOST + case.path, change(html).encode()


def readings() -> dict[str, str]:
    """Return a hash of what is read from the pages of each name."""
    read: dict[str, list[str]] = {}
    for name, url, body in pages():
        said = json.dumps(read_page(body, url).as_dict(), ensure_ascii=False, sort_keys=True)
        read.setdefault(name, []).append(said)
    return {name: hashlib.sha256("\n".join(said).encode()).hexdigest()[:16] for name, said in read.items()}


def stored() -> tuple[int, dict[str, str]]:
    """Return the reader version of the snapshot, and its readings."""
    snapshot = json.loads(SNAPSHOT.read_text())
    return snapshot["reader_version"], snapshot["readings"]


def what_is_wrong() -> str | None:
    """Say what has to be done before the snapshot is true again; None where it is."""
    version, known = stored()
    found = readings()
    changed = sorted(name for name, reading in found.items() if known.get(name, reading) != reading)
    if changed and version == READER_VERSION:
        return (
            f"what is read from {len(changed)} pages has changed ({', '.join(changed[:5])} ...): raise READER_VERSION in "
            f"portal_archive/model/page.py above {version}, then run {COMMAND}"
        )
    if found != known or version != READER_VERSION:
        return f"the snapshot is of reader version {version} and of other pages: run {COMMAND}"
    return None


def main() -> None:
    """Renew the snapshot, unless READER_VERSION has been forgotten."""
    sys.path[:0] = [str(HERE), str(HERE.parent)]
    if SNAPSHOT.exists() and (wrong := what_is_wrong()) and "raise READER_VERSION" in wrong:
        sys.exit(wrong)
    snapshot = {"reader_version": READER_VERSION, "readings": readings()}
    SNAPSHOT.write_text(json.dumps(snapshot, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
