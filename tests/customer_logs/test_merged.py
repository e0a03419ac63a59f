"""Logs of two investigations that were merged: what has one number in both is not taken for one thing."""

from bot.customer_logs import cards
from tests.customer_logs.test_in_the_thread import put, read
from tests.words.plain import rendered
from tests.world import APP, US_WEST, World


def _log(address: str) -> bytes:
    line = "2026-11-20 14:02:%02d OpenVPN 2.6.8 [git:none] TCP/UDP: Incoming packet rejected from {}: error 7\n"
    return "".join(line.format(f"[AF_INET]{address}:1194") % n for n in range(3)).encode()


def told(world: World, number: int) -> str:
    shown = world.logs.shown(number)
    assert shown
    return rendered(cards.card(shown)) + repr(shown.drop.logs)


async def test_masks_of_the_one_that_was_merged_name_it_until_that_is_undone() -> None:
    """Both have an address 1, and they are two addresses; the cards of both threads are edited."""
    world = World()
    await world.opened(APP)
    await world.opened(US_WEST)
    first = await read(world, put(world, "a.log", _log("81.2.69.142")), of=1)
    second = await read(world, put(world, "b.log", _log("81.2.69.160")), of=2, ts="9.2")
    assert "‹address 1›" in told(world, first) and "‹address 1›" in told(world, second)
    before = [world.wanted(f"logs/{number}") for number in (first, second)]
    await world.merges.merge(2, 1, by="UKIM")

    assert "‹address 1›" in told(world, first) and "of INV-2" not in told(world, first)
    assert "‹address 1 of INV-2›" in told(world, second) and "‹address 1›" not in told(world, second)
    merged = [world.wanted(f"logs/{number}") for number in (first, second)]
    assert all(now > then for now, then in zip(merged, before, strict=True))
    await world.merges.undo(2, by="UKIM")

    assert "‹address 1›" in told(world, second) and "of INV-2" not in told(world, second)
    assert world.wanted(f"logs/{second}") > merged[1]
