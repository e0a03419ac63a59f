"""The dns probe on resolvers of a test, and a server of the name's zone."""

from typing import cast

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset

from bot.clock import system_clock
from bot.probes.dns.probe import DnsProbe
from bot.probes.model import ProbeResult, Subject
from bot.probes.policy import ProbePolicy
from tests.probes.listeners import Replies, records

NAME = "www.example.com"
PUBLIC = "93.184.216.34"


async def asked(
    *resolvers: str,
    trusted: bool = True,
    timeout_s: float = 5.0,
    authority: str = "",
    own: tuple[str, ...] = (),
    has_ipv6: bool = True,
    slow_s: float = 2.0,
) -> ProbeResult:
    """`authority` is where the servers of the zone listen: their addresses are loopback in this test's DNS."""
    probe = DnsProbe(
        policy=ProbePolicy(allow_networks=["127.0.0.0/8", "::1/128"]),
        clock=system_clock,
        resolvers=resolvers,
        ask_system=False,
        timeout_s=timeout_s,
        authority_port=int(authority.rpartition(":")[2] or 0),
        has_route=lambda address: has_ipv6 or ":" not in address,
        slow_s=slow_s,
    )
    subject = Subject("Website", names=(NAME,), addresses=own, trusted=trusted)
    return await probe.run(subject, progress=lambda _result: None)


def of_zone(
    *addresses: str,
    ns: tuple[str, ...] = ("ns1.example.com.",),
    alias: str = "",
    at: tuple[str, ...] = ("127.0.0.1",),
) -> Replies:
    """A server of the zone example.com: it knows the zone's servers, all `at` loopback, and the name's addresses."""

    def replies(query: dns.message.Message) -> dns.message.Message | bytes | None:
        question = query.question[0]
        host = question.name.to_text()
        if question.rdtype == dns.rdatatype.NS:
            response = dns.message.make_response(query)
            if host == "example.com.":
                response.answer.append(dns.rrset.from_text(question.name, 300, "IN", "NS", *ns))
        elif host in ns:
            response = cast(dns.message.Message, records(*at)(query))
        elif alias:
            response = dns.message.make_response(query)
            response.answer.append(dns.rrset.from_text(question.name, 300, "IN", "CNAME", alias))
        else:
            response = cast(dns.message.Message, records(*addresses)(query))
        response.flags |= dns.flags.AA
        return response

    return replies
