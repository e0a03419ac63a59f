"""A certificate authority of the sandbox's own, and certificates with known faults."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate with its key; signs others."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


class Authority:
    """A root and an intermediate made for one run; nothing outside `folder` ever trusts them."""

    def __init__(self, *, folder: Path, now: datetime) -> None:
        self._folder = folder
        self._now = now
        self._root = _signer("Sandbox root", None, now)
        self._intermediate = _signer("Sandbox intermediate", self._root, now)
        self.ca_pem = folder / "ca.pem"
        self.ca_pem.write_bytes(self._root.pem)

    def server(self, names: tuple[str, ...], *, days: float = 90, with_chain: bool = True) -> ssl.SSLContext:
        """A server context for these names or addresses; a negative `days` has expired that long ago."""
        leaf = _leaf(names, self._intermediate, self._now, days)
        return self._context(leaf, self._intermediate.pem if with_chain else b"")

    def self_signed(self, names: tuple[str, ...]) -> ssl.SSLContext:
        return self._context(_leaf(names, None, self._now, 90), b"")

    def _context(self, leaf: Signer, chain: bytes) -> ssl.SSLContext:
        key = leaf.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        # Python's ssl reads certificates and keys from files only.
        file = self._folder / f"{leaf.certificate.serial_number:x}.pem"
        file.touch(mode=0o600)
        file.write_bytes(leaf.pem + chain + key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _signer(name: str, issuer: Signer | None, now: datetime) -> Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = _builder(name, key, issuer, now - timedelta(days=1), now + YEAR)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.add_extension(usage, critical=True)
    return Signer(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _leaf(names: tuple[str, ...], issuer: Signer | None, now: datetime, days: float) -> Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    end = now + timedelta(days=days)
    builder = _builder(names[0], key, issuer, min(now, end) - timedelta(days=30), end)
    builder = builder.add_extension(x509.SubjectAlternativeName([_name(one) for one in names]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return Signer(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _builder(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: Signer | None, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer_key = issuer.key if issuer else key
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key()),
            critical=False,
        )
    )


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
