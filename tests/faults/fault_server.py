"""What goes wrong between a crawler and a portal, on real sockets; routes of `crawling.Site`."""

from __future__ import annotations

import gzip
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path

from crawling import Answer, Site, article, html, links, page
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
GIGABYTE = 1 << 30
ZEROS = bytes(1 << 16)
Route = Answer | Callable[[int], Answer]


def raw(fault: Callable[[socket.socket], None]) -> Route:
    return lambda visit: fault


def reset(connection: socket.socket) -> None:
    """Half a page, then RST."""
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n<html>")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silence(connection: socket.socket) -> None:
    """Nothing, until the other side gives up."""
    connection.recv(1)


def trickle(connection: socket.socket) -> None:
    """A byte every tenth of a second, until the other side gives up."""
    connection.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
    while not select.select([connection], [], [], 0.1)[0]:
        connection.sendall(b" ")


def cut(connection: socket.socket) -> None:
    """The first half of what the header announces."""
    body = article("cụt")
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % (2 * len(body)) + body)
    connection.shutdown(socket.SHUT_RDWR)


def too_much(connection: socket.socket) -> None:
    """More than the header announces."""
    body = article("dài")
    connection.sendall(
        HEAD + b"Content-Length: %d\r\n\r\n" % (len(body) - 7) + body + b"HTTP/1.1 500 x\r\n\r\n"
    )
    silence(connection)


def endless(head: bytes) -> Route:
    """A gigabyte, or as much of it as the other side wants."""

    def send(connection: socket.socket) -> None:
        try:
            connection.sendall(HEAD + head + b"\r\n")
            for _ in range(GIGABYTE // len(ZEROS)):
                connection.sendall(ZEROS)
        except OSError:
            pass  # it has hung up

    return raw(send)


@cache
def bomb() -> Answer:
    """A gigabyte of zeros in a megabyte."""
    part = gzip.compress(bytes(GIGABYTE // 16), 1)
    return html(part * 16, Content_Encoding="gzip")


def news(*, of: str, broken: dict[str, Route] | None = None) -> dict[str, Route]:
    """Return a portal with three articles, and links to others that are `broken`."""
    sound = {f"/tin-so-thu-{number}.html": html(article(f"{of} {number}")) for number in (1, 2, 3)}
    broken = broken or {}
    return {"/": html(links(*broken, *sound)), **sound, **broken}


def calendar(visit_of: Callable[[int], str]) -> Callable[[int], Answer]:
    return lambda day: html(page("Lịch", f"<a href='{visit_of(day + 1)}'>ngày sau</a>"))


def serving(site: Site, certificate: Path | None = None) -> None:
    """Serve until the test process ends, over TLS if there is a certificate."""
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # a server as old as its key
        context.load_cert_chain(certificate)
        site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    threading.Thread(target=site.server.serve_forever, args=(0.05,), daemon=True).start()


class Authority:
    """An authority that the crawl trusts, and the certificates it gives to 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = rsa.generate_private_key(65537, 2048)
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "synthetic authority")])
        self._serial = 1
        whole = self._build(self._name, self._key.public_key(), -1, 1).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.file = folder / "authority.pem"
        signed = whole.sign(self._key, hashes.SHA256())
        self.file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    def _build(
        self, name: x509.Name, key: rsa.RSAPublicKey, first_day: int, last_day: int
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        self._serial += 1
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(self._serial)
            .not_valid_before(now + timedelta(days=first_day))
            .not_valid_after(now + timedelta(days=last_day))
        )

    def certificate(
        self, *, days: int = 1, name: str | None = None, bits: int = 2048, owner: str = "synthetic owner"
    ) -> Path:
        """Return a certificate and its key in one file, valid until so many days from now."""
        key = rsa.generate_private_key(65537, bits)
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, "synthetic portal"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, owner),
            ]
        )
        names: list[x509.GeneralName] = (
            [x509.DNSName(name)] if name else [x509.IPAddress(IPv4Address("127.0.0.1"))]
        )
        signed = (
            self._build(subject, key.public_key(), -9, days)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        path = self._folder / f"{self._serial}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
        return path
