"""A mail server on loopback that keeps what it is given."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope

PASSWORD = "mat-khau-rat-bi-mat"


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
