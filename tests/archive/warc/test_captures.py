import hashlib
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import time_machine
from warcio.archiveiterator import ArchiveIterator

from portal_archive.archive.warc.captures import (
    CaptureWriter,
    close_torn,
    decoded_headers,
    payload_digest,
    read_capture,
    safe_name,
)
from portal_archive.archive.warc.gzip_members import compress, walk
from portal_archive.model.errors import ArchiveError
from portal_archive.model.records import CaptureRef, Fetch

WHEN = datetime(2026, 11, 22, 5, 31, 28, tzinfo=UTC)
URL = "http://127.0.0.1:8088/tin-tuc/dan-van-7.html?trang=2"
BODY = "<h1>Công tác dân vận</h1>".encode()
# printf '<h1>Công tác dân vận</h1>' | openssl sha1 -binary | base32
DIGEST = "sha1:NM4ZFLE5ZUX2U7X7QMAFTSO6IMHPFSVB"


def fetch(body: bytes = BODY, url: str = URL, when: datetime = WHEN, **more) -> Fetch:
    headers = more.pop("headers", (("Content-Type", "text/html; charset=utf-8"),))
    return Fetch(url, more.pop("status", 200), headers, body, when, **more)


def unknown(url: str, moment: str) -> CaptureRef | None:
    raise AssertionError(f"asked for {url} at {moment}")


def records(path: Path) -> list[tuple[str, str | None, bytes]]:
    with path.open("rb") as stream:
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                record.content_stream().read(),
            )
            for record in ArchiveIterator(stream, check_digests="raise")
        ]


def only_file(folder: Path) -> Path:
    (path,) = folder.rglob("*.warc.gz")
    return path


def warcio_check(*paths: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from warcio.cli import main; main()", "check", *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_capture_is_a_response_with_its_request_after_one_warcinfo(tmp_path):
    asked = (("User-Agent", "portal-archive"), ("Accept", "text/html"))
    with CaptureWriter(tmp_path, "127.0.0.1:8088", "20261122053128") as writer:
        ref = writer.write(fetch(request_headers=asked))
        writer.write(fetch(b"", status=404, url="http://127.0.0.1:8088"))
    path = tmp_path / "127.0.0.1-8088" / "127.0.0.1-8088-20261122053128-00001.warc.gz"
    assert path == only_file(tmp_path)
    with path.open("rb") as stream:
        members = {member.offset: member for member in walk(stream)}
    assert ref == CaptureRef(
        "127.0.0.1-8088/127.0.0.1-8088-20261122053128-00001.warc.gz",
        ref.offset,
        members[ref.offset].length,
        DIGEST,
        revisit=False,
        sha256=hashlib.sha256(path.read_bytes()[list(members)[1] : ref.offset + ref.length]).hexdigest(),
    )
    info, first_request, response, second_request, second = (
        member.data.decode() for member in members.values()
    )
    assert info.startswith("WARC/1.1\r\nWARC-Type: warcinfo\r\n")
    assert "isPartOf: 127.0.0.1:8088, 20261122053128\r\n" in info
    head, said, text = response.split("\r\n\r\n", 2)
    assert text == BODY.decode() + "\r\n\r\n"
    assert head.startswith("WARC/1.1\r\n")
    record_id = next(line for line in head.splitlines() if line.startswith("WARC-Record-ID: "))
    for line in (
        "WARC-Type: response",
        f"WARC-Target-URI: {URL}",
        "WARC-Date: 2026-11-22T05:31:28Z",
        f"WARC-Payload-Digest: {DIGEST}",
        "Content-Type: application/http; msgtype=response",
    ):
        assert line in head.splitlines()
    assert said == f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(BODY)}"
    assert first_request.endswith(
        "\r\n\r\nGET /tin-tuc/dan-van-7.html?trang=2 HTTP/1.1\r\nHost: 127.0.0.1:8088\r\n"
        "User-Agent: portal-archive\r\nAccept: text/html\r\n\r\n\r\n\r\n"
    )
    assert record_id.replace("WARC-Record-ID", "WARC-Concurrent-To") in first_request.splitlines()
    assert "\r\n\r\nGET / HTTP/1.1\r\nHost: 127.0.0.1:8088\r\n\r\n" in second_request
    assert second.endswith(
        "\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 0"
        "\r\n\r\n\r\n\r\n"
    )


def test_digest_of_a_body_is_that_of_the_warc_standard():
    assert payload_digest(BODY) == DIGEST
    assert payload_digest(b"") == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


