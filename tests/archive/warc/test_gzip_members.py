import gzip
import struct
import zlib
from io import BytesIO

import pytest

from portal_archive.archive.warc import gzip_members
from portal_archive.archive.warc.gzip_members import (
    BrokenMemberError,
    Member,
    compress,
    find_member,
    read_member,
    walk,
    whole_length,
)

TEXTS = [b"WARC/1.1 warcinfo", b"", b"WARC/1.1 " + "Dân vận ".encode() * 50]
MEMBERS = [compress(text) for text in TEXTS]
FILE = b"".join(MEMBERS)
STARTS = [0, len(MEMBERS[0]), len(MEMBERS[0]) + len(MEMBERS[1])]


def with_extra_field(text: bytes) -> bytes:
    """Return a member as earlier versions wrote them: with length and checksum in gzip's extra field."""
    rest = compress(text)[10:]
    extra = b"PA\x08\x00" + struct.pack("<II", len(rest), zlib.crc32(rest))
    return b"\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\xff\x0c\x00" + extra + rest


def test_members_are_those_of_gzip_and_always_the_same():
    assert gzip.decompress(FILE) == b"".join(TEXTS)
    assert [compress(text) for text in TEXTS] == MEMBERS


def test_walk_gives_each_member_with_its_place():
    assert list(walk(BytesIO(FILE))) == [
        Member(start, len(member), text) for start, member, text in zip(STARTS, MEMBERS, TEXTS, strict=True)
    ]


def test_members_of_earlier_versions_are_read():
    old = with_extra_field(TEXTS[0])
    assert list(walk(BytesIO(old + MEMBERS[2]))) == [
        Member(0, len(old), TEXTS[0]),
        Member(len(old), len(MEMBERS[2]), TEXTS[2]),
    ]
    assert whole_length(BytesIO(old + old[:-1])) == len(old)


@pytest.mark.parametrize(
    ("data", "reason", "cut"),
    [
        (MEMBERS[2][:-1], "the record is cut off", True),
        (MEMBERS[2][:2], "the record is cut off", True),
        (b"WARC/1.1", "no record begins here", False),
        (MEMBERS[2][:-1] + b"\xff", "the record is damaged", False),
    ],
)
def test_what_cannot_be_read_says_why(data, reason, cut):
    with pytest.raises(BrokenMemberError, match=reason) as broken:
        read_member(BytesIO(data), 0)
    assert broken.value.cut is cut


def test_the_next_member_is_found_behind_damage_and_not_in_what_another_holds(monkeypatch):
    monkeypatch.setattr(gzip_members, "_BLOCK", 7)
    file = b"\x1f\x8b\x08 no member \x1f\x8b" + compress(b"no record") + MEMBERS[2]
    assert find_member(BytesIO(file), 0) == len(file) - len(MEMBERS[2])
    assert find_member(BytesIO(file), len(file) - len(MEMBERS[2]) + 1) is None


@pytest.mark.parametrize("torn", [MEMBERS[2][:-1], b"\x1f", b"\x1f\x8b\x08", bytes(5000)])
def test_a_torn_end_is_told(torn):
    assert whole_length(BytesIO(FILE + torn)) == len(FILE)
    assert whole_length(BytesIO(FILE + torn), STARTS[2]) == len(FILE)
    assert whole_length(BytesIO(FILE)) == len(FILE)


def test_an_altered_member_is_not_torn():
    damaged = FILE[: STARTS[2] + 30] + b"\xff\xff\xff" + FILE[STARTS[2] + 33 :]
    assert whole_length(BytesIO(damaged)) == len(FILE)
    # What the caller knows to be whole is not looked at.
    assert whole_length(BytesIO(damaged + MEMBERS[0][:-1]), len(FILE)) == len(FILE)
