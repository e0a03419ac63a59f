"""The certificates that a server shows in its handshake, verified or not."""

import ssl
from typing import Any

from bot.probes.certificate import Certificate, read_certificate
from bot.probes.dial import PhaseFailed, Phases, connected


def unverifying() -> ssl.SSLContext:
    """For looking only: nothing is sent over a connection made with it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def sent_chain(tls: ssl.SSLObject) -> tuple[Certificate, ...]:
    """The chain as the server sent it; where Python can't tell, the leaf alone."""
    sent = chain_der(tls, "get_unverified_chain") or (tls.getpeercert(binary_form=True) or b"",)
    return tuple(certificate for certificate in map(read_certificate, sent) if certificate)


def chain_der(tls: ssl.SSLObject, call: str) -> tuple[bytes, ...]:
    """A chain as DER. Python 3.13 has public calls for both; before, the same calls stand on the object beneath."""
    holder: Any = tls if hasattr(tls, call) else getattr(tls, "_sslobj", None)
    return tuple(map(_der, (getattr(holder, call)() if holder else None) or ()))


async def shown_leaf(host: str, port: int, address: str, *, timeout_s: float) -> Certificate | None:
    """The server's own certificate, by a handshake that accepts any; None where it can't be had."""
    try:
        async with connected(
            address, port, phases=Phases(), timeout_s=timeout_s, tls=unverifying(), name=host
        ) as connection:
            chain = sent_chain(connection.tls) if connection.tls else ()
    except PhaseFailed:
        return None
    return chain[0] if chain else None


def _der(certificate: Any) -> bytes:
    return certificate if isinstance(certificate, bytes) else ssl.PEM_cert_to_DER_cert(certificate.public_bytes())
