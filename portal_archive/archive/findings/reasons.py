"""Why something is a finding, in words: the sentences of its signs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from portal_archive.model.messages import known, text


def reason(signs: Iterable[str], details: Mapping[str, Any], lang: str) -> str:
    """Return the sentence that the signs of a finding make in a language, "vi" or "en".

    A sign of a newer version, of which the catalogue has no sentence, stands there by its name.
    """
    clauses = dict.fromkeys(_clause(sign, details, lang) for sign in signs)
    said = "; ".join(clauses)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _clause(sign: str, details: Mapping[str, Any], lang: str) -> str:
    code = f"evidence.{sign}"
    return text(code, lang, **details) if known(code) else sign


def reason_of(row: sqlite3.Row, lang: str) -> str:
    """Return the same of a row of `findings`; what an older version wrote where the page was not read again."""
    if row["old_reason"] is not None:
        return str(json.loads(row["old_reason"])[lang])
    return reason(json.loads(row["signs"]), json.loads(row["details"]), lang)
