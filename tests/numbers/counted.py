"""A world, and the numbers of it."""

from datetime import UTC, timedelta

from bot.app.pages import build_numbers
from bot.numbers.model import Asked, Step
from bot.numbers.overview import Numbers
from bot.targets.model import Target
from tests.world import US_EAST, World


class Counted:
    """What people did there is counted."""

    def __init__(self) -> None:
        self.world = World()
        self.service = build_numbers(self.world.rooms, UTC, worth=0)

    async def opened(self, target: Target = US_EAST, *, by: str = "UKIM", ticket: int = 0, waited_min: int = 10) -> int:
        """Opened `waited_min` after the first ticket, which is confirmed."""
        world = self.world
        number = (await world.opened(target, by=by)).id
        if ticket:
            assert world.desk
            world.desk.put(ticket, subject=target.search[0])
            world.desk.set(ticket, created_at=world.clock() - timedelta(minutes=waited_min))
            world.tickets.link(number, await world.tickets.read([ticket]), by="UKIM")
        return number

    async def numbers(self, **asked: object) -> Numbers:
        return await self.service.numbers(Asked(**asked))  # type: ignore[arg-type]

    async def cases(self) -> dict[Step, float | None]:
        """The waits of the one investigation that there is."""
        (case,) = self.service._store.cases((self.world.clock().replace(year=2000), 0))
        return {step: case.waited(step) for step in Step}
