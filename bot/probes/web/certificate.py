"""What a certificate says, and in words why its verification failed. Pure."""

import ipaddress
import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID

from bot.names import few_named
from bot.probes.wording.times import ends

_NAMES_SHOWN = 3
UNREADABLE = "a name that can't be read"

# Numbers of OpenSSL's X509_V_ERR_*.
_NOT_YET_VALID, _EXPIRED = 9, 10
_SELF_SIGNED, _SELF_SIGNED_IN_CHAIN = 18, 19
_UNKNOWN_ISSUER = frozenset({2, 20, 21})
_WRONG_NAME = frozenset({62, 64})
_REVOKED = 23
# A certificate's Validity in DER (RFC 5280 section 4.1.2.5): a sequence of two times, UTCTime or GeneralizedTime.
_TIME = rb"(?:\x17\r|\x18\x0f)(\d{12}|\d{14})Z"
_VALIDITY = re.compile(rb"\x30[\x1e-\x22]" + _TIME + _TIME)

# What cryptography raises on certificates with parts that it does not take: https://github.com/pyca/cryptography/issues/8488
_ODD = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion)
_ODD_NAMES = (*_ODD, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


@dataclass(frozen=True, slots=True)
class Certificate:
    """`names` are the DNS names and addresses it is valid for, None where they can't be read.

    `subject` and `issuer` are names for people.
    """

    subject: str
    issuer: str
    names: tuple[str, ...] | None
    not_before: datetime
    not_after: datetime

    def days_left(self, now: datetime) -> float:
        """Returns the days until it expires, negative once it has."""
        return (self.not_after - now) / timedelta(days=1)

    @property
    def names_shown(self) -> str:
        if self.names is None:
            return "names that can't be read"
        return few_named(self.names, _NAMES_SHOWN)


def read_certificate(der: bytes) -> Certificate | None:
    """Reads a certificate; None for other bytes. One that is odd in some part still has its dates."""
    try:
        parsed = x509.load_der_x509_certificate(der)
        return Certificate(
            subject=_name(lambda: parsed.subject),
            issuer=_name(lambda: parsed.issuer),
            names=_names(parsed),
            not_before=parsed.not_valid_before_utc,
            not_after=parsed.not_valid_after_utc,
        )
    except _ODD:
        return _dates_alone(der)


def why_not_verified(
    error: ssl.SSLCertVerificationError, host: str, chain: Sequence[Certificate], now: datetime
) -> str:
    """The reason for people: expired, not yet valid, self-signed, unknown CA, wrong name, revoked.

    `chain` is as the server sends it, the leaf first; empty where it could not be had.
    """
    code, leaf = error.verify_code, chain[0] if chain else None
    if code == _EXPIRED:
        return _out_of_time(
            chain, lambda link: link.days_left(now) < 0, lambda link: ends(link.not_after, now), "has expired"
        )
    if code == _NOT_YET_VALID:
        return _out_of_time(chain, lambda link: link.not_before > now, _begins, "is not valid yet")
    if code in (_SELF_SIGNED, _SELF_SIGNED_IN_CHAIN):
        return "the certificate is self-signed" if code == _SELF_SIGNED else "unknown CA: its root is self-signed"
    if code in _UNKNOWN_ISSUER:
        by = f", {leaf.issuer}" if leaf else ""
        return f"unknown CA{by}: not trusted here, or the server leaves out an intermediate certificate"
    if code in _WRONG_NAME:
        names = (
            f"the certificate is for {leaf.names_shown or 'no name'}, not for" if leaf else "the certificate is not for"
        )
        return f"wrong name: {names} {host}"
    return "the certificate is revoked" if code == _REVOKED else error.verify_message


def _out_of_time(
    chain: Sequence[Certificate],
    is_it: Callable[[Certificate], bool],
    says: Callable[[Certificate], str],
    otherwise: str,
) -> str:
    """Which certificate is outside its time; `otherwise` is said where none of those that were sent is."""
    certificate = next((link for link in chain if is_it(link)), None)
    if certificate is None:
        return f"a certificate of the chain {otherwise}" if chain else f"the certificate {otherwise}"
    return (
        f"the certificate {says(certificate)}"
        if certificate is chain[0]
        else f"{certificate.subject}, which the server sends along, {says(certificate)}"
    )


def _begins(certificate: Certificate) -> str:
    return f"is not valid before {certificate.not_before:%Y-%m-%d %H:%M} UTC"


def _dates_alone(der: bytes) -> Certificate | None:
    """Reads the dates of a certificate that cryptography refuses as a whole, which OpenSSL and other clients take."""
    validity = _VALIDITY.search(der)
    if validity is None:
        return None
    begins, expires = map(_time, validity.groups())
    return Certificate(UNREADABLE, UNREADABLE, None, begins, expires) if begins and expires else None


def _time(digits: bytes) -> datetime | None:
    """Takes a year of two digits as RFC 5280 does; None for a date that no calendar has."""
    century = b"" if len(digits) == 14 else b"19" if digits >= b"50" else b"20"
    try:
        return datetime.strptime((century + digits).decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _name(name: Callable[[], x509.Name]) -> str:
    try:
        return _called(name())
    except _ODD:
        return UNREADABLE


def _called(name: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        attributes = name.get_attributes_for_oid(oid)
        if attributes:
            return str(attributes[0].value)
    return name.rfc4514_string()


def _names(parsed: x509.Certificate) -> tuple[str, ...] | None:
    """One extension that can't be read, whichever it is, keeps all others from being read."""
    try:
        alternatives = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    except _ODD_NAMES:
        return None
    addresses: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = [
        value
        for value in alternatives.get_values_for_type(x509.IPAddress)
        if isinstance(value, ipaddress.IPv4Address | ipaddress.IPv6Address)
    ]
    return (*alternatives.get_values_for_type(x509.DNSName), *map(str, addresses))
