"""A Datasette with the project's metadata on a small archive, asked without a network."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette
from synthetic_library import Library, Writer, fill

ROOT = Path(__file__).parents[2]


class Reader:
    """Asks a Datasette in this process for pages, as a browser would."""

    def __init__(self, runner: asyncio.Runner, path: Path | None, **options: Any) -> None:
        metadata = json.loads((ROOT / "datasette-metadata.json").read_text(encoding="utf-8"))
        self.datasette = Datasette([str(path)] if path else [], memory=not path, metadata=metadata, **options)
        self.runner = runner
        self.run(self.datasette.invoke_startup())

    def run(self, coroutine: Any) -> Any:
        return self.runner.run(coroutine)

    def get(self, path: str, headers: dict[str, str] | None = None, **params: str) -> httpx.Response:
        options: dict[str, Any] = {"params": params} if params else {}
        response: httpx.Response = self.run(self.datasette.client.get(path, headers=headers, **options))
        return response


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Reader]]:
    """Return a function that serves an archive; every reader shares one event loop."""
    with asyncio.Runner() as runner:
        yield lambda path=None, **options: Reader(runner, path, **options)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return an archive with a little of everything."""
    writer = Writer(tmp_path_factory.mktemp("library"))
    ids = fill(writer)
    writer.close()
    return Library(writer.path, ids)


@pytest.fixture(scope="session")
def room(library: Library, serve: Callable[..., Reader]) -> Reader:
    """Return the reading room on that archive."""
    return serve(library.path)
