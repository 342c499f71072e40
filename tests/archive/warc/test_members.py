import gzip
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest

from portal_archive.archive.warc.members import (
    MAGIC,
    DamagedMemberError,
    Member,
    find_member,
    read_member,
    seal,
    walk,
    whole_length,
)

TEXTS = [b"WARC/1.1 warcinfo", b"", "Dân vận ".encode() * 50]
SEALED = [seal(text) for text in TEXTS]
FILE = b"".join(SEALED)


def test_any_gzip_reader_reads_sealed_members():
    assert gzip.decompress(FILE) == b"".join(TEXTS)


def test_walk_gives_each_member_with_its_place():
    starts = [0, len(SEALED[0]), len(SEALED[0]) + len(SEALED[1])]
    assert list(walk(BytesIO(FILE))) == [
        Member(start, len(sealed), text) for start, sealed, text in zip(starts, SEALED, TEXTS, strict=True)
    ]


@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_every_flipped_byte_is_found(mask):
    for position in range(len(FILE)):
        damaged = bytearray(FILE)
        damaged[position] ^= mask
        with pytest.raises(DamagedMemberError):
            list(walk(BytesIO(damaged)))


def test_a_copy_from_another_distance_is_found_although_the_text_is_the_same():
    # The same text deflated in another way: gzip's own CRC is satisfied with it.
    rest = zlib.compressobj(0, wbits=-15)
    stored = rest.compress(TEXTS[2]) + rest.flush() + SEALED[2][-8:]
    other = SEALED[2][: len(MAGIC)] + struct.pack("<I", len(stored)) + SEALED[2][20:24] + stored
    assert gzip.decompress(other) == TEXTS[2]
    with pytest.raises(DamagedMemberError, match="altered at offset 0"):
        read_member(BytesIO(other), 0)


def test_a_checksum_that_fits_a_member_that_does_not_inflate():
    rest = b"\xff" * 12
    sealed = MAGIC + struct.pack("<II", len(rest), zlib.crc32(rest)) + rest
    with pytest.raises(DamagedMemberError, match="does not inflate"):
        read_member(BytesIO(sealed), 0)


def test_every_cut_is_torn_and_cut_back_to_the_member_before():
    ends = [0, len(SEALED[0]), len(SEALED[0]) + len(SEALED[1]), len(FILE)]
    for cut in range(len(FILE) + 1):
        whole = max(end for end in ends if end <= cut)
        assert whole_length(BytesIO(FILE[:cut])) == whole


def test_zeros_at_the_end_are_torn():
    assert whole_length(BytesIO(FILE + b"\0" * 5000)) == len(FILE)


def test_an_altered_last_member_is_not_torn():
    damaged = bytearray(FILE)
    damaged[-3] ^= 0xFF
    assert whole_length(BytesIO(damaged)) == len(FILE)
    damaged[len(SEALED[0])] ^= 0xFF
    assert whole_length(BytesIO(damaged + SEALED[0][:30])) == len(FILE) + 30


def test_a_member_stored_within_a_member_is_not_taken_for_the_end():
    # An attachment that is itself such a file, incompressible, so that its bytes stand in ours as they are.
    noise = zlib.compressobj(0, wbits=-15)
    data = MAGIC + b"\x04\0\0\0" + b"\0" * 400
    rest = noise.compress(data) + noise.flush() + struct.pack("<II", zlib.crc32(data), len(data))
    outer = MAGIC + struct.pack("<II", len(rest), zlib.crc32(rest)) + rest
    assert read_member(BytesIO(outer), 0) == Member(0, len(outer), data)
    assert whole_length(BytesIO(FILE + outer[:-10])) == len(FILE)


def test_a_last_member_larger_than_the_tail(monkeypatch):
    monkeypatch.setattr("portal_archive.archive.warc.members._TAIL", 40)
    assert whole_length(BytesIO(FILE)) == len(FILE)
    assert whole_length(BytesIO(FILE[:-1])) == len(FILE) - len(SEALED[2])


@pytest.mark.parametrize("block", [1, 5, 16, 1 << 16])
def test_the_next_member_is_found_after_damage(monkeypatch, block):
    monkeypatch.setattr("portal_archive.archive.warc.members._BLOCK", block)
    assert find_member(BytesIO(FILE), 1) == len(SEALED[0])
    assert find_member(BytesIO(FILE), 0) == 0
    assert find_member(BytesIO(FILE), len(FILE) - 20) is None


def test_an_empty_file_has_no_member(tmp_path: Path):
    (tmp_path / "empty").touch()
    with (tmp_path / "empty").open("rb") as stream:
        assert list(walk(stream)) == []
        assert whole_length(stream) == 0
