"""Kinds of things that must not leave the process that reads logs, by the ways in which programs write them. Pure.

Each `Kind` has a pattern; its group `secret`, or the first group that has something, or the whole of it, is masked. The
order counts: what an earlier one has masked a later one does not see.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from bot.customer_logs.reading.secrets_in_text import (
    PATH_NAME,
    is_account,
    is_card,
    is_device_address,
    is_mailbox,
    is_no_server,
    is_no_word,
    is_random,
)

_PASS = (
    r"pass[ _-]?(?:word|wd|phrase|code|wort|ord)?|pwd|kennwort|contrase(?:ñ|n)a|mot de passe|senha|wachtwoord|hasło"
    r"|haslo|heslo|lösenord|salasana|adgangskode|şifre|parola|jelszó|пароль|密码|密碼|パスワード|비밀번호"
)
_KEYS = (
    r"secret|client[_-]?secret|access[_-]?key[_-]?id|psk|sharedsecret"
    r"|(?!public|host|foreign|primary|registry)[a-z_-]{0,40}key|activation[_-]?code|(?:[a-z]{1,12}[_-]?)?token|jwt"
    r"|[a-z]{0,12}sess(?:ion)?[_-]?(?:id|key)|session(?==)|sid|[cx]srf|assertion"
    r"|credentials?|otp|pin|cvv2?|cvc|security[_-]?code|signature|sig|nonce|code[_-]?verifier|x-api-key"
)
_SIGN = r"""\\?["']?\s{0,4}(?::=|=>|[:=])\s{0,4}"""
_QUOTED = r"""\\"(?P<escaped>(?:(?!\\").)*+)|"(?P<quoted>(?:[^"\\]|\\.)*+)|'(?P<single>(?:[^'\\]|\\.)*+)"""
_VALUE = rf"""(?:{_QUOTED}|(?P<bare>[^\s"'<>&]++))"""
_WORDS = rf"""(?:{_QUOTED}|(?P<bare>[^\s"]\S*+(?:[ \t]{{1,3}}(?!\S{{1,40}}[=:])\S++){{0,12}}))"""
_NAME = rf"""(?:{_QUOTED}|(?P<bare>[^\s"',;]++(?:[ ](?!\S{{1,40}}[=:])[^\W\d_][^\s"',;:=]*+){{0,3}}))"""
_REST = rf"""(?:{_QUOTED}|(?P<bare>[^\s"'].*+))"""
_USER = (
    r"user(?:[_ -]?id)?|user[_-]?name|login(?:[_-]?name|(?==))|account(?:[_ -]?(?:id|number))?|customer(?:[_ -]?id)?"
    r"|subscriber|owner|uid|identity|eap[_ -]identity|payer[_-]?id"
)
_NAMES = (
    r"(?:customer|display|full|first|last|given|family|sur|middle|account|user|card[ _-]?holder)[_ -]?name"
    r"|card[ _-]?holder|street|(?:billing|shipping|postal|home)[_ -]?address|post(?:al)?[_ -]?code|zip(?:[_ -]?code)?"
)
_IDS = (
    r"imei|imsi|meid|iccid|eid|serial(?:[ _-]?(?:number|no))?|udid|idf[av]|gaid|hwid|ssn|social security(?: number)?"
    r"|(?:android|device|advertising|hardware|machine|installation|install|vendor)[_ -]?(?:id|uuid|guid)"
)
_HOSTS = r"(?:host|computer|device|machine|workstation|station|net ?bios|bluetooth|phone)[ _-]?name|computer"
_DEVICES = r"iPhone|iPad|iPod|Mac ?Book(?:[ -](?:Pro|Air))?|iMac|Mac[ -]?(?:mini|Studio|Pro)|Apple[ -]Watch|MBP|MBA"
_OTHERS = r"Galaxy|Pixel|ThinkPad|Surface|Laptop|Notebook|Desktop|Computer|Phone|Tablet|PC|Windows PC|Mac"


class Kind(NamedTuple):
    """`label` is the word in the mask; `counts` says that equal ones have the same number."""

    label: str
    pattern: re.Pattern[str]
    counts: bool = True
    holds: Callable[[str], bool] = lambda _: True


def _secret(pattern: re.Pattern[str], holds: Callable[[str], bool] = lambda _: True) -> Kind:
    return Kind("secret", pattern, counts=False, holds=holds)


_DOORS = (
    Kind("private key", re.compile(r"-----BEGIN [A-Za-z0-9 ]{3,60}-----.*"), counts=False),
    _secret(re.compile(rf"(?i)\b(?:proxy-)?authorization{_SIGN}{_REST}")),
    _secret(re.compile(rf"(?i)\b(?:set-)?cookies?2?{_SIGN}{_REST}")),
    _secret(re.compile(r"(?i)\bbearer (?P<secret>[\w.~+/=-]{6,}+)")),
    _secret(re.compile(r"(?i)\b(?:basic|digest|negotiate) (?P<secret>[\w.~+/=-]{6,}+)"), is_no_word),
    _secret(re.compile(r"://(?P<secret>[^\s/@]{1,400})@")),
    # What OpenVPN's management interface hears and says of log-ins, and the tokens and codes of them.
    _secret(
        re.compile(r"""(?i)\b(?:password|username) \\?["'][\w /-]{1,40}\\?["'] \\?["']?(?P<secret>[^"'\\\n]{1,500})""")
    ),
    _secret(re.compile(r"""(?i)\bverification failed: \\?'[^'\n]{1,40}' \[\\?'(?P<secret>[^'\n]{1,500})""")),
    _secret(re.compile(r"""(?i)\bauth-token(?:-user)?[ ,]{1,3}(?P<secret>[^\s,'"]{6,}+)"""), is_no_word),
    _secret(re.compile(r"""\bS?CRV1:(?P<secret>[^\s'"]{1,500})""")),
    # Lines of ipsec.secrets.
    _secret(re.compile(r"""\b(?:PSK|EAP|XAUTH|NTLM)\s{1,4}\\?["'](?P<secret>[^"'\n]{1,500})""")),
    _secret(re.compile(r"""(?:^|\s):\s{1,4}(?:PSK|EAP|XAUTH|NTLM)\s{1,4}(?P<secret>[^\s"']{4,}+)""")),
    _secret(re.compile(r"""(?i)\b(?:psk|pre-?shared[ -]?key)[ "']{1,3}(?P<secret>(?:0[xs])?[0-9a-f]{16,}+)""")),
    _secret(re.compile(rf"(?i)(?<![a-z])(?:{_PASS})s?{_SIGN}{_WORDS}")),
    _secret(re.compile(r"""(?i)\bpass(?:word|phrase|code) for \S{1,100}: {0,3}(?P<secret>\S{1,200})""")),
    _secret(
        re.compile(
            r"""(?i)\b(?:password|passphrase|passcode|kennwort|passwort) (?:is|ist|was|set to) (?P<secret>\S{4,200})"""
        ),
        is_no_word,
    ),
    Kind("token", re.compile(r"\beyJ[\w-]{6,}+(?:\.[\w-]*+){1,4}")),
    Kind(
        "token",
        re.compile(
            r"\b(?:xox[a-z]-[\w-]{8,}+|xapp-[\w-]{8,}+|[spr]k_(?:live|test)_\w{8,}+|whsec_\w{8,}+|gh[opusr]_\w{16,}+"
            r"|github_pat_\w{20,}+|glpat-[\w-]{16,}+|(?:AKIA|ASIA)[A-Z0-9]{12,}+|AIza[\w-]{20,}+"
            r"|SG\.[\w-]{10,}+\.[\w-]{10,}+"
            r"|ya29\.[\w-]{10,}+|sk-[\w-]{16,}+|hf_\w{16,}+|npm_\w{16,}+|dop_v1_\w{16,}+"
            r"|pypi-[\w-]{16,}+|[a-z]{2}_\w{8,}_secret_\w{8,}+)"
        ),
    ),
    _secret(re.compile(rf"(?i)(?<![a-z])(?<!public )(?:{_KEYS})s?{_SIGN}{_VALUE}")),
    _secret(re.compile(r"""[?&](?:code|state|ticket|auth|hash|assertion)=(?P<secret>[^\s&"'<>]{6,}+)""")),
    _secret(
        re.compile(
            r"""(?i)\b(?:otp|(?:verification|security|confirmation|sms|one[- ]time|2fa|mfa|auth|authentication)"""
            r""" code)\b(?: is)?[\s:=]{1,4}(?P<secret>\d{4,8})\b"""
        )
    ),
    _secret(
        re.compile(
            r"""(?i)\b(?:licen[cs]e|activation|product|voucher|coupon|gift)[ _-]?(?:key|code|number)?[\s:=#"']{1,4}"""
            r"""(?P<secret>(?-i:[A-Z0-9]{3,12}(?:-[A-Z0-9]{3,12}){1,7}))"""
        )
    ),
    _secret(re.compile(rf"(?i)<(?:{_PASS}|{_KEYS})>(?P<secret>[^<\n]{{1,500}})")),
    _secret(re.compile(rf"(?i)(?:^|\s)--?(?:{_PASS}|{_KEYS})[= ]\s{{0,3}}{_VALUE}")),
    _secret(re.compile(r"(?:^|\s)(?:-u|--(?:proxy-)?user)[= ]\s{0,3}(?P<secret>[^\s:\"']{1,100}:[^\s\"']{1,200})")),
    _secret(re.compile(r"\bcurl\b.{0,300}?\s-u(?P<secret>[^\s:\"']{1,100}:[^\s\"']{1,200})")),
    _secret(re.compile(r"(?:^|\s)(?:-u|--user(?:name)?)[= ]?\s{0,3}\S{1,100}\s{1,3}-p\s{0,3}(?P<secret>\S++)")),
    _secret(re.compile(r"\bsshpass\s{1,3}-p\s{0,3}(?P<secret>\S++)")),
)
"""What opens something."""

_PEOPLE = (
    Kind(
        "e-mail",
        re.compile(
            r"""(?<![\w.+'-])(?:"[^"\s]{1,64}"|[\w.+'-]++)(?:@|%40|\(at\)| at (?=[\w-]{1,63}\.(?:com|net|org|de)\b))"""
            r"(?:[\w-]{1,63}\.){1,8}\w[\w-]{1,23}\b"
        ),
        holds=is_mailbox,
    ),
    Kind("user", re.compile(rf"(?i)(?<![a-z])(?:{_NAMES}){_SIGN}{_NAME}")),
    Kind("user", re.compile(rf"(?i)(?<![a-z])(?:{_USER}){_SIGN}{_VALUE}")),
    Kind(
        "user",
        re.compile(
            r"(?i)(?:[/\\]|\b[a-z]:\\{1,2})(?:home|users|documents and settings)[/\\]{1,2}"
            r"(?P<secret>" + PATH_NAME + ")"
        ),
    ),
    Kind("user", re.compile(r"(?i)\bthe user (?P<secret>[^\s\\]{1,80}\\[^\s\"']{1,80}) ")),
    Kind(
        "user",
        re.compile(r"""(?i)\b(?:user(?:name)?|login|account|customer) ['"“‘](?P<secret>[^'"”’\n]{1,80})['"”’]"""),
    ),
    Kind(
        "user", re.compile(r"""(?i)\b(?:for|by|as|from|of) (?:invalid |unknown )?user (?P<secret>[^\s,;:'"‹]{2,80})""")
    ),
    Kind(
        "user",
        re.compile(r"(?i)\b(?:accepted|failed) [\w/-]{1,24} for (?:invalid user )?(?P<secret>[^\s‹]{1,80}) from "),
    ),
    Kind("user", re.compile(r"\bsudo(?:\[\d{1,7}\])?:\s{1,8}(?P<secret>[^\s‹]{1,40}) : ")),
    Kind(
        "user",
        re.compile(r"(?<![\w/.\]])(?P<secret>[^\s/:\[\]()‹›]{1,64})/(?=(?:\d{1,3}\.){3}\d{1,3}:\d)"),
        holds=is_no_server,
    ),
    Kind("share", re.compile(r"(?<![\\\w:])\\{2,4}(?P<secret>[A-Za-z0-9][\w.-]{1,60}\\{1,2}[\w.$ -]{1,60})")),
    Kind(
        "phone",
        re.compile(
            r"""(?i)\b(?:phone|tel|mobile|msisdn|cell)(?:[ _-]?(?:number|no))?\b[\s:="']{1,6}"""
            r"(?P<secret>\+?\d[\d ()./-]{6,18}\d)"
        ),
    ),
    Kind("phone", re.compile(r"(?<![\w.+])\+\d{1,3}[ (-]{0,2}\d[\d ()-]{6,14}\d(?![\w.:])")),
    Kind(
        "position",
        re.compile(
            r"""(?i)\b(?:lat(?:itude)?|lon(?:gitude)?|lng|geo)\b\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?"""
            r"(?P<secret>-?\d{1,3}\.\d{2,}(?:,\s?-?\d{1,3}\.\d{2,})?)"
        ),
    ),
    Kind("position", re.compile(r"(?<![\d.-])-?\d{1,2}\.\d{4,},\s?-?\d{1,3}\.\d{4,}(?![\d.])")),
)
"""Who somebody is, and where."""

_THINGS = (
    Kind(
        "network",
        re.compile(
            rf"(?i)\b(?:ssid|wi-?fi[ _-]?(?:name|network)|wireless network)\b\\?[\"']?\s{{0,30}}[:=]\s{{0,4}}"
            rf"(?:{_QUOTED}"
            r"|(?P<bare>[^\s\"',;]++(?:[ ](?!\S{1,40}[=:])[^\s\"',;]++){0,5}))"
        ),
    ),
    Kind(
        "network",
        re.compile(
            r"""(?i)\b(?:ssid|wi-?fi|wlan|wireless|hotspot|access point)(?:[ _-]?network)?[ ]{1,2}"""
            r"""\\?["'“‘](?P<secret>[^"'”’\n]{1,64})"""
        ),
    ),
    Kind("network", re.compile(r"""(?i)\bssid (?P<secret>[^\s"',;‹]{2,32})"""), holds=is_no_word),
    Kind(
        "device", re.compile(r"(?i)(?<![\w:-])(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}(?![\w:-])"), holds=is_device_address
    ),
    Kind("device", re.compile(r"(?i)(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![\w.])")),
    Kind(
        "device", re.compile(r"""(?i)\b(?:mac|hw ?addr(?:ess)?|bssid|ether)\b[\s:="']{1,4}(?P<secret>[0-9a-f]{12})\b""")
    ),
    Kind("device", re.compile(r"\b(?:DESKTOP|LAPTOP|WIN)-[A-Z0-9]{6,12}\b")),
    Kind(
        "device",
        re.compile(rf"(?i)\b[\w-]{{1,40}}?s?-(?:{_DEVICES}|pc)(?:-(?:pro|air))?(?:-\d+)?(?:\.local)?(?![\w-])"),
    ),
    Kind(
        "device",
        re.compile(rf"\b[\w-]{{1,40}}['’]s?[ -](?:{_DEVICES}|{_OTHERS})\b(?: (?:Pro|Air|mini|S?\d{{1,2}}|\(\d\)))*"),
    ),
    Kind(
        "device",
        re.compile(
            rf"\b(?:{_DEVICES}|{_OTHERS})(?:[ -]\w{{1,8}})??[ -](?:von|de|di|van|of|do|da|af|av)[ -][A-ZÀ-Þ]\w{{1,40}}"
        ),
    ),
    Kind("device", re.compile(r"(?i)(?<![\w.-])(?!_)[\w-]{2,63}\.(?:local|lan|home|fritz\.box|localdomain)\b")),
    Kind("device", re.compile(rf"(?i)(?<![a-z])(?:{_HOSTS}){_SIGN}{_VALUE}"), holds=is_no_server),
    Kind("device", re.compile(rf"""(?i)\b(?:{_HOSTS}) \\?["'“](?P<secret>[^"'”\n]{{1,64}})"""), holds=is_no_server),
    Kind("id", re.compile(r"(?i)(?<![0-9a-f-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f-])")),
    Kind("id", re.compile(r"(?<![0-9A-F-])[0-9A-F]{8}-[0-9A-F]{16}(?![0-9A-F-])")),
    Kind(
        "id",
        re.compile(rf"""(?i)(?<![a-z])(?:{_IDS})\b\\?["']?[\s:=#"']{{1,5}}(?P<secret>[A-Za-z0-9][\w.-]{{5,60}})"""),
        holds=is_no_word,
    ),
    Kind("card", re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w])"), holds=is_card),
    Kind("account", re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b"), holds=is_account),
    Kind("key", re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=(?![\w+/=])")),
    Kind("key", re.compile(r"(?<![\w+/=-])[\w+/-]{24,}+={0,2}(?![\w+/=-])"), holds=is_random),
    Kind("key", re.compile(r"(?i)\b[0-9a-f]{2}(?::[0-9a-f]{2}){9,}+")),
    Kind("address", re.compile(r"(?i)(?<![\w.])(?:[0-9a-f]\.){16,32}(?=ip6\.arpa)")),
)
"""What somebody has: devices, networks, cards, keys."""

KINDS = (*_DOORS, *_PEOPLE, *_THINGS)
