"""The path to an address as an MTR saw it: frozen records. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.probes.icmp.loss import Tally
from bot.probes.icmp.path_facts import Outage, Rejects


@dataclass(frozen=True, slots=True)
class Hop:
    """One distance. `hosts` are all addresses that answered there, the most recent first; none is a silent hop.

    One that was never asked, as others asked its router, is silent with nothing sent. A packet that a router before it
    answered with an "unreachable" is lost, and `rejected` counts those; a router that stands here and says so has
    answered, as has a destination that refuses. The destination's row counts all packets to it, of all flows.
    """

    ttl: int
    hosts: tuple[str, ...]
    tally: Tally
    rejected: int = 0

    @property
    def silent(self) -> bool:
        return not self.hosts

    @property
    def name(self) -> str:
        return self.hosts[0] if self.hosts else "???"


@dataclass(frozen=True, slots=True)
class FlowWay:
    """Packets to the target in one flow (a value that routers hash to choose between equal paths); 0 is the MTR's."""

    flow: int
    sent: int
    lost: int


@dataclass(frozen=True, slots=True)
class Path:
    """One MTR, finished or as far as it got.

    `reached` is whether the destination itself answered at any time; `refused` is what it said instead of replying
    ("port unreachable"), "" where it did not, and `refusals` how often. `rejects` are routers that rejected packets,
    `loop` the TTLs at which the same routers answer again and again, `beyond` that there are more hops than were asked.
    `quiet` are times without replies, `ways` the packets to the destination by flow: where it was not `reached` and
    these are not empty, it answers all the same, on another path or farther than was asked. `unsent` is why packets
    could not leave this machine; `names` are reverse names by address, `networks` configured names of the networks that
    addresses are in; `drops` are arriving packets that this machine itself threw away meanwhile.
    """

    destination: str
    source: str
    started_at: datetime
    cycles: int
    hops: tuple[Hop, ...]
    reached: bool
    refused: str = ""
    refusals: int = 0
    rejects: tuple[Rejects, ...] = ()
    loop: tuple[int, ...] = ()
    beyond: bool = False
    quiet: tuple[Outage, ...] = ()
    ways: tuple[FlowWay, ...] = ()
    unsent: str = ""
    names: tuple[tuple[str, str], ...] = ()
    networks: tuple[tuple[str, str], ...] = ()
    drops: int = 0

    def named(self, address: str) -> str:
        """The host as mtr writes it: "name (address)" where a reverse name is known."""
        name = dict(self.names).get(address)
        return f"{name} ({address})" if name else address

    def network(self, address: str) -> str:
        """What its network is called here, "" where nobody said."""
        return dict(self.networks).get(address, "")
