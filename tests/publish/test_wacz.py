"""Packages to take away: held against Webrecorder's validator and indexer, and replayed by pywb."""

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest
from synthetic_library import PNG, Library

from portal_archive.archive.warc.wacz import sort_key
from portal_archive.publish.parts import packages

OPEN = build_opener(ProxyHandler({})).open


def run(*command: str) -> str:
    """Run a program of Webrecorder's that is installed beside this Python, and give what it prints."""
    path = Path(sys.executable).with_name(command[0])
    return subprocess.run([path, *command[1:]], check=True, capture_output=True, text=True).stdout


def unpacked(answer: Any, folder: Path) -> dict[str, bytes]:
    path = folder / "kho.wacz"
    path.write_bytes(answer.content)
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        assert {info.compress_type for info in package.infolist()} == {zipfile.ZIP_STORED}
        return {name: package.read(name) for name in package.namelist()}


def test_a_package_of_an_article_is_valid_and_replays(
    room: Any, library: Library, tmp_path: Path, replay: Callable[[Iterable[Path]], str]
) -> None:
    answer = room.get(f"/article/{library.ids['changed']}.wacz")
    assert answer.headers["content-type"] == "application/wacz"
    assert (
        answer.headers["content-disposition"]
        == f'attachment; filename="article-{library.ids["changed"]}.wacz"'
    )
    files = unpacked(answer, tmp_path)
    assert list(files) == [
        "archive/data.warc.gz",
        "indexes/index.cdx.gz",
        "indexes/index.idx",
        "pages/pages.jsonl",
        "datapackage.json",
        "datapackage-digest.json",
    ]
    said = json.loads(files["datapackage.json"])
    assert said["title"] == "Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ"
    assert said["description"].startswith("1 trang, 4 bản lưu")
    url = "https://laichau.example/tin/nhiem-vu-2024"
    page = json.loads(files["pages/pages.jsonl"].splitlines()[1])
    assert page == {"id": "1", "url": url, "ts": "2026-10-10T02:00:00Z", "title": said["title"]}
    assert "Validation succeeded" in run("wacz", "validate", "-f", str(tmp_path / "kho.wacz"))
    warc = tmp_path / "data.warc.gz"
    warc.write_bytes(files["archive/data.warc.gz"])
    made = run("cdxj-indexer", "--sort", "--digest-records", str(warc))
    theirs = [line.partition(" {") for line in made.splitlines()]
    ours = [
        line.partition(" {") for line in gzip.decompress(files["indexes/index.cdx.gz"]).decode().splitlines()
    ]
    assert [key for key, _, _ in ours] == [key for key, _, _ in theirs]
    for (_, _, one), (_, _, other) in zip(ours, theirs, strict=True):
        wanted = json.loads("{" + other)
        assert {name: json.loads("{" + one)[name] for name in wanted} == wanted
    address = replay([warc])
    with OPEN(f"{address}/20261001020000id_/{url}", timeout=30) as replayed:
        assert "Toàn tỉnh có 1.245 mô hình." in replayed.read().decode()
    with OPEN(f"{address}/20261001010000im_/https://laichau.example/anh.png", timeout=30) as replayed:
        assert replayed.read() == PNG


def test_a_package_of_a_search_says_what_it_leaves_out(
    room: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_MOST_BYTES", 4_000)
    said = json.loads(unpacked(room.get("/search.wacz?q=dan van"), tmp_path)["datapackage.json"])
    assert said["title"] == "Tìm: dan van"
    assert said["description"].endswith(
        "Không phải tất cả: gói có giới hạn, và bắt đầu từ bài đầu danh sách."
    )
    assert "unreadable" not in said
    assert said["resources"][0]["bytes"] < 4_500
    assert "wacz_version" in said


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Tinhuy.Example:443/A?b=2&a=1", "example,tinhuy)/a?a=1&b=2"),
        ("http://www2.tinhuy.example", "example,tinhuy)/"),
        ("http://127.0.0.1:8088/x", "1,0,0,127:8088)/x"),
        ("http://[", "http://["),
        ("dns:x", "dns:x"),
    ],
)
def test_keys_are_in_the_order_of_hosts(url: str, key: str) -> None:
    assert sort_key(url) == key
