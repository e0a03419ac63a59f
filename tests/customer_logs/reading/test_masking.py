"""No secret of a log leaves the process that reads it, and what is the same has the same mask."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from bot.customer_logs.reading.masking import Masker, blocks
from tests.customer_logs.reading.reading import answer
from tests.customer_logs.secret_logs import WRAPPED, logs


def masker(**known: int) -> Masker:
    return Masker(key=b"k", known=known, ours=["203.0.113.1", "2001:db8::1"])


@given(logs() | WRAPPED)
@settings(max_examples=400, deadline=None)
def test_no_secret_is_told(log: tuple[bytes, Sequence[str]]) -> None:
    """Neither in lines nor in names, digests, or what was captured."""
    content, secrets = log
    told = json.dumps(answer("client.log", content), ensure_ascii=False)

    assert [secret for secret in secrets if secret in told or json.dumps(secret)[1:-1] in told] == []


@given(logs())
@settings(max_examples=200, deadline=None)
def test_no_line_keeps_a_secret(log: tuple[bytes, Sequence[str]]) -> None:
    """Each line, whether anybody would see it or not."""
    content, secrets = log
    lines = content.splitlines()
    inside, masking = blocks(lines), masker()
    masking.learn_names(lines)
    masked = "\n".join(masking.mask(line.decode()) for place, line in enumerate(lines) if place not in inside)

    assert [secret for secret in secrets if secret in masked] == []


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("password=hunter2 port=443", "password=‹secret› port=443"),
        ("pass: my secret phrase", "pass: ‹secret›"),
        ('{"password":"a\\"b","user":"kim"}', '{"password":"‹secret›","user":"‹user 1›"}'),
        ('Cookie: a="x y"; b=z', "Cookie: ‹secret›"),
        (
            "[AF_INET]198.51.100.7:1194 via 203.0.113.1 and 10.1.2.3",
            "[AF_INET]‹address 1›:1194 via 203.0.113.1 and 10.1.2.3",
        ),
        ("::ffff:198.51.100.7 and 198.51.100.7", "‹address 1› and ‹address 1›"),
        ("2001:db8::1 fe80::1 2a00:1450::5", "2001:db8::1 fe80::1 ‹address 1›"),
        ("198-51-100-7.dsl.example.net", "‹address 1›.dsl.example.net"),
        ("version 1.2.3.4 at 14:02:11", "version 1.2.3.4 at 14:02:11"),
        ("dns 8.8.8.8 and 1.1.1.1", "dns 8.8.8.8 and 1.1.1.1"),
        ("card 4242 4242 4242 4242 but 4242424242424241", "card ‹card 1› but 4242424242424241"),
        ("DE89 3704 0044 0532 0130 00", "‹account 1›"),
        ("mac 00:1b:44:11:3a:b7", "mac ‹device 1›"),
        ("open C:\\Users\\Pat Ward\\AppData\\x.log", "open C:\\Users\\‹user 1›\\AppData\\x.log"),
        ("C:\\\\Users\\\\Ana Maria Lopez\\\\vpn", "C:\\\\Users\\\\‹user 1›\\\\vpn"),
        ("/Users/jo lind/Library/x to /home/kim and back", "/Users/‹user 1›/Library/x to /home/‹user 2› and back"),
        ("curl -u kim:hunter2 https://a.example", "curl -u ‹secret› https://a.example"),
        ("curl --proxy-user kim:hunter2 x", "curl --proxy-user ‹secret› x"),
        ("login -u kim -p hunter2 -P 3306", "login -u kim -p ‹secret› -P 3306"),
        ("iptables -p udp --dport 1194", "iptables -p udp --dport 1194"),
        ("AUTH: Received control message: AUTH_FAILED", "AUTH: Received control message: AUTH_FAILED"),
        ("AES_GCM_16_256/PRF_HMAC_SHA2_256/CURVE_25519", "AES_GCM_16_256/PRF_HMAC_SHA2_256/CURVE_25519"),
        ("a mask ‹user 9› of its own", "a mask 'user 9' of its own"),
        ("PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=", "PublicKey = ‹key 1›"),
        ("fe80::1c2:3ff:fe44:5566%en0 and fe80::1", "‹address 1›%en0 and fe80::1"),
        ("mac 1:b:44:11:3a:b7 at 14:02:11", "mac ‹device 1› at 14:02:11"),
        *(
            (line, line)
            for line in (
                *("OPTIONS ERROR: failed to negotiate cipher with server", "OpenVPN 2.6.8 x86_64-pc-linux-gnu [SSL]"),
                *("interface: public key: (hidden)", "Cannot resolve hostname: us-east.example.com:1194"),
                *("AUTH: auth-token expired", "the password is wrong", "Wi-Fi disconnected", "SSID changed"),
                *(
                    "failed to connect to api.example.com/10.1.2.3:443",
                    "resolved by system32\\drivers",
                    "session: 3 lost",
                ),
                *("error -1009", "10.0.19045 build 1234, 99.5 %", "at 52.5, 13.4 of 60.0"),
                *("VERIFY OK: depth=1, serial=77", "gateway us-east-3 in lab", "keepalive: 25"),
            )
        ),
        ("key -----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----", "key ‹private key›"),
    ],
)
def test_masks(line: str, masked: str) -> None:
    """What is ours, private, or nobody's in particular stays; so do lines without any secret."""
    assert masker().mask(line) == masked


