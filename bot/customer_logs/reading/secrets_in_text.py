"""What in a line must not leave the process that reads it. Pure.

Each `Kind` has a pattern; its group `secret`, or the whole of it, is masked. The order counts: what an earlier one has
masked a later one does not see.
"""

import ipaddress
import re
from collections.abc import Callable
from typing import NamedTuple

MASKED = "‹"
"""Begins every mask; a log's own are replaced before anything is masked."""

_PASS = r"pass(?:word|wd|phrase|code|wort)?|pwd|passwort|kennwort|contraseña|mot de passe"
_KEYS = (
    r"secret|client[_-]?secret|api[_-]?key|access[_-]?key(?:[_-]?id)?|private[_-]?key|pre[_-]?shared[_-]?key|psk|sharedsecret"
    r"|encryption[_-]?key|license[_-]?key|activation[_-]?code|(?:[a-z]{1,12}[_-]?)?token|jwt|session[_-]?(?:id|key)|sid"
    r"|credentials?|otp|pin|cvv2?|cvc|security[_-]?code|signature|sig|nonce|code[_-]?verifier|x-api-key|key"
)
_SIGN = r"""\\?["']?\s{0,4}(?:[:=]|=>|:=)\s{0,4}"""
_QUOTED = r"""\\"(?P<escaped>(?:(?!\\").)*+)|"(?P<quoted>(?:[^"\\]|\\.)*+)|'(?P<single>(?:[^'\\]|\\.)*+)"""
_VALUE = rf"""(?:{_QUOTED}|(?P<bare>[^\s"'<>&]++))"""
_WORDS = rf"""(?:{_QUOTED}|(?P<bare>[^\s"]\S*+(?:[ \t]{{1,3}}(?!\S{{1,40}}[=:])\S++){{0,12}}))"""
_REST = rf"""(?:{_QUOTED}|(?P<bare>[^\s"'].*+))"""
_USER = (
    r"user(?:[_ -]?(?:name|id))?|login(?:[_-]?name|(?==))|account(?:[_ -]?(?:id|name|number))?"
    r"|customer(?:[_ -]?(?:id|name))?"
    r"|subscriber|owner|full[_ -]?name|first[_ -]?name|last[_ -]?name|uid|identity|eap[_ -]identity"
)


PATH_NAME = r"""(?:[^/\\\s"':;,<>|]++(?:[ ][^/\\\s"':;,<>|]{1,40}+){1,3}(?=[/\\])|[^/\\\s"':;,<>|]++)"""
"""A folder of somebody's: it may have spaces, where it goes on behind them."""
_SEPARATORS = re.compile(r"[ -]")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]+")
_OF_A_KEY = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"))
_OF_WORDS = re.compile(r"[a-z]{12}|[A-Z]{14}")


