"""`portal-archive` from any folder: settings from a file, a sentence instead of a traceback, one meaning an exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler import config

ROOT = Path(__file__).parents[2]
RUN = "from crawler.cli import main; main()"


def run(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
    )


def test_init_makes_what_is_missing_and_overwrites_nothing(tmp_path: Path) -> None:
    first = run(tmp_path, "init")
    assert (first.returncode, first.stderr) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "archive.db",
        "archive.db.lock",
        "portal-archive.toml",
    ]
    assert config.read(tmp_path / "portal-archive.toml") == {}
    (tmp_path / "portal-archive.toml").write_text('[crawl]\ncontact = "mailto:kho@example.org"\n')
    second = run(tmp_path, "init")
    assert second.stdout.splitlines() == [
        "portal-archive.toml: it is there, and stays as it is",
        "archive.db: it is there, and stays as it is",
    ]
    assert config.settings({config.VARIABLE: str(tmp_path / "portal-archive.toml")}) == {
        "CONTACT": "mailto:kho@example.org"
    }


def test_a_new_file_names_every_setting_with_its_usual_value(tmp_path: Path) -> None:
    file = tmp_path / "portal-archive.toml"
    lines = [line for line in config.new_file().splitlines() if " = " in line]
    assert len(lines) == len(config.OPTIONS)
    tables = "".join(
        line.removeprefix("# ") + "\n"
        for line in config.new_file().splitlines()
        if "=" in line or "[" in line
    )
    file.write_text(tables)
    assert set(config.read(file)) == {option.setting for option in config.OPTIONS}


def test_config_says_what_is_in_force_and_from_where(tmp_path: Path) -> None:
    file = tmp_path / "kho.toml"
    file.write_text('[archive]\npath = "kho/kho.db"\n')
    shown = run(tmp_path, "--config", str(file), "config")
    assert shown.returncode == 0
    lines = shown.stdout.splitlines()
    assert f"archive.path = '{tmp_path / 'kho' / 'kho.db'}' ({file})" in lines
    assert "serve.port = 8001 (the program)" in lines
    assert lines[-1] == f"file of settings: {file}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[crawl]\ncontcat = 'a'\n", "nothing is called 'contcat' in [crawl]"),
        ("contact = 'a'\n", "'contact' stands in no table; begin with [archive] or another"),
        ("[crawl]\ninterval_hours = 'six'\n", "interval_hours in [crawl] is a whole number, not 'six'"),
        ("[crawl]\nfiles = 1\n", "files in [crawl] is true or false, not 1"),
        ("[crawl]\nportals = [1]\n", "portals in [crawl] is a list of texts, not [1]"),
        ("[crawl\n", "Expected ']' at the end of a table declaration (at line 1, column 7)"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "portal-archive.toml"
    file.write_text(text)
    with pytest.raises(config.ConfigError) as error:
        config.read(file)
    assert str(error.value) == f"{file}: {said}"
    done = run(tmp_path, "config")
    assert (done.returncode, done.stderr) == (2, f"portal-archive: portal-archive.toml: {said}\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ["--config", "khong-co.toml", "config"],
            2,
            "portal-archive: khong-co.toml: there is no such file of settings",
        ),
        (
            ["serve"],
            1,
            "serve: archive.db: there is no archive; `portal-archive init` makes one, a crawl fills it",
        ),
        (["--config"], 2, "portal-archive: --config needs the name of a file"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stderr) == (code, f"{said}\n")


def test_the_reader_of_the_output_may_leave(tmp_path: Path) -> None:
    command = f"{sys.executable} -c '{RUN}' list | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert done.stdout.splitlines()[1] == "0"


@pytest.mark.parametrize("command", ["status", "backup", "crawl-all", "verify", "findings", "export"])
def test_scrapy_in_another_folder_says_where_to_go(tmp_path: Path, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", command], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    said = "there are no settings here: run portal-archive, or this in the folder with scrapy.cfg"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"{command}: {said}")
    assert list(tmp_path.iterdir()) == []


def test_a_portal_that_there_is_not(tmp_path: Path) -> None:
    done = run(tmp_path, "crawl", "laichu")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(
        "no portal has the name laichu; did you mean laichau or baolaichau?"
    )


def test_the_demo_touches_no_folder_but_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "demo-run"
    folder.mkdir()
    (folder / "mine.txt").write_text("của tôi")
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "demo", "--no-serve"], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "crawler.settings"},
    )  # fmt: skip
    said = f"demo: {folder}: it was not made by the demo; move it away, or run this elsewhere"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, said)
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
