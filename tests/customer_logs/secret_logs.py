"""Logs with secrets in them, in all the ways in which programs write them."""

import base64
import ipaddress
import json
import string
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

FRONTS = (
    "2026-11-20 14:02:11 ",
    "Nov 20 14:02:11 host app[12]: ",
    "[14:02:11.120] error: ",
    "",
    "11-20 14:02:11.120  1  2 E Vpn: ",
)
_VISIBLE = "".join(each for each in string.printable if not each.isspace())


@dataclass(frozen=True)
class Secret:
    """`values` must be nowhere in what is told; `lines` are how a program writes them."""

    values: tuple[str, ...]
    lines: tuple[str, ...]


def _said(values: st.SearchStrategy[str], *ways: str) -> st.SearchStrategy[Secret]:
    return st.builds(lambda value, way: Secret((value,), (way.replace("@@", value),)), values, st.sampled_from(ways))


PASSWORDS = (
    st.text(_VISIBLE.translate({ord(each): None for each in "\"'<>&\\"}), min_size=8, max_size=24)
    .filter(lambda text: not text.startswith(("=", ":", "-")) and text.strip("*.#x"))
    .map(lambda text: f"Zq7{text}")
)
"""No word of a report begins so."""
TOKENS = st.text(string.ascii_letters + string.digits + "-_", min_size=12, max_size=60).map(lambda text: f"Zq7{text}")
NAMES = st.text(string.ascii_lowercase, min_size=5, max_size=12).map(lambda name: f"qzx{name}")
PUBLIC_V4 = st.ip_addresses(v=4).filter(lambda each: each.is_global and not each.is_multicast).map(str)
PUBLIC_V6 = st.ip_addresses(v=6, network="2a00::/12").map(str)
HEX_KEYS = st.binary(min_size=16, max_size=32).map(bytes.hex)
MACS = st.binary(min_size=6, max_size=6).map(lambda raw: raw.hex(":"))
POSITIONS = st.builds(lambda whole, part: f"{whole}.{part:06d}", st.integers(-89, 89), st.integers(1, 999_999))
KEYS = (
    st.binary(min_size=32, max_size=32)
    .map(lambda raw: base64.b64encode(raw).decode())
    .filter(lambda key: any(each.isdigit() for each in key))
)


@st.composite
def cards(draw: st.DrawFn) -> str:
    digits = draw(st.sampled_from("3456")) + draw(st.text(string.digits, min_size=14, max_size=14))
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 * (doubled > 9)
    number = digits + str(-total % 10)
    gap = draw(st.sampled_from(("", " ", "-")))
    return gap.join(number[at : at + 4] for at in range(0, 16, 4))


@st.composite
def private_keys(draw: st.DrawFn) -> Secret:
    body = base64.b64encode(draw(st.binary(min_size=60, max_size=400))).decode()
    width = draw(st.sampled_from((64, 76)))
    indent, end_of_row = draw(st.sampled_from(("", "  ", "\t", "    | "))), draw(st.sampled_from(("", "\r")))
    rows = [body[at : at + width] for at in range(0, len(body), width)]
    begin, end = draw(
        st.sampled_from(
            (
                ("-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"),
                ("-----BEGIN OpenVPN Static key V1-----", "-----END OpenVPN Static key V1-----"),
                ("<tls-auth>", "</tls-auth>"),
                ("<key>", "</key>"),
            )
        )
    )
    lines = tuple(f"{indent}{row}{end_of_row}" for row in (begin, *rows, end))
    return Secret(tuple(row for row in rows if len(row) > 7), lines)


@st.composite
def people_in_paths(draw: st.DrawFn) -> Secret:
    name = draw(NAMES)
    path = draw(
        st.sampled_from(
            (
                *("/home/@@/.config/app", "/Users/@@/Library/Logs", r"C:\Users\@@\AppData\Local", "file:///Users/@@/x"),
                *(
                    "C:/Users/@@/x",
                    r"C:\\Users\\@@\\AppData",
                    r"\\nas\users\@@\x",
                    "/mnt/c/Users/@@/x",
                    "/export/home/@@/x",
                ),
            )
        )
    )
    return Secret((name,), (f"cannot open {path.replace('@@', name)}", f"session of {name} was lost"))


