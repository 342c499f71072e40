"""Workers read within limits, know no secrets and reach nothing; one that dies costs its page and no other."""

from __future__ import annotations

import builtins
import io
import operator
import os
import pickle
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from crawler.response_reader import Reading, read_response
from crawler.workers.limits import Limits, ReaderStopped
from crawler.workers.pool import AHEAD, ReaderPool, _Answer, batched
from portal_archive.model.kinds import Outcome, ProblemKind
from portal_archive.model.page import Problem

SECRET = "mat-khau-cua-kho"
STORY = (
    "<html><body><h1>Hội nghị công tác dân vận</h1><p>Ngày đăng: 18/01/2024</p><div class='content'>"
    + "<p>Đoạn văn về công tác dân vận ở xã, với các hộ dân của bản.</p>" * 20
    + "</div></body></html>"
).encode()
URL = "https://xa.example/tin/bai-7.html"


@pytest.fixture(scope="module")
def workers() -> Iterator[ReaderPool]:
    with ReaderPool(2, Limits(cpu_seconds=1, seconds=6, memory=400 << 20)) as pool:
        yield pool


@pytest.mark.parametrize("count", [0, 1, 3, 40])
def test_results_come_in_the_order_of_the_jobs_which_are_taken_as_needed(
    workers: ReaderPool, count: int
) -> None:
    taken: list[int] = []

    def jobs() -> Iterator[int]:
        for number in range(count):
            taken.append(number)
            yield number

    done = workers.in_order(operator.neg, jobs())
    assert taken == []
    for number, pair in enumerate(done):
        assert pair == (number, -number)
        assert len(taken) <= number + 1 + 2 * AHEAD
    assert taken == list(range(count))


def test_nothing_is_taken_ahead_where_that_is_asked_for(workers: ReaderPool) -> None:
    taken = []
    done = workers.in_order(operator.neg, (taken.append(number) or number for number in range(3)), ahead=0)
    assert [(next(done), len(taken)) for _ in range(3)] == [((0, 0), 1), ((1, -1), 2), ((2, -2), 3)]


def test_a_page_is_read_as_it_is_without_a_worker(workers: ReaderPool) -> None:
    arguments = (STORY, URL, {"Content-Type": "text/html; charset=utf-8"}, 200)
    reading = workers.submit(read_response, *arguments).result()
    assert reading == read_response(*arguments)
    assert reading.page is not None
    assert reading.page.article is not None
    assert reading.page.article.title == "Hội nghị công tác dân vận"


@pytest.mark.parametrize(
    ("work", "argument", "kind", "reason"),
    [
        (builtins.sum, range(10**12), ProblemKind.READER_TOO_SLOW, "not read within 1 seconds"),
        (time.sleep, 60, ProblemKind.READER_TOO_SLOW, "not read within 1 seconds"),
        (bytes, 10**9, ProblemKind.READER_TOO_LARGE, "not read within 400 MB of memory"),
    ],
    ids=["processor", "clock", "memory"],
)
def test_what_breaks_a_limit_is_stopped_and_what_follows_is_read(
    workers: ReaderPool, work: object, argument: object, kind: str, reason: str
) -> None:
    bad, good = workers.submit(work, argument), workers.submit(operator.neg, 7)  # type: ignore[arg-type]
    assert good.result() == -7
    with pytest.raises(ReaderStopped, match=reason) as stopped:
        bad.result()
    assert stopped.value.kind == kind
    assert [workers.submit(operator.neg, number).result() for number in range(3)] == [0, -1, -2]


def test_a_worker_that_dies_is_replaced(workers: ReaderPool) -> None:
    for _ in range(3):
        with pytest.raises(ReaderStopped, match=r"its reader ended \(code 3\)") as stopped:
            workers.submit(os._exit, 3).result()
        assert stopped.value.kind == ProblemKind.READER_FAILED
    assert workers.submit(operator.neg, 7).result() == -7


def test_a_mistake_of_the_work_names_its_place(workers: ReaderPool) -> None:
    with pytest.raises(ReaderStopped, match="ZeroDivisionError") as stopped:
        workers.submit(operator.truediv, 1, 0).result()
    assert stopped.value.kind == ProblemKind.READER_FAILED


def test_a_worker_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARCHIVE_SMTP_PASSWORD", SECRET)
    kept, readable = tmp_path / "secret.txt", tmp_path / "captures"
    kept.write_text(SECRET)
    readable.mkdir()
    (readable / "capture").write_text("WARC")
    with ReaderPool(1, readable=[readable]) as pool:
        assert pool.submit(os.getenv, "ARCHIVE_SMTP_PASSWORD").result() is None
        assert pool.submit((readable / "capture").read_text).result() == "WARC"
        for place in (kept, Path(f"/proc/{os.getpid()}/environ"), Path("/etc/passwd")):
            with pytest.raises(ReaderStopped, match="PermissionError"):
                pool.submit(place.read_bytes).result()


def test_a_worker_writes_nothing_and_starts_nothing(workers: ReaderPool, tmp_path: Path) -> None:
    for work, argument in (
        ((tmp_path / "new").write_text, "x"),
        (os.system, "true"),
        (os.listdir, str(tmp_path)),
    ):
        with pytest.raises(ReaderStopped, match="PermissionError"):
            workers.submit(work, argument).result()
    assert list(tmp_path.iterdir()) == []


def test_a_worker_reaches_no_network(workers: ReaderPool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.setblocking(False)
        with pytest.raises(ReaderStopped, match="PermissionError"):
            workers.submit(socket.create_connection, canary.getsockname()).result()
        with pytest.raises(BlockingIOError):
            canary.accept()


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.getenv, ("HOME",)


@pytest.mark.parametrize("answer", [_Evil(), Path("x"), operator.neg, Reading.__init__], ids="abcd")
def test_an_answer_can_make_nothing_but_records(answer: object) -> None:
    with pytest.raises(pickle.UnpicklingError, match="is no record"):
        _Answer(io.BytesIO(pickle.dumps((None, answer, False)))).load()


def test_records_are_given_back_whole() -> None:
    reading = Reading(Outcome.OTHER, problems=[Problem(ProblemKind.BLOCKED, "y")], wait=2.5)
    assert _Answer(io.BytesIO(pickle.dumps((None, reading, False)))).load() == (None, reading, False)


def test_signals_for_the_whole_service_do_not_end_a_worker(workers: ReaderPool) -> None:
    assert workers.submit(operator.neg, 1).result() == -1
    for worker in tuple(workers._workers):
        for number in (signal.SIGTERM, signal.SIGINT):
            worker._process.send_signal(number)
    assert workers.submit(operator.neg, 2).result() == -2


def test_closing_ends_what_is_being_read() -> None:
    pool = ReaderPool(1)
    first, second = pool.submit(time.sleep, 600), pool.submit(operator.neg, 1)
    closing = Thread(target=pool.close)
    closing.start()
    closing.join(30)
    assert not closing.is_alive()
    assert second.cancelled()
    assert isinstance(first.exception(), ReaderStopped)


def test_batches() -> None:
    assert list(batched(range(5), 2)) == [[0, 1], [2, 3], [4]]
