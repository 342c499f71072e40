import os
import threading
from pathlib import Path

import pytest

from portal_archive.archive.replace_file import replacing


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def fail_half_way(path: Path) -> None:
    with replacing(path) as out:
        out.write(b"half")
        raise OSError("full")


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "a.csv"
    with replacing(path) as out:
        out.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.csv"]


def test_after_an_error_there_is_what_was_there(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with pytest.raises(OSError, match="full"):
        fail_half_way(path)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.csv"]
    with replacing(path) as out:
        out.write(b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)


def test_a_link_stays_one(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"old")
    link = tmp_path / "link.csv"
    link.symlink_to("a.csv")
    with replacing(link) as out:
        out.write(b"new")
    assert link.is_symlink()
    assert (tmp_path / "a.csv").read_bytes() == b"new"


def test_a_pipe_is_written_as_it_is(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with replacing(pipe) as out:
        out.write(b"new")
    reader.join()
    assert read == [b"new"]
