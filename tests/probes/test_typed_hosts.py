"""What people type that is no target: who may measure it, at which ports, how often; and slips of names."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import BadInput
from bot.messages.model import Place
from bot.people import NotTier2, TeamsUnknown
from bot.probes.batch import Caps, HostFull
from bot.probes.next_look import NextLook
from bot.probes.policy import InternalName, PortNotProbed
from bot.probes.registry import UnknownProbe
from bot.probes.typed_hosts import NoSuchTarget, OnlyTargets
from bot.targets.model import Catalog
from tests.fake_people import FakePeople
from tests.world import CATALOG, US_EAST, World

HERE = Place("C1")
OWN = replace(US_EAST, hosts=("gw1.acme.example",))
TYPED = ("example.com", "https://example.com/a", "8.8.8.8", "example.com:443", "http://example.com", "[2606:4700::1]")


@pytest.fixture
async def world() -> World:
    return World(catalog=Catalog((OWN, *list(CATALOG)[1:])))


@pytest.mark.parametrize("what", TYPED)
async def test_hosts_of_somebody_else_are_for_tier_2(world: World, what: str) -> None:
    """The sentence says what everybody can."""
    await world.probes.hosts.permit(what, by="UKIM")
    with pytest.raises(OnlyTargets, match="`/probe mtr us-east`"):
        await world.probes.hosts.permit(what, by="UTOM")


@pytest.mark.parametrize(
    "what",
    ["us-east", "U.S. East", "10.1.2.3", "gw1.acme.example", "https://gw1.acme.example/x", "GW1.acme.example:443"],
)
async def test_targets_are_for_everybody(world: World, what: str) -> None:
    """And what is theirs, however it is written."""
    await world.probes.hosts.permit(what, by="UTOM")
    world.probes.request("ping", what, place=HERE, by="UTOM")


async def test_several_targets_at_once_are_for_tier_2(world: World) -> None:
    """All are ours, but it is many packets."""
    await world.probes.permit_fleet(by="UKIM")
    with pytest.raises(NotTier2):
        await world.probes.permit_fleet(by="UTOM")


async def test_teams_that_are_unknown_now_are_said(world: World) -> None:
    """Nobody is told that they are not of Tier 2 because Slack is away."""

    class Away(FakePeople):
        async def require_tier2(self, user: str) -> None:
            raise TeamsUnknown(user, "T2 Tech")

    with pytest.raises(TeamsUnknown):
        await World(people=Away()).probes.hosts.permit("example.com", by="UKIM")


async def test_looking_again_needs_the_same(world: World) -> None:
    """The button stands for everybody to see."""
    world.probes.request("mtr", "example.com", place=HERE, by="UKIM")
    world.probes.request("mtr", "us-east", place=HERE, by="UTOM")

    await world.probes.hosts.permit_again(2, by="UTOM")
    await world.probes.hosts.permit_again(1, by="UKIM")
    with pytest.raises(OnlyTargets):
        await world.probes.hosts.permit_again(1, by="UTOM")
    with pytest.raises(BadInput, match="no loss"):
        world.probes.look_again(1, NextLook(10), by="UKIM")


@pytest.mark.parametrize(
    "what", ["example.com:22", "http://example.com:8080/", "https://8.8.8.8:6379", "gw1.acme.example:25"]
)
async def test_other_ports_are_refused(world: World, what: str) -> None:
    """Before anything is asked; also of our own hosts, where the settings name no such port."""
    with pytest.raises(PortNotProbed, match="80, 443"):
        world.probes.request("tls", what, place=HERE, by="UKIM", places=())

    assert world.owed_keys() == []


@pytest.mark.parametrize(
    "what", ["jenkins.corp.internal", "https://jenkins.corp.internal/", "nas.local", "router.home.arpa"]
)
async def test_internal_names_are_not_looked_up(world: World, what: str) -> None:
    """Not even whether they exist is told."""
    with pytest.raises(InternalName, match="is an internal name"):
        world.probes.request("ping", what, place=HERE, by="UKIM")


async def test_a_host_of_somebody_else_is_left_in_peace(world: World) -> None:
    """Everybody's probes of it count together, at whatever port and path; after an hour there is room again."""
    most, people = Caps().per_host_and_hour, ("UKIM", "UJO", "UANA")
    forms = ("example.com", "https://Example.com/x", "example.com:80")
    for number in range(most):
        world.probes.request("ping", forms[number % 3], place=HERE, by=people[number % 3])
        world.clock.advance(60)
    with pytest.raises(HostFull) as caught:
        world.probes.request("ping", "EXAMPLE.com.", place=HERE, by="UBEN")
    world.probes.request("ping", "example.org", place=HERE, by="UBEN")
    world.probes.request("ping", "us-east", place=HERE, by="UBEN")

    assert (caught.value.minutes, "20 times" in caught.value.sentence) == (60 - most, True)
    world.clock.advance((60 - most) * 60)
    world.probes.request("ping", "example.com", place=HERE, by="UBEN")


SLIPS: list[tuple[str, list[str]]] = [
    ("us-eest", ["us-east", "us-west"]),
    ("useast1", ["us-east"]),
    ("us eest", ["us-east", "us-west"]),
    ("U.S. Eest", ["us-east", "us-west"]),
    ("ap", ["app"]),
]


@pytest.mark.parametrize(("what", "meant"), SLIPS)
async def test_slip_of_a_target_is_asked_about(world: World, what: str, meant: list[str]) -> None:
    """It is not looked up as a host, and everybody is asked, whoever they are."""
    await world.probes.hosts.permit(what, by="UTOM")
    with pytest.raises(NoSuchTarget, match="Did you mean") as caught:
        world.probes.request("ping", what, place=HERE, by="UTOM")

    assert set(meant) <= {target.key for target in caught.value.nearest}
    assert world.owed_keys() == []


async def test_word_that_is_near_to_nothing(world: World) -> None:
    """It is told what there is."""
    with pytest.raises(NoSuchTarget, match="Targets: us-east, us-west, app"):
        world.probes.request("ping", "xyzzy", place=HERE, by="UKIM")


@pytest.mark.parametrize(
    ("kind", "meant"), [("mrt", ("mtr",)), ("pign", ("ping",)), ("tsl", ("tls",)), ("smok", ("smoke",)), ("xx", ())]
)
async def test_slip_of_a_kind_is_asked_about(world: World, kind: str, meant: Any) -> None:
    """With those that are near."""
    with pytest.raises(UnknownProbe) as caught:
        world.probes.request(kind, "us-east", place=HERE, by="UKIM")

    assert caught.value.nearest == meant
    assert ("Did you mean" in caught.value.sentence) == bool(meant)
