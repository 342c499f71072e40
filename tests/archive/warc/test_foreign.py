"""Files of other archivers, made here: with warcio's writer, or byte by byte where it writes too well."""

import gzip
import tracemalloc
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
import zstandard
from real_pages import NUKEVIET, needs_real_pages
from synthetic_rows import add, add_portal, new_archive
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from portal_archive.archive.warc.captures import CaptureWriter
from portal_archive.archive.warc.foreign import read_foreign, stored_payloads
from portal_archive.archive.warc.foreign_records import BadRecord
from portal_archive.model.records import Fetch

HOST = "http://tinhuy.vidu.example"
HTML = {"Content-Type": "text/html; charset=utf-8"}
WHEN = datetime(2019, 3, 2, 1, 2, 3, tzinfo=UTC)


def page(name: str) -> bytes:
    return f"<html><h1>Tin {name}</h1></html>".encode()


class Maker:
    """Writes records as other programs do; remembers where each begins."""

    def __init__(self, *, gz: bool = True, version: str = "1.0") -> None:
        self.out = BytesIO()
        self.writer = WARCWriter(self.out, gzip=gz, warc_version=version)
        self.starts: list[int] = []

    def add(self, name="", body=None, kind="response", status="200 OK", http=None, warc=None) -> "Maker":
        self.starts.append(self.out.tell())
        body = page(name) if body is None else body
        said = StatusAndHeaders(status, list((HTML if http is None else http).items()), protocol="HTTP/1.1")
        record = self.writer.create_warc_record(
            name if ":" in name else f"{HOST}/{name}",
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=said if kind in ("response", "revisit") else None,
            warc_headers_dict={"WARC-Date": "2019-03-02T01:02:03Z", **(warc or {})},
        )
        self.writer.write_record(record)
        return self

    def revisit(self, name: str, **headers: str) -> "Maker":
        warc = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.add(name, b"", "revisit", warc={"WARC-Date": "2020-01-01T00:00:00Z", **warc})

    def bytes(self) -> bytes:
        return self.out.getvalue()

    def save(self, path: Path) -> Path:
        path.write_bytes(self.bytes())
        return path


def got(*paths: Path, **options) -> list[object]:
    """Names of pages, and what is bad, in order."""
    shown: list[object] = []
    for item in read_foreign(paths, **options):
        if isinstance(item, Fetch):
            name = item.url.removeprefix(f"{HOST}/")
            assert item.body in (page(name), page("a")), name
            shown.append(name)
        else:
            shown.append((item.offset, item.reason))
    return shown


@pytest.mark.parametrize("gz", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_pages_come_with_url_status_headers_body_and_moment(tmp_path, gz, version):
    made = Maker(gz=gz, version=version).add("a").add("b", status="404 Khong thay").save(tmp_path / "x.warc")
    length = ("Content-Length", str(len(page("a"))))
    headers = (*HTML.items(), length)
    assert list(read_foreign([made])) == [
        Fetch(f"{HOST}/a", 200, headers, page("a"), WHEN),
        Fetch(f"{HOST}/b", 404, headers, page("b"), WHEN),
    ]


def test_what_is_not_a_page_is_passed_over(tmp_path):
    made = Maker()
    made.writer.write_record(made.writer.create_warcinfo_record("x.warc.gz", {"software": "Wget/1.21"}))
    made.add("a", b"GET /a HTTP/1.1\r\n\r\n", "request")
    made.add("a", b"fetchTimeMs: 7", "metadata").add("a", b"<html>", "conversion")
    made.add("dns:tinhuy", b"1", "resource")
    made.add("kieu.css", b"p{}", "resource", warc={"Content-Type": "text/css"})
    made.add("tep", b"Noi dung", http={"Content-Type": "text/plain"})
    made.add("may", b"\0\1", http={"Content-Type": "application/octet-stream"})
    made.add(
        "nen",
        gzip.compress(b"\0"),
        http={"Content-Type": "application/octet-stream", "Content-Encoding": "gzip"},
    )
    made.add("anh.jpg", b"\xff\xd8", http={"Content-Type": "image/jpeg"})
    made.add("tep.pdf", b"%PDF", http={"Content-Type": "application/pdf"})
    made.add("kieu.css", b"p{}", http={"Content-Type": "text/css"})
    made.add("a", b"", status="304 Not Modified")
    made.add("khong-kieu", http={}).add("nhi-phan", b"\0\1", http={})
    path = made.save(tmp_path / "x.warc.gz")
    assert got(path) == ["khong-kieu"]
    urls = [item.url.rpartition("/")[2] for item in read_foreign([path], files=True)]
    assert urls == ["anh.jpg", "tep.pdf", "khong-kieu"]


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/octet-stream",
        "text/html, charset=utf-8",
        "text/htm",
        "html",
        "text/html charset=x",
    ],
)
def test_html_under_another_type_is_a_page(tmp_path, content_type):
    packed = {"Content-Type": content_type, "Content-Encoding": "gzip"}
    path = (
        Maker().add("a", http={"Content-Type": content_type}).add("b", gzip.compress(page("b")), http=packed)
    )
    assert got(path.save(tmp_path / "x.warc.gz")) == ["a", "b"]


