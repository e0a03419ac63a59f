"""What tells a secret from a word: check digits, randomness, whose address it is. Pure."""

import ipaddress
import re

MASKED = "‹"
"""Begins every mask; a log's own are replaced before anything is masked."""

PATH_NAME = r"""(?:[^/\\\s"':;,<>|]++(?:[ ][^/\\\s"':;,<>|]{1,40}+){1,3}(?=[/\\])|[^/\\\s"':;,<>|]++)"""
"""A folder of somebody's: it may have spaces, where it goes on behind them."""
_SEPARATORS = re.compile(r"[ -]")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]+")
_OF_A_KEY = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"))
_SERVER = re.compile(
    r"(?i)(?:\.[\w-]{1,63}){2}(?::\d{1,5})?$|\.(?:com|net|org|io|dev|app|info|co|de|uk|me|eu)(?::\d{1,5})?$"
)
_UNITS = (".service", ".socket", ".timer", ".target", ".mount", ".scope", ".slice", ".device", ".path", ".swap")
_HEX_LETTER = re.compile(r"[A-Fa-f]")
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


def is_no_word(text: str) -> bool:
    """Whether something is rather a code than a word of a sentence: it has a digit, or capitals inside."""
    return any(letter.isdigit() for letter in text) or text[1:] != text[1:].lower()


def is_mailbox(text: str) -> bool:
    """Whether it is none of systemd's units, which are written as mail addresses are: wg-quick@us-east.service."""
    return not text.endswith(_UNITS)


def is_no_server(text: str) -> bool:
    """Whether a name is one of a person's device, and none of a server on the Internet."""
    return not _SERVER.search(text)


def is_device_address(text: str) -> bool:
    """Whether six numbers are a MAC: systems of Apple leave out zeros, times have no letters."""
    return len(text) == 17 or bool(_HEX_LETTER.search(text))


ADDRESSES = re.compile(
    r"(?i:(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d))|"
    r"(?<![\d.])(?:\d{1,3}(?:\.|\[\.\])){3}\d{1,3}(?!\d|\.\d)"
    r"|(?i:(?<![\w:.])(?=[0-9a-f]{0,4}:[0-9a-f]{0,4}:)[0-9a-f:]{3,39}(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?(?![\w:]))"
)
DASHED = re.compile(r"(?<!\d)(?P<a>\d{1,3})[-_](?P<b>\d{1,3})[-_](?P<c>\d{1,3})[-_](?P<d>\d{1,3})(?=[.\-_][A-Za-z])")
"""As in the names that providers give to addresses: 203-0-113-9.dsl.example.net."""
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
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
        address = ipaddress.ip_address(_LEADING_ZEROS.sub("", text) if ":" not in text else text)
    except ValueError:
        return ""
    if address.version == 6 and address.is_link_local and address.packed[11:13] == b"\xff\xfe":
        return str(address)  # it is made of the device's own address
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    if str(address) in ours or any(address.version == net.version and address in net for net in _STAYS):
        return ""
    if address.version == 4 and _VERSION_BEFORE.search(before):
        return ""
    return str(address)
