"""The certificates that a server shows in its handshake, verified or not."""

import ssl
from typing import Any

from bot.probes.web.certificate import Certificate, read_certificate
from bot.probes.web.dial import PhaseFailed, Phases, connected
from bot.probes.web.segments import Segments

_LOOK_S = 2.5
"""For each phase of a handshake that only looks: a server that was just there and is silent now holds nothing up."""


def unverifying() -> ssl.SSLContext:
    """Verifies nothing: a connection made with it is for looking, and nothing is sent over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def sent_chain(tls: ssl.SSLObject) -> tuple[Certificate, ...]:
    """The chain as the server sent it; where Python can't tell, the leaf alone. Empty where the leaf can't be read."""
    sent = _sent_der(tls) or (tls.getpeercert(binary_form=True) or b"",)
    leaf, *others = map(read_certificate, sent)
    return (leaf, *(other for other in others if other)) if leaf else ()


def _sent_der(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """Python 3.13 has a public call for the chain; before, the same call stands on the object beneath."""
    holder: Any = tls if hasattr(tls, "get_unverified_chain") else getattr(tls, "_sslobj", None)
    return tuple(map(_der, (holder.get_unverified_chain() if holder else None) or ()))


async def shown_chain(host: str, port: int, address: str, *, timeout_s: float) -> tuple[Certificate, ...]:
    """The server's chain, by a handshake that accepts any; empty where it can't be had."""
    try:
        async with connected(
            address, port, phases=Phases(), timeout_s=min(timeout_s, _LOOK_S), tls=unverifying(), name=host
        ) as connection:
            return sent_chain(connection.tls) if connection.tls else ()
    except PhaseFailed:
        return ()


async def packets_of_handshake(
    host: str, port: int, address: str, segment_bytes: int, timeout_s: float
) -> Segments | None:
    """What the kernel knows of a handshake over packets that carry so many bytes, 0 for usual ones.

    Raises PhaseFailed.
    """
    async with connected(
        address,
        port,
        phases=Phases(),
        timeout_s=timeout_s,
        tls=unverifying(),
        name=host,
        segment_bytes=segment_bytes,
    ) as connection:
        return connection.segments()


def _der(certificate: Any) -> bytes:
    return certificate if isinstance(certificate, bytes) else ssl.PEM_cert_to_DER_cert(certificate.public_bytes())