def test_warcio_checks_and_reads_what_was_written(tmp_path):
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        first = writer.write(fetch())
        writer.write(fetch(when=WHEN + timedelta(hours=1)), same_as=(URL, WHEN))
        assert first.file == "laichau/laichau-7-00001.warc.gz"
    assert [kind for kind, _, _ in records(tmp_path / first.file)] == [
        "warcinfo",
        "request",
        "response",
        "request",
        "revisit",
    ]
    checked = warcio_check(tmp_path / first.file)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_it_is_in_the_file_when_write_returns(tmp_path):
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        ref = writer.write(fetch())
        assert (tmp_path / ref.file).stat().st_size == ref.offset + ref.length
        assert read_capture(tmp_path, ref, unknown).body == BODY


def test_read_capture_gives_back_what_was_fetched(tmp_path):
    local = WHEN.astimezone(timezone(timedelta(hours=7)))
    headers = (
        ("Content-Type", "text/html"),
        ("Content-Length", "26"),
        ("Set-Cookie", "a"),
        ("set-cookie", "b"),
    )
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        ref = writer.write(fetch(BODY, when=local, headers=headers, status=299))
    assert len(BODY) == 30
    assert read_capture(tmp_path, ref, unknown) == fetch(
        BODY,
        status=299,
        headers=(
            ("Content-Type", "text/html"),
            ("X-Archive-Orig-Content-Length", "26"),
            ("Set-Cookie", "a"),
            ("set-cookie", "b"),
            ("Content-Length", "30"),
        ),
    )


def test_headers_keep_their_bytes(tmp_path):
    headers = (
        ("Content-Disposition", 'filename="Nghị quyết.pdf"'),
        ("X-Latin", "caf\xe9"),
        ("X-Two", "a\r\nb: c"),
    )
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        utf8 = writer.write(fetch(headers=headers[:1]))
        latin = writer.write(fetch(headers=headers[1:]))
    assert read_capture(tmp_path, utf8, unknown).headers[0] == headers[0]
    assert read_capture(tmp_path, latin, unknown).headers[:2] == (("X-Latin", "caf\xe9"), ("X-Two", "a b: c"))
    with (tmp_path / latin.file).open("rb") as stream:
        assert b"X-Latin: caf\xe9\r\n" in list(walk(stream))[-1].data


def test_headers_of_the_wire_are_kept_under_another_name():
    said = [
        ("Content-Encoding", "gzip"),
        ("transfer-encoding", "chunked"),
        ("Content-Length", "5"),
        ("A", "b"),
    ]
    assert decoded_headers(said, 5) == [
        ("X-Archive-Orig-Content-Encoding", "gzip"),
        ("X-Archive-Orig-transfer-encoding", "chunked"),
        ("Content-Length", "5"),
        ("A", "b"),
    ]
    again = decoded_headers(said, 9)
    assert again[2:] == [("X-Archive-Orig-Content-Length", "5"), ("A", "b"), ("Content-Length", "9")]
    assert decoded_headers(again, 9) == again


def test_a_revisit_names_the_capture_it_repeats_and_reads_as_that_body(tmp_path):
    later = WHEN + timedelta(days=1)
    asked = []

    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        first = writer.write(fetch())
        again = writer.write(
            fetch(when=later, headers=(("Age", "1"),)), same_as=("http://old/", "2026-11-22T05:31:28Z")
        )
    assert (again.revisit, again.digest) == (True, DIGEST)
    assert again.offset > first.offset

    def lookup(url, moment):
        asked.append((url, moment))
        return first

    assert read_capture(tmp_path, again, lookup) == fetch(
        when=later, headers=(("Age", "1"), ("Content-Length", "30"))
    )
    assert asked == [("http://old/", "2026-11-22T05:31:28Z")]
    with (tmp_path / again.file).open("rb") as stream:
        head = list(walk(stream))[-1].data.decode()
    assert "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n" in head
    assert f"WARC-Payload-Digest: {DIGEST}\r\n" in head
    assert "Công tác" not in head


def test_a_revisit_of_the_unknown_says_so(tmp_path):
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        again = writer.write(fetch(), same_as=(URL, WHEN))
    with pytest.raises(
        ArchiveError, match=r"offset \d+: the capture it refers to is not known \(http:.*28Z\)"
    ):
        read_capture(tmp_path, again, lambda url, moment: None)
    with pytest.raises(ArchiveError, match="not known"):
        read_capture(tmp_path, again, lambda url, moment: again)
    other = CaptureRef(again.file, 0, 1, "sha1:X")
    with pytest.raises(ArchiveError, match="the capture it refers to is another one"):
        read_capture(tmp_path, again, lambda url, moment: other)


