"""What `pip install` brings: three names and nothing else, and commands that work in any folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: str, cwd: Path, **environ: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **environ}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_three_names_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name.partition("/")[0] for name in archive.namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {
        "portal_archive",
        "crawler",
        "spiders",
    }


def test_its_commands_work_in_any_folder(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    here = tmp_path / "here"
    here.mkdir()

    def command(*arguments: str) -> str:
        program = "import sys; from crawler.cli import main; import crawler; print(crawler.__file__, file=sys.stderr); main()"
        return run(sys.executable, "-c", program, *arguments, cwd=here, PYTHONPATH=str(installed))

    command("init")
    assert (here / "archive.db").is_file()
    listed = command("list").split()
    assert {"laichau", "sapa", "portal", "angiang_dcs"} <= set(listed)
    assert "archive.path = 'archive.db'" in command("config")
    metadata = run(
        sys.executable, "-c", "from portal_archive.publish.metadata import METADATA; print(METADATA)",
        cwd=here, PYTHONPATH=str(installed),
    ).strip()  # fmt: skip
    assert Path(metadata).is_file()
    assert Path(metadata).is_relative_to(installed)
