"""What a stapled OCSP response says of a certificate, and whether it may be believed (RFC 6960). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from bot.probes.spans import days

# What the clocks of a responder and of this machine may differ by; OpenSSL's own tools allow the same.
_LEEWAY = timedelta(minutes=5)
# What cryptography raises on bytes that are no OCSP response, or one that it does not know.
_ODD = (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


@dataclass(frozen=True, slots=True)
class Staple:
    """`words` fit into a table; `trouble` is a clause for people, "" for none. `status` is one word for machines:
    good, revoked, unknown, none, unread or invalid. `signed` is whether the issuer's signature was checked.
    """

    status: str
    words: str
    trouble: str = ""
    this_update: datetime | None = None
    next_update: datetime | None = None
    signed: bool = False
    must: bool = False


class _Invalid(Exception):
    """A response that no client may take; `words` for the table, the message for people."""

    def __init__(self, words: str, trouble: str) -> None:
        super().__init__(trouble)
        self.words = words


def judged(
    response: bytes, chain: Sequence[x509.Certificate], *, trusted: Sequence[x509.Certificate] = (), now: datetime
) -> Staple:
    """The staple of a handshake whose server sent `chain`, leaf first; `response` is b"" for none.

    The issuer may be in `trusted` too: some servers send their own certificate alone.
    """
    if not chain:
        return Staple("unread", "no certificate")
    leaf, must = chain[0], must_staple(chain[0])
    if not response:
        missing = "the certificate demands a stapled OCSP response (must-staple), and the server sends none"
        return Staple("none", "not stapled", missing if must else "", must=must)
    try:
        return _read(ocsp.load_der_ocsp_response(response), leaf, _issuer(leaf, (*chain[1:], *trusted)), must, now)
    except _Invalid as error:
        return Staple("invalid", error.words, str(error), must=must)
    except _ODD:
        return Staple("invalid", "unreadable", "the stapled OCSP response can't be read", must=must)


def must_staple(leaf: x509.Certificate) -> bool:
    """Whether the certificate has the TLS feature status_request (RFC 7633)."""
    try:
        found = leaf.extensions.get_extension_for_class(x509.TLSFeature).value
    except (x509.ExtensionNotFound, *_ODD):
        return False
    return x509.TLSFeatureType.status_request in found


def _read(
    response: ocsp.OCSPResponse, leaf: x509.Certificate, issuer: x509.Certificate | None, must: bool, now: datetime
) -> Staple:
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        error = response.response_status.name.lower().replace("_", " ")
        raise _Invalid(f"error: {error}", f'the stapled OCSP response holds an error, "{error}", and no status')
    single = _about(leaf, issuer, response.responses)
    signed = _signed(response, issuer, now) if issuer else None
    if signed is False:
        raise _Invalid("bad signature", "the stapled OCSP response is not signed for the certificate's issuer")
    begins, ends = single.this_update_utc, single.next_update_utc
    status = single.certificate_status.name.lower()
    words, trouble = _status(single) or _age(begins, ends, now)
    if signed is None:
        words += ", signature not checked"
    return Staple(status, words, trouble, begins, ends, signed is True, must)


def _about(
    leaf: x509.Certificate, issuer: x509.Certificate | None, singles: Iterable[ocsp.OCSPSingleResponse]
) -> ocsp.OCSPSingleResponse:
    """The part of the response that is about this certificate: serial number, and the issuer's name and key."""
    others: list[int] = []
    for single in singles:
        if single.serial_number == leaf.serial_number and (issuer is None or _names(single, leaf, issuer)):
            return single
        others.append(single.serial_number)
    found = f"number {_short(others[0])}" if others else "none"
    raise _Invalid(
        "of another certificate",
        f"the stapled OCSP response is about another certificate ({found}, not {_short(leaf.serial_number)})",
    )


def _names(single: ocsp.OCSPSingleResponse, leaf: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the response means this issuer, by the hashes that a question about the certificate would have."""
    asked = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, single.hash_algorithm).build()
    return (single.issuer_name_hash, single.issuer_key_hash) == (asked.issuer_name_hash, asked.issuer_key_hash)


def _status(single: ocsp.OCSPSingleResponse) -> tuple[str, str] | None:
    """Words and trouble of a certificate that is not good; None for one that is."""
    if single.certificate_status is ocsp.OCSPCertStatus.GOOD:
        return None
    if single.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        return "unknown", "its issuer's OCSP responder does not know the certificate"
    since, why = single.revocation_time_utc, single.revocation_reason
    when = f" on {since:%Y-%m-%d}" if since else ""
    reason = f" ({_spaced(why.value)})" if why and why is not x509.ReasonFlags.unspecified else ""
    return "revoked", f"the certificate was revoked{when}{reason}"


def _age(begins: datetime, ends: datetime | None, now: datetime) -> tuple[str, str]:
    if begins > now + _LEEWAY:
        return "of the future", f"the stapled OCSP response is not valid before {begins:%Y-%m-%d %H:%M} UTC"
    if ends is None:
        return f"good on {begins:%Y-%m-%d}", ""
    if ends < now - _LEEWAY:
        ago = days((now - ends) / timedelta(days=1))
        return "expired", f"the stapled OCSP response expired on {ends:%Y-%m-%d %H:%M} UTC ({ago} ago)"
    return f"good until {ends:%Y-%m-%d}", ""


def _issuer(leaf: x509.Certificate, candidates: Sequence[x509.Certificate]) -> x509.Certificate | None:
    return next((each for each in candidates if _issued(leaf, each)), None)


def _issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (InvalidSignature, *_ODD):
        return False
    return True


def _signed(response: ocsp.OCSPResponse, issuer: x509.Certificate, now: datetime) -> bool | None:
    """Whether the issuer signed, or a responder that it certified for that; None where the kind can't be checked."""
    try:
        algorithm = response.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    signers = [issuer, *(each for each in response.certificates if _delegated(each, issuer, now))]
    return any(_fits(signer.public_key(), response, algorithm) for signer in signers)


def _delegated(certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> bool:
    """Whether the issuer made this certificate for signing OCSP responses (RFC 6960 section 4.2.2.2)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, *_ODD):
        return False
    in_time = certificate.not_valid_before_utc <= now + _LEEWAY and now - _LEEWAY <= certificate.not_valid_after_utc
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage and in_time and _issued(certificate, issuer)


def _fits(key: object, response: ocsp.OCSPResponse, algorithm: hashes.HashAlgorithm | None) -> bool:
    signature, content = response.signature, response.tbs_response_bytes
    try:
        if isinstance(key, rsa.RSAPublicKey) and algorithm:
            key.verify(signature, content, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm:
            key.verify(signature, content, ec.ECDSA(algorithm))
        elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(signature, content)
        else:
            return False
    except (InvalidSignature, *_ODD):
        return False
    return True


def _spaced(name: str) -> str:
    """ "keyCompromise" as people write it."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name)


def _short(serial_number: int) -> str:
    """As much of it as tells two certificates apart."""
    number = f"{serial_number:x}"
    return number if len(number) <= 16 else number[:15] + "…"
