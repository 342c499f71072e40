"""Costly requests wait for each other and never hold up the others; what nobody waits for any more is ended."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest

from portal_archive.publish.hardening import lanes
from portal_archive.publish.hardening.lanes import BusyError, Interruptible, Lane, Lanes, Turns
from portal_archive.publish.tables import database

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "reading"),
        ("/article/5", "reading"),
        ("/article/5/version/2", "reading"),
        ("/capture/5", "reading"),
        ("/status.json", "reading"),
        ("/capture/5/file", "files"),
        ("/capture/5/page", "files"),
        ("/search", "search"),
        ("/search.atom", "search"),
        ("/counters", "search"),
        ("/search.csv", "tables"),
        ("/findings.jsonl", "tables"),
        ("/search.wacz", "tables"),
        ("/dossier", "reading"),
        ("/stories", "search"),
        ("/dossier.xlsx", "tables"),
        ("/article/5.wacz", "tables"),
        ("/article/5/diff/1/2", "tables"),
        ("/story/3", "tables"),
        ("/nv", "tables"),
        ("/nv/articles.json", "tables"),
        ("/archive/articles", "tables"),
        ("/searching/articles", "tables"),
        ("/-/plugins", "reading"),
    ],
)
def test_the_lane_of_a_page(path: str, name: str) -> None:
    lane = Lanes().of(path)
    assert lane is not None
    assert lane.name == name


def test_files_of_style_cost_nothing() -> None:
    assert Lanes().of("/-/static-plugins/portal-archive/room.css") is None


def test_a_full_lane_refuses_at_once() -> None:
    lane = Lane("small", threads=1, present_each=2, present=3)
    lane.enter("a")
    lane.enter("a")
    with pytest.raises(BusyError):
        lane.enter("a")
    lane.enter("b")
    with pytest.raises(BusyError):
        lane.enter("c")
    lane.leave("a")
    lane.enter("c")


def test_one_address_does_not_take_the_turns_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_TURNS_EACH", 1)

    async def scene() -> list[str]:
        turns, lane, begun = Turns(), Lane("two", threads=2, present_each=9, present=9, turns=2), []

        async def work(name: str) -> None:
            await turns.take(lane, name[0])
            begun.append(name)

        tasks = [asyncio.create_task(work(name)) for name in ("a1", "a2", "a3", "b1")]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert begun == ["a1", "b1"]
        tasks[1].cancel()
        turns.give_back(lane, "a")
        await asyncio.gather(tasks[0], tasks[2], tasks[3])
        return begun

    assert asyncio.run(scene()) == ["a1", "b1", "a3"]


def test_an_abandoned_query_is_interrupted() -> None:
    lane = Lane("one", threads=1, present_each=1, present=1)
    begun = threading.Event()
    ended: list[str] = []

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(":memory:", check_same_thread=False)

    def work(connection: sqlite3.Connection) -> None:
        connection.set_progress_handler(begun.set, 1000)
        try:
            connection.execute(ENDLESS).fetchone()
        except sqlite3.OperationalError as error:
            ended.append(str(error))
        finally:
            connection.close()

    async def scene() -> None:
        task = asyncio.create_task(lane.run(connect, work))
        await asyncio.to_thread(begun.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        lane.executor.shutdown(wait=True)

    asyncio.run(scene())
    assert ended == ["interrupted"]


def test_work_that_was_given_up_before_it_began_is_not_done() -> None:
    job = Interruptible()
    job.give_up()
    connection = sqlite3.connect(":memory:")
    assert job.run(lambda: connection, lambda _: "done") is None
    connection.close()


async def ask(
    app: Any, path: str, address: str, gone: asyncio.Event | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Return the answer of an application to a client that stays, or leaves when `gone` is set."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"localhost")],
        "client": (address, 1),
        "scheme": "http",
        "http_version": "1.1",
    }
    await app(scope, receive, send)
    if not sent:
        return 0, {}, b""
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.fixture
def slow(room: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make every canned query endless."""
    queries = room.datasette._metadata_local["databases"]["nv"]["queries"]
    monkeypatch.setitem(queries, "endless", {"sql": ENDLESS})
    return lambda: None


@pytest.mark.usefixtures("slow")
def test_a_greedy_address_is_refused_and_nobody_else_waits(room: Any) -> None:
    app = room.datasette.app()

    async def scene() -> None:
        gone = asyncio.Event()
        greedy = [asyncio.create_task(ask(app, "/nv/endless.json", "10.0.0.1", gone)) for _ in range(6)]
        await asyncio.sleep(0)
        status, headers, body = await ask(app, "/nv/endless.json", "10.0.0.1")
        assert (status, headers["retry-after"]) == (503, "5")
        assert "Kho đang bận" in body.decode()
        for path in ("/", "/search?q=dan+van", "/article/1", "/nv/portals.json"):
            assert (await ask(app, path, "10.0.0.2"))[0] == 200, path
        assert not any(task.done() for task in greedy)
        gone.set()
        assert {answer[0] for answer in await asyncio.gather(*greedy)} == {0}

    room.run(scene())
    assert lanes.lanes_of(room.datasette).tables._present.total() == 0


def test_an_answer_has_a_limit_of_bytes(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal_archive.publish.tables.database.LONGEST_ANSWER", 4_000)
    count = room.get("/nv/articles.json?_size=0").json()["filtered_table_rows_count"]
    path, rows, pages = "/nv/articles.json?_size=max&_col=body&_col=html", 0, 0
    while path:
        page = room.get(path).json()
        rows, pages = rows + len(page["rows"]), pages + 1
        assert sum(len(cell or "") for row in page["rows"] for cell in row[1:3]) <= 4_000
        path = (page["next_url"] or "").removeprefix("http://localhost")
    assert rows == count
    assert pages > 2


def test_a_row_is_shown_however_long_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LONGEST_ANSWER", 10)
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        asked = "SELECT column1 FROM (VALUES ('12345678'), ('12345678'), ('1'))"
        assert len(database._fetch(db.execute(f"{asked} LIMIT 2"), 9)) == 2
        with pytest.raises(database.TooLargeError) as error:
            database._fetch(db.execute(asked), 9)
    assert error.value.rows == 2


def test_a_pattern_has_a_limit(room: Any) -> None:
    answer = room.get("/nv/articles.json?title__contains=" + "a" * 200)
    assert (answer.status_code, answer.json()["error"]) == (400, "LIKE or GLOB pattern too complex")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.1.evil.example"])
def test_an_unknown_host_is_answered_by_nothing(room: Any, host: str) -> None:
    answer = room.get("/", headers={"host": host})
    assert (answer.status_code, answer.content) == (421, b"")


@pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.1:8001", "[::1]:8001", "192.168.1.5"])
def test_this_machine_is_answered(room: Any, host: str) -> None:
    assert room.get("/help", headers={"host": host}).status_code == 200


def test_the_configured_address_is_a_host_and_the_base_of_links(
    room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_ADDRESS", "https://kho.example/")
    assert room.get("/help", headers={"host": "kho.example"}).status_code == 200
    feed = room.get("/search.atom", headers={"host": "127.0.0.1"}).text
    assert "<id>https://kho.example/search.atom</id>" in feed
    assert "127.0.0.1" not in feed