SECRETS: st.SearchStrategy[Secret] = st.one_of(
    _said(
        PASSWORDS,
        *(
            "password=@@",
            "Password: @@",
            '{"password":"@@","port":443}',
            "passwd='@@'",
            "pwd: @@",
            "<password>@@</password>",
        ),
        *('login failed {\\"password\\":\\"@@\\"}', "passphrase = @@", "--password @@", "pass phrase: @@"),
        *('MANAGEMENT: CMD \'password "Auth" "@@"\'', '%any : PSK "@@"', "kim : EAP @@", "Password for kim: @@"),
        *("пароль: @@", "senha=@@", "Passwort: @@", 'web_password => "@@"'),
    ),
    _said(
        TOKENS,
        *("Authorization: Bearer @@", "authorization: Basic @@", "GET /v1?token=@@&x=1", "X-Api-Key: @@", "api_key=@@"),
        *('{"access_token": "@@"}', "refresh_token=@@", "Cookie: lang=en; session=@@", "Set-Cookie: sid=@@; Path=/"),
        *("AccountKey=@@;EndpointSuffix=core.example", "SharedAccessKey=@@", "PHPSESSID=@@", "session=@@&lang=en"),
        *("https://@@@host.example/x", "PUSH_REPLY,auth-token @@,peer-id 3", "SCRV1:@@:@@", "?code=@@&scope=x"),
        *('"refreshToken" : "@@"', "aws_secret_access_key = @@", "the password is @@", "sshpass -p @@ ssh x"),
        *("Verification Failed: 'Auth' ['@@']", "X-Amz-Signature=@@", "curl -ukim:@@ https://a.example"),
        *("client_secret: @@", "auth-token @@ is no key, token: @@", "https://kim:@@@vpn.example/x", "psk=@@"),
    ).filter(lambda secret: "auth-token" not in secret.lines[0]),
    _said(KEYS, "peer @@ is gone", "PrivateKey = @@", "PresharedKey=@@", "wg: failed with @@."),
    _said(
        st.builds(lambda name, host: f"{name}@{host}.example.org", NAMES, NAMES),
        *("mail to @@ failed", "user=@@", "<@@>: refused", "identity '@@' unknown"),
    ),
    _said(HEX_KEYS, "psk 0x@@", "preshared_key=@@", "PSK: '@@'", "pre-shared key @@ of the peer", "tls_crypt_key: @@"),
    _said(
        st.builds(lambda name: f"{name}+tag@müller.example", NAMES),
        *("mail to @@ failed", "user=@@", '{"email": "@@"}', "<@@>"),
    ),
    _said(
        PUBLIC_V4,
        *(
            "connect to @@:1194 failed",
            "[AF_INET]@@:443",
            "peer @@ timed out",
            "src=@@ dst=10.1.2.3",
            "(@@) lost",
            "ip-@@",
        ),
    ),
    _said(PUBLIC_V6, "[AF_INET6]@@", "route to @@ unreachable", "[@@]:51820 refused", "addr=@@,", "@@%eth0", "@@/64"),
    _said(PUBLIC_V4.map(lambda each: f"64:ff9b::{each}"), "[@@]:443", "from @@ to x"),
    _said(PUBLIC_V4.map(lambda each: each.replace(".", "[.]")), "blocked @@ now", "src=@@"),
    _said(MACS, "bssid=@@", "link @@ up", "HWaddr @@", "ether @@ txqueuelen 1000"),
    _said(MACS.map(lambda each: each.replace(":", "")), "mac=@@", "HWaddr: @@", "bssid @@"),
    _said(
        st.text(string.digits, min_size=14, max_size=20).map(lambda digits: f"35{digits}"),
        *("IMEI: @@", "imsi=@@", '"iccid": "@@"', "serial number @@", "UDID=@@"),
    ),
    _said(
        NAMES.map(lambda name: f"{name.title()}s-iPhone"), "host @@ joined", "from @@.local to x", "lease for @@ ended"
    ),
    _said(
        NAMES.map(str.title), "@@’s iPhone is near", "found @@'s MacBook Pro (2)", "iPhone von @@", "Galaxy S21 de @@"
    ),
    _said(NAMES, "ComputerName: @@", 'device name "@@"', "hostname=@@", '{"deviceName":"@@"}'),
    _said(
        NAMES,
        *('ssid="@@"', "SSID: @@ Home, x", "joined Wi-Fi network '@@'", "with SSID '@@'", 'wireless network "@@"'),
    ),
    _said(
        NAMES,
        *("login for user @@ failed", "user '@@' is unknown", "sudo: @@ : TTY=pts/0", "customer name: Anna @@"),
        *(
            "Accepted password for @@ from 10.1.1.1",
            "The user CORP\\@@ dialed a connection",
            "\\\\nas\\@@ is not there",
        ),
        *("@@/198.51.100.7:4431 MULTI: primary virtual IP", '"displayName": "Anna @@"', "payer_id=@@"),
    ),
    _said(POSITIONS, "lat=@@", '"longitude": @@', "latitude: @@"),
    _said(st.text(string.digits, min_size=9, max_size=9), "phone: +49 151@@", "call +1 555@@ now", 'tel="@@"'),
    _said(cards(), "card @@ declined", "pan=@@", '"number":"@@"'),
    people_in_paths(),
    private_keys(),
)


@st.composite
def logs(draw: st.DrawFn) -> tuple[bytes, Sequence[str]]:
    """A log, and what must not be told of it."""
    front = draw(st.sampled_from(FRONTS))
    secrets = draw(st.lists(SECRETS, min_size=1, max_size=6))
    lines = [f"{front}error: start"]
    for secret in secrets:
        lines += [f"{front}{line}" for line in secret.lines]
        lines += [f"{front}all is well"] * draw(st.integers(0, 2))
    return "\n".join(lines).encode() + b"\n", [value for secret in secrets for value in secret.values]


def _in_json(line: bytes) -> bytes:
    text = line.decode()
    return json.dumps({"log": f"{text}\n", "stream": "stdout", "time": "2026-11-20T14:02:11.5Z"}).encode()


WRAPPED = logs().map(lambda log: (b"\n".join(map(_in_json, log[0].splitlines())), log[1]))
"""The same as a container's log has them."""


def is_ours(text: str) -> bool:
    return ipaddress.ip_address(text).is_private
