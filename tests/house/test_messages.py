"""Every sentence for people stands in both catalogues, is used, and stands nowhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal_archive.model import messages

ROOT = Path(__file__).parents[2]
STOREYS = ("portal_archive", "crawler", "spiders")
TEMPLATES = ROOT / "portal_archive" / "publish" / "templates"
# What these hold in Vietnamese is read on portals, or is the name of a portal or a place; nobody is told it.
READS = (
    "crawler/fingerprint.py",
    "portal_archive/model/bodies.py",
    "portal_archive/archive/provinces.py",
    "portal_archive/integrity",  # words that detectors look for
    "portal_archive/reading",
    "portal_archive/vietnamese",
    "spiders",
)
# The dictionary is a document that describes columns as datasette-metadata.json does.
DESCRIBES = ("portal_archive/publish/dictionary.py",)
# Sentences that are yet to become codes: this list only gets shorter.
PENDING = (
    "portal_archive/archive/health/takeover.py",
    "portal_archive/archive/health/words.py",
)
VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
ENGLISH = re.compile(r"[A-Z][a-z]+ (?:[a-z]+,? ){2,}[a-z]+[.:?]?")


def sources() -> list[Path]:
    return [path for storey in STOREYS for path in sorted((ROOT / storey).rglob("*.py"))]


def literals(path: Path) -> Iterator[ast.Constant]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # A docstring is an expression that stands alone; the log is for programmers.
    left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("logger."):
            left_out |= {id(argument) for argument in node.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node


def is_in(path: Path, places: tuple[str, ...]) -> bool:
    return path.relative_to(ROOT).as_posix().startswith(places)


def composed() -> list[re.Pattern[str]]:
    """Return what f-strings that look like codes can become, as patterns."""
    patterns = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(part.value) if isinstance(part, ast.Constant) else r"[^.]+"
                    for part in node.values
                ]
                fixed = [part.value for part in node.values if isinstance(part, ast.Constant)]
                if any(re.fullmatch(r"[\w.-]*[a-z]{3}[\w.-]*", text) and "." in text for text in fixed):
                    patterns.append(re.compile("".join(parts)))
    return patterns


def used() -> set[str]:
    written = {node.value for path in sources() for node in literals(path)}
    for path in TEMPLATES.glob("*.html"):
        written |= set(re.findall(r'"([\w.-]+)"', path.read_text(encoding="utf-8")))
    patterns = composed()
    codes = set(messages.catalogue("vi"))
    direct = codes & written
    # An error has its page's title by one code and what to do by another.
    direct |= {f"{code}_text" for code in direct if code.startswith("error.")}
    return direct | {code for code in codes if any(pattern.fullmatch(code) for pattern in patterns)}


def test_both_catalogues_have_the_same_codes_and_values() -> None:
    vi, en = (messages.catalogue(lang) for lang in messages.LANGUAGES)
    assert set(vi) == set(en)
    assert {code: messages.placeholders(vi[code]) for code in vi} == {
        code: messages.placeholders(en[code]) for code in en
    }


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_no_sentence_is_empty_and_forms_are_two(lang: str) -> None:
    for code, sentence in messages.catalogue(lang).items():
        forms = [sentence] if isinstance(sentence, str) else sentence.values()
        assert all(form.strip() == form != "" for form in forms), code
        assert isinstance(sentence, str) or set(sentence) == {"one", "other"}, code


def test_every_message_is_used() -> None:
    assert set(messages.catalogue("vi")) - used() == set()


def test_every_code_that_a_page_names_exists() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*sources(), *TEMPLATES.glob("*.html"))]
    named = {code for text in texts for code in re.findall(r'\bt\(\s*"([\w.-]+)"', text)}
    assert named - set(messages.catalogue("vi")) == set()
    assert len(named) > 100


def test_no_code_holds_a_vietnamese_sentence() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for path in sources()
        if not is_in(path, READS + DESCRIBES + PENDING)
        for node in literals(path)
        if len([word for word in node.value.split() if word.isalpha()]) > 2 and VIETNAMESE.search(node.value)
    }
    assert found == set()


def test_no_page_is_written_in_code() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for path in sorted((ROOT / "portal_archive" / "publish").rglob("*.py"))
        if not is_in(path, DESCRIBES)
        for node in literals(path)
        if VIETNAMESE.search(node.value) or ENGLISH.fullmatch(node.value)
    }
    assert found == set()


def test_no_template_holds_a_sentence() -> None:
    markup = re.compile(r"\{% block (?:width|og_type) %\}[\w ]+|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)
    for path in TEMPLATES.glob("*.html"):
        if not path.name.startswith("room_help_"):
            bare = markup.sub(" ", path.read_text(encoding="utf-8"))
            assert re.findall(r"[^\W\d]{2,}", bare) == [], path.name


def test_a_number_is_written_as_the_language_does() -> None:
    assert messages.text("results.count", "vi", n=12345) == "12.345 bài"
    assert messages.text("results.count", "en", n=12345) == "12,345 articles"
    assert messages.text("results.count", "en", n=1) == "1 article"
    assert messages.text("results.count", "en", n=0) == "0 articles"


def test_an_unknown_code_language_or_value_is_named() -> None:
    with pytest.raises(messages.MessageError, match=r"vi\.toml has no message 'results.nothing'"):
        messages.text("results.nothing", "vi")
    with pytest.raises(
        messages.MessageError, match=r"message 'results\.over' of en\.toml needs a value for 'n'"
    ):
        messages.text("results.over", "en", m=3)
    with pytest.raises(messages.MessageError, match="no messages in the language 'fr'; there are vi, en"):
        messages.text("results.none", "fr")
