"""A release installs and runs on a bare Python outside the checkout: the wheel on 3.11, the source archive on 3.13."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")
# Nothing of this environment reaches the bare one.
BARE = {
    name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "UV_"))
}


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=BARE, capture_output=True, text=True, check=False)


def python(version: str) -> Path:
    """Return an interpreter of this version; skips, saying so, where the machine has none."""
    found = run(UV, "python", "find", version, "--no-python-downloads", cwd=ROOT).stdout.strip()
    others = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for one in (Path(found) if found else None, *others):
        asked = one and run(one, "-c", "import sys; print('%d.%d' % sys.version_info[:2])", cwd=ROOT).stdout
        if one and asked and asked.strip() == version:
            return one
    pytest.skip(f"no Python {version} on this machine: the release is not tried on it")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build both, of what git knows: a build writes into its folder, so it gets a copy."""
    if not UV.exists():
        pytest.skip("uv is not installed: the release is not tried in bare environments")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    tracked = run("git", "ls-files", "-z", cwd=ROOT).stdout.split("\0")
    for name in filter(None, tracked):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    built = run(UV, "build", "--quiet", "--out-dir", out, source, cwd=out)
    if built.returncode and "fetch" in built.stderr.lower():
        pytest.skip("no package index answers: the release is not built")
    assert built.returncode == 0, built.stderr
    return out


def install(package: Path, version: str, folder: Path) -> Path:
    """Install a package into a bare environment, from uv's cache if it has all; return the environment's bin."""
    interpreter = python(version)
    bare = folder / "bare"
    assert run(UV, "venv", "--quiet", "--python", interpreter, bare, cwd=folder).returncode == 0
    command = (UV, "pip", "install", "--quiet", "--python", bare / "bin" / "python", package)
    done = run(*command, "--offline", cwd=folder)
    if done.returncode:
        done = run(*command, cwd=folder)
    if done.returncode and "fetch" in done.stderr.lower():
        pytest.skip(f"no package index answers: the release is not tried on Python {version}")
    assert done.returncode == 0, done.stderr
    return bare / "bin"


@pytest.mark.long
@pytest.mark.parametrize(("version", "kind"), [("3.11", "*.whl"), ("3.13", "*.tar.gz")])
def test_a_bare_python_installs_and_runs_it(dist: Path, tmp_path: Path, version: str, kind: str) -> None:
    (package,) = dist.glob(kind)
    programs = install(package, version, tmp_path)
    here = tmp_path / "here"
    here.mkdir()

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = run(programs / "portal-archive", *arguments, cwd=here)
        assert done.returncode == 0, done.stderr
        return done

    command("init")
    told = command("export", "--all", "data").stderr
    assert 'without Parquet, which needs DuckDB: pip install "portal-archive[parquet]"' in told
    package_of = json.loads((here / "data" / "datapackage.json").read_text(encoding="utf-8"))
    provinces = next(one for one in package_of["resources"] if one["name"] == "provinces")
    assert (provinces["rows"], provinces["path"]) == (97, "provinces.csv")
    loaded = run(programs / "datasette", "plugins", cwd=here).stdout
    assert "portal-archive" in {plugin["name"] for plugin in json.loads(loaded)}


def test_the_source_archive_has_what_says_what_it_is(dist: Path) -> None:
    (package,) = dist.glob("*.tar.gz")
    with tarfile.open(package) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "pyproject.toml",
        "portal_archive/archive/schema.sql",
    } <= names
