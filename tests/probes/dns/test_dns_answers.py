"""The dns probe: slow, cut and odd answers, aliases, addresses that nobody reaches, and families that differ."""

import asyncio
import re
import struct
from dataclasses import replace

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest

from bot.clock import system_clock
from bot.probes.dns.probe import DnsProbe
from bot.probes.model import ProbeReading, ProbeResult, Subject
from bot.probes.policy import ProbePolicy
from bot.probes.wording import long
from tests.probes.dns.asking_dns import NAME, PUBLIC, asked, of_zone
from tests.probes.listeners import Handler, Replies, over_tcp, records, resetting, resolving, silent, truncated

PUBLIC_V6, OTHER, OTHER_V6 = "2606:4700::1", "1.1.1.1", "2606:4700::2"
Reply = dns.message.Message | bytes | None


def answer(*rrsets: str, rcode: dns.rcode.Rcode = dns.rcode.NOERROR, soa: str = "") -> Replies:
    """The same records to every question, as "owner type value"; with `soa` its zone's in the authority section."""

    def replies(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        response.set_rcode(rcode)
        wanted = dns.rdatatype.to_text(query.question[0].rdtype)
        for text in rrsets:
            owner, record, value = text.split()
            if record in (wanted, "CNAME"):
                response.answer.append(dns.rrset.from_text(owner + ".", 300, "IN", record, value))
        if soa:
            response.authority.append(dns.rrset.from_text(soa, 300, "IN", "SOA", f"ns.{soa} h.{soa} 1 2 3 4 5"))
        return response

    return replies


async def told_by(replies: Replies, *, by_tcp: Handler | None = None, timeout_s: float = 10.0) -> ProbeReading:
    """The reading of one resolver, which has the time that a busy machine takes unless it keeps silent."""
    async with resolving(replies, by_tcp=by_tcp) as one:
        return (await asked(one, timeout_s=timeout_s)).readings[0]


# ---- Time


async def test_an_answer_that_is_late_is_heard() -> None:
    """After more than half of the time: the question that went out first is still listened for."""
    async with resolving(records(PUBLIC), delay_s=0.65) as one:
        reading = (await asked(one, timeout_s=1.0, slow_s=0.6)).readings[0]

    assert (reading.ok, reading.warns, reading.cells[2]) == (True, True, PUBLIC)
    assert reading.reason == f"slow: {(reading.numbers.took_ms or 0) / 1000:.1f} s"
    assert 650 <= (reading.numbers.took_ms or 0) < 1000


async def test_a_lost_packet_is_told_from_a_slow_server() -> None:
    """The second one is answered at once."""
    seen: list[int] = []

    def second(query: dns.message.Message) -> Reply:
        seen.append(query.id)
        return records(PUBLIC)(query) if len(seen) > 2 else None

    async with resolving(second) as one:
        result = await asked(one, timeout_s=2.0, slow_s=0.3)

    assert result.ok and result.verdict.warns
    # Half the patience, and what a busy machine adds.
    assert re.search(r"slow: 1\.[0-9] s, the first packet was not answered", long(result.verdict))
    assert len(set(seen)) == 4


async def test_an_answer_in_time_is_not_remarked() -> None:
    """And warns of nothing."""
    async with resolving(records(PUBLIC), delay_s=0.1) as one:
        result = await asked(one)

    assert (result.readings[0].reason, result.readings[0].warns, result.verdict.warns) == ("", False, False)


# ---- Answers that do not fit


async def test_a_cut_answer_is_asked_for_over_tcp() -> None:
    """However large it is."""
    many = [f"93.1.{number // 250}.{number % 250}" for number in range(900)]
    reading = await told_by(truncated, by_tcp=over_tcp(records(*many)))

    assert reading.ok and reading.cells[2].endswith("and 897 more")


async def no_more_than_a_byte(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readexactly(2)
    writer.write(b"\x01")
    await writer.drain()


@pytest.mark.parametrize(
    ("by_tcp", "reason"),
    [
        (None, "truncated, and TCP is refused"),
        (silent, "truncated, and TCP does not answer"),
        (resetting, "truncated, and TCP is closed before the answer is there"),
        (no_more_than_a_byte, "truncated, and TCP is closed before the answer is there"),
        (over_tcp(lambda _query: b"not DNS at all"), "truncated, and what comes over TCP can't be read"),
    ],
)
async def test_a_cut_answer_without_tcp_says_so(by_tcp: Handler | None, reason: str) -> None:
    """The resolver answers, and people get nothing."""
    reading = await told_by(truncated, by_tcp=by_tcp, timeout_s=2.0 if by_tcp is silent else 10.0)

    assert (reading.ok, reading.reason, reading.cause) == (False, reason, "truncated")


# ---- Aliases


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        (answer(f"{NAME} CNAME gone.example.net."), f"an alias that leads nowhere: {NAME} → gone.example.net"),
        (
            answer(f"{NAME} CNAME a.example.net.", "a.example.net CNAME b.example.net."),
            f"an alias that leads nowhere: {NAME} → a.example.net → b.example.net",
        ),
        (
            answer(f"{NAME} CNAME gone.example.net.", rcode=dns.rcode.NXDOMAIN),
            f"an alias that leads nowhere: {NAME} → gone.example.net (NXDOMAIN)",
        ),
        (
            answer(f"{NAME} CNAME b.example.net.", f"b.example.net CNAME {NAME}."),
            f"a circle of aliases: {NAME} → b.example.net → {NAME}",
        ),
        (answer(f"{NAME} CNAME {NAME}."), f"a circle of aliases: {NAME} → {NAME}"),
        (
            answer(
                f"{NAME} CNAME B.example.net.",
                "b.example.net CNAME c.example.net.",
                "C.example.net CNAME b.example.net.",
            ),
            f"a circle of aliases: {NAME} → b.example.net → c.example.net → b.example.net",
        ),
        (
            answer(f"{NAME} CNAME b.example.net.", f"b.example.net CNAME {NAME}.", rcode=dns.rcode.SERVFAIL),
            f"a circle of aliases: {NAME} → b.example.net → {NAME}",
        ),
        # An address of another name is none of this one.
        (
            answer(f"{NAME} CNAME a.example.net.", f"b.example.net A {PUBLIC}"),
            f"an alias that leads nowhere: {NAME} → a.example.net",
        ),
    ],
)
async def test_an_alias_without_an_address_does_not_resolve(replies: Replies, reason: str) -> None:
    """NOERROR is no address."""
    async with resolving(replies) as one:
        result = await asked(one)

    assert (result.ok, result.readings[0].reason, result.readings[0].cause) == (False, reason, "alias")
    assert "resolves" not in long(result.verdict)


