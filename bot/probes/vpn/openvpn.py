"""OpenVPN's hard reset, the first packet of its control channel, plain or wrapped with the servers' static key. Pure.

Wire format: OpenVPN's own "Security Overview" and "Protocol Overview" pages, and its tls-crypt specification.
"""

import hmac
import re
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from bot.clock import Clock
from bot.probes.vpn.wire import VpnAnswer

_STATIC_KEY = re.compile(r"-----BEGIN OpenVPN Static key V1-----([0-9a-fA-F\s]+)-----END")
_SPACE = re.compile(r"\s")

CLIENT_V2, SERVER_V2 = 7, 8
"""P_CONTROL_HARD_RESET_CLIENT_V2 and _SERVER_V2; the first byte has them above three bits of key id."""

KeyUse = Literal["tls-crypt", "tls-auth", "tls-auth 1"]

_HEAD = 9
_KEY_BYTES = 256
_NOT_OPENVPN = VpnAnswer(False, "something answers that is not OpenVPN")
_OPCODES = range(1, 12)


class Wrapping(Protocol):
    """How a server wants control packets. `unwrapped` is None for what was not made with its key."""

    silence: str

    def wrapped(self, head: bytes, body: bytes) -> bytes: ...

    def unwrapped(self, data: bytes) -> bytes | None: ...


class BadKeyFile(ValueError):
    """A file is no OpenVPN static key."""


def read_static_key(text: str) -> bytes:
    """The 256 bytes of what `openvpn --genkey secret` writes. Raises BadKeyFile."""
    match = _STATIC_KEY.search(text)
    digits = _SPACE.sub("", match[1]) if match else ""
    if len(digits) != 2 * _KEY_BYTES:
        raise BadKeyFile("There is no OpenVPN static key in it")
    return bytes.fromhex(digits)


class Plain:
    """No wrapping: what servers without tls-auth and tls-crypt want."""

    silence = (
        "down, filtered, or it wants a tls-auth or tls-crypt key and stays silent without (vpn.openvpn_key_file, "
        "for one that all its clients share)"
    )

    def wrapped(self, head: bytes, body: bytes) -> bytes:
        return head + body

    def unwrapped(self, data: bytes) -> bytes | None:
        return data


@dataclass(slots=True)
class _Replay:
    """The packet number and time in wrapped packets, by which servers know old ones."""

    clock: Clock
    number: int = 0

    def stamp(self) -> bytes:
        self.number += 1
        return struct.pack("!II", self.number, int(self.clock().timestamp()))


class TlsAuth:
    """An HMAC over each packet. `direction` 1 is what clients have where servers have 0; None is one key for both."""

    silence = "down, filtered, or the key in vpn.openvpn_key_file, its use or vpn.openvpn_auth is not this server's"

    def __init__(self, key: bytes, *, digest: str, direction: int | None, clock: Clock) -> None:
        size = hmac.new(b"", b"", digest).digest_size
        self._size = size
        self._digest = digest
        ours, theirs = {None: (64, 64), 0: (64, 192), 1: (192, 64)}[direction]
        self._ours, self._theirs = key[ours : ours + size], key[theirs : theirs + size]
        self._replay = _Replay(clock)

    def wrapped(self, head: bytes, body: bytes) -> bytes:
        stamp = self._replay.stamp()
        return head + self._tag(self._ours, stamp + head + body) + stamp + body

    def unwrapped(self, data: bytes) -> bytes | None:
        head, tag, rest = data[:_HEAD], data[_HEAD : _HEAD + self._size], data[_HEAD + self._size :]
        good = hmac.compare_digest(tag, self._tag(self._theirs, rest[:8] + head + rest[8:]))
        return head + rest[8:] if good and len(rest) >= 8 else None

    def _tag(self, key: bytes, data: bytes) -> bytes:
        return hmac.new(key, data, self._digest).digest()


class TlsCrypt:
    """Encrypted and authenticated control packets: HMAC-SHA256, whose start is the IV of AES-256-CTR."""

    silence = "down, filtered, or the key in vpn.openvpn_key_file or its use is not this server's"

    def __init__(self, key: bytes, *, clock: Clock) -> None:
        self._theirs, self._ours = (key[:32], key[64:96]), (key[128:160], key[192:224])
        self._replay = _Replay(clock)

    def wrapped(self, head: bytes, body: bytes) -> bytes:
        cipher, mac = self._ours
        head = head + self._replay.stamp()
        tag = hmac.new(mac, head + body, "sha256").digest()
        return head + tag + _ctr(cipher, tag, body)

    def unwrapped(self, data: bytes) -> bytes | None:
        cipher, mac = self._theirs
        head, tag, hidden = data[: _HEAD + 8], data[_HEAD + 8 : _HEAD + 40], data[_HEAD + 40 :]
        if len(tag) != 32:
            return None
        body = _ctr(cipher, tag, hidden)
        good = hmac.compare_digest(tag, hmac.new(mac, head + body, "sha256").digest())
        return head[:_HEAD] + body if good else None


def wrapping_with(text: str, *, use: KeyUse, digest: str, clock: Clock) -> Callable[[], Wrapping]:
    """What makes the wrapping of one conversation out of a key file's text. Raises BadKeyFile."""
    key = read_static_key(text)
    if use == "tls-crypt":
        return lambda: TlsCrypt(key, clock=clock)
    direction = 1 if use == "tls-auth 1" else None
    return lambda: TlsAuth(key, digest=digest, direction=direction, clock=clock)


class OpenVpnGreeting:
    """A hard reset: our random session id, no acknowledgements, packet id 0."""

    def __init__(self, wrapping: Wrapping | None = None) -> None:
        self._wrapping = wrapping or Plain()
        self._session = secrets.token_bytes(8)
        self.silence = self._wrapping.silence

    def packet(self) -> bytes:
        head = bytes([CLIENT_V2 << 3]) + self._session
        return self._wrapping.wrapped(head, bytes(5))

    def judge(self, data: bytes) -> VpnAnswer:
        """Only a server's reset that acknowledges our packet for our session is the service's answer."""
        plain = self._wrapping.unwrapped(data)
        if plain is None:
            return VpnAnswer(False, "something answers, but not with the key in vpn.openvpn_key_file")
        if len(plain) < _HEAD + 1 or plain[0] >> 3 not in _OPCODES:
            return _NOT_OPENVPN
        count = plain[_HEAD]
        acknowledged, session = plain[10 : 10 + 4 * count], plain[10 + 4 * count : 18 + 4 * count]
        whole = len(plain) == 22 + 4 * count
        if plain[0] != SERVER_V2 << 3 or not count or not whole or session != self._session:
            return _NOT_OPENVPN
        if bytes(4) not in (acknowledged[i : i + 4] for i in range(0, len(acknowledged), 4)):
            return _NOT_OPENVPN
        return VpnAnswer(True, "OpenVPN answers the hard reset")


def _ctr(key: bytes, tag: bytes, data: bytes) -> bytes:
    """AES-256-CTR is its own inverse."""
    return Cipher(AES(key), CTR(tag[:16])).encryptor().update(data)