def test_a_file_is_followed_by_the_next_once_it_is_full(tmp_path):
    with CaptureWriter(tmp_path, "laichau", "a", max_bytes=1) as writer:
        names = [writer.write(fetch()).file for _ in range(3)]
    with CaptureWriter(tmp_path, "laichau", "a", max_bytes=1) as writer:
        names.append(writer.write(fetch()).file)
    assert names == [f"laichau/laichau-a-0000{n}.warc.gz" for n in (1, 2, 3, 4)]
    for name in names:
        assert [kind for kind, _, _ in records(tmp_path / name)] == ["warcinfo", "request", "response"]


def test_a_resumed_crawl_goes_on_in_its_file_and_another_crawl_has_its_own(tmp_path):
    for crawl in ("1", "1-2", "1"):
        with CaptureWriter(tmp_path, "laichau", crawl) as writer:
            writer.write(fetch())
    kinds = {path.name: [kind for kind, _, _ in records(path)] for path in tmp_path.rglob("*.warc.gz")}
    assert kinds == {
        "laichau-1-00001.warc.gz": ["warcinfo", "request", "response", "request", "response"],
        "laichau-1-2-00001.warc.gz": ["warcinfo", "request", "response"],
    }


def test_a_crawl_that_captures_nothing_leaves_no_file(tmp_path):
    with CaptureWriter(tmp_path, "laichau", 7):
        pass
    assert list(tmp_path.rglob("*.*")) == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("127.0.0.1:8088", "127.0.0.1-8088"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "portal"),
        ("Tỉnh ủy/Lai Châu", "T-nh-y-Lai-Ch-u"),
        ("x" * 300, "x" * 100),
        ("", "portal"),
    ],
)
def test_names_from_the_web_never_become_paths(tmp_path, name, safe):
    assert safe_name(name) == safe
    with CaptureWriter(tmp_path / "captures", name, name) as writer:
        ref = writer.write(fetch())
    assert ref.file == f"{safe}/{safe}-{safe}-00001.warc.gz"
    assert (tmp_path / "captures" / ref.file).is_file()


def test_a_torn_record_is_closed_when_the_folder_is_next_opened(tmp_path):
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        kept = writer.write(fetch())
    path = tmp_path / kept.file
    before = path.read_bytes()
    torn = compress(b"WARC/1.1 torn by a kill" * 9)[:-4]
    path.write_bytes(before + torn)
    with CaptureWriter(tmp_path, "laichau", 8) as writer:
        assert path.read_bytes() == before
        assert path.with_name(path.name + ".torn").read_bytes() == torn
        writer.write(fetch())
    assert warcio_check(*tmp_path.rglob("*.warc.gz")).stdout == ""
    assert close_torn(path) == 0


WRITE_FOR_EVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from portal_archive.archive.warc.captures import CaptureWriter
from portal_archive.model.records import Fetch
with CaptureWriter(Path(sys.argv[1]), "laichau", 7) as writer:
    number = 0
    while True:
        body = bytes(range(256)) * 400 + b"%d" % number
        ref = writer.write(Fetch(f"http://x/{number}", 200, (), body, datetime.now(UTC)))
        print(ref.file, ref.offset, ref.length, ref.digest, flush=True)
        number += 1
