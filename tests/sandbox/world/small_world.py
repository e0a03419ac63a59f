"""A world without programs: trackers, a desk, gateways that are never asked, and what Tier 1 said."""

from collections.abc import Callable

from bot.clock import system_clock
from bot.sandbox.globalping.landscape import Landscape
from bot.sandbox.mail.box import Box
from bot.sandbox.other_systems import Outside
from bot.sandbox.targets.places import REGIONS
from bot.sandbox.targets.server import TargetsSandbox
from bot.sandbox.world.clock import WorldClock
from bot.sandbox.world.customers import Customers
from bot.sandbox.world.development import Development
from bot.sandbox.world.gateways import Gateways
from bot.sandbox.world.menu import Floor, World
from bot.sandbox.world.tour import Tour
from bot.sandbox.zendesk.seed import Seed
from bot.sandbox.zendesk.server import ZendeskSandbox


class SmallWorld:
    """`asked` is what Tier 1 said, `followed` how often the bot followed the clock."""

    def __init__(self, tell: Callable[[], None] = lambda: None) -> None:
        self.clock = WorldClock(system_clock)
        self.asked: list[str] = []
        self.statuses: list[tuple[str, ...]] = []
        self.followed = 0
        self.targets = TargetsSandbox(clock=self.clock)
        self.landscape = Landscape({f"{region.key}.harbor.example": region.addresses for region in REGIONS})
        self.outside = Outside(clock=self.clock)
        self.zendesk = ZendeskSandbox(clock=self.clock, seed=Seed())
        self.desk = self.zendesk.desk
        self.box = Box(clock=self.clock)
        self.tour = Tour(tell=tell)
        self.world = World(
            clock=self.clock,
            development=Development(github=self.outside.github, jira=self.outside.jira),
            gateways=Gateways(
                targets=self.targets,
                landscape=self.landscape,
                alertmanager=self.outside.alertmanager,
                statuspage=self.outside.statuspage,
            ),
            customers=Customers(zendesk=self.zendesk, clock=self.clock),
            box=self.box,
            floor=Floor(self.tour, self._asks, lambda *status: self.statuses.append(status)),
            follow=self._follow,
        )

    def labels(self) -> list[str]:
        return [act.label for _, acts in self.world.groups() for act in acts]

    async def _asks(self, text: str) -> None:
        self.asked.append(text)

    async def _follow(self) -> bool:
        self.followed += 1
        return True
