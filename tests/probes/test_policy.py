"""What may be probed, and how what people type is read."""

import ipaddress
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import system_clock
from bot.errors import BadInput
from bot.probes.host_grammar import read_host, read_place
from bot.probes.icmp.mtr import MtrProbe
from bot.probes.icmp.ping import PingProbe
from bot.probes.icmp.routers import SharedRouters
from bot.probes.model import Probe, Subject
from bot.probes.policy import (
    InternalName,
    NoAddress,
    PortNotProbed,
    ProbePolicy,
    ProbeRefused,
    configured_ports,
    subject_of,
)
from bot.targets.model import Target
from tests.probes.icmp.fake_icmp import FakeIcmp, Says

PUBLIC = "93.184.216.34"


class Names:
    """A resolver whose answers are a list, one per question; the last one stays."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def __call__(self, _host: str) -> list[str]:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@pytest.mark.parametrize(
    ("text", "host", "url", "tls"),
    [
        ("example.com", "example.com", "https://example.com/", "example.com:443"),
        ("Example.COM.", "example.com", "https://example.com/", "example.com:443"),
        ("example.com:8443", "example.com", "https://example.com:8443/", "example.com:8443"),
        ("example.com:80", "example.com", "http://example.com/", ""),
        ("http://example.com/a?b=c#d", "example.com", "http://example.com/a?b=c", ""),
        ("https://example.com", "example.com", "https://example.com/", "example.com:443"),
        ("<http://example.com|example.com>", "example.com", "https://example.com/", "example.com:443"),
        ("<https://example.com/x?a=1&amp;b=2>", "example.com", "https://example.com/x?a=1&b=2", "example.com:443"),
        ("<https://good.example|evil.example>", "good.example", "https://good.example/", "good.example:443"),
        ("bücher.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example/", "xn--bcher-kva.example:443"),
        ("93.184.216.34", PUBLIC, "https://93.184.216.34/", "93.184.216.34:443"),
        ("[2606:4700::1]:8443", "2606:4700::1", "https://[2606:4700::1]:8443/", "[2606:4700::1]:8443"),
        ("2606:4700::1", "2606:4700::1", "https://[2606:4700::1]/", "[2606:4700::1]:443"),
        (
            "us\N{NON-BREAKING HYPHEN}east.example.com",
            "us-east.example.com",
            "https://us-east.example.com/",
            "us-east.example.com:443",
        ),
    ],
)
def test_what_people_type_is_read(text: str, host: str, url: str, tls: str) -> None:
    """A host, an address, host:port, a URL, and Slack's marks round them."""
    subject = ProbePolicy().subject_from_text(text)

    assert (*subject.hosts, *subject.addresses) == (host,)
    assert (subject.urls, subject.tls, subject.trusted) == ((url,), (tls,) if tls else (), False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "ftp://example.com",
        "file:///etc/passwd",
        "gopher://example.com",
        "http://user:pw@example.com/",
        "user@example.com",
        "https://example.com@127.0.0.1/",
        "https://example.com\\@127.0.0.1/",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "1.2.3.4.5",
        "http://0x7f.1/",
        "example.com:0",
        "example.com:65536",
        "example.com:٨٠",
        "-a.example",
        "a..example",
        "example..",
        "exa\u202emple.com",
        "a" * 64 + ".example",
        "http://[::1%25eth0]/",
        "１２７.１",
        "<!channel>",
        "<@U123>",
        "<mailto:a@example.com|a@example.com>",
        "https://",
        "a.example/path",
        "x" * 3000,
    ],
)
def test_what_could_be_read_two_ways_is_refused(text: str) -> None:
    """The sentence helps, and none of these ever becomes a subject."""
    with pytest.raises(BadInput):
        ProbePolicy(allow_networks=["0.0.0.0/0", "::/0"]).subject_from_text(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text crashes, and what is read is plain ASCII without spaces."""
    try:
        place = read_place(text)
    except BadInput:
        return

    assert place.url.split("/")[2].isascii()
    assert read_host(place.host) == place.host


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "http://169.254.169.254/latest/meta-data/", "[::1]:80", "::ffff:10.0.0.1"]
)
def test_a_private_literal_is_refused_with_the_key_that_allows_it(text: str) -> None:
    """The refusal comes at once, before anything runs."""
    with pytest.raises(ProbeRefused) as caught:
        ProbePolicy().subject_from_text(text)

    assert "probes.allow_networks" in caught.value.remedy


def test_an_allowed_network_is_allowed() -> None:
    """The configuration may open what is closed otherwise, also in its mapped form."""
    policy = ProbePolicy(allow_networks=["10.20.0.0/16"])

    assert policy.check("10.20.1.2") == "10.20.1.2"
    assert policy.check("::ffff:10.20.1.2")
    with pytest.raises(ProbeRefused):
        policy.check("10.21.0.1")


async def test_a_name_is_judged_by_its_address() -> None:
    """A public name may lead to a private address, which is not told: neither the address nor what it is."""
    with pytest.raises(ProbeRefused, match=r"intranet\.example has no public address") as caught:
        await ProbePolicy(resolve=Names(["10.0.0.1"])).addresses_of("intranet.example")

    told = caught.value.sentence + caught.value.remedy
    assert "10.0" not in told and "private" not in told
    assert "probes.allow_networks" in caught.value.remedy


@pytest.mark.parametrize(
    ("host", "internal"),
    [
        ("jenkins.corp.internal", True),
        ("nas.local", True),
        ("Printer.LAN.", True),
        ("router.home.arpa", True),
        ("intranet", True),
        ("localhost", True),
        ("example.com", False),
        ("internal.example.com", False),
        ("local.example", False),
        ("4.3.2.1.in-addr.arpa", False),
        ("10.0.0.1", False),
        ("2001:db8::1", False),
    ],
)
def test_names_of_inside_networks(host: str, internal: bool) -> None:
    """They are not looked up, unless some inside network may be probed."""
    policy, inside = ProbePolicy(), ProbePolicy(allow_networks=["10.0.0.0/8"])
    inside.check_name(host)
    if internal:
        with pytest.raises(InternalName):
            policy.check_name(host)
    else:
        policy.check_name(host)


def test_ports_that_may_be_typed() -> None:
    """Those of the web, of the settings and of targets."""
    target = Target(
        "x",
        "X",
        "website",
        urls=("https://x.example:8443/", "http://x.example/"),
        tls=("x.example:993", "[2001:db8::1]:995"),
        ports=("1194", "x.example:8080"),
        vpn=("openvpn-tcp:1195", "wireguard:51820"),
    )
    policy = ProbePolicy(ports=[8888, *configured_ports([target])])
    for port in (80, 443, 8443, 993, 995, 1194, 8080, 1195, 8888):
        policy.check_port(port)
    for port in (22, 25, 3306, 51820):
        with pytest.raises(PortNotProbed, match=rf"Port {port} is not probed"):
            policy.check_port(port)


async def test_one_bad_address_among_good_ones_refuses_the_name() -> None:
    """Nothing is picked from a mixed answer."""
    with pytest.raises(ProbeRefused):
        await ProbePolicy(resolve=Names([PUBLIC, "127.0.0.1"])).addresses_of("mixed.example")


async def test_the_address_that_was_judged_is_the_one_that_is_used() -> None:
    """A second answer is judged anew: a name that changes its mind is refused then."""
    policy = ProbePolicy(resolve=Names([PUBLIC], ["127.0.0.1"]))

    assert await policy.addresses_of("rebind.example") == (PUBLIC,)
    with pytest.raises(ProbeRefused):
        await policy.addresses_of("rebind.example")


@pytest.mark.parametrize("kind", ["ping", "mtr"])
async def test_packets_go_only_to_the_address_that_was_judged(kind: str) -> None:
    """The name is asked once: what DNS says between check and use changes nothing."""
    policy, icmp = ProbePolicy(resolve=Names([PUBLIC], ["127.0.0.1"])), FakeIcmp(lambda to, *_: Says(to))
    probe: Probe = PingProbe(icmp=icmp, policy=policy, clock=system_clock, count=3, interval_s=0.01)
    if kind == "mtr":
        probe = MtrProbe(icmp=icmp, policy=policy, clock=system_clock, cycles=3, routers=SharedRouters(0.01))
    await probe.run(Subject("x", hosts=("rebind.example",)), progress=lambda _result: None)

    assert {echo.destination for echo in icmp.sent} == {PUBLIC}


@pytest.mark.parametrize("said", ["::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:7f00:1::", "::1", "fe80::1%eth0"])
async def test_ipv6_that_leads_to_a_private_address_is_refused(said: str) -> None:
    """Mapped, translated and tunnelled addresses are what is inside them."""
    with pytest.raises((ProbeRefused, NoAddress)):
        await ProbePolicy(resolve=Names([said])).addresses_of("six.example")


@given(st.ip_addresses(v=4), st.sampled_from([str, hex, oct]), st.booleans())
def test_an_address_in_another_spelling_is_never_a_subject(
    address: ipaddress.IPv4Address, spelled: Callable[[int], str], whole: bool
) -> None:
    """Decimal, hexadecimal and octal: C libraries read them as addresses, so they are neither host nor address."""
    parts = [int(address)] if whole else list(address.packed)
    text = ".".join(spelled(part).replace("0o", "0") for part in parts)
    if text == str(address):
        return

    for typed in (text, f"http://{text}/", f"{text}:443"):
        with pytest.raises(BadInput):
            ProbePolicy(allow_networks=["0.0.0.0/0"]).subject_from_text(typed)


async def test_what_a_resolver_says_must_be_an_address() -> None:
    """Odd answers are no address."""
    with pytest.raises(NoAddress):
        await ProbePolicy(resolve=Names(["localhost", "127.1", ""])).addresses_of("odd.example")


async def test_all_addresses_of_a_target_are_found_once() -> None:
    """Its own and those of its hosts; a host without an address is named."""

    async def resolve(host: str) -> list[str]:
        if host == "gone.example":
            raise OSError
        return [PUBLIC, "1.1.1.1"]

    subject = Subject("x", hosts=("a.example", "gone.example"), addresses=("1.1.1.1", "9.9.9.9"))
    located = await ProbePolicy(resolve=resolve).locate(subject)

    assert located.addresses == ("1.1.1.1", "9.9.9.9", PUBLIC)
    assert located.missing == ("gone.example: the name can't be looked up",)


async def test_the_systems_resolver_is_asked_by_default() -> None:
    """localhost is known everywhere."""
    found = await ProbePolicy(allow_networks=["127.0.0.0/8", "::1/128"]).addresses_of("localhost")

    assert set(found) <= {"127.0.0.1", "::1"} and found


def test_a_targets_subject_is_filled_from_what_it_has() -> None:
    """Names and TLS endpoints follow from hosts and URLs where the entry leaves them out."""
    target = Target("w", "Website", "website", hosts=("www.example.com",), urls=("https://www.example.com/",))
    subject = subject_of(target)

    assert subject.trusted
    assert (subject.label, subject.names, subject.tls) == ("Website", ("www.example.com",), ("www.example.com:443",))
