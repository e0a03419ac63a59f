"""The dns probe against resolvers with known faults."""

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import system_clock
from bot.errors import BadInput
from bot.probes.dns.agreement import dns_verdict
from bot.probes.dns.answers import DnsAnswer
from bot.probes.dns.lookup import nameserver
from bot.probes.dns.probe import DnsProbe
from bot.probes.model import Subject
from bot.probes.policy import ProbePolicy
from bot.probes.wording import long, short
from tests.probes.dns.asking_dns import NAME, PUBLIC, asked, of_zone
from tests.probes.listeners import closed_port, records, resolving


async def test_the_zones_own_servers_are_asked() -> None:
    """Found by way of the resolver, asked themselves; their answer is compared with the resolver's."""
    async with resolving(of_zone(PUBLIC)) as one:
        same = await asked(one, authority=one)

    assert same.ok, long(same.verdict)
    assert same.readings[1].name == f"{NAME} at ns1.example.com"
    assert long(same.verdict) == f"{NAME} resolves at 2 resolvers, with the same answer"


async def test_a_resolver_that_is_behind_its_zone_is_a_mismatch() -> None:
    """The zone has moved on, the resolver has not."""
    async with resolving(of_zone("1.1.1.1")) as resolver, resolving(of_zone(PUBLIC)) as zone:
        result = await asked(resolver, authority=zone)

    assert result.readings[1].reason == f"mismatch: {PUBLIC} where {resolver} says 1.1.1.1"


async def test_an_alias_of_the_zone_is_an_answer() -> None:
    """A zone's server says where the name leads; the rest is another zone's."""
    async with resolving(of_zone(PUBLIC)) as resolver, resolving(of_zone(alias="x.cdn.example.")) as zone:
        result = await asked(resolver, authority=zone)

    assert result.ok and result.readings[1].cells[2] == "→ x.cdn.example"


async def test_a_server_that_does_not_serve_the_zone_is_lame() -> None:
    """It answers without authority."""
    async with resolving(of_zone(PUBLIC)) as resolver, resolving(records(PUBLIC)) as zone:
        result = await asked(resolver, authority=zone)

    assert result.readings[1].reason == "does not serve the zone (lame delegation)"


async def test_a_silent_resolver_does_not_hide_the_zones_servers() -> None:
    """The other one knows them."""
    async with resolving(lambda _query: None) as silent, resolving(of_zone(PUBLIC)) as good:
        result = await asked(silent, good, authority=good, timeout_s=1.0)

    assert [reading.ok for reading in result.readings] == [False, True, True]


async def test_servers_of_one_zone_that_disagree_are_named() -> None:
    """Some of the people see the old address."""
    answers_given: list[str] = []

    def replies(query: dns.message.Message) -> dns.message.Message | bytes | None:
        if query.question[0].rdtype == dns.rdatatype.A and not query.flags & dns.flags.RD:
            answers_given.append("1.1.1.1" if answers_given else PUBLIC)
            return of_zone(answers_given[-1], ns=servers)(query)
        return of_zone(PUBLIC, ns=servers)(query)

    servers = ("ns1.example.com.", "ns2.example.com.")
    async with resolving(replies) as one:
        reading = (await asked(one, authority=one)).readings[1]

    assert reading.name == f"{NAME} at its zone's 2 servers"
    assert reading.reason.startswith("its servers disagree: ns")


async def test_a_zone_without_known_servers_is_remarked() -> None:
    """It is not asked, and that does not count."""
    async with resolving(records(PUBLIC)) as one:
        result = await asked(one, authority="127.0.0.1:53")

    assert result.ok
    assert long(result.verdict).endswith("its zone's servers: not asked: the resolvers know no servers of its zone")


async def test_a_server_with_ipv6_only_is_asked_there() -> None:
    """Its answer counts like any other."""
    async with resolving(of_zone(PUBLIC, at=("::1",))) as resolver, resolving(of_zone("1.1.1.1"), "::1") as zone:
        reading = (await asked(resolver, authority=zone)).readings[1]

    assert reading.name == f"{NAME} at ns1.example.com"
    assert reading.reason == f"mismatch: 1.1.1.1 where {resolver} says {PUBLIC}"


async def test_without_ipv6_here_a_server_that_has_nothing_else_is_not_asked() -> None:
    """The reason is said; it is nobody's fault but this machine's."""
    async with resolving(of_zone(PUBLIC, at=("::1",))) as one:
        result = await asked(one, authority="[::1]:53", has_ipv6=False)

    assert result.ok
    assert result.readings[1].reason == (
        "not asked: ns1.example.com has an IPv6 address only, and this machine has no IPv6"
    )


