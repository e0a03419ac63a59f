"""A WireGuard responder with one peer: it answers a good initiation, and is silent to everything else."""

import base64
import hmac
import secrets
from hashlib import blake2s

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305


def new_key() -> str:
    """A private key as `wg genkey` prints it."""
    return base64.b64encode(X25519PrivateKey.generate().private_bytes_raw()).decode()


def public_key(private: str) -> str:
    """As `wg pubkey` prints it."""
    return base64.b64encode(_key(private).public_key().public_bytes_raw()).decode()


class WireguardServer:
    """The second half of the handshake, as in the whitepaper's section 5.4.3. Keys in base64."""

    def __init__(self, *, private: str, peer: str, preshared: bytes = bytes(32)) -> None:
        self._private = _key(private)
        self._public = self._private.public_key().public_bytes_raw()
        self._peer = base64.b64decode(peer)
        self._preshared = preshared
        self._latest = b""

    def answer(self, packet: bytes) -> bytes | None:
        if len(packet) != 148 or packet[:4] != b"\x01\0\0\0" or packet[116:132] != _mac(self._public, packet[:116]):
            return None
        try:
            chain, seen = self._read(packet)
        except (InvalidTag, ValueError):
            return None
        return self._respond(packet, chain, seen)

    def _read(self, packet: bytes) -> tuple[bytes, bytes]:
        """Chaining key and hash after the initiation. Raises InvalidTag or ValueError where it is not our peer's."""
        point, static, stamp = packet[8:40], packet[40:88], packet[88:116]
        chain = blake2s(b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s").digest()
        seen = blake2s(chain + b"WireGuard v1 zx2c4 Jason@zx2c4.com").digest()
        seen = blake2s(blake2s(seen + self._public).digest() + point).digest()
        chain = _expand(chain, point)[0]
        chain, key, _ = _expand(chain, self._private.exchange(X25519PublicKey.from_public_bytes(point)))
        if ChaCha20Poly1305(key).decrypt(bytes(12), static, seen) != self._peer:
            raise ValueError("not the peer")
        seen = blake2s(seen + static).digest()
        chain, key, _ = _expand(chain, self._private.exchange(X25519PublicKey.from_public_bytes(self._peer)))
        when = ChaCha20Poly1305(key).decrypt(bytes(12), stamp, seen)
        if when <= self._latest:
            raise ValueError("a replay")
        self._latest = when
        return chain, blake2s(seen + stamp).digest()

    def _respond(self, packet: bytes, chain: bytes, seen: bytes) -> bytes:
        ephemeral = X25519PrivateKey.generate()
        point = ephemeral.public_key().public_bytes_raw()
        chain = _expand(chain, point)[0]
        for theirs in (packet[8:40], self._peer):
            chain = _expand(chain, ephemeral.exchange(X25519PublicKey.from_public_bytes(theirs)))[0]
        chain, tau, key = _expand(chain, self._preshared)
        seen = blake2s(blake2s(seen + point).digest() + tau).digest()
        empty = ChaCha20Poly1305(key).encrypt(bytes(12), b"", seen)
        head = b"\x02\0\0\0" + secrets.token_bytes(4) + packet[4:8] + point + empty
        return head + _mac(self._peer, head) + bytes(16)


def _key(text: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(base64.b64decode(text))


def _mac(receiver: bytes, data: bytes) -> bytes:
    return blake2s(data, key=blake2s(b"mac1----" + receiver).digest(), digest_size=16).digest()


def _expand(chain: bytes, data: bytes) -> tuple[bytes, bytes, bytes]:
    def mac(key: bytes, text: bytes) -> bytes:
        return hmac.new(key, text, blake2s).digest()

    secret = mac(chain, data)
    first = mac(secret, b"\x01")
    second = mac(secret, first + b"\x02")
    return first, second, mac(secret, second + b"\x03")
