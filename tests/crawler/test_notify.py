"""Heartbeat, webhook and mail: what is sent, once, and what becomes of failures and of secrets."""

from __future__ import annotations

import json
import logging
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawling import Crawl, Site, article, html, links
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from mail_sink import PASSWORD, Sink, serving
from pytest_httpserver import HTTPServer

from crawler import notify
from crawler.notify import Beat, heartbeat, tell
from portal_archive.archive.archive import Archive
from portal_archive.model.records import Portal

TOKEN = "token-rat-bi-mat"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key and a certificate for `localhost` that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def mail(sink: Sink) -> Iterator[str]:
    """Serve mail without TLS; gives the address of a notifier that tells by it."""
    with serving(sink) as port:
        yield f"mailto://localhost:{port}?mode=insecure&from=kho@example.vn&to=mot@example.vn,hai@example.vn"


def hook(httpserver: HTTPServer, path: str = "/hook") -> str:
    return httpserver.url_for(path).replace("http://", "json://")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive.db") as opened:
        opened.register(
            [Portal("huyen", "Huyện Mường Mây", "https://huyen.example/", "generic", "described")]
        )
        yield opened


def change(
    archive: Archive, state: str, since: str = "2026-03-09T00:00:00Z", told: str | None = None
) -> None:
    with archive.batch():
        archive.db.execute("UPDATE portal_states SET until = ? WHERE until IS NULL", [since])
        archive.db.execute(
            "INSERT INTO portal_states (portal, state, since, judged_at, old_words,"
            " examples, sent_at) VALUES ('huyen', ?, ?, ?, json_array('its name is not found',"
            " 'không tìm thấy tên miền', 'open it', 'mở xem'), '[\"https://huyen.example/\"]', ?)",
            [state, since, since, told],
        )


def told(archive: Archive) -> list[tuple[str, str, bool]]:
    return archive.db.execute(
        "SELECT state, sent_by, sent_at IS NOT NULL FROM portal_states ORDER BY id"
    ).fetchall()


# --- heartbeat ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("beat", "suffix"), [(Beat.START, "/start"), (Beat.SUCCESS, ""), (Beat.FAILURE, "/fail")]
)
@pytest.mark.parametrize(("end", "query"), [("", ""), ("/", ""), ("", "?rid=7")])
def test_a_heartbeat(httpserver: HTTPServer, beat: Beat, suffix: str, end: str, query: str) -> None:
    httpserver.expect_request(f"/ping/{TOKEN}{suffix}", "GET").respond_with_data("OK")
    heartbeat(
        "crawl-all",
        beat,
        environ={"ARCHIVE_HEARTBEAT_URL": httpserver.url_for(f"/ping/{TOKEN}{end}") + query},
    )
    ((request, response),) = httpserver.log
    assert (request.method, request.path, response.status_code) == ("GET", f"/ping/{TOKEN}{suffix}", 200)
    assert request.query_string.decode() == query.removeprefix("?")


def test_a_heartbeat_is_tried_again(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "_PAUSES", (0.0, 0.0, 0.0))
    httpserver.expect_ordered_request("/ping").respond_with_data("", status=503)
    httpserver.expect_ordered_request("/ping").respond_with_data("", status=503)
    httpserver.expect_ordered_request("/ping").respond_with_data("OK")
    heartbeat("crawl-all", Beat.SUCCESS, environ={"ARCHIVE_HEARTBEAT_URL": httpserver.url_for("/ping")})
    assert [response.status_code for _, response in httpserver.log] == [503, 503, 200]


def test_a_heartbeat_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(notify, "_HEARTBEAT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        heartbeat(
            "crawl-all",
            Beat.START,
            environ={"ARCHIVE_HEARTBEAT_URL": f"http://127.0.0.1:{mute.getsockname()[1]}/"},
        )
    assert [record.getMessage() for record in caplog.records] == [
        "The heartbeat (start) was not heard: no answer within 0.2 s"
    ]


def test_nothing_is_asked_where_nothing_is_set_up(archive: Archive) -> None:
    change(archive, "unreachable")
    heartbeat("crawl-all", Beat.START, environ={})
    tell(archive, {})
    assert told(archive) == [("unreachable", "[]", 0)]


