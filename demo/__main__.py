"""Serves all demo portals until Ctrl-C: ``python -m demo [first port]``, 8101 if not given."""

from __future__ import annotations

import sys
import threading
from datetime import datetime

from demo.newsroom import HANOI
from demo.server import serve


def main(arguments: list[str]) -> None:
    """Serve on ports from `arguments[0]` on, and print the addresses."""
    port = int(arguments[0]) if arguments else 8101
    with serve(port=port, now=datetime.now(HANOI)) as sites:
        for stem, site in sites.items():
            sys.stdout.write(f"{stem:10} {site.url}/\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
