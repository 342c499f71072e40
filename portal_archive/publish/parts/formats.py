"""Dates and numbers as people read them. Archive times come in as ISO 8601 text; days are Vietnamese days."""

from __future__ import annotations

from datetime import datetime

from portal_archive.archive.moments import VIETNAM
from portal_archive.model import messages


def number(value: int | None, lang: str) -> str:
    """Return 82336925 as "82.336.925" ("82,336,925" in English); an unknown number as a dash."""
    if value is None:
        return "–"
    return messages.number(value, lang)


def decimal(value: float, lang: str) -> str:
    """Return 0.9 as "0,90" ("0.90" in English)."""
    shown = f"{value:.2f}"
    return shown.replace(".", ",") if lang == "vi" else shown


def day(text: str | None) -> str:
    """Return the Vietnamese day of a moment or printed date as "18/01/2024"; nothing for None."""
    return _local(text).strftime("%d/%m/%Y") if text else ""


def minute(text: str | None) -> str:
    """Return a moment as "18/01/2024 07:34", Vietnamese time; nothing for None."""
    return _local(text).strftime("%d/%m/%Y %H:%M") if text else ""


def printed(published_at: str | None, precision: str | None) -> str:
    """Return a publication time no more exactly than the page stated it."""
    return (minute if precision in ("second", "minute") else day)(published_at)


def month(text: str) -> str:
    """Return "2024-01" as "01/2024"."""
    return f"{text[5:7]}/{text[:4]}"


def _local(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(VIETNAM) if moment.tzinfo else moment