async def test_an_alias_with_an_address_behind_it_resolves() -> None:
    """IPv4 alone is enough; the records of other names in the answer are not its own."""
    reading = await told_by(
        answer(
            f"{NAME} CNAME A.example.net.",
            "a.example.net CNAME b.example.net.",
            f"b.example.net A {PUBLIC}",
            f"other.example A {OTHER}",
        )
    )

    assert (reading.ok, reading.reason, reading.cells[2]) == (True, "", PUBLIC)


async def test_records_of_another_name_are_no_answer() -> None:
    """Somebody else's address, sent without being asked for."""
    reading = await told_by(answer(f"other.example A {PUBLIC}"))

    assert (reading.ok, reading.reason) == (False, "no address")


@pytest.mark.parametrize(
    ("target", "soa", "ok"),
    [
        ("x.cdn.example.", "", True),
        ("x.cdn.example.", "example.com.", True),
        ("gone.example.com.", "example.com.", False),
        ("x.sub.example.com.", "", True),
    ],
)
async def test_a_zones_own_server_knows_where_its_aliases_end(target: str, soa: str, ok: bool) -> None:
    """In its own zone; what lies in another is for others to tell."""

    def replies(query: dns.message.Message) -> Reply:
        asks_for_name = query.question[0].name.to_text() == f"{NAME}."
        if asks_for_name and query.question[0].rdtype != dns.rdatatype.NS:
            return answer(f"{NAME} CNAME {target}", soa=soa)(query)
        return of_zone(PUBLIC)(query)

    async with resolving(of_zone(PUBLIC)) as resolver, resolving(replies) as zone:
        reading = (await asked(resolver, authority=zone)).readings[1]

    assert reading.ok is ok
    assert reading.reason == ("" if ok else f"an alias that leads nowhere: {NAME} → gone.example.com")