def test_the_same_has_the_same_number_in_the_next_log() -> None:
    """By digests that are kept; whoever has no key can't make them."""
    first = masker()
    assert first.mask("jo@example.org, kim@example.org") == "‹e-mail 1›, ‹e-mail 2›"
    second = Masker(key=b"k", known=first.new, ours=[])
    assert second.mask("kim@example.org lea@example.org") == "‹e-mail 2› ‹e-mail 3›"
    assert len(second.new) == 1
    assert Masker(key=b"other", known=first.new, ours=[]).mask("kim@example.org") == "‹e-mail 3›"


def test_a_device_of_a_systems_log_is_masked() -> None:
    """Its name stands behind the time; words of a message there are no device."""
    assert masker().mask_message(" Kims-Mac charon: 09[IKE] x", by_syslog=True) == " ‹device 1› charon: 09[IKE] x"
    assert masker().mask_message(" TLS Error: x", by_syslog=True) == " TLS Error: x"
    assert masker().mask_message(" box app[12]: x", by_syslog=False) == " ‹device 1› app[12]: x"
    assert masker().mask_message(" box kernel: tun0: x", by_syslog=False) == " ‹device 1› kernel: tun0: x"


def test_a_block_that_is_never_closed_ends_with_the_key() -> None:
    """What is written behind it is read again."""
    lines = [
        b"<key>",
        b"MIIEvQIBADANBgkqhkiG9w0B",
        b"AQEFAASCBKcwggSj",
        b"2026-11-20 14:02:11 the tunnel is up and runs",
    ]

    assert blocks(lines) == {0, 1, 2}
    assert blocks([b"<auth-user-pass>", b"kim", b"hunter2", b"</auth-user-pass>", b"x"]) == {0, 1, 2, 3}
    assert blocks([b"-----BEGIN CERTIFICATE-----abc-----END CERTIFICATE-----", b"x"]) == {0}


def test_a_name_in_a_path_is_masked_everywhere() -> None:
    masking = masker()
    masking.learn_names([b"/home/kim.miller/x", b"C:\\Users\\Public\\x", b"C:\\Users\\Pat Ward\\x"])

    assert masking.mask("kim.miller and Kim.Miller on public") == "‹user 1› and ‹user 1› on public"
    assert masking.mask("hello Pat Ward, hello Ward") == "hello ‹user 2›, hello ‹user 3›"
