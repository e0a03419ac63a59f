"""IKEv2's first exchange, IKE_SA_INIT (RFC 7296 sections 1.2 and 3). Pure."""

import secrets
import struct
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bot.probes.vpn.wire import VpnAnswer

NAT_PORT = 4500
"""There IKE packets begin with four zero bytes, ESP packets with an SPI (RFC 3948 section 2.2)."""
SA, KE, NONCE, NOTIFY = 33, 34, 40, 41
SA_INIT = 34
NOTIFIES = {
    5: "INVALID_MAJOR_VERSION",
    7: "INVALID_SYNTAX",
    14: "NO_PROPOSAL_CHOSEN",
    17: "INVALID_KE_PAYLOAD",
    16390: "COOKIE",
}

_MARKER = bytes(4)
_HEADER = struct.Struct("!8s8sBBBBII")
_RESPONSE = 0x20
_GROUP = 31
# IANA's numbers of IKEv2 transforms: encryption 1, PRF 2, integrity 3, group 4; the third item is the key length.
_PLAIN = ((1, 12, 256), (1, 12, 128), (2, 5, 0), (2, 2, 0), (3, 12, 0), (3, 2, 0))
_AEAD = ((1, 20, 256), (1, 20, 128), (2, 5, 0), (2, 6, 0))
_GROUPS = ((4, _GROUP, 0), (4, 19, 0), (4, 14, 0), (4, 2, 0))
_NOT_IKE = VpnAnswer(False, "something answers that is not IKEv2")


class IkeGreeting:
    """An offer of the usual algorithms. Whatever the server thinks of it, an answer to it shows that IKE is there."""

    silence = "down or filtered"

    def __init__(self, port: int) -> None:
        self._spi = secrets.token_bytes(8)
        self._marker = _MARKER if port == NAT_PORT else b""
        public = X25519PrivateKey.generate().public_key().public_bytes_raw()
        self._body = b"".join(
            [
                _payload(KE, _proposals()),
                _payload(NONCE, struct.pack("!HH", _GROUP, 0) + public),
                _payload(0, secrets.token_bytes(32)),
            ]
        )

    def packet(self) -> bytes:
        length = _HEADER.size + len(self._body)
        return self._marker + _HEADER.pack(self._spi, bytes(8), SA, 0x20, SA_INIT, 0x08, 0, length) + self._body

    def judge(self, data: bytes) -> VpnAnswer:
        """An answer must carry our SPI, be a response of the same exchange, and hold payloads that can be read."""
        if not data.startswith(self._marker):
            return _NOT_IKE
        packet = data[len(self._marker) :]
        if len(packet) < _HEADER.size:
            return _NOT_IKE
        spi, _theirs, first, version, exchange, flags, number, length = _HEADER.unpack_from(packet)
        ours = spi == self._spi and version >> 4 == 2 and exchange == SA_INIT and number == 0
        if not ours or not flags & _RESPONSE or length != len(packet):
            return _NOT_IKE
        return _meaning(first, packet[_HEADER.size :])


def _meaning(first: int, body: bytes) -> VpnAnswer:
    payloads = list(_payloads(first, body))
    kinds = {kind for kind, _ in payloads}
    if {SA, KE, NONCE} <= kinds:
        return VpnAnswer(True, "IKEv2 answers and accepts the proposal")
    for kind, data in payloads:
        if kind == NOTIFY and len(data) >= 4:
            number = struct.unpack_from("!H", data, 2)[0]
            return VpnAnswer(True, f"IKEv2 answers {NOTIFIES.get(number, f'with notify {number}')}")
    return _NOT_IKE


def _payloads(kind: int, body: bytes) -> Iterator[tuple[int, bytes]]:
    """Each payload's type and content (section 3.2); nothing after one that can't be read."""
    while kind and len(body) >= 4:
        following, _critical, length = struct.unpack_from("!BBH", body)
        if not 4 <= length <= len(body):
            return
        yield kind, body[4:length]
        kind, body = following, body[length:]


def _payload(following: int, content: bytes) -> bytes:
    return struct.pack("!BBH", following, 0, 4 + len(content)) + content


def _proposals() -> bytes:
    """An SA payload's content (section 3.3): algorithms with separate integrity, and such that have it built in."""
    first, second = _transforms(_PLAIN + _GROUPS), _transforms(_AEAD + _GROUPS)
    offers = ((2, 1, len(_PLAIN + _GROUPS), first), (0, 2, len(_AEAD + _GROUPS), second))
    return b"".join(
        struct.pack("!BBHBBBB", more, 0, 8 + len(listed), number, 1, 0, count) + listed
        for more, number, count, listed in offers
    )


def _transforms(proposals: tuple[tuple[int, int, int], ...]) -> bytes:
    packed = b""
    for place, (kind, number, bits) in enumerate(proposals, start=1):
        length = struct.pack("!HH", 0x800E, bits) if bits else b""
        more = 3 if place < len(proposals) else 0
        packed += struct.pack("!BBHBBH", more, 0, 8 + len(length), kind, 0, number) + length
    return packed