def test_what_repeats_no_page_is_passed_over(tmp_path):
    plain = {"Content-Type": "text/plain"}
    made = Maker().add("robots.txt", b"User-agent: *", http=plain)
    refers = {
        "WARC-Refers-To-Target-URI": f"{HOST}/robots.txt",
        "WARC-Refers-To-Date": "2019-03-02T01:02:03Z",
    }
    made.add("robots.txt", b"", "revisit", http=plain, warc=refers | {"WARC-Date": "2020-01-01T00:00:00Z"})
    assert got(made.save(tmp_path / "x.warc.gz")) == []


def test_a_file_that_was_never_fetched_is_a_page(tmp_path):
    # As warcit writes folders of files.
    made = Maker().add("a", kind="resource", warc={"Content-Type": "text/html"})
    made.revisit("a", WARC_Refers_To_Target_URI=f"{HOST}/a", WARC_Refers_To_Date="2019-03-02T01:02:03Z")
    first, second = read_foreign([made.save(tmp_path / "x.warc.gz")])
    headers = (("Content-Type", "text/html"), ("Content-Length", str(len(page("a")))))
    assert first == Fetch(f"{HOST}/a", 200, headers, page("a"), WHEN)
    assert (second.body, second.fetched_at) == (page("a"), datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("http", "status", "reason"),
    [
        ({}, "206 Partial Content", "answered 206, a part of what there is"),
        ({}, "226 IM Used", "answered 226, a part of what there is"),
        ({"Content-Length": "1000"}, "200 OK", "its body is cut: 27 of 1,000 bytes"),
    ],
)
def test_a_part_of_a_page_is_named_and_not_given(tmp_path, http, status, reason):
    path = Maker().add("a", status=status, http=HTML | http).add("b").save(tmp_path / "x.warc.gz")
    assert got(path) == [(0, f"{HOST}/a: {reason}"), "b"]


@pytest.mark.parametrize(
    "http", [{"Content-Encoding": "gzip"}, {"Content-Encoding": "zstd"}, {"Transfer-Encoding": "chunked"}]
)
def test_a_length_is_no_matter_where_the_archiver_unpacked_the_body(tmp_path, http):
    path = Maker().add("a", http=HTML | http | {"Content-Length": "1000"}).save(tmp_path / "x.warc.gz")
    assert got(path) == ["a"]


@time_machine.travel("2026-11-22T06:00:00+00:00", tick=False)
@pytest.mark.parametrize(
    ("date", "right"),
    [
        ("1990-12-31T23:59:59Z", False),
        ("1991-01-01T00:00:00Z", True),
        ("2026-11-23T06:00:00Z", True),
        ("2026-11-23T06:00:01Z", False),
        ("0001-01-01T00:00:00Z", False),
        ("9999-12-31T23:59:59Z", False),
    ],
)
def test_moments_before_the_web_or_after_tomorrow_are_bad_records(tmp_path, date, right):
    path = Maker().add("a", warc={"WARC-Date": date}).add("b").save(tmp_path / "x.warc.gz")
    bad = (0, f"{HOST}/a: its date lies before the web or after tomorrow: '{date}'")
    assert got(path) == ["a" if right else bad, "b"]