"""


def test_what_was_written_before_kill_9_is_there_and_the_file_goes_on(tmp_path):
    refs: list[CaptureRef] = []
    for writes in (1, 5, 9):
        command = [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(writes):
                name, offset, length, digest = process.stdout.readline().split()
                refs.append(CaptureRef(name, int(offset), int(length), digest))
            process.kill()
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        refs.append(writer.write(fetch()))
    assert {ref.file for ref in refs} == {"laichau/laichau-7-00001.warc.gz"}
    assert [payload_digest(read_capture(tmp_path, ref, unknown).body) for ref in refs] == [
        ref.digest for ref in refs
    ]
    assert warcio_check(only_file(tmp_path)).stdout == ""


def test_torn_bytes_are_kept_one_after_another(tmp_path):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(compress(b"one") + b"\x1f\x8b\x08")
    assert close_torn(path) == 3
    path.write_bytes(path.read_bytes() + b"\x1f\x8b")
    assert close_torn(path) == 2
    assert (tmp_path / "x.warc.gz.torn").read_bytes() == b"\x1f\x8b\x08\x1f\x8b"
    assert path.read_bytes() == compress(b"one")


def test_a_file_that_is_being_written_is_left_alone(tmp_path):
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        path = tmp_path / writer.write(fetch()).file
        with path.open("ab") as other:
            other.write(b"\x1f\x8b")
        assert close_torn(path) == 0
        with (
            CaptureWriter(tmp_path, "laichau", 7) as second,
            pytest.raises(ArchiveError, match=r"laichau-7-00001\.warc\.gz: another process is writing"),
        ):
            second.write(fetch())


def test_a_full_disk_is_named_and_leaves_the_file_as_it_was(tmp_path):
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        path = tmp_path / writer.write(fetch()).file
        before = path.read_bytes()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, hard))
        try:
            with pytest.raises(
                ArchiveError, match=r"laichau-7-00001\.warc\.gz: cannot be written: File too large"
            ):
                writer.write(fetch())
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert path.read_bytes() == before
        ref = writer.write(fetch())
    assert read_capture(tmp_path, ref, unknown).body == BODY


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "laichau").write_text("a file in the way")
    with pytest.raises(ArchiveError, match=r"laichau: cannot be written: File exists"):
        CaptureWriter(tmp_path, "laichau", 7)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ({"file": "none.warc.gz"}, r"none\.warc\.gz, offset \d+: No such file"),
        ({"file": "../x.warc.gz"}, r"\.\./x\.warc\.gz: not a file of the captures folder"),
        ({"file": "/x.warc.gz"}, "not a file of the captures folder"),
        ({"offset": 5}, "offset 5: no record begins here"),
        ({"offset": 0}, "offset 0: a warcinfo record, no response"),
        ({"offset": 9999}, "offset 9999: the file ends before it"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, place, reason):
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        ref = writer.write(fetch())
    values = {"file": ref.file, "offset": ref.offset, "length": ref.length, "digest": ref.digest, **place}
    with pytest.raises(ArchiveError, match=reason):
        read_capture(tmp_path, CaptureRef(**values), unknown)


def test_an_altered_record_is_named(tmp_path):
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        ref = writer.write(fetch())
    path = tmp_path / ref.file
    damaged = bytearray(path.read_bytes())
    damaged[ref.offset + 40] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(ArchiveError, match=r"offset \d+: the record is damaged"):
        read_capture(tmp_path, ref, unknown)


@time_machine.travel("2026-11-22T06:00:00+00:00", tick=False)
def test_warcinfo_is_dated_when_the_file_begins(tmp_path):
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        path = tmp_path / writer.write(fetch()).file
    with path.open("rb") as stream:
        info = next(ArchiveIterator(stream))
        assert info.rec_headers.get_header("WARC-Date") == "2026-11-22T06:00:00Z"
        assert info.rec_headers.get_header("WARC-Filename") == "laichau-7-00001.warc.gz"


def test_what_is_written_is_on_the_disk_after_a_sync_and_synced_once(tmp_path, monkeypatch):
    synced: list[str] = []

    def note(number: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{number}").readlink()).removeprefix(str(tmp_path)))

    monkeypatch.setattr(os, "fdatasync", note)
    monkeypatch.setattr(os, "fsync", note)
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        writer.write(fetch())
        writer.write(fetch())
        assert synced == []
        writer.sync()
        writer.sync()
        # A new file is there after a loss of power only when its folder knows its name.
        first = ["/laichau/laichau-7-00001.warc.gz", "/laichau", ""]
        assert synced == first
        writer.write(fetch())
    assert synced == [*first, "/laichau/laichau-7-00001.warc.gz"]


def test_a_file_that_is_shorter_than_the_archive_knows_is_left_and_another_begun(tmp_path):
    with CaptureWriter(tmp_path, "laichau", 7) as writer:
        ref = writer.write(fetch())
    path = tmp_path / ref.file
    cut = path.read_bytes()[:-5]
    path.write_bytes(cut)
    known = {ref.file: ref.offset + ref.length}
    with CaptureWriter(tmp_path, "laichau", 7, known=known) as writer:
        assert writer.write(fetch()).file == "laichau/laichau-7-00002.warc.gz"
    assert path.read_bytes() == cut


def test_captures_that_are_not_mounted_are_refused(tmp_path):
    with pytest.raises(ArchiveError) as refused:
        CaptureWriter(tmp_path, "laichau", 7, known={"laichau/a.warc.gz": 9, "laichau/b.warc.gz": 9})
    assert str(refused.value) == (
        f"{tmp_path / 'laichau'}: none of the 2 capture files that the archive knows is there: is the disk mounted?"
        " If they are lost, restore them from the backup"
    )
    assert list(tmp_path.iterdir()) == []
