import json
from pathlib import Path

from portal_archive.publish.dictionary import METADATA, data_dictionary

ROOT = Path(__file__).parents[2]


def test_the_data_dictionary_is_up_to_date():
    written = (ROOT / "docs" / "data-dictionary.md").read_text()
    again = data_dictionary(json.loads((ROOT / METADATA).read_text()))
    assert written == again, "run: python -m portal_archive.publish.dictionary > docs/data-dictionary.md"
    assert "| `capture_digest` |" in written
    assert "## counter_readings" in written