@pytest.mark.parametrize(
    ("url", "content_type", "wanted"),
    [
        ("f/1", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", True),
        ("f/NghiQuyet.PDF", "application/octet-stream", True),
        ("f/kich-ban.js", "application/javascript", False),
        ("f/phim.mp4", "video/mp4", False),
    ],
)
def test_files_are_told_by_their_type_or_their_name(tmp_path, url, content_type, wanted):
    path = Maker().add(url, b"12", http={"Content-Type": content_type}).save(tmp_path / "x.warc.gz")
    assert [item.body for item in read_foreign([path], files=True)] == [b"12"] * wanted


def test_a_redirect_is_passed_on(tmp_path):
    http = {"Location": f"{HOST}/moi.html", "Content-Length": "0"}
    path = Maker().add("cu", b"", status="301 Moved Permanently", http=http).save(tmp_path / "x.warc.gz")
    assert list(read_foreign([path])) == [Fetch(f"{HOST}/cu", 301, tuple(http.items()), b"", WHEN)]


def test_chunked_and_compressed_bodies_are_decoded_and_their_headers_kept_under_another_name(tmp_path):
    packed = gzip.compress(page("a"))
    http = {**HTML, "Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    path = Maker().add("a", body, http=http).save(tmp_path / "x.warc.gz")
    (fetch,) = read_foreign([path])
    assert fetch.body == page("a")
    assert fetch.headers == (
        *HTML.items(),
        ("X-Archive-Orig-Content-Encoding", "gzip"),
        ("X-Archive-Orig-Transfer-Encoding", "chunked"),
        ("Content-Length", str(len(page("a")))),
    )


def test_a_body_that_is_not_all_there_is_named_and_not_given(tmp_path):
    made = Maker().add("cat", gzip.compress(page("cat"))[:-9], http={**HTML, "Content-Encoding": "gzip"})
    made.add("ngan", warc={"WARC-Truncated": "length"}).add("manh", warc={"WARC-Segment-Number": "1"})
    made.add("lon", b"<html>" * 100).add("a")
    path = made.save(tmp_path / "x.warc.gz")
    assert got(path, max_body=200) == [
        (made.starts[0], f"{HOST}/cat: its compressed body is cut"),
        (made.starts[1], f"{HOST}/ngan: its body is not all there (truncated or in segments)"),
        (made.starts[2], f"{HOST}/manh: its body is not all there (truncated or in segments)"),
        (made.starts[3], f"{HOST}/lon: its body is larger than 200 bytes"),
        "a",
    ]
    assert next(iter(read_foreign([path]))) == BadRecord(
        str(path), made.starts[0], f"{HOST}/cat: its compressed body is cut"
    )


def test_fractions_of_a_second_and_brackets_around_the_url_are_understood(tmp_path):
    warc = {"WARC-Date": "2019-03-02T01:02:03.250000Z"}
    data = Maker(gz=False).add("a", warc=warc).bytes()
    written = f"WARC-Target-URI: {HOST}/a\r\n".encode()
    assert written in data
    (tmp_path / "x.warc").write_bytes(data.replace(written, f"WARC-Target-URI: <{HOST}/a b>\r\n".encode()))
    (fetch,) = read_foreign([tmp_path / "x.warc"])
    assert (fetch.url, fetch.fetched_at) == (f"{HOST}/a%20b", WHEN.replace(microsecond=250000))


@pytest.mark.parametrize(
    "date", ["2019-03-02T01:02:03Z", "2019-03-02T01:02:03", "2019-03-02T08:02:03+07:00", "20190302T010203Z"]
)
def test_dates_are_moments_in_utc(tmp_path, date):
    (fetch,) = read_foreign([Maker().add("a", warc={"WARC-Date": date}).save(tmp_path / "x.warc.gz")])
    assert (fetch.fetched_at, fetch.fetched_at.tzinfo) == (WHEN, UTC)


def test_a_record_without_a_date_or_an_http_response_is_named(tmp_path):
    made = Maker().add("a", warc={"WARC-Date": "hôm qua"}).add("b")
    other = Maker(gz=False).add("c").bytes().replace(b"HTTP/1.1 200", b"KHONG/1  ABC")
    (tmp_path / "x.warc.gz").write_bytes(made.bytes() + gzip.compress(other))
    assert got(tmp_path / "x.warc.gz") == [
        (0, f"{HOST}/a: its date cannot be read: 'hôm qua'"),
        "b",
        (len(made.bytes()), f"{HOST}/c: no HTTP response"),
    ]


def test_an_arc_of_old_days_is_read(tmp_path):
    http = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n"
    version = b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n"
    records = [
        b"filedesc://x.arc 0.0.0.0 20090304050607 text/plain %d\n%s\n" % (len(version) + 1, version),
        b"dns:tinhuy.vidu.example 10.0.0.1 20090304050607 text/dns 4\n1 2\n\n",
        f"{HOST}/a 10.0.0.1 20090304050607 text/html ".encode(),
        f"{HOST}/b 10.0.0.1 20100101000000 text/html ".encode(),
    ]
    for index, name in ((2, "a"), (3, "b")):
        records[index] += b"%d\n%s%s\n" % (len(http + page(name)), http, page(name))
    plain, packed = tmp_path / "x.arc", tmp_path / "x.arc.gz"
    plain.write_bytes(b"".join(records))
    packed.write_bytes(b"".join(gzip.compress(record) for record in records))
    expected = [
        Fetch(
            f"{HOST}/{name}",
            200,
            (("Content-Type", "text/html"), ("Content-Length", str(len(page(name))))),
            page(name),
            moment,
        )
        for name, moment in (
            ("a", datetime(2009, 3, 4, 5, 6, 7, tzinfo=UTC)),
            ("b", datetime(2010, 1, 1, tzinfo=UTC)),
        )
    ]
    assert list(read_foreign([plain])) == expected
    assert list(read_foreign([packed])) == expected


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wacz_is_read_without_unpacking(tmp_path, method):
    bad = Maker().add("b").bytes()
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(path, "w", method) as zipped:
        zipped.writestr("datapackage.json", "{}")
        with_revisit = Maker().add("a").revisit("c", WARC_Payload_Digest="sha1:X")
        zipped.writestr("archive/data.warc.gz", with_revisit.bytes())
        zipped.writestr("archive/more.warc", Maker(gz=False).add("b").bytes())
        zipped.writestr("archive/cut.warc.gz", bad[:-3])
        zipped.writestr("indexes/index.cdx.gz", gzip.compress(b"not records"))
    items = list(read_foreign([path]))
    assert [item.url for item in items if isinstance(item, Fetch)] == [f"{HOST}/a", f"{HOST}/b"]
    assert items[2:] == [
        BadRecord(f"{path}/archive/cut.warc.gz", 0, "the record is cut off"),
        BadRecord(
            f"{path}/archive/data.warc.gz",
            items[3].offset,
            f"{HOST}/c: the response it repeats is not in these files (payload sha1:X)",
        ),
    ]


def test_a_file_compressed_as_zstd_is_read(tmp_path):
    made = Maker(gz=False).revisit(
        "b", WARC_Refers_To_Target_URI=f"{HOST}/a", WARC_Refers_To_Date="2019-03-02T01:02:03Z"
    )
    made.add("a").add("c")
    ends = [*made.starts[1:], len(made.bytes())]
    records = [made.bytes()[start:end] for start, end in zip(made.starts, ends, strict=True)]
    plain = tmp_path / "x.warc.zst"
    plain.write_bytes(b"".join(map(zstandard.compress, records)))
    assert got(plain) == ["a", "c", "b"]
    raw = zstandard.ZstdCompressionDict(made.bytes())
    compress = zstandard.ZstdCompressor(dict_data=raw).compress
    for number, dictionary in enumerate((raw.as_bytes(), zstandard.compress(raw.as_bytes()))):
        path = tmp_path / f"{number}.warc.zst"
        frame = b"\x5d\x2a\x4d\x18" + len(dictionary).to_bytes(4, "little") + dictionary
        path.write_bytes(frame + b"".join(map(compress, records)))
        assert got(path) == ["a", "c", "b"]


def test_a_damaged_file_compressed_as_zstd_costs_what_follows(tmp_path):
    path = tmp_path / "x.warc.zst"
    whole = zstandard.compress(Maker(gz=False).add("a").bytes())
    path.write_bytes(whole + zstandard.compress(Maker(gz=False).add("b").bytes())[:-20] + bytes(40))
    first, (_, reason) = got(path)
    assert (first, reason) == ("a", "no record begins here")


def test_one_gzip_member_around_all_records_is_read(tmp_path):
    path = tmp_path / "x.warc.gz"
    first = Maker(gz=False).add("a").add("b").bytes()
    digest = "sha1:" + "A" * 32
    path.write_bytes(
        gzip.compress(
            first
            + Maker(gz=False)
            .add("c", page("a"), warc={"WARC-Payload-Digest": digest})
            .revisit("d", WARC_Payload_Digest=digest)
            .bytes()
        )
    )
    assert got(path) == ["a", "b", "c", "d"]


class TestRevisit:
    def test_it_has_its_own_moment_and_the_body_it_refers_to(self, tmp_path):
        refers = {"WARC_Refers_To_Target_URI": f"{HOST}/a", "WARC_Refers_To_Date": "2019-03-02T01:02:03Z"}
        refers["WARC_Truncated"] = "length"
        path = Maker().add("a").add("b").revisit("c", **refers).save(tmp_path / "x.warc.gz")
        *_, last = read_foreign([path])
        assert (last.url, last.body) == (f"{HOST}/c", page("a"))
        assert last.fetched_at == datetime(2020, 1, 1, tzinfo=UTC)

    def test_it_may_stand_before_what_it_refers_to_and_in_another_file(self, tmp_path):
        digest = "sha1:" + "B" * 32
        early = Maker().revisit("c", WARC_Payload_Digest=digest).add("b").save(tmp_path / "1.warc.gz")
        late = Maker().add("a", warc={"WARC-Payload-Digest": digest}).save(tmp_path / "2.warc.gz")
        assert got(early, late) == ["b", "a", "c"]
        assert got(late, early) == ["a", "c", "b"]

    def test_the_caller_is_asked_for_what_the_files_do_not_have(self, tmp_path):
        asked = []

        def find(url, date, digest):
            asked.append((url, date, digest))
            return page("a") if digest == "sha1:C" else None

        refers = {"WARC_Refers_To_Target_URI": f"{HOST}/a", "WARC_Refers_To_Date": "2018-01-01T00:00:00Z"}
        made = Maker().revisit("b", **refers, WARC_Payload_Digest="sha1:C")
        made.revisit("c", WARC_Payload_Digest="sha1:D")
        path = made.save(tmp_path / "x.warc.gz")
        reason = f"{HOST}/c: the response it repeats is not in these files (payload sha1:D)"
        assert got(path, find_payload=find) == ["b", (made.starts[1], reason)]
        assert asked[:2] == [(f"{HOST}/a", "2018-01-01T00:00:00Z", "sha1:C"), (f"{HOST}/c", None, "sha1:D")]

    def test_the_archive_itself_is_asked(self, tmp_path):
        db = new_archive()
        add_portal(db, "x")
        with CaptureWriter(tmp_path, "x", 1) as writer:
            first = writer.write(Fetch(f"{HOST}/a", 200, (), page("a"), WHEN))
            again = writer.write(Fetch(f"{HOST}/a2", 200, (), page("a"), WHEN), same_as=(f"{HOST}/a", WHEN))
            lost = writer.write(Fetch(f"{HOST}/z", 200, (), b"z", WHEN))
        for url, ref, of in (("a", first, None), ("a2", again, 1), ("z", lost, None)):
            place = {"file": ref.file, "offset": ref.offset, "length": ref.length, "digest": ref.digest}
            moment = "2019-03-02T01:02:03Z"
            add(db, "captures", portal="x", url=f"{HOST}/{url}", fetched_at=moment, revisit_of=of, **place)
        db.execute("UPDATE captures SET offset = 1 WHERE id = 3")
        made = Maker()
        for name, refers in (("b", "a"), ("c", "a2"), ("d", "z")):
            refers_to = {"WARC_Refers_To_Target_URI": f"{HOST}/{refers}"}
            made.revisit(name, **refers_to, WARC_Refers_To_Date="2019-03-02T01:02:03.5Z")
        made.revisit("e", WARC_Payload_Digest=first.digest).revisit("f", WARC_Payload_Digest="sha1:X")
        shown = got(made.save(tmp_path / "y.warc.gz"), find_payload=stored_payloads(db, tmp_path))
        assert shown[:2] == ["b", "c"]
        assert shown[2][1].startswith(f"{HOST}/d: the response it repeats cannot be read: ")
        assert shown[3] == "e"
        assert shown[4][1] == f"{HOST}/f: the response it repeats is not in these files (payload sha1:X)"

    def test_of_a_picture_is_passed_over(self, tmp_path):
        made = Maker().add("p", b"", "revisit", http={"Content-Type": "image/png"})
        assert got(made.save(tmp_path / "x.warc.gz")) == []


class TestDamage:
    @pytest.mark.parametrize("gz", [True, False])
    def test_a_cut_at_any_byte_costs_only_the_last_record(self, tmp_path, gz):
        made = Maker(gz=gz).add("a").add("b")
        whole, second = made.bytes(), made.starts[1]
        path = tmp_path / "x.warc.gz"
        for cut in range(second + 1, len(whole), 7):
            path.write_bytes(whole[:cut])
            *pages, last = got(path)
            if not gz and whole[cut:].strip() == b"":
                assert (pages, last) == (["a"], "b")
            else:
                assert (pages, last[0]) == (["a"], second)

    def test_every_flipped_byte_of_a_compressed_file_costs_at_most_its_record(self, tmp_path):
        made = Maker().add("a").add("b").add("c")
        path = tmp_path / "x.warc.gz"
        for position in range(made.starts[1], made.starts[2], 3):
            data = bytearray(made.bytes())
            data[position] ^= 0xFF
            path.write_bytes(data)
            items = got(path)
            assert (items[0], items[-1]) == ("a", "c")
            # Time and system in gzip's own header are nothing to a reader.
            assert items[1:-1] == ["b"] or {item[0] for item in items[1:-1]} == {made.starts[1]}

    @pytest.mark.parametrize("gz", [True, False])
    @pytest.mark.parametrize("garbage", [b"<p>no record</p>\r\n", b"\0\xff" * 40_000, b"\x1f\x8b\x08\xff\n"])
    def test_garbage_in_the_middle_is_named_and_the_rest_goes_in(self, tmp_path, gz, garbage):
        first, second = Maker(gz=gz).add("a").bytes(), Maker(gz=gz).add("b").bytes()
        path = tmp_path / "x.warc.gz"
        path.write_bytes(first + garbage + second)
        items = got(path)
        assert (items[0], items[-1]) == ("a", "b")
        ((offset, reason),) = items[1:-1]
        assert offset == len(first)
        assert reason in (
            "no record begins here",
            "the record is damaged (Error -3 while decompressing data: unknown header flags set)",
        )

    def test_garbage_at_the_start_and_zeros_at_the_end(self, tmp_path):
        one = Maker().add("a").bytes()
        (tmp_path / "x.warc.gz").write_bytes(one + bytes(100_000))
        assert got(tmp_path / "x.warc.gz") == ["a"]
        (tmp_path / "y.warc").write_bytes(b"#!garbage\n" + Maker(gz=False).add("a").bytes())
        assert got(tmp_path / "y.warc") == [(0, "no record begins here"), "a"]

    @pytest.mark.parametrize("gz", [True, False])
    @pytest.mark.parametrize("wrong", [b"3", b"100000", b"-1", b"nhieu"])
    def test_a_wrong_length_costs_only_its_record(self, tmp_path, gz, wrong):
        parts = [Maker(gz=False).add(name).bytes() for name in "abc"]
        length = parts[1].partition(b"\r\nContent-Length: ")[2].partition(b"\r\n")[0]
        parts[1] = parts[1].replace(b"Content-Length: " + length, b"Content-Length: " + wrong)
        if gz:
            parts = [gzip.compress(part) for part in parts]
        path = tmp_path / "x.warc.gz"
        path.write_bytes(b"".join(parts))
        items = got(path)
        assert (items[0], items[-1]) == ("a", "c")
        assert {item[0] for item in items[1:-1]} == {len(parts[0])}

    def test_a_head_without_end(self, tmp_path):
        endless = b"WARC/1.0\r\n" + b"X: y\r\n" * 100_000
        path = tmp_path / "x.warc"
        path.write_bytes(endless + Maker(gz=False).add("a").bytes())
        assert got(path) == [(0, "its head cannot be read"), "a"]

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"PK\x03\x04 not a zip", "the file cannot be read: File is not a zip file"),
            (b"hello", "no record begins here"),
        ],
    )
    def test_a_file_that_is_nothing_of_the_kind(self, tmp_path, data, reason):
        path = tmp_path / "x.warc"
        path.write_bytes(data)
        good = Maker().add("a").save(tmp_path / "y.warc.gz")
        assert got(path, good) == [(0, reason), "a"]

    def test_a_missing_an_empty_file_and_an_empty_zip(self, tmp_path):
        (tmp_path / "empty.warc.gz").touch()
        with zipfile.ZipFile(tmp_path / "x.wacz", "w") as zipped:
            zipped.writestr("datapackage.json", "{}")
        paths = [tmp_path / "none.warc.gz", tmp_path / "empty.warc.gz", tmp_path / "x.wacz"]
        assert list(read_foreign(paths)) == [
            BadRecord(str(paths[0]), 0, "the file cannot be read: No such file or directory"),
            BadRecord(str(paths[2]), 0, "no WARC or ARC file within"),
        ]


