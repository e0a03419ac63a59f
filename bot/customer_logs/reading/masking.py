"""Masks: what identifies a customer or opens a door is replaced by a word that is the same for the same thing."""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import re2

from bot.customer_logs.reading.kinds import KINDS, Kind
from bot.customer_logs.reading.secrets_in_text import ADDRESSES, DASHED, MASKED, PATH_NAME, is_customers
from bot.customer_logs.reading.toml_texts import OPTIONS

MASKS_MAX = 5000
"""Things of one kind that are told apart."""
_BEGIN = re.compile(rb"-----BEGIN [A-Za-z0-9 ]{3,60}-----")
_INLINE = re.compile(
    rb"(?i)<(ca|cert|key|extra-certs|tls-auth|tls-crypt|tls-crypt-v2|pkcs12|secret|auth-user-pass|http-proxy-user-pass|dh|crl-verify)>"
)
NAME_MAX = 130
_BLOCK_LINES = 600
_NOT_OF_A_KEY = re.compile(rb"[^A-Za-z0-9+/=:.,\s\-_*#|\[\]()<>]")
_USERS = re.compile(
    rb"(?i)(?:[/\\]|\b[a-z]:\\{1,2})(?:home|users|documents and settings)[/\\]{1,2}(" + PATH_NAME.encode() + rb")"
)
_WORDS = re.compile(rb"(?<![\w+/])[a-z]{2,12}(?![\w+/=])")
_OF_NOBODY = (
    "user users admin administrator root public default shared guest runner app apps system all me you local library"
    " username test mobile appdata windows"
)
_NOBODY = frozenset(_OF_NOBODY.split())
_HOST = re.compile(
    r"\A\s{0,3}(?P<host>[A-Za-z0-9][\w.-]{0,62}) (?=[\w./()\-]{2,60}\[\d{1,7}\]:|[a-z][\w./()\-]{1,60}:)"
)
_HOST_OF_PROCESS = re.compile(
    r"\A\s{0,3}(?P<host>[A-Za-z0-9][\w.-]{0,62}) (?=[\w./()\-]{2,60}\[\d{1,7}\]|"
    r"(?:kernel|systemd|sudo|dnsmasq|dhclient|wpa_supplicant|charon|openvpn|wg-quick|NetworkManager):)"
)
_OLD_MASK = re.compile("[‹›]")


