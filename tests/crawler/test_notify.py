"""Heartbeat, webhook and mail: what is sent, once, and what becomes of failures and of secrets."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from crawling import Crawl, Site, article, html, links
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_httpserver import HTTPServer

from crawler.notify import Beat, heartbeat, tell
from portal_archive.archive.archive import Archive
from portal_archive.model.records import Portal

PASSWORD = "mat-khau-rat-bi-mat"
TOKEN = "token-rat-bi-mat"


class Sink:
    """A mail server that keeps what it is given; `refuse` lets it take nothing."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.refuse = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse:
            return "451 not now"
        self.recipients += envelope.rcpt_tos
        mail = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


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


@contextmanager
def serving(sink: Sink, certificate: Path | None = None, *, at_once: bool = False) -> Iterator[str]:
    """Serve mail on a free port, and give it; with TLS `at_once` or after STARTTLS where there is a certificate."""
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    loop = asyncio.new_event_loop()

    def session() -> SMTP:
        return SMTP(
            sink,
            hostname="localhost",
            authenticator=sink.login,
            auth_require_tls=False,
            tls_context=None if at_once else context,
            loop=loop,
        )

    server = loop.run_until_complete(
        loop.create_server(session, "127.0.0.1", 0, ssl=context if at_once else None)
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield str(server.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(server.wait_closed())
        loop.close()


@pytest.fixture
def mail(sink: Sink) -> Iterator[dict[str, str]]:
    """Serve mail without TLS; gives the environment of a run that tells by it."""
    with serving(sink) as port:
        yield {
            "ARCHIVE_SMTP_HOST": "localhost",
            "ARCHIVE_SMTP_PORT": port,
            "ARCHIVE_SMTP_SECURITY": "none",
            "ARCHIVE_MAIL_FROM": "kho@example.vn",
            "ARCHIVE_MAIL_TO": "mot@example.vn, hai@example.vn",
        }


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
            "INSERT INTO portal_states (portal, state, since, judged_at, reason, reason_vi, next_step,"
            " next_step_vi, examples, sent_at) VALUES ('huyen', ?, ?, ?, 'its name is not found',"
            " 'không tìm thấy tên miền', 'open it', 'mở xem', '[\"https://huyen.example/\"]', ?)",
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
    heartbeat(beat, {"ARCHIVE_HEARTBEAT_URL": httpserver.url_for(f"/ping/{TOKEN}{end}") + query})
    ((request, response),) = httpserver.log
    assert (request.method, request.path, response.status_code) == ("GET", f"/ping/{TOKEN}{suffix}", 200)
    assert request.query_string.decode() == query.removeprefix("?")


def test_nothing_is_asked_where_nothing_is_set_up(archive: Archive) -> None:
    change(archive, "unreachable")
    heartbeat(Beat.START, {})
    tell(archive, {})
    tell(archive, {"ARCHIVE_SMTP_HOST": "localhost"})  # nobody to write to
    assert told(archive) == [("unreachable", "[]", 0)]


@pytest.mark.parametrize(
    "url",
    [
        f"http://127.0.0.1:9/{TOKEN}",
        f"file:///etc/{TOKEN}",
        f"http://[::1/{TOKEN}",
        f"http://127.0.0.1:port/{TOKEN}",
        f"http://127.0.0.1:9/{TOKEN} x\n",
        TOKEN,
    ],
)
def test_an_address_that_is_wrong_stops_nothing_and_is_not_logged(
    archive: Archive, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    change(archive, "unreachable")
    with caplog.at_level(logging.DEBUG):
        heartbeat(Beat.SUCCESS, {"ARCHIVE_HEARTBEAT_URL": url})
        tell(archive, {"ARCHIVE_WEBHOOK_URL": url})
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert TOKEN not in caplog.text
    assert told(archive) == [("unreachable", "[]", 0)]


# --- webhook -----------------------------------------------------------------------------------------------


def test_a_change_is_posted_once(archive: Archive, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", "POST").respond_with_data("")
    environ = {"ARCHIVE_WEBHOOK_URL": httpserver.url_for("/hook")}
    change(archive, "ok", told="2026-03-08T00:00:00Z")
    change(archive, "unreachable")
    for _ in range(2):
        tell(archive, environ)
    ((request, _),) = httpserver.log
    assert request.headers["Content-Type"] == "application/json; charset=utf-8"
    said = json.loads(request.data)
    assert said.pop("text").startswith("huyen: unreachable (ok before)\nHuyện Mường Mây\n")
    assert said == {
        "portal": "huyen",
        "title": "Huyện Mường Mây",
        "state": "unreachable",
        "before": "ok",
        "needs_person": True,
        "since": "2026-03-09T00:00:00Z",
        "field": None,
        "reason": "its name is not found",
        "reason_vi": "không tìm thấy tên miền",
        "next_step": "open it",
        "next_step_vi": "mở xem",
        "examples": ["https://huyen.example/"],
    }
    assert told(archive)[1] == ("unreachable", '["webhook"]', 1)
    change(archive, "ok", "2026-03-10T00:00:00Z")
    tell(archive, environ)
    again = json.loads(httpserver.log[1][0].data)
    assert (again["state"], again["before"], again["needs_person"]) == ("ok", "unreachable", False)


def test_a_state_that_is_over_is_not_told(archive: Archive, httpserver: HTTPServer) -> None:
    change(archive, "unreachable")
    change(archive, "ok", told="2026-03-10T00:00:00Z")
    tell(archive, {"ARCHIVE_WEBHOOK_URL": httpserver.url_for("/hook")})
    assert httpserver.log == []


def test_what_one_way_failed_to_tell_it_tells_the_next_time_and_the_other_not_again(
    archive: Archive, httpserver: HTTPServer, sink: Sink, mail: dict[str, str]
) -> None:
    httpserver.expect_ordered_request("/hook").respond_with_data("", status=500)
    httpserver.expect_ordered_request("/hook").respond_with_data("")
    environ = {**mail, "ARCHIVE_WEBHOOK_URL": httpserver.url_for("/hook")}
    change(archive, "gone")
    tell(archive, environ)
    assert told(archive) == [("gone", '["mail"]', 0)]
    tell(archive, environ)
    assert told(archive) == [("gone", '["mail", "webhook"]', 1)]
    tell(archive, environ)
    assert (len(sink.mails), len(httpserver.log)) == (1, 2)


# --- mail --------------------------------------------------------------------------------------------------


def test_a_mail(archive: Archive, sink: Sink, mail: dict[str, str]) -> None:
    change(archive, "unreachable")
    tell(archive, mail)
    tell(archive, mail)
    (sent,) = sink.mails
    assert sink.recipients == ["mot@example.vn", "hai@example.vn"]
    assert (sent["Subject"], sent["From"], sent["To"]) == (
        "[portal-archive] huyen: unreachable",
        "kho@example.vn",
        "mot@example.vn, hai@example.vn",
    )
    assert sent.get_content().replace("\r\n", "\n").strip() == (
        "Huyện Mường Mây\nhuyen: unreachable, since 2026-03-09T00:00:00Z\n\nits name is not found\n\nopen it\n\n"
        "không tìm thấy tên miền\n\nmở xem\n\nhttps://huyen.example/"
    )


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_mail_over_tls_with_a_login(
    archive: Archive, sink: Sink, certificate: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    change(archive, "blocked")
    with serving(sink, certificate, at_once=security == "ssl") as port:
        environ = {
            "ARCHIVE_SMTP_HOST": "localhost",
            "ARCHIVE_SMTP_PORT": port,
            "ARCHIVE_SMTP_SECURITY": security,
            "ARCHIVE_SMTP_USER": "kho@example.vn",
            "ARCHIVE_SMTP_PASSWORD": PASSWORD,
            "ARCHIVE_MAIL_TO": "mot@example.vn",
        }
        tell(archive, environ)
    assert sink.logins == [(b"kho@example.vn", PASSWORD.encode())]
    assert [sent["From"] for sent in sink.mails] == ["kho@example.vn"]
    assert told(archive) == [("blocked", '["mail"]', 1)]


def test_mail_that_is_refused_is_told_the_next_time(
    archive: Archive, sink: Sink, mail: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    sink.refuse = True
    change(archive, "blocked")
    tell(archive, mail)
    assert told(archive) == [("blocked", "[]", 0)]
    assert [record.getMessage() for record in caplog.records if record.name == "crawler.notify"] == [
        "huyen: not told by mail: SMTPDataError 451"
    ]
    sink.refuse = False
    tell(archive, mail)
    assert told(archive) == [("blocked", '["mail"]', 1)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"ARCHIVE_SMTP_SECURITY": "starttls"},  # which this server does not offer
        {"ARCHIVE_SMTP_SECURITY": "tls"},
        {"ARCHIVE_SMTP_PORT": "x"},
        {"ARCHIVE_SMTP_PORT": "9"},
        {"ARCHIVE_SMTP_USER": "kho", "ARCHIVE_SMTP_PASSWORD": f"{PASSWORD}-sai"},
        {"ARCHIVE_MAIL_FROM": f"kho@example.vn\nBcc: {PASSWORD}"},
    ],
)
def test_wrong_settings_stop_nothing_and_show_no_secret(
    archive: Archive,
    sink: Sink,
    mail: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    wrong: dict[str, str],
) -> None:
    change(archive, "blocked")
    with caplog.at_level(logging.DEBUG, "crawler.notify"):
        tell(archive, mail | wrong)
    assert sink.mails == []
    assert told(archive) == [("blocked", "[]", 0)]
    logged = [record.getMessage() for record in caplog.records if record.name == "crawler.notify"]
    assert len(logged) == 1
    assert PASSWORD not in logged[0]


# --- all of it ---------------------------------------------------------------------------------------------


def test_a_crawl_tells_and_secrets_stay_where_they_are(
    site: Site, crawl: Crawl, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    httpserver.expect_request(f"/{TOKEN}").respond_with_data("", status=403)
    monkeypatch.setenv("ARCHIVE_WEBHOOK_URL", httpserver.url_for(f"/{TOKEN}"))
    monkeypatch.setenv("ARCHIVE_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("ARCHIVE_SMTP_PORT", "9")
    monkeypatch.setenv("ARCHIVE_SMTP_PASSWORD", PASSWORD)
    monkeypatch.setenv("ARCHIVE_MAIL_TO", "mot@example.vn")
    site.routes = {"/": html(links("/a.html")), "/a.html": html(article("A"))}
    done = crawl.portal(site, LOG_LEVEL="DEBUG")
    assert done.returncode == 0
    assert httpserver.log == []  # it is well, and always was
    site.routes = {"/": html(b"<h1>403</h1>", 403)}
    done = crawl.portal(site, LOG_LEVEL="DEBUG")
    assert f"{site.host}: not told by webhook: status 403" in done.stderr
    assert f"{site.host}: not told by mail: ConnectionRefusedError" in done.stderr
    assert json.loads(httpserver.log[0][0].data)["state"] == "blocked"
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
    monkeypatch.setenv("ARCHIVE_WEBHOOK_URL", httpserver.url_for("/hook"))
    site.routes = {"/": html(b"<h1>403</h1>", 403)}
    done = crawl.command("crawl-all", "--only=sapa", PORTAL_HOMES=json.dumps({"sapa": f"{site.url}/"}))
    assert done.returncode == 2, done.stderr
    assert [request.path for request, _ in httpserver.log] == ["/ping/start", "/hook", "/ping"]
    failed = crawl.command("crawl-all", ARCHIVE_DB=tmp_path / "khong-co" / "archive.db")
    assert failed.returncode == 1
    assert [request.path for request, _ in httpserver.log][3:] == ["/ping/fail"]
