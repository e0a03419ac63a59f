"""WireGuard's handshake initiation, and its response judged with our keys (whitepaper section 5.4). Pure."""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bot.clock import Clock
from bot.probes.vpn.wire import VpnAnswer

INITIATION, RESPONSE, COOKIE = 1, 2, 3
RESPONSE_BYTES, COOKIE_BYTES = 92, 64

_CONSTRUCTION = b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"
_IDENTIFIER = b"WireGuard v1 zx2c4 Jason@zx2c4.com"
_MAC1 = b"mac1----"
_TAI64 = 0x400000000000000A
_NONCE = bytes(12)
_NO_WIREGUARD = VpnAnswer(False, "something answers that is not WireGuard")


@dataclass(frozen=True, slots=True)
class Keys:
    """32 bytes each: our private key, the server's public key, and the key shared with it (zeros for none)."""

    private: bytes
    server: bytes
    preshared: bytes = bytes(32)


def read_key(text: str) -> bytes:
    """A key as wg(8) writes it. Raises ValueError."""
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if len(key) != 32:
        raise ValueError("a WireGuard key has 32 bytes")
    return key


@dataclass(frozen=True, slots=True)
class _Sent:
    """What must be known of an initiation to understand its response."""

    index: bytes
    ephemeral: X25519PrivateKey
    chain: bytes
    hash: bytes


class WireguardGreeting:
    """A handshake initiation. The server learns our peer's address by it, so the key must be the bot's own."""

    silence = "down, filtered, it does not know our key, or its key is not the one in wireguard_keys"

    def __init__(self, keys: Keys, *, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._private = X25519PrivateKey.from_private_bytes(keys.private)
        self._public = self._private.public_key().public_bytes_raw()
        self._sent: list[_Sent] = []

    def packet(self) -> bytes:
        """A new initiation each time: servers drop one whose time is not later than the last. Raises ValueError for
        a server key that is no point of the curve."""
        server = X25519PublicKey.from_public_bytes(self._keys.server)
        ephemeral, index = X25519PrivateKey.generate(), secrets.token_bytes(4)
        point = ephemeral.public_key().public_bytes_raw()
        chain = _hash(_CONSTRUCTION)
        transcript = _hash(_hash(_hash(chain + _IDENTIFIER) + self._keys.server) + point)
        chain = _kdf(chain, point, 1)[0]
        chain, key = _kdf(chain, ephemeral.exchange(server), 2)
        static = ChaCha20Poly1305(key).encrypt(_NONCE, self._public, transcript)
        transcript = _hash(transcript + static)
        chain, key = _kdf(chain, self._private.exchange(server), 2)
        stamp = ChaCha20Poly1305(key).encrypt(_NONCE, self._now(), transcript)
        self._sent.append(_Sent(index, ephemeral, chain, _hash(transcript + stamp)))
        head = struct.pack("<I", INITIATION) + index + point + static + stamp
        return head + mac1(self._keys.server, head) + bytes(16)

    def judge(self, data: bytes) -> VpnAnswer:
        """A response must decrypt with our keys; a cookie comes from a server under load."""
        kind, receiver = data[:4], data[8:12] if data[:1] == b"\x02" else data[4:8]
        sent = next((initiation for initiation in self._sent if initiation.index == receiver), None)
        if sent is None:
            return _NO_WIREGUARD
        if kind == struct.pack("<I", COOKIE) and len(data) == COOKIE_BYTES:
            return VpnAnswer(True, "WireGuard answers that it is under load (cookie reply)")
        if kind != struct.pack("<I", RESPONSE) or len(data) != RESPONSE_BYTES:
            return _NO_WIREGUARD
        if not self._authentic(sent, data):
            return VpnAnswer(False, "something answers, but not with the configured keys")
        return VpnAnswer(True, "WireGuard answers the handshake")

    def _authentic(self, sent: _Sent, data: bytes) -> bool:
        point, empty = data[12:44], data[44:60]
        if not hmac.compare_digest(mac1(self._public, data[:60]), data[60:76]):
            return False
        try:
            theirs = X25519PublicKey.from_public_bytes(point)
            chain = _kdf(sent.chain, point, 1)[0]
            chain = _kdf(chain, sent.ephemeral.exchange(theirs), 1)[0]
            chain = _kdf(chain, self._private.exchange(theirs), 1)[0]
            _chain, tau, key = _kdf(chain, self._keys.preshared, 3)
            ChaCha20Poly1305(key).decrypt(_NONCE, empty, _hash(_hash(sent.hash + point) + tau))
        except (ValueError, InvalidTag):
            return False
        return True

    def _now(self) -> bytes:
        """TAI64N; a repeat is later than the packet before it even where the clock stands."""
        now = self._clock()
        return struct.pack("!QI", _TAI64 + int(now.timestamp()), now.microsecond * 1000 + len(self._sent))


def mac1(receiver: bytes, data: bytes) -> bytes:
    """Shows that the sender knows the receiver's public key; without it WireGuard stays silent."""
    return hashlib.blake2s(data, key=_hash(_MAC1 + receiver), digest_size=16).digest()


def _hash(data: bytes) -> bytes:
    return hashlib.blake2s(data).digest()


def _kdf(key: bytes, data: bytes, count: int) -> list[bytes]:
    """Derives keys by HKDF with HMAC-BLAKE2s."""
    secret, last, keys = hmac.new(key, data, hashlib.blake2s).digest(), b"", []
    for number in range(1, count + 1):
        last = hmac.new(secret, last + bytes([number]), hashlib.blake2s).digest()
        keys.append(last)
    return keys
