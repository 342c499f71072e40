"""HTTPS that says what is wrong with a certificate, and makes the one exception that a portal's file may state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from OpenSSL import SSL
from OpenSSL.crypto import X509
from scrapy.crawler import Crawler
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, ServiceID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.interfaces import IAcceptableCiphers, ICipher, IOpenSSLClientConnectionCreator
from twisted.python.failure import Failure
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawler.network.headers import BoundedHeaders
from portal_archive.model.kinds import ProblemKind

# Numbers of OpenSSL's x509_vfy.h.
_REASONS = {
    9: (ProblemKind.TLS_EXPIRED, "the certificate is not valid yet"),
    10: (ProblemKind.TLS_EXPIRED, "the certificate has expired"),
    66: (ProblemKind.TLS_WEAK, "the key of the certificate is too short"),
    67: (ProblemKind.TLS_WEAK, "the key of the issuer is too short"),
    68: (ProblemKind.TLS_WEAK, "the certificate is signed with a broken digest"),
}


class CertificateRefused(Exception):  # noqa: N818  # it is no error of ours
    """A certificate that proves nothing; `kind` is that of the problem."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind


@implementer(ICipher)
@dataclass(frozen=True)
class _Cipher:
    fullName: str  # noqa: N815  # Twisted's name


@implementer(IAcceptableCiphers)
class _SecurityLevel1:
    """OpenSSL's default ciphers at the level that was its default until 3.0, see `SSL_CTX_set_security_level(3)`.

    Keys of 1024 bits and SHA-1 pass; the certificate must be valid all the same.
    """

    def selectCiphers(self, available: Iterable[Any]) -> tuple[_Cipher, ...]:  # noqa: N802
        """Return a string of ciphers in parts, which Twisted joins; a list of names would lose the level."""
        return (_Cipher("DEFAULT"), _Cipher("@SECLEVEL=1"))


@implementer(IOpenSSLClientConnectionCreator)
class _Explaining:
    """Makes the connections that `creator` makes, and ends one whose certificate is wrong with the reason."""

    def __init__(self, creator: Any, host: str) -> None:
        self._creator = creator
        try:
            ip_address(host)
            self._identity: ServiceID = IPAddress_ID(host)
        except ValueError:
            self._identity = DNS_ID(host)

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:  # noqa: N802
        """Return a connection that checks the chain and the name."""
        connection: SSL.Connection = self._creator.clientConnectionForTLS(protocol)

        def check(_: SSL.Connection, certificate: X509, error: int, depth: int, ok: int) -> bool:
            kind, reason = _REASONS.get(
                error, (ProblemKind.TLS, f"nobody known vouches for the certificate (error {error})")
            )
            if ok and depth == 0:
                try:
                    verify_service_identity(extract_patterns(certificate), [self._identity], [])
                except (CertificateError, VerificationError):
                    ok, kind, reason = (
                        False,
                        ProblemKind.TLS_WRONG_NAME,
                        "the certificate is for another host",
                    )
            if not ok:
                protocol.failVerification(Failure(CertificateRefused(kind, reason)))  # type: ignore[no-untyped-call]
            return bool(ok)

        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, check)
        return connection


@implementer(IPolicyForHTTPS)
class _Policy:
    def __init__(self, policy: Any) -> None:
        self._policy = policy

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802
        """Return what makes the connections to a host."""
        return _Explaining(self._policy.creatorForNetloc(hostname, port), hostname.decode("ascii"))


class ExplainsTls(BoundedHeaders):
    """A download handler that checks certificates, unless `DOWNLOAD_VERIFY_CERTIFICATES` is off, and says why not.

    With `TLS_SECLEVEL_1` the weak keys and digests of old servers are accepted, which a portal's file states by
    `tls_seclevel_1 = True`.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        policy: Any = self._contextFactory
        if crawler.settings.getbool("TLS_SECLEVEL_1"):
            policy.tls_ciphers = _SecurityLevel1()
        if crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
            self._contextFactory = _Policy(policy)  # type: ignore[assignment]
