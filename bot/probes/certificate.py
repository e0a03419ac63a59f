"""What a certificate says, and in words why its verification failed. Pure."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import NameOID

from bot.probes.spans import ends

_NAMES_SHOWN = 3

# Numbers of OpenSSL's X509_V_ERR_*.
_NOT_YET_VALID, _EXPIRED = 9, 10
_SELF_SIGNED, _SELF_SIGNED_IN_CHAIN = 18, 19
_UNKNOWN_ISSUER = frozenset({2, 20, 21})
_WRONG_NAME = frozenset({62, 64})
_REVOKED = 23


@dataclass(frozen=True, slots=True)
class Certificate:
    """`names` are the DNS names and addresses it is valid for; `subject` and `issuer` names for people."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime

    def days_left(self, now: datetime) -> float:
        """Negative once it has expired."""
        return (self.not_after - now) / timedelta(days=1)

    @property
    def names_shown(self) -> str:
        more = len(self.names) - _NAMES_SHOWN
        return ", ".join(self.names[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def read_certificate(der: bytes) -> Certificate | None:
    """None for bytes that are no certificate."""
    try:
        parsed = x509.load_der_x509_certificate(der)
        return Certificate(
            subject=_called(parsed.subject),
            issuer=_called(parsed.issuer),
            names=_names(parsed),
            not_before=parsed.not_valid_before_utc,
            not_after=parsed.not_valid_after_utc,
        )
    except ValueError:
        return None


def why_not_verified(error: ssl.SSLCertVerificationError, host: str, leaf: Certificate | None, now: datetime) -> str:
    """The reason for people: expired, not yet valid, self-signed, unknown CA, wrong name, revoked."""
    code = error.verify_code
    if code == _EXPIRED:
        return _expired(leaf, now)
    if code == _NOT_YET_VALID:
        return (
            f"the certificate is not valid before {leaf.not_before:%Y-%m-%d %H:%M} UTC"
            if leaf
            else error.verify_message
        )
    if code in (_SELF_SIGNED, _SELF_SIGNED_IN_CHAIN):
        return "the certificate is self-signed" if code == _SELF_SIGNED else "unknown CA: its root is self-signed"
    if code in _UNKNOWN_ISSUER:
        by = f", {leaf.issuer}" if leaf else ""
        return f"unknown CA{by}: not trusted here, or the server leaves out an intermediate certificate"
    if code in _WRONG_NAME:
        names = (leaf.names_shown if leaf else "") or "no name"
        return f"wrong name: the certificate is for {names}, not for {host}"
    return "the certificate is revoked" if code == _REVOKED else error.verify_message


def _expired(leaf: Certificate | None, now: datetime) -> str:
    if leaf is None:
        return "the certificate has expired"
    if leaf.days_left(now) > 0:
        return "a certificate of the chain has expired"
    return f"the certificate {ends(leaf.not_after, now)}"


def _called(name: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        found = name.get_attributes_for_oid(oid)
        if found:
            return str(found[0].value)
    return name.rfc4514_string()


def _names(parsed: x509.Certificate) -> tuple[str, ...]:
    """None where there are none, and where its extensions can't be read: its dates are good all the same."""
    try:
        found = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return ()
    addresses: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = [
        value
        for value in found.get_values_for_type(x509.IPAddress)
        if isinstance(value, ipaddress.IPv4Address | ipaddress.IPv6Address)
    ]
    return (*found.get_values_for_type(x509.DNSName), *map(str, addresses))