@pytest.mark.parametrize(
    "url", [f"http://127.0.0.1:9/{TOKEN}", f"file:///etc/{TOKEN}", f"http://[::1/{TOKEN}", TOKEN]
)
def test_an_address_that_is_wrong_stops_nothing_and_is_not_logged(
    archive: Archive, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr(notify, "_PAUSES", (0.0,))
    change(archive, "unreachable")
    with caplog.at_level(logging.DEBUG):
        heartbeat("crawl-all", Beat.SUCCESS, environ={"ARCHIVE_HEARTBEAT_URL": url})
        tell(archive, {"ARCHIVE_NOTIFY_URLS": url.replace("http:", "json:")})
    ours = [record for record in caplog.records if record.name == "crawler.notify"]
    assert [record.levelname for record in ours] == ["WARNING", "WARNING"]
    assert TOKEN not in "".join(record.getMessage() for record in ours)
    assert told(archive) == [("unreachable", "[]", 0)]


# --- messages ----------------------------------------------------------------------------------------------

TEXT = (
    "Huyện Mường Mây\nhuyen: unreachable, since 2026-03-09T00:00:00Z\n\nits name is not found\n\nopen it\n\n"
    "không tìm thấy tên miền\n\nmở xem\n\nhttps://huyen.example/"
)


def test_a_change_is_told_once(archive: Archive, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", "POST").respond_with_data("")
    environ = {"ARCHIVE_NOTIFY_URLS": hook(httpserver)}
    change(archive, "ok", told="2026-03-08T00:00:00Z")
    change(archive, "unreachable")
    for _ in range(2):
        tell(archive, environ)
    ((request, _),) = httpserver.log
    said = json.loads(request.data)
    assert (said["title"], said["message"]) == ("[portal-archive] huyen: unreachable (ok before)", TEXT)
    ((_, sent_by, is_sent),) = told(archive)[1:]
    assert is_sent
    assert re.fullmatch(r'\["json-[0-9a-f]{8}"\]', sent_by)
    change(archive, "ok", "2026-03-10T00:00:00Z")
    tell(archive, environ)
    again = json.loads(httpserver.log[1][0].data)
    assert again["title"] == "[portal-archive] huyen: ok (unreachable before)"


def test_a_state_that_is_over_is_not_told(archive: Archive, httpserver: HTTPServer) -> None:
    change(archive, "unreachable")
    change(archive, "ok", told="2026-03-10T00:00:00Z")
    tell(archive, {"ARCHIVE_NOTIFY_URLS": hook(httpserver)})
    assert httpserver.log == []


def test_what_one_address_failed_to_take_it_is_told_the_next_time_and_the_other_not_again(
    archive: Archive, httpserver: HTTPServer, sink: Sink, mail: str
) -> None:
    httpserver.expect_ordered_request("/hook").respond_with_data("", status=500)
    httpserver.expect_ordered_request("/hook").respond_with_data("")
    environ = {"ARCHIVE_NOTIFY_URLS": f"{mail}\n{hook(httpserver)}"}
    change(archive, "gone")
    ways = []
    for _ in range(3):
        tell(archive, environ)
        ((_, sent_by, is_sent),) = told(archive)
        ways.append(([name.partition("-")[0] for name in json.loads(sent_by)], is_sent))
    assert ways == [(["mailto"], 0), (["json", "mailto"], 1), (["json", "mailto"], 1)]
    # A mail for each of the two it is written to.
    assert (len(sink.mails), len(httpserver.log)) == (2, 2)


def test_a_mail(archive: Archive, sink: Sink, mail: str) -> None:
    change(archive, "unreachable")
    for _ in range(2):
        tell(archive, {"ARCHIVE_NOTIFY_URLS": mail})
    assert sorted(sink.recipients) == ["hai@example.vn", "mot@example.vn"]
    for sent in sink.mails:
        assert sent["Subject"] == "[portal-archive] huyen: unreachable"
        assert "kho@example.vn" in sent["From"]
        text = sent.get_body(("plain", "html"))
        assert text is not None
        assert "không tìm thấy tên miền" in text.get_content()


def test_mail_over_tls_with_a_login(
    archive: Archive, sink: Sink, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    change(archive, "blocked")
    with serving(sink, certificate) as port:
        url = f"mailtos://kho:{PASSWORD}@localhost:{port}?from=kho@example.vn&to=mot@example.vn&mode=starttls"
        tell(archive, {"ARCHIVE_NOTIFY_URLS": url})
    assert [password for _, password in sink.logins] == [PASSWORD.encode()]
    assert sink.recipients == ["mot@example.vn"]


def test_mail_that_is_refused_is_told_the_next_time_and_its_secret_is_not_logged(
    archive: Archive, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    sink.refuse = True
    change(archive, "blocked")
    with serving(sink) as port, caplog.at_level(logging.DEBUG):
        url = f"mailto://localhost:{port}/?mode=insecure&from=kho@example.vn&to=mot@example.vn&x={PASSWORD}"
        tell(archive, {"ARCHIVE_NOTIFY_URLS": url})
        assert told(archive) == [("blocked", "[]", 0)]
        sink.refuse = False
        tell(archive, {"ARCHIVE_NOTIFY_URLS": url})
    assert [sent for _, _, sent in told(archive)] == [1]
    (line,) = [record.getMessage() for record in caplog.records if record.name == "crawler.notify"]
    assert re.fullmatch(r"huyen: not told by mailto-[0-9a-f]{8}: it was not taken", line)
    assert PASSWORD not in caplog.text


# --- all of it ---------------------------------------------------------------------------------------------


def test_the_test_says_what_came_of_each(
    crawl: Crawl, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert crawl.command("notify").returncode == 2
    done = crawl.command("notify", "--test")
    assert (done.returncode, done.stdout) == (
        1,
        "Nobody is told of anything: ARCHIVE_NOTIFY_URLS is not set\n",
    )
    httpserver.expect_request("/hook").respond_with_data("")
    monkeypatch.setenv("ARCHIVE_NOTIFY_URLS", f"{hook(httpserver)} json://127.0.0.1:9/{TOKEN} {TOKEN}")
    done = crawl.command("notify", "--test")
    assert done.returncode == 1
    assert [re.sub("-[0-9a-f]{8}", "", line) for line in done.stdout.splitlines()] == [
        "json: sent",
        "json: it was not taken",
        "unknown: its address is wrong",
    ]
    assert TOKEN not in done.stdout + done.stderr
    assert json.loads(httpserver.log[0][0].data)["title"] == "[portal-archive] test"


def test_a_crawl_tells_and_secrets_stay_where_they_are(
    site: Site, crawl: Crawl, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    httpserver.expect_request(f"/{TOKEN}").respond_with_data("", status=403)
    mail = f"mailtos://kho:{PASSWORD}@127.0.0.1:9?from=kho@example.vn&to=mot@example.vn"
    monkeypatch.setenv("ARCHIVE_NOTIFY_URLS", f"{hook(httpserver, f'/{TOKEN}')} {mail}")
    site.routes = {"/": html(links("/a.html")), "/a.html": html(article("A"))}
    done = crawl.portal(site, LOG_LEVEL="DEBUG")
    assert done.returncode == 0
    assert httpserver.log == []  # it is well, and always was
    site.routes = {"/": html(b"<h1>403</h1>", 403)}
    done = crawl.portal(site, LOG_LEVEL="DEBUG")
    for way in ("json", "mailtos"):
        assert re.search(rf"{site.host}: not told by {way}-[0-9a-f]{{8}}: it was not taken", done.stderr)
    assert json.loads(httpserver.log[0][0].data)["title"].startswith(f"[portal-archive] {site.host}: blocked")
    assert crawl.query("SELECT state, sent_at FROM portal_states WHERE until IS NULL") == [("blocked", None)]
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (PASSWORD, TOKEN):
        assert secret not in done.stdout + done.stderr
        assert secret.encode() not in stored


def test_a_run_of_all_portals_is_heard(
    site: Site, crawl: Crawl, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    httpserver.expect_request(re.compile("/ping.*")).respond_with_data("OK")
    httpserver.expect_request("/hook").respond_with_data("OK")
    monkeypatch.setenv("ARCHIVE_HEARTBEAT_URL", httpserver.url_for("/ping"))
    monkeypatch.setenv("ARCHIVE_NOTIFY_URLS", hook(httpserver))
    site.routes = {"/": html(b"<h1>403</h1>", 403)}
    done = crawl.command("crawl-all", "--only=sapa", PORTAL_HOMES=json.dumps({"sapa": f"{site.url}/"}))
    assert done.returncode == 2, done.stderr
    assert [request.path for request, _ in httpserver.log] == ["/ping/start", "/hook", "/ping"]
    failed = crawl.command("crawl-all", ARCHIVE_DB=tmp_path / "khong-co" / "archive.db")
    assert failed.returncode == 1
    assert [request.path for request, _ in httpserver.log][3:] == ["/ping/fail", "/hook"]