# ---- A and AAAA, each by itself


async def compared(*told: tuple[str, ...], own: tuple[str, ...] = ()) -> ProbeResult:
    """What resolvers with these addresses come to together."""
    async with (
        resolving(records(*told[0])) as one,
        resolving(records(*told[1])) as two,
        resolving(records(*(told[2] if len(told) > 2 else told[0]))) as three,
    ):
        return await asked(one, two, three, own=own)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ((PUBLIC, OTHER_V6), f"mismatch: {OTHER_V6} where "),
        ((OTHER, PUBLIC_V6), f"mismatch: {OTHER} where "),
        ((OTHER, OTHER_V6), f"mismatch: {OTHER} where "),
        ((PUBLIC_V6,), "no A record where "),
    ],
)
async def test_one_family_that_differs_is_a_mismatch(second: tuple[str, ...], words: str) -> None:
    """One may be poisoned, and the other not."""
    result = await compared((PUBLIC, PUBLIC_V6), second)

    assert [reading.ok for reading in result.readings] == [True, False, True]
    assert result.readings[1].reason.startswith(words)
    assert result.readings[1].cause == "mismatch"


async def test_a_family_that_agrees_is_told_beside_the_one_that_does_not() -> None:
    """So it is known where to look."""
    result = await compared((PUBLIC, PUBLIC_V6), (PUBLIC, OTHER_V6))

    assert result.readings[1].reason.endswith(f"says {PUBLIC_V6} (in A they agree)")


async def test_a_resolver_that_leaves_ipv6_out_is_only_remarked() -> None:
    """People there use IPv4."""
    result = await compared((PUBLIC, PUBLIC_V6), (PUBLIC,))

    assert result.ok and result.readings[1].reason.startswith("no AAAA record where ")


async def test_the_odd_one_out_is_the_one_that_is_named() -> None:
    """Also where it was asked first."""
    result = await compared((OTHER,), (PUBLIC,), (PUBLIC,))

    assert [reading.ok for reading in result.readings] == [False, True, True]


async def test_servers_of_a_zone_that_differ_in_one_family_disagree() -> None:
    """Each family by itself, and a record that one of them lacks."""
    servers = ("ns1.example.com.", "ns2.example.com.")
    told: list[str] = []

    def replies(query: dns.message.Message) -> Reply:
        if query.question[0].rdtype == dns.rdatatype.AAAA and not query.flags & dns.flags.RD:
            told.append("one server")
            return of_zone(PUBLIC, *([PUBLIC_V6] if len(told) == 1 else []), ns=servers)(query)
        return of_zone(PUBLIC, PUBLIC_V6, ns=servers)(query)

    async with resolving(replies) as one:
        reading = (await asked(one, authority=one)).readings[1]

    assert reading.reason.startswith("its servers disagree: ns")
    assert reading.reason.endswith("says no AAAA record")


