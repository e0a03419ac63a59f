"""Reverse names beside a trace."""

import dns.asyncresolver
import dns.message
import dns.rrset
import pytest

from bot.probes.icmp.reverse import ReverseNames
from tests.eventually import eventually
from tests.probes.listeners import Replies, resolving


def pointing_to(name: str) -> Replies:
    def replies(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.answer.append(dns.rrset.from_text(query.question[0].name, 300, "IN", "PTR", name))
        return response

    return replies


def asking(server: str) -> ReverseNames:
    address, port = server.split(":")
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [address], int(port)
    return ReverseNames(resolver=resolver)


async def test_a_name_is_there_when_it_is_there() -> None:
    """The first question gives nothing and starts the look-up."""
    async with resolving(pointing_to("gw.example.")) as server:
        names = asking(server)
        assert names.known(["192.0.2.1"]) == ()
        await eventually(lambda: names.known(["192.0.2.1"]))

        assert names.known(["192.0.2.1"]) == (("192.0.2.1", "gw.example"),)
        await names.close()


@pytest.mark.parametrize("name", ["a\\032b.example.", "<!channel>.", "`x`."])
async def test_a_hostile_name_is_no_name(name: str) -> None:
    """Only letters, digits, hyphens and dots are shown."""
    async with resolving(pointing_to(name)) as server:
        names = asking(server)
        names.known(["192.0.2.1"])
        await eventually(lambda: not names._tasks)

        assert names.known(["192.0.2.1"]) == ()


async def test_a_silent_resolver_is_left_when_the_bot_ends() -> None:
    """Closing does not wait for it."""
    async with resolving(lambda _query: None) as server:
        names = asking(server)
        names.known(["192.0.2.1"])
        await names.close()

        assert not names._tasks
