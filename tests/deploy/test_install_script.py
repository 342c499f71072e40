"""The script that installs on a bare machine, run in a machine of its own: a layer over this one that is thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A copy-on-write layer, seen by nobody else; gone with the process.
LAYER = """
set -eu
mount -t tmpfs layer "$1" && mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay layer -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount -t proc proc "$1/root/proc" && mount --bind /dev "$1/root/dev" && mkdir -p "$1/root/script"
mount --bind "$2" "$1/root/script"
echo ready
chroot "$1/root" sh -euc "$3"
"""
# The packages of this environment stand for those that pip would fetch, which takes minutes.
INSTALL = """
for package in adduser python3-venv logrotate ca-certificates; do dpkg -s $package >/dev/null 2>&1 || { echo missing $package; exit 3; }; done
rm -rf /srv/portal-archive && mkdir -p /srv/portal-archive
python3 -m venv --without-pip /srv/portal-archive/.venv
cd /srv/portal-archive/.venv/lib/python3*/site-packages && echo "$PACKAGES" > outer.pth && cd /
PIP_NO_DEPS=1 sh /script/deploy/install.sh /script/*.whl kho.example.vn
PIP_NO_DEPS=1 sh /script/deploy/install.sh /script/*.whl kho.example.vn
stat -c '%U %a %n' /srv/portal-archive /srv/portal-archive/archive.db /srv/portal-archive/.venv/bin/portal-archive /etc/portal-archive.env
grep -h ARCHIVE_ADDRESS /etc/systemd/system/portal-archive-web.service
cd /srv/portal-archive && runuser -u portal-archive -- .venv/bin/portal-archive verify
"""


def layered(tmp_path: Path, script: Path, packages: Path) -> subprocess.CompletedProcess[str]:
    layer = tmp_path / "layer"
    layer.mkdir()
    command = ["unshare", "--mount", "sh", "-c", LAYER, "sh", str(layer), str(script), INSTALL]
    environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PACKAGES": str(packages)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environ)


@pytest.mark.long
def test_a_bare_machine_has_an_archive_afterwards(tmp_path: Path, wheel: Path) -> None:
    if os.geteuid() or shutil.which("unshare") is None or not Path("/usr/bin/python3").exists():
        pytest.skip("only root can make a machine of its own, with a Python of the system")
    packages = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    if not all(folder.stat().st_mode & 0o005 == 0o005 for folder in (packages, *packages.parents)):
        pytest.skip(f"{packages} is closed to the user that the script makes")
    version = subprocess.run(
        ["/usr/bin/python3", "-V"], capture_output=True, text=True, check=False
    ).stdout.split()
    if version[1:] and version[1].rpartition(".")[0] != f"{sys.version_info.major}.{sys.version_info.minor}":
        pytest.skip(f"the system's own Python is another: {version[1]}")
    script = tmp_path / "script"
    script.mkdir()
    shutil.copytree(ROOT / "deploy", script / "deploy")
    shutil.copy(wheel, script)
    done = layered(tmp_path, script, packages)
    if not done.stdout.startswith("ready") or "missing" in done.stdout:
        pytest.skip(f"no machine of its own can be made here: {(done.stderr or done.stdout).strip()[:200]}")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "portal-archive.toml: it is there, and stays as it is" in lines
    assert lines[-6:] == [
        "portal-archive 750 /srv/portal-archive",
        "portal-archive 644 /srv/portal-archive/archive.db",
        "root 755 /srv/portal-archive/.venv/bin/portal-archive",
        "root 600 /etc/portal-archive.env",
        "Environment=ARCHIVE_ADDRESS=https://kho.example.vn",
        "archive.db: sound",
    ]
    assert not Path("/srv/portal-archive").exists()
