"""READER_VERSION cannot be forgotten: a snapshot of readings of the project's own synthetic pages."""

from __future__ import annotations

import pytest

from tests.reading import snapshot


def test_readings_are_those_of_the_snapshot() -> None:
    assert snapshot.what_is_wrong() is None


@pytest.mark.parametrize(
    ("stored", "found", "version", "says"),
    [
        ((3, {"a": "1"}), {"a": "1"}, 3, None),
        ((3, {"a": "1"}), {"a": "2"}, 3, "raise READER_VERSION in portal_archive/model/page.py above 3"),
        ((3, {"a": "1"}), {"a": "2"}, 4, f"run {snapshot.COMMAND}"),
        ((3, {"a": "1"}), {"a": "1"}, 4, f"run {snapshot.COMMAND}"),
        ((3, {"a": "1"}), {"a": "1", "b": "7"}, 3, f"run {snapshot.COMMAND}"),
        ((3, {"a": "1", "b": "7"}), {"a": "1"}, 3, f"run {snapshot.COMMAND}"),
    ],
)
def test_what_it_asks_for(
    monkeypatch: pytest.MonkeyPatch,
    stored: tuple[int, dict[str, str]],
    found: dict[str, str],
    version: int,
    says: str | None,
) -> None:
    monkeypatch.setattr(snapshot, "stored", lambda: stored)
    monkeypatch.setattr(snapshot, "readings", lambda: found)
    monkeypatch.setattr(snapshot, "READER_VERSION", version)
    wrong = snapshot.what_is_wrong()
    assert (wrong is None) == (says is None)
    assert (says or "") in (wrong or "")
