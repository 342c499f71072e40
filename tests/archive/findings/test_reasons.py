"""Why something is a finding, in words, from what the archive stores of it."""

import sqlite3

import pytest

from portal_archive.archive.findings.reasons import reason, reason_of
from portal_archive.archive.migrations import STEPS, blank
from portal_archive.integrity.detector import all_weights
from portal_archive.model import messages
from portal_archive.model.page import FLAGGED


def test_signs_become_one_sentence() -> None:
    signs, details = ("place-certain", "repeated", "foreign-host"), {"n": 1200, "host": "x.example"}
    assert reason(signs, details, "en") == (
        "Words where nothing but a name can stand; they stand there 1,200 times; "
        "a link to x.example, a host that has nothing to do with the portal."
    )
    assert reason(signs[:2], details, "vi") == (
        "Từ ngữ đứng ở chỗ chỉ có thể là tên riêng; lặp lại 1.200 lần."
    )
    assert reason(("more-of-them", "more-of-them"), {}, "en") == "The text has more of them."
    assert reason((), {}, "vi") == ""
    assert reason(("a-newer-sign",), {}, "vi") == "A-newer-sign."


def test_a_row_says_what_an_older_version_said_until_it_is_read_again() -> None:
    db = blank().conn
    db.row_factory = sqlite3.Row
    said = '{"en": "Old.", "vi": "Cũ."}'
    old = db.execute("SELECT ? AS old_reason, '[]' AS signs, '{}' AS details", [said]).fetchall()
    assert [reason_of(row, lang) for row in old for lang in ("en", "vi")] == ["Old.", "Cũ."]
    new = db.execute(
        "SELECT NULL AS old_reason, '[\"repeated\"]' AS signs, '{\"n\": 3}' AS details"
    ).fetchone()
    assert reason_of(new, "en") == "They stand there 3 times."


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_every_sign_has_a_sentence_and_none_flags_alone(lang: str) -> None:
    weights = all_weights()
    signs = {sign for of_kind in weights.values() for sign in of_kind}
    said = {code.partition(".")[2] for code in messages.catalogue(lang) if code.startswith("evidence.")}
    assert {sign for sign in said if not sign.startswith("takeover-")} == signs
    assert max(weight for of_kind in weights.values() for weight in of_kind.values()) < FLAGGED


def test_an_older_archive_keeps_what_it_said() -> None:
    db = sqlite3.connect(":memory:")
    db.row_factory = sqlite3.Row
    db.execute("CREATE TABLE findings (span TEXT, reason TEXT NOT NULL, reason_vi TEXT NOT NULL)")
    db.execute("INSERT INTO findings VALUES ('s', 'A doorway.', 'Trang mồi.')")
    (step,) = (one for one in STEPS if one.about == "findings: signs and details instead of sentences")
    assert step.before is not None
    step.before(db)
    row = db.execute("SELECT *, '[]' AS signs, '{}' AS details FROM findings").fetchone()
    assert row.keys() == ["span", "old_reason", "signs", "details"]
    assert [reason_of(row, lang) for lang in ("en", "vi")] == ["A doorway.", "Trang mồi."]
