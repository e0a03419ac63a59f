"""A TLS server that staples what a test says, and OCSP responses as a responder would sign them."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from OpenSSL import SSL

from tests.needs import needs_openssl
from tests.probes.listeners import NOW, Issued, listening


def response(
    leaf: x509.Certificate,
    signer: Issued,
    *,
    issuer: x509.Certificate | None = None,
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
    since_days: float = -1,
    until_days: float | None = 5,
) -> bytes:
    """About `leaf`, whose issuer is the signer unless another is named; then the signer's certificate goes along."""
    revoked = status is ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=leaf,
        issuer=issuer or signer.certificate,
        algorithm=hashes.SHA1(),
        cert_status=status,
        this_update=NOW + dt.timedelta(days=since_days),
        next_update=None if until_days is None else NOW + dt.timedelta(days=until_days),
        revocation_time=dt.datetime(2026, 1, 2, tzinfo=dt.UTC) if revoked else None,
        revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    if issuer:
        builder = builder.certificates([signer.certificate])
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def nonsense(content: bytes) -> bytes:
    """A response of the right outer form (RFC 6960 section 4.2.1) whose inside is anything."""
    body = _der(0x30, bytes.fromhex("06092b0601050507300101") + _der(0x04, content))
    return _der(0x30, bytes.fromhex("0a0100") + _der(0xA0, body))


@asynccontextmanager
async def stapling_anything(server: Issued, issuer: Path, staple: bytes, folder: Path) -> AsyncIterator[int]:
    """OpenSSL's own test server: pyOpenSSL's library leaves out what is not about the server's certificate."""
    (folder / "staple.der").write_bytes(staple)
    key = server.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "stapling.pem").write_bytes(key + server.certificate.public_bytes(serialization.Encoding.PEM))
    arguments = ["-accept", "127.0.0.1:0", "-cert", "stapling.pem", "-key", "stapling.pem", "-chainCAfile", str(issuer)]
    process = await asyncio.create_subprocess_exec(
        *(needs_openssl(), "s_server", *arguments, "-status_file", "staple.der"),
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        await process.stdout.readuntil(b"ACCEPT ")
        line = await process.stdout.readline()
        yield int(line.rpartition(b":")[2])
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def stapling(server: Issued, chain: list[x509.Certificate], staple: bytes) -> AsyncIterator[int]:
    """A server that shows `server` and `chain`, and staples to each handshake that asks; b"" is no staple."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.use_certificate(server.certificate)
    context.use_privatekey(server.key)
    for each in chain:
        context.add_extra_chain_cert(each)
    context.set_ocsp_server_callback(lambda _connection, _data: staple)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tls = SSL.Connection(context, None)
        tls.set_accept_state()
        while part := await reader.read(16_384):
            tls.bio_write(part)
            _step(tls)
            writer.write(_pending(tls))
            await writer.drain()

    async with listening(handle) as port:
        yield port


def _der(tag: int, content: bytes) -> bytes:
    """An element that is shorter than 128 bytes."""
    return bytes([tag, len(content)]) + content


def _step(tls: SSL.Connection) -> None:
    try:
        tls.do_handshake()
    except SSL.Error:
        return  # it waits for more, or the client has refused the certificate


def _pending(tls: SSL.Connection) -> bytes:
    try:
        return tls.bio_read(100_000)
    except SSL.WantReadError:
        return b""
