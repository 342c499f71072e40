"""What tests of more than one room share."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from real_pages import REASON

ROOT = Path(__file__).parents[1]
REPLAY_PYTHON = ROOT / ".venv-replay" / "bin" / "python"
Replay = Callable[[Iterable[Path]], str]


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """Give every test the same environment: whoever reads Scrapy's settings leaves their name in it."""
    with patch.dict(os.environ):
        yield


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, of what git knows: a build writes into its folder, so it gets a copy."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    listing = ["git", "ls-files", "-z", "portal_archive", "crawler", "spiders", "*.toml", "*.md", "*.json"]
    tracked = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.split("\0")):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def run_pywb(function: str, *arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    # In an environment of its own: pywb patches the standard library, and brings another brotli than the crawler's.
    module = {"wb_manager": "pywb.manager.manager", "wayback": "pywb.apps.cli"}[function]
    name = {"wb_manager": "main", "wayback": "wayback"}[function]
    program = f"import sys; from {module} import {name}; {name}(sys.argv[1:])"
    return subprocess.Popen(
        [REPLAY_PYTHON, "-c", program, *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    with process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors.decode()


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "pywb did not start"
            time.sleep(0.02)


@pytest.fixture
def replay(tmp_path: Path) -> Iterator[Replay]:
    """Serve WARC files by pywb, a reader that shares nothing with ours but the format; gives the address."""
    if not REPLAY_PYTHON.exists():
        pytest.skip("pywb is not installed: make .venv-replay/installed")
    servers = []

    def serve(files: Iterable[Path]) -> str:
        finish(run_pywb("wb_manager", "init", "kho", folder=tmp_path))
        finish(run_pywb("wb_manager", "add", "kho", *map(str, files), folder=tmp_path))
        port = free_port()
        servers.append(run_pywb("wayback", "-b", "127.0.0.1", "-p", str(port), folder=tmp_path))
        wait_for(port)
        return f"http://127.0.0.1:{port}/kho"

    yield serve
    for server in servers:
        with server:
            server.kill()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = sum(
        REASON in str(report.longrepr) or "empty parameter set" in str(report.longrepr)
        for report in terminalreporter.stats.get("skipped", ())
    )
    if skipped:
        terminalreporter.write_line(
            f"{skipped} tests were skipped for want of real pages (REAL_PAGES names their folder)"
        )
