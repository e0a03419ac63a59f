"""Which addresses count as public."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probes.address import canonical, not_public

REFUSED = """
127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 169.254.0.1 100.64.0.1
100.127.255.255 0.0.0.0 0.1.2.3 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 192.0.2.1 198.51.100.1 203.0.113.1
198.18.0.1 192.0.0.1 192.88.99.1
::1 :: fe80::1 fc00::1 fd00:ec2::254 fd12:3456::1 fec0::1 ff02::1 2001:db8::1 2001::1 100::1 64:ff9b:1::1 5f00::1
::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 2002:7f00:1::1 2002:a00:1::1 2002:c0a8:101::1
64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::a9fe:a9fe ::127.0.0.1 ::ffff:0:10.0.0.1
""".split()

PUBLIC = (
    "1.1.1.1 9.9.9.9 172.15.0.1 172.32.0.1 100.63.0.1 100.128.0.1 2606:4700::1 64:ff9b::8.8.8.8 2002:808:808::1".split()
)


@pytest.mark.parametrize("address", REFUSED)
def test_special_addresses_are_not_public(address: str) -> None:
    """Also where they hide inside an IPv6 address."""
    assert not_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_others_are(address: str) -> None:
    """The neighbours of the special ranges are public."""
    assert not_public(ipaddress.ip_address(address)) == ""


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Two lists agree: ours is at least as strict, but for addresses that are judged by what they embed."""
    if not_public(address) == "" and address.version == 4:
        assert address.is_global


@given(st.ip_addresses(v=4))
def test_an_embedded_address_is_judged_as_itself(inner: ipaddress.IPv4Address) -> None:
    """Mapped, NAT64 and 6to4 forms of a refused address are refused."""
    forms = [int(ipaddress.IPv6Address(prefix)) | int(inner) for prefix in ("::ffff:0:0", "64:ff9b::")]
    forms.append(int(ipaddress.IPv6Address("2002::")) | int(inner) << 80)

    assert {not_public(ipaddress.IPv6Address(form)) for form in forms} == {not_public(inner)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("0177.0.0.1", ""),
        ("2130706433", ""),
        ("127.1", ""),
        ("fe80::1%eth0", ""),
        ("example.com", ""),
        ("", ""),
    ],
)
def test_only_strict_literals_are_literals(text: str, expected: str) -> None:
    """Forms that some resolvers read as addresses are not."""
    assert canonical(text) == expected
