"""Why something is a finding, in words, from what the archive stores of it."""

import sqlite3
from pathlib import Path

import pytest

from portal_archive.archive.archive import Archive
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


def test_an_older_archive_keeps_what_it_said(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive(path) as archive:
        add = archive.db.execute
        add(
            "INSERT INTO portals (name, title, home_url, host, family, known) VALUES ('a', 'A', 'https://a.example/', 'a.example', 'generic', 'generic')"
        )
        add(
            "INSERT INTO findings (portal, url, kind, field, span, occurrence, start, end, score, first_seen, last_seen)"
            " VALUES ('a', 'u', 'doorway-page', 'url', 's', 1, 0, 1, 0.9, 't', 't')"
        )
    db = sqlite3.connect(path)
    # As the schema was before.
    step = next(number for number, one in enumerate(STEPS) if one.about.startswith("findings: signs"))
    for statement in (
        "ALTER TABLE findings RENAME COLUMN old_reason TO reason",
        "ALTER TABLE findings ADD COLUMN reason_vi TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE findings DROP COLUMN signs",
        "ALTER TABLE findings DROP COLUMN details",
        "ALTER TABLE portal_states DROP COLUMN old_words",
        "ALTER TABLE portal_states ADD COLUMN reason_vi TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE portal_states ADD COLUMN next_step_vi TEXT NOT NULL DEFAULT ''",
        "UPDATE findings SET reason = 'A doorway.', reason_vi = 'Trang mồi.'",
        f"PRAGMA user_version = {step}",
    ):
        db.execute(statement)
    db.commit()
    db.close()
    with Archive(path) as archive:
        archive.db.conn.row_factory = sqlite3.Row
        (row,) = archive.db.conn.execute("SELECT * FROM findings").fetchall()
    assert [reason_of(row, lang) for lang in ("en", "vi")] == ["A doorway.", "Trang mồi."]
    assert (row["signs"], row["details"]) == ("[]", "{}")
