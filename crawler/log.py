"""Log lines that hold nothing but text: what a portal sends must not move a terminal's cursor."""

from __future__ import annotations

import logging
from typing import Any

from portal_archive.model.page import without_controls

_FORMATTER = logging.Formatter()


class _Record(logging.LogRecord):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info:
            # Formatters take the text of a traceback from here where there is one.
            self.exc_text = without_controls(_FORMATTER.formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802  # logging's name
        return without_controls(super().getMessage())


def install() -> None:
    """Let every record made from now on be without control characters but for tabs and line ends."""
    logging.setLogRecordFactory(_Record)
