"""What people have ticked in the list of tickets, whatever that shows by the time they press."""

from typing import Any, cast

import pytest

from bot.errors import BadInput
from bot.people import NotTier2
from bot.slack.request import Request, read
from bot.tickets import cards
from commands import tickets
from commands.services import Services
from tests.fake_desk import ticket
from tests.slack import payloads
from tests.world import US_EAST, World


class Bench:
    """An investigation with four tickets on its list, two a page."""

    def __init__(self) -> None:
        self.world = World()
        self.services = cast("Services", self.world.rooms)

    async def opened(self) -> "Bench":
        assert self.world.desk
        self.world.desk.found = [ticket(number, self.world.clock()) for number in (1, 2, 3, 4)]
        await self.world.opened(US_EAST, symptom="")
        await self.world.desk_settled()
        return self

    def states(self) -> dict[int, str]:
        collected = self.world.tickets.of(1)
        return (
            {each.ticket_id: str(each.state) for each in (*collected.tickets, *collected.rejected)} if collected else {}
        )

    def press(self, action_id: str, *, ticked: dict[str, list[int]], by: str = "UKIM") -> Request:
        options = {block: [{"value": str(number)} for number in numbers] for block, numbers in ticked.items()}
        values: dict[str, Any] = {
            block: {cards.TICK: {"type": "checkboxes", "selected_options": chosen}} for block, chosen in options.items()
        }
        who = {"user": {"id": by, "username": by.lower(), "team_id": "T1"}}
        return read(payloads.press(action_id, "1") | who | {"state": {"values": values}})


@pytest.fixture
async def bench() -> Bench:
    return await Bench().opened()


async def test_what_is_ticked_is_decided(bench: Bench) -> None:
    """Of all parts of the page; the rest waits."""
    ticked = {"tickets-0-says": [1], "tickets-0-area": [3]}
    await tickets.related(bench.press(cards.RELATED, ticked=ticked), bench.services)
    await tickets.unrelated(bench.press(cards.UNRELATED, ticked={"tickets-0-area": [4]}), bench.services)

    assert bench.states() == {1: "confirmed", 2: "suggested", 3: "confirmed", 4: "rejected"}


async def test_press_on_a_page_that_has_turned_means_what_was_ticked(bench: Bench) -> None:
    """Jo turned the page while Kim was reading."""
    press = bench.press(cards.RELATED, ticked={"tickets-0-area": [1, 2]})
    bench.world.tickets.turn_page(1, 1)
    await tickets.related(press, bench.services)

    assert bench.states() == {1: "confirmed", 2: "confirmed", 3: "suggested", 4: "suggested"}


async def test_press_without_a_tick_says_what_to_do(bench: Bench) -> None:
    """It decides nothing; ticks of another message's boxes are not meant."""
    cases: list[dict[str, list[int]]] = [{}, {"tickets-0-area": []}, {"others": [1]}]
    for ticked in cases:
        with pytest.raises(BadInput, match="No ticket is ticked"):
            await tickets.related(bench.press(cards.RELATED, ticked=ticked), bench.services)

    assert set(bench.states().values()) == {"suggested"}


async def test_tick_alone_decides_nothing(bench: Bench) -> None:
    """It is the person's own until a button is pressed."""
    assert await tickets.ticked(bench.press(cards.TICK, ticked={"tickets-0-area": [1]}), bench.services) is None
    assert set(bench.states().values()) == {"suggested"}


async def test_only_tier_2_decides(bench: Bench) -> None:
    with pytest.raises(NotTier2):
        await tickets.related(bench.press(cards.RELATED, ticked={"tickets-0-area": [1]}, by="UTOM"), bench.services)

    assert set(bench.states().values()) == {"suggested"}


async def test_undo_of_the_list_needs_words_only_for_what_stays(bench: Bench) -> None:
    """What others decided since is left as it is, and told."""
    await tickets.related(bench.press(cards.RELATED, ticked={"tickets-0-area": [1, 2]}), bench.services)
    first = bench.world.tickets.of(1)
    assert first and first.last
    press = read(payloads.press(cards.UNDO_DECISION, str(first.last.id)))
    assert await tickets.undo_decision(press, bench.services) is None
    await tickets.related(bench.press(cards.RELATED, ticked={"tickets-0-area": [1, 2]}), bench.services)
    second = bench.world.tickets.of(1)
    assert second and second.last
    await tickets.unrelated(bench.press(cards.UNRELATED, ticked={"tickets-0-area": [2]}, by="UJO"), bench.services)
    press = read(payloads.press(cards.UNDO_DECISION, str(second.last.id)))

    assert await tickets.undo_decision(press, bench.services) == "Undone: #1. Decided since, so left as it is: #2."
    assert bench.states() == {1: "suggested", 2: "rejected", 3: "suggested", 4: "suggested"}