async def test_without_ipv6_here_the_other_servers_answer_and_the_gap_is_remarked() -> None:
    """One of the zone's servers has both families, one has IPv6 only."""
    servers = ("ns1.example.com.", "ns2.example.com.")

    def replies(query: dns.message.Message) -> dns.message.Message | bytes | None:
        both = query.question[0].name.to_text() == servers[0]
        return of_zone(PUBLIC, ns=servers, at=("127.0.0.1", "::1") if both else ("::1",))(query)

    async with resolving(replies) as one:
        result = await asked(one, authority=one, has_ipv6=False)

    assert result.ok
    assert result.readings[1].reason == "ns2.example.com has an IPv6 address only, and this machine has no IPv6"
    assert long(result.verdict).startswith(f"{NAME} resolves at 2 resolvers, with the same answer; ")


async def test_servers_that_answer_over_one_family_only_are_named() -> None:
    """Resolvers that have IPv6 alone find nobody."""
    servers = ("ns1.example.com.", "ns2.example.com.")
    replies = of_zone(PUBLIC, ns=servers, at=("127.0.0.1", "::1"))
    async with resolving(replies) as one:
        port = int(one.rpartition(":")[2])
        async with resolving(lambda _query: None, "::1", port):
            reading = (await asked(one, authority=one, timeout_s=0.6)).readings[1]

    assert reading.name == f"{NAME} at its zone's 4 servers"
    assert reading.reason == "no server answers over IPv6 (timeout after 0.6 s), over IPv4 all do"


async def test_a_server_that_fails_over_one_family_is_named_with_it() -> None:
    """The only server of a zone has two addresses."""
    async with resolving(of_zone(PUBLIC, at=("127.0.0.1", "::1"))) as one:
        port = int(one.rpartition(":")[2])
        async with resolving(records(rcode=dns.rcode.REFUSED), "::1", port):
            reading = (await asked(one, authority=one)).readings[1]

    assert reading.reason == "ns1.example.com over IPv6: REFUSED"


@pytest.mark.parametrize(("unchecked", "reason"), [(True, "SERVFAIL: DNSSEC validation fails"), (False, "SERVFAIL")])
async def test_a_dnssec_failure_is_told_from_other_failures(unchecked: bool, reason: str) -> None:
    """A resolver that fails, and answers once it need not check signatures."""

    def replies(query: dns.message.Message) -> dns.message.Message | bytes | None:
        answers_now = unchecked and query.flags & dns.flags.CD
        return records(PUBLIC, rcode=dns.rcode.NOERROR if answers_now else dns.rcode.SERVFAIL)(query)

    async with resolving(replies) as one:
        reading = (await asked(one)).readings[0]

    assert not reading.ok and reading.reason.startswith(reason)
    assert ("DNSSEC" in reading.reason) is unchecked


@pytest.mark.parametrize(("own", "ok"), [((PUBLIC, "1.1.1.1"), True), ((PUBLIC,), False)])
async def test_answers_by_place_are_no_mismatch_among_the_targets_own_addresses(own: tuple[str, ...], ok: bool) -> None:
    """Each resolver is told what is near; an address that is not configured is another thing."""
    async with resolving(records(PUBLIC)) as one, resolving(records("1.1.1.1")) as two:
        result = await asked(one, two, own=own)

    assert result.ok is ok
    assert ("mismatch" in long(result.verdict)) is not ok


async def test_equal_answers_are_well() -> None:
    """Both families are asked for, and the time is measured."""
    replies = records(PUBLIC, "2606:4700::1")
    async with resolving(replies) as one, resolving(replies) as two:
        result = await asked(one, two)

    assert result.ok
    assert long(result.verdict) == f"{NAME} resolves at 2 resolvers, with the same answer"
    assert result.readings[0].cells[2] == f"2606:4700::1, {PUBLIC}"
    assert result.readings[0].cells[3] == "300 s"
    assert (result.readings[0].numbers.took_ms or 0) > 0


async def test_a_mismatch_is_named_with_both_answers() -> None:
    """Two resolvers that have nothing in common."""
    async with resolving(records(PUBLIC)) as one, resolving(records("1.1.1.1")) as two:
        result = await asked(one, two)

    assert not result.ok
    assert result.readings[1].reason == f"mismatch: 1.1.1.1 where {one} says {PUBLIC}"


async def test_answers_that_overlap_are_normal() -> None:
    """Large sites rotate theirs."""
    async with resolving(records(PUBLIC, "1.1.1.1")) as one, resolving(records("1.1.1.1")) as two:
        result = await asked(one, two)

    assert result.ok and long(result.verdict).endswith("with answers that overlap")


@pytest.mark.parametrize(
    ("rcode", "reason"),
    [
        (dns.rcode.NXDOMAIN, "NXDOMAIN: the name does not exist"),
        (dns.rcode.SERVFAIL, "SERVFAIL"),
        (dns.rcode.REFUSED, "REFUSED"),
    ],
)
async def test_what_a_resolver_says_is_named(rcode: dns.rcode.Rcode, reason: str) -> None:
    """The code as engineers know it."""
    async with resolving(records(rcode=rcode)) as one:
        result = await asked(one)

    assert result.readings[0].reason == reason


