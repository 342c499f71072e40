"""The formats of an export, each a class in a file of its own here: a new format is one new file.

Command line, search, findings and routes go by `EXPORTERS`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from portal_archive.archive.export.formats.exporter import Exporter


def _found() -> dict[str, type[Exporter]]:
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return {kind.name: kind for kind in sorted(Exporter.__subclasses__(), key=lambda kind: kind.name)}


EXPORTERS = _found()