class Masker:
    """`key` is of the investigation: whatever is masked has the same number in all of its logs.

    `known` are numbers given before, by kind and digest; `new` are those given here. `ours` are addresses of ours.
    """

    def __init__(self, *, key: bytes, known: Mapping[str, int], ours: Iterable[str] = ()) -> None:
        self._key = key
        self._numbers = dict(known)
        self._ours = frozenset(ours)
        self._names: Any = None
        self._last: dict[str, int] = {}
        self.new: dict[str, int] = {}
        for name, number in known.items():
            kind = name.split("/", 1)[0]
            self._last[kind] = max(number, self._last.get(kind, 0))

    def learn_names(self, content: Iterable[bytes]) -> None:
        """Names of people that stand in paths are masked wherever else they stand in this log."""
        paths = {hit[1].decode("utf-8", "replace")[:NAME_MAX] for line in content for hit in _USERS.finditer(line)}
        names = {name for path in paths for name in (path, *path.split())}
        told = sorted((each for each in names if len(each) > 2 and each.lower() not in _NOBODY), key=len, reverse=True)
        if told:
            listed = "|".join(map(re2.escape, told[:200]))
            self._names = re2.compile(rf"(?i)(^|[^A-Za-z0-9])({listed})([^A-Za-z0-9]|$)", OPTIONS)

    def mask(self, text: str) -> str:
        """One line, or the rest of it behind its time."""
        text = _OLD_MASK.sub("'", text)
        for kind in KINDS:
            text = kind.pattern.sub(lambda hit, kind=kind: self._masked(kind, hit), text)  # type: ignore[misc]
        text = ADDRESSES.sub(self._address, text)
        text = DASHED.sub(self._dashed, text)
        return self._without_names(text) if self._names else text

    def _without_names(self, text: str) -> str:
        """Twice: of two names with one letter between them the first pass sees one."""
        for _ in range(2):
            text = self._names.sub(lambda hit: hit[1] + self._mark("user", hit[2].lower()) + hit[3], text)
        return text

    def mask_message(self, text: str, *, by_syslog: bool) -> str:
        """What stands behind a time: a system's log has the name of the device there."""
        host = (_HOST if by_syslog else _HOST_OF_PROCESS).match(text)
        if host and not host["host"].isdigit():
            front, name = text[: host.start("host")], self._mark("device", host["host"].lower())
            return f"{front}{name} {self.mask(text[host.end() :])}"
        return self.mask(text)

    def digest(self, kind: str, value: str) -> str:
        return hmac.new(self._key, f"{kind}\0{value}".encode(), sha256).hexdigest()[:24]

    def _masked(self, kind: Kind, hit: re.Match[str]) -> str:
        groups = [name for name, value in hit.groupdict().items() if value is not None]
        start, end = hit.span(groups[0]) if groups else hit.span()
        value = hit.string[start:end]
        if not value or value.startswith(MASKED) or not kind.holds(value):
            return hit[0]
        mark = self._mark(kind.label, value.lower() if kind.counts else "", counts=kind.counts)
        return hit.string[hit.start() : start] + mark + hit.string[end : hit.end()]

    def _address(self, hit: re.Match[str]) -> str:
        before = hit.string[max(0, hit.start() - 12) : hit.start()]
        address = is_customers(hit[0].replace("[.]", "."), before, self._ours)
        return self._mark("address", address) if address else hit[0]

    def _dashed(self, hit: re.Match[str]) -> str:
        address = is_customers(".".join(hit.group("a", "b", "c", "d")), "", self._ours)
        return self._mark("address", address) if address else hit[0]

    def _mark(self, label: str, value: str, *, counts: bool = True) -> str:
        if not counts:
            return f"{MASKED}{label}›"
        name = f"{label}/{self.digest(label, value)}"
        number = self._numbers.get(name)
        if number is None:
            if self._last.get(label, 0) >= MASKS_MAX:
                return f"{MASKED}{label}›"
            number = self._last[label] = self._last.get(label, 0) + 1
            self._numbers[name] = self.new[name] = number
        return f"{MASKED}{label} {number}›"


def blocks(lines: Sequence[bytes]) -> frozenset[int]:
    """The numbers of lines inside keys and certificates that take several lines, from 0.

    A block that is never closed goes on as long as its lines could be of a key.
    """
    whole = b"\n".join(lines)
    if b"-----BEGIN" not in whole and not _INLINE.search(whole):
        return frozenset()
    inside: set[int] = set()
    end, begun, of_key = b"", 0, True
    for place, line in enumerate(lines):
        if not end:
            end, at, of_key = _begins(line)
            if end:
                begun = place
                inside.add(place)
                end = b"" if end in line[at:].lower() else end
        elif end in line.lower():
            inside.add(place)
            end = b""
        elif place - begun > (_BLOCK_LINES if of_key else 4) or (of_key and _looks_written(line)):
            end = b""
        else:
            inside.add(place)
    return frozenset(inside)


def _begins(line: bytes) -> tuple[bytes, int, bool]:
    """What ends the block that a line begins, b"" for none; where it begins; and whether it is a key."""
    if b"-----BEGIN" in line and (hit := _BEGIN.search(line)):
        return b"-----end ", hit.end(), True
    if b"<" in line and (hit := _INLINE.search(line)):
        name = hit[1].lower()
        return b"</" + name + b">", hit.end(), b"user-pass" not in name
    return b"", 0, True


def _looks_written(line: bytes) -> bool:
    """Whether it is a sentence and no line of a key: several words of letters."""
    message = line[-200:]
    return bool(_NOT_OF_A_KEY.search(message)) or len(_WORDS.findall(message)) >= 3