async def test_no_address_is_a_reason() -> None:
    """The name exists and has none."""
    async with resolving(records()) as one:
        assert (await asked(one)).readings[0].reason == "no address"


async def test_a_silent_resolver_is_a_timeout() -> None:
    """After two attempts; the other resolver's answer stands."""
    async with resolving(lambda _query: None) as silent, resolving(records(PUBLIC)) as good:
        result = await asked(silent, good, timeout_s=0.3)

    assert [reading.reason for reading in result.readings] == ["timeout after 0.3 s", ""]
    assert long(result.verdict) == f"1 of 2 answers fails: {NAME} at {silent}: timeout after 0.3 s"


async def test_one_lost_packet_is_asked_again_and_its_time_counted() -> None:
    """The time is what a person waited, not that of the last attempt."""
    seen: list[dns.message.Message] = []

    def second(query: dns.message.Message) -> dns.message.Message | bytes | None:
        seen.append(query)
        return records(PUBLIC)(query) if len(seen) > 2 else None

    async with resolving(second) as one:
        reading = (await asked(one, timeout_s=0.4)).readings[0]

    assert reading.ok and (reading.numbers.took_ms or 0) >= 200


async def test_one_family_that_fails_is_named() -> None:
    """Broken IPv6 records keep people out as well."""

    def half(query: dns.message.Message) -> dns.message.Message | bytes | None:
        return records(PUBLIC, rcode=dns.rcode.SERVFAIL if query.question[0].rdtype == 28 else dns.rcode.NOERROR)(query)

    async with resolving(half) as one:
        assert (await asked(one)).readings[0].reason == "AAAA: SERVFAIL"


async def test_a_resolver_that_is_not_there_is_named() -> None:
    """Nothing listens on that port."""
    assert (await asked(f"127.0.0.1:{closed_port()}", timeout_s=0.5)).readings[0].reason in (
        "connection refused",
        "timeout after 0.5 s",
    )


@pytest.mark.parametrize("junk", [b"", b"x", bytes(12), bytes(600)])
async def test_junk_is_no_answer(junk: bytes) -> None:
    """Bytes that are not DNS, or not for this question, are a failure in words."""
    async with resolving(lambda _query: junk) as one:
        reading = (await asked(one, timeout_s=0.3)).readings[0]

    assert not reading.ok and reading.reason


async def test_private_answers_to_a_typed_name_are_hidden() -> None:
    """The inside of a network is not told to a channel; a configured name shows them."""
    async with resolving(records("10.1.2.3")) as one:
        typed, configured = await asked(one, trusted=False), await asked(one)

    assert "10.1.2.3" not in repr(typed)
    assert configured.readings[0].cells[2] == "10.1.2.3"


async def test_a_subject_without_a_name_is_bad_input() -> None:
    """An address has nothing to look up."""
    probe = DnsProbe(policy=ProbePolicy(), clock=system_clock)
    with pytest.raises(BadInput, match="no name"):
        await probe.run(Subject("x", addresses=(PUBLIC,)), progress=lambda _result: None)


async def test_without_any_resolver_the_result_says_what_to_do() -> None:
    """The key is named."""
    result = await asked()

    assert not result.measured and "probes.resolvers" in result.remedy


def test_resolvers_are_read_with_or_without_port() -> None:
    """Port 53 is not shown."""
    assert nameserver("9.9.9.9").label == "9.9.9.9"
    assert (nameserver("[2606:4700::1]:5353").address, nameserver("127.0.0.1:5353").port) == ("2606:4700::1", 5353)


answers = st.builds(
    DnsAnswer,
    st.sampled_from(["a.example", "b.example"]),
    st.sampled_from(["one", "two", "three"]),
    st.lists(st.sampled_from(["1.1.1.1", "2.2.2.2", "2606::1", "0.0.0.0", "::1"]), unique=True).map(tuple),
    st.none() | st.integers(0, 86_400),
    st.none() | st.floats(0, 5000),
    st.sampled_from(["", "SERVFAIL", "NXDOMAIN", "timeout after 5 s"]),
    aliases=st.lists(st.sampled_from(["a.example", "c.example", "d.example"]), max_size=3).map(tuple),
    leads_on=st.booleans(),
    unasked=st.sampled_from(["", "", "no servers are known"]),
)


@given(st.lists(answers, min_size=1, max_size=8))
def test_any_answers_are_compared_in_one_line(drawn: list[DnsAnswer]) -> None:
    """Every comparison has a verdict, and names what fails."""
    verdict, readings = dns_verdict("Website", drawn)

    assert "\n" not in long(verdict) + short(verdict)
    assert all(reading.ok or (reading.reason and reading.cause) for reading in readings)
    assert verdict.ok is all(reading.ok for reading in readings)
