"""A TLS handshake that asks for a stapled OCSP response (RFC 6066 section 8), which Python's ssl can't."""

import asyncio
from dataclasses import dataclass

from cryptography import x509
from OpenSSL import SSL

from bot.probes.address import canonical
from bot.probes.web.dial import Connection, PhaseFailed, Phases, connected

_PART = 16_384


@dataclass(frozen=True, slots=True)
class Stapled:
    """What one handshake showed: the certificates as sent, leaf first, and the response, b"" for none."""

    chain: tuple[x509.Certificate, ...]
    response: bytes


async def stapled(host: str, port: int, address: str, *, timeout_s: float) -> Stapled:
    """Looks at exactly `address`; nothing is verified, and nothing sent but the handshake. Raises PhaseFailed."""
    phases, got = Phases(), bytearray()
    tls = _client(host, got)
    async with (
        connected(address, port, phases=phases, timeout_s=timeout_s) as connection,
        phases.timed("tls", timeout_s),
    ):
        await _shaken(tls, connection)
    try:
        chain = tls.get_peer_cert_chain(as_cryptography=True) or []
    except (ValueError, x509.InvalidVersion) as error:
        raise PhaseFailed("tls", "certificate", "TLS: the certificate can't be read") from error
    return Stapled(tuple(chain), bytes(got))


def _client(host: str, got: bytearray) -> SSL.Connection:
    """The TLS side in memory: bytes are carried by asyncio, so that no handshake holds the loop."""

    def keep(_connection: SSL.Connection, response: bytes, _data: object) -> bool:
        got[:] = response
        return True

    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_verify(SSL.VERIFY_NONE)
    context.set_ocsp_client_callback(keep)
    tls = SSL.Connection(context, None)
    if not canonical(host):
        tls.set_tlsext_host_name(host.encode("ascii"))
    tls.request_ocsp()
    tls.set_connect_state()
    return tls


async def _shaken(tls: SSL.Connection, connection: Connection) -> None:
    while not _step(tls):
        await _sent(tls, connection)
        part = await connection.reader.read(_PART)
        if not part:
            raise asyncio.IncompleteReadError(b"", None)
        tls.bio_write(part)
    await _sent(tls, connection)


def _step(tls: SSL.Connection) -> bool:
    """Whether the handshake is done; False where it waits for the server."""
    try:
        tls.do_handshake()
    except SSL.WantReadError:
        return False
    except SSL.Error as error:
        raise PhaseFailed("tls", "tls", "TLS: the handshake that asks for OCSP failed") from error
    return True


async def _sent(tls: SSL.Connection, connection: Connection) -> None:
    try:
        while True:
            connection.writer.write(tls.bio_read(_PART))
    except SSL.WantReadError:
        await connection.writer.drain()