# ---- Addresses that nobody reaches


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("0.0.0.0", "0.0.0.0 is not an address of a host"),
        ("0.0.0.1", "0.0.0.1 is not an address of a host"),
        ("127.0.0.1", "127.0.0.1 is a loopback address"),
        ("127.0.53.53", "127.0.53.53 is a loopback address"),
        ("169.254.3.4", "169.254.3.4 is a link-local or cloud metadata address"),
        ("224.0.0.7", "224.0.0.7 is a multicast address"),
        ("255.255.255.255", "255.255.255.255 is a reserved address"),
        ("::", ":: is not an address of a host"),
        ("::1", "::1 is a loopback address"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1 is a loopback address"),
        ("fe80::1", "fe80::1 is a link-local address"),
        ("ff02::1", "ff02::1 is a multicast address"),
    ],
)
@pytest.mark.parametrize("trusted", [True, False])
async def test_an_address_that_nobody_reaches_is_not_fine(address: str, words: str, trusted: bool) -> None:
    """Though every resolver agrees on it: blockers answer so, and mistakes in a zone."""
    async with resolving(records(address)) as one, resolving(records(address)) as two:
        result = await asked(one, two, trusted=trusted)

    assert [(reading.ok, reading.cause) for reading in result.readings] == [(False, "unusable")] * 2
    assert result.readings[0].reason == f"{words}: the name is blocked there, or its record is wrong"
    assert "resolves" not in long(result.verdict)


async def test_a_resolver_that_blocks_one_family_is_named_and_the_others_are_not() -> None:
    """What the others say stands beside it."""
    result = await compared(("0.0.0.0", PUBLIC_V6), (PUBLIC, PUBLIC_V6), (PUBLIC, PUBLIC_V6))

    assert [reading.ok for reading in result.readings] == [False, True, True]
    assert f"says {PUBLIC}): the name is blocked there" in result.readings[0].reason


@pytest.mark.parametrize(
    "subject",
    [
        Subject("Lab", names=(NAME,), addresses=("127.0.0.1",), trusted=True),
        Subject("Lab", names=(NAME,), urls=("http://127.0.0.1:8080/",), trusted=True),
    ],
)
async def test_the_targets_own_addresses_may_be_any(subject: Subject) -> None:
    """A lab on this machine; what a person typed vouches for nothing."""
    async with resolving(records("127.0.0.1")) as one:
        probe = DnsProbe(policy=ProbePolicy(), clock=system_clock, resolvers=[one], ask_system=False, authority_port=0)
        subjects = (subject, replace(subject, trusted=False))
        results = [await probe.run(each, progress=lambda _result: None) for each in subjects]

    assert [result.ok for result in results] == [True, False]


async def test_a_private_address_is_remarked_once() -> None:
    """A name of the inside is normal, and for others it leads nowhere."""
    async with resolving(records("10.1.2.3")) as one, resolving(records("10.1.2.3")) as two:
        result = await asked(one, two)

    assert result.ok
    assert long(result.verdict) == (
        f"{NAME} resolves at 2 resolvers, with the same answer; "
        "10.1.2.3 is a private address, reached inside its own network only"
    )


async def test_private_addresses_of_a_zones_servers_are_hidden_from_a_typed_name() -> None:
    """Also where they disagree."""
    servers, told = ("ns1.example.com.", "ns2.example.com."), list[str]()

    def replies(query: dns.message.Message) -> Reply:
        if query.question[0].rdtype == dns.rdatatype.A and not query.flags & dns.flags.RD:
            told.append("10.1.2.3" if told else "10.9.8.7")
            return of_zone(told[-1], ns=servers)(query)
        return of_zone(PUBLIC, ns=servers)(query)

    async with resolving(replies) as one:
        result = await asked(one, authority=one, trusted=False)

    assert result.readings[1].reason.startswith("its servers disagree")
    assert "10.1.2.3" not in repr(result) and "10.9.8.7" not in repr(result)


# ---- Answers that are none


def of_class(rdclass: str, value: str) -> Replies:
    def replies(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.answer.append(dns.rrset.from_text(f"{NAME}.", 300, rdclass, "A", value))
        return response

    return replies


def odd_rdata(query: dns.message.Message) -> bytes:
    """An A record of three bytes."""
    wire = dns.message.make_response(query).to_wire()
    record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 300, 3) + b"\x01\x02\x03"
    return wire[:6] + b"\x00\x01" + wire[8:] + record


