"""Vendors for tests, and an investigation that one of them must look at."""

from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.vendors.model import Ask, LetterDraft, Vendor
from bot.working_hours import WorkingHours
from tests.eventually import eventually
from tests.fake_probe import FakeProbe
from tests.world import US_EAST, World

DAYTIME = WorkingHours(time(8), time(18), frozenset(range(5)), ZoneInfo("UTC"))
TELIA = Vendor(
    key="telia",
    title="Telia",
    what="transit provider",
    email="noc@telia.test",
    asks_for=tuple(Ask),
    account={"Circuit": "IC-331"},
    fields=("Order number",),
    reference=r"TEL-\d{4,8}",
    example="TEL-4711",
    remind_after=timedelta(hours=2),
)
STRIPE = Vendor(key="stripe", title="Stripe", form="https://vendor.test/form", asks_for=(Ask.TIMES,), account={})
BY_DAY = replace(TELIA, hours=DAYTIME)


async def opened(*vendors: Vendor, probed: bool = True) -> World:
    """U.S. East loses packets, and so do its pings and traces."""
    kinds = {kind: FakeProbe(kind, {"U.S. East": 4}, report="a report") for kind in ("ping", "mtr", "tls")}
    world = World(with_vendors=vendors or (TELIA, STRIPE), probe_kinds=kinds)
    await world.opened(US_EAST, symptom="packet loss")
    if probed:
        await world.probed()
    return world


async def letter(world: World, vendor: str = "telia", *, by: str = "UKIM", text: str = "") -> LetterDraft:
    """What the form would send, as it is filled in."""
    draft = (await world.vendors.prepare(1, vendor, by=by)).draft
    return replace(draft, text=text or draft.text)


async def written(world: World, vendor: str = "telia", *, by: str = "UKIM", text: str = "") -> int:
    """The case after one more letter."""
    return (await world.vendors.write(1, vendor, await letter(world, vendor, by=by, text=text), by=by)).id


async def carried(world: World) -> None:
    """Run the courier until nothing is due."""
    store = world.courier._store
    world.tasks.forever(world.courier.run, name="vendors")
    await eventually(
        lambda: not store.due(world.clock()) and not store.to_remind(world.clock()) and not store.sending()
    )
    await world.tasks.idle()
    await world.tasks.drain(deadline_s=0)
