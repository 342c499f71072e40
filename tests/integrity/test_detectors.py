"""The registry: a detector is a file, its signs have weights, and every one of them can be found."""

import ast
from pathlib import Path

from portal_archive.integrity import detectors
from portal_archive.integrity.detector import all_weights, registry
from portal_archive.model.kinds import FindingKind
from portal_archive.model.page import FLAGGED

FOLDER = Path(detectors.__path__[0])


def test_every_file_has_one_detector_of_its_own_kind() -> None:
    files = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
    assert [type(one).__module__.rpartition(".")[2] for one in registry()] == files
    kinds = [one.kind for one in registry()]
    assert len(set(kinds)) == len(kinds)
    assert set(all_weights()) == set(kinds)
    # That is not judged on one page.
    assert set(FindingKind) - set(kinds) == {FindingKind.TAKEOVER}


def test_every_sign_of_the_table_is_found_by_its_detector() -> None:
    shared = {
        node.value
        for name in ("name_places.py", "offers.py", "styles.py")
        for node in ast.walk(ast.parse((FOLDER.parent / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for one in registry():
        source = Path(FOLDER / f"{type(one).__module__.rpartition('.')[2]}.py").read_text(encoding="utf-8")
        named = {
            node.value
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert set(one.weights) - named - shared == set(), one.kind


def test_signs_add_up_as_doubts_multiply() -> None:
    (slots,) = (one for one in registry() if one.kind is FindingKind.NAME_SLOT)
    assert slots.score(()) == 0.0
    assert slots.score(("place-certain",)) == 0.4 < FLAGGED
    assert slots.score(("place-certain", "repeated")) == 0.46
    assert slots.score(("place-certain", "line-cut")) == 0.69
    assert slots.score(("line-cut",) * 20) == 0.99