def without_question(rcode: dns.rcode.Rcode) -> Replies:
    def replies(query: dns.message.Message) -> bytes:
        return struct.pack("!HHHHHH", query.id, 0x8000 | int(rcode), 0, 0, 0, 0)

    return replies


def another_name(query: dns.message.Message) -> dns.message.Message:
    other = dns.message.make_query("other.example", query.question[0].rdtype, id=query.id)
    return dns.message.make_response(other)


def another_number(query: dns.message.Message) -> bytes:
    wire = dns.message.make_response(query).to_wire()
    return bytes([wire[0] ^ 0xFF]) + wire[1:]


@pytest.mark.parametrize(
    ("replies", "reason", "cause"),
    [
        (of_class("CH", "chaos.net. 1234"), "no address", "no address"),
        (of_class("HS", r"\# 4 01020304"), "no address", "no address"),
        (odd_rdata, "an answer that can't be read", "unreadable"),
        (without_question(dns.rcode.FORMERR), "FORMERR", "formerr"),
        (without_question(dns.rcode.NOTIMP), "NOTIMP", "notimp"),
        (without_question(dns.rcode.REFUSED), "REFUSED", "refused"),
        (another_name, "an answer to another question", "unreadable"),
        (another_number, "an answer to another question", "unreadable"),
        (lambda query: query.to_wire(), "an answer to another question", "unreadable"),
        (lambda _query: b"", "an answer that can't be read", "unreadable"),
        (lambda _query: b"\xff" * 9000, "an answer that can't be read", "unreadable"),
    ],
)
async def test_an_answer_that_is_none_is_named(replies: Replies, reason: str, cause: str) -> None:
    """Nothing of it raises."""
    reading = await told_by(replies, timeout_s=2.0)

    assert (reading.ok, reading.reason, reading.cause) == (False, reason, cause)


async def test_noise_before_the_answer_is_passed_over() -> None:
    """What is not for this question does not end the waiting."""
    sent: list[int] = []

    def replies(query: dns.message.Message) -> Reply:
        sent.append(query.id)
        return another_number(query) if len(sent) <= 2 else records(PUBLIC)(query)

    reading = await told_by(replies)

    assert reading.ok and reading.cells[2] == PUBLIC


async def test_a_large_answer_over_udp_is_read() -> None:
    """A server may send more than it was asked for."""
    many = [f"93.1.{number // 250}.{number % 250}" for number in range(500)]

    assert (await told_by(records(*many))).ok


# ---- Parts that break, and servers that are not found in time


async def test_one_question_that_breaks_is_one_failed_reading() -> None:
    """A mistake of the bot's own on the way to the zone's servers keeps no resolver's answer back."""

    def breaks(_address: str) -> bool:
        raise RuntimeError("a mistake of ours")

    async with resolving(of_zone(PUBLIC)) as one:
        probe = DnsProbe(
            policy=ProbePolicy(allow_networks=["127.0.0.0/8"]),
            clock=system_clock,
            resolvers=[one],
            ask_system=False,
            authority_port=int(one.rpartition(":")[2]),
            has_route=breaks,
        )
        result = await probe.run(Subject("Website", names=(NAME,), trusted=True), progress=lambda _result: None)

    assert [(reading.ok, reading.cause) for reading in result.readings] == [(True, ""), (False, "broken")]
    assert result.measured


async def test_servers_that_the_resolvers_do_not_name_in_time_are_not_blamed() -> None:
    """The resolvers are: silence says nothing about the zone."""
    async with resolving(lambda _query: None) as one:
        result = await asked(one, authority=one, timeout_s=0.3)

    assert [(reading.ok, reading.asked) for reading in result.readings] == [(False, True), (True, False)]
    assert result.readings[1].reason.startswith("not asked: the resolvers ")