def is_card(text: str) -> bool:
    """Whether digits are a card's number: so many, of an issuer, with the check digit right (Luhn)."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) < 2 or digits[0] not in (2, 3, 4, 5, 6):
        return False
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def is_account(text: str) -> bool:
    """Whether it is an IBAN, by its check digits."""
    plain = _SEPARATORS.sub("", text).upper()
    if not 15 <= len(plain) <= 34:
        return False
    turned = "".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])
    return int(turned) % 97 == 1


def is_random(text: str) -> bool:
    """Whether a long word looks like a key: letters of both cases and digits, or hexadecimal, and no words."""
    if len(set(text)) < 8:
        return False
    if _HEXADECIMAL.fullmatch(text):
        return True
    return all(kind.search(text) for kind in _OF_A_KEY) and not _OF_WORDS.search(text)


class Kind(NamedTuple):
    """`label` is the word in the mask; `counts` says that equal ones have the same number."""

    label: str
    pattern: re.Pattern[str]
    counts: bool = True
    holds: Callable[[str], bool] = lambda _: True


KINDS = (
    Kind("private key", re.compile(r"-----BEGIN [A-Za-z0-9 ]{3,60}-----.*"), counts=False),
    Kind("secret", re.compile(rf"(?i)\b(?:proxy-)?authorization{_SIGN}{_REST}"), counts=False),
    Kind("secret", re.compile(rf"(?i)\b(?:set-)?cookies?2?{_SIGN}{_REST}"), counts=False),
    Kind("secret", re.compile(r"(?i)\b(?:bearer|basic|digest|negotiate) (?P<secret>[\w.~+/=-]{6,}+)"), counts=False),
    Kind("secret", re.compile(r"://(?P<secret>[^\s/@:]{0,200}:[^\s/@]{1,200})@"), counts=False),
    Kind("secret", re.compile(rf"(?i)(?<![a-z])(?:{_PASS})s?{_SIGN}{_WORDS}"), counts=False),
    Kind("token", re.compile(r"\beyJ[\w-]{6,}+(?:\.[\w-]*+){1,4}")),
    Kind(
        "token",
        re.compile(
            r"\b(?:xox[a-z]-[\w-]{8,}+|xapp-[\w-]{8,}+|[spr]k_(?:live|test)_\w{8,}+|whsec_\w{8,}+|gh[opusr]_\w{16,}+"
            r"|github_pat_\w{20,}+|glpat-[\w-]{16,}+|(?:AKIA|ASIA)[A-Z0-9]{12,}+|AIza[\w-]{20,}+|SG\.[\w-]{10,}+\.[\w-]{10,}+"
            r"|ya29\.[\w-]{10,}+|sk-[\w-]{16,}+|hf_\w{16,}+|npm_\w{16,}+|dop_v1_\w{16,}+)"
        ),
    ),
    Kind("secret", re.compile(rf"(?i)(?<![a-z])(?:{_KEYS})s?{_SIGN}{_VALUE}"), counts=False),
    Kind("secret", re.compile(rf"(?i)<(?:{_PASS}|{_KEYS})>(?P<secret>[^<\n]{{1,500}})"), counts=False),
    Kind("secret", re.compile(rf"(?i)(?:^|\s)--?(?:{_PASS}|{_KEYS})[= ]\s{{0,3}}{_VALUE}"), counts=False),
    Kind(
        "secret",
        re.compile(r"(?:^|\s)(?:-u|--(?:proxy-)?user)[= ]\s{0,3}(?P<secret>[^\s:\"']{1,100}:[^\s\"']{1,200})"),
        counts=False,
    ),
    Kind(
        "secret",
        re.compile(r"(?:^|\s)(?:-u|--user(?:name)?)[= ]?\s{0,3}\S{1,100}\s{1,3}-p\s{0,3}(?P<secret>\S++)"),
        counts=False,
    ),
    Kind(
        "e-mail",
        re.compile(
            r"(?<![\w.+'-])[\w.+'-]++(?:@|%40|\(at\)| at (?=[\w-]{1,63}\.(?:com|net|org|de)\b))(?:[\w-]{1,63}\.){1,8}"
            r"[A-Za-z]{2,24}\b"
        ),
    ),
    Kind("user", re.compile(rf"(?i)(?<![a-z])(?:{_USER}){_SIGN}{_VALUE}")),
    Kind(
        "user",
        re.compile(
            r"(?i)(?:[/\\]|\b[a-z]:\\{1,2})(?:home|users|documents and settings)[/\\]{1,2}"
            r"(?P<secret>" + PATH_NAME + ")"
        ),
    ),
    Kind("user", re.compile(r"(?i)\bthe user (?P<secret>[^\s\\]{1,80}\\[^\s\"']{1,80}) ")),
    Kind("device", re.compile(r"(?i)(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])")),
    Kind("device", re.compile(r"\b(?:DESKTOP|LAPTOP|WIN)-[A-Z0-9]{6,12}\b")),
    Kind(
        "device",
        re.compile(
            r"(?i)\b[\w-]{1,40}?s?-(?:macbook(?:-(?:pro|air))?|imac|mac-mini|iphone|ipad|pc)(?:-\d+)?(?:\.local)?\b"
        ),
    ),
    Kind("id", re.compile(r"(?i)(?<![0-9a-f-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f-])")),
    Kind("card", re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w])"), holds=is_card),
    Kind("account", re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b"), holds=is_account),
    Kind("key", re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=(?![\w+/=])")),
    Kind("key", re.compile(r"(?<![\w+/=-])[\w+/-]{24,}+={0,2}(?![\w+/=-])"), holds=is_random),
    Kind("key", re.compile(r"(?i)\b[0-9a-f]{2}(?::[0-9a-f]{2}){9,}+"), counts=True),
)

ADDRESSES = re.compile(
    r"(?i:(?<![0-9a-f:.])(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d))|"
    r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)"
    r"|(?i:(?<![0-9a-f:.])(?=[0-9a-f]{0,4}:[0-9a-f]{0,4}:)[0-9a-f:]{3,39}(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?(?![0-9a-f:]))"
)
DASHED = re.compile(r"(?<!\d)(?P<a>\d{1,3})[-_](?P<b>\d{1,3})[-_](?P<c>\d{1,3})[-_](?P<d>\d{1,3})(?=[.\-_][A-Za-z])")
"""As in the names that providers give to addresses: 203-0-113-9.dsl.example.net."""
_VERSION_BEFORE = re.compile(r"(?i)(?:version|ver\.?|build|\bv)[ :=/]{0,3}\Z")
_NOBODYS = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/3"
    " 8.8.8.8/32 8.8.4.4/32 1.1.1.1/32 1.0.0.1/32 9.9.9.9/32"
    " ::/127 fc00::/7 fe80::/10 ff00::/8"
    " 2001:4860:4860::8888/128 2001:4860:4860::8844/128 2606:4700:4700::1111/128 2606:4700:4700::1001/128"
)
_STAYS = tuple(map(ipaddress.ip_network, _NOBODYS.split()))
"""Nobody's in particular: private, local, for many at once, and the public resolvers."""


def is_customers(text: str, before: str, ours: frozenset[str]) -> str:
    """The address in one form where it may be a customer's; "" where it is ours, nobody's in particular, or none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    if str(address) in ours or any(address.version == net.version and address in net for net in _STAYS):
        return ""
    if address.version == 4 and _VERSION_BEFORE.search(before):
        return ""
    return str(address)