@pytest.mark.parametrize("gz", [True, False])
def test_memory_does_not_grow_with_what_is_passed_over(tmp_path, gz):
    made = Maker(gz=gz).add("a")
    made.add("phim.mp4", bytes(40_000_000), http={"Content-Type": "video/mp4"})
    made.add("lon", bytes(40_000_000)).add("b")
    path = made.save(tmp_path / "x.warc.gz")
    tracemalloc.start()
    try:
        items = got(path, max_body=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert items == ["a", (made.starts[2], f"{HOST}/lon: its body is larger than 1,000,000 bytes"), "b"]
    assert peak < 2_000_000


def test_our_own_captures_are_read_too(tmp_path):
    with CaptureWriter(tmp_path, "x", 1) as writer:
        ref = writer.write(Fetch(f"{HOST}/a", 200, tuple(HTML.items()), page("a"), WHEN))
        writer.write(Fetch(f"{HOST}/b", 200, (), page("a"), WHEN), same_as=(f"{HOST}/a", WHEN))
    assert got(tmp_path / ref.file) == ["a", "b"]


@needs_real_pages
def test_every_page_of_a_real_site():
    items = list(read_foreign([NUKEVIET / "site.warc.gz"]))
    assert not [item for item in items if isinstance(item, BadRecord)]
    assert len({item.url for item in items}) == 123
