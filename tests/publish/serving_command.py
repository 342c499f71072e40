"""The datasette command as the README says it, for tests that need a real server."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def datasette_command(path: Path) -> Iterator[str]:
    """Serve an archive on loopback, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "datasette",
        str(path),
        "-m",
        "datasette-metadata.json",
        "-p",
        str(port),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr
        for line in server.stderr:
            if "running on" in line:
                break
        # A full pipe would stop the server.
        drain = threading.Thread(target=server.stderr.read)
        drain.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            drain.join()
