"""Numbers of what really happened: each step by the services that people use."""

import pytest

from bot.numbers.model import Grouping, Step
from bot.targets.model import Target
from tests.numbers.counted import Counted
from tests.world import APP, US_EAST


async def test_every_step_counts_from_the_first_ticket() -> None:
    counted = Counted()
    world, number = counted.world, await counted.opened(by="UTOM", ticket=7)
    for minutes in range(1, 6):
        world.clock.advance(minutes=1)
        match minutes:
            case 1:
                await world.investigations.claim(number, by="UKIM")
            case 2:
                world.evidence.note(number, "only one provider", by="UKIM")
            case 5:
                await world.investigations.resolve(number, by="UKIM", root_cause="transit", workaround="")
    waits = await counted.cases()

    assert waits[Step.OPENED] == 10 and waits[Step.CLAIMED] == 11 and waits[Step.EVIDENCE] == 12
    assert waits[Step.RESOLVED] == 15 and waits[Step.ESCALATED] is waits[Step.ACKNOWLEDGED] is waits[Step.TOLD] is None


async def test_whoever_opens_it_and_owns_it_at_once_has_claimed_it_then() -> None:
    """Also where somebody else has it by now, or nobody."""
    counted = Counted()
    number = await counted.opened(by="UKIM", ticket=7)
    assert (await counted.cases())[Step.CLAIMED] == 10
    counted.world.clock.advance(minutes=5)
    await counted.world.investigations.release(number, by="UKIM")
    assert (await counted.cases())[Step.CLAIMED] == 10
    counted.world.clock.advance(minutes=5)
    await counted.world.investigations.claim(number, by="UJO")

    assert (await counted.cases())[Step.CLAIMED] == 10


async def test_what_came_before_the_first_ticket_nobody_waited_for() -> None:
    counted = Counted()
    await counted.opened(ticket=7, waited_min=-5)

    assert (await counted.cases())[Step.OPENED] == 0


async def test_what_was_no_trend_and_what_has_no_ticket_is_not_timed() -> None:
    counted = Counted()
    await counted.opened(US_EAST, ticket=7)
    await counted.opened(APP)
    number = await counted.opened(Target("us-west", "U.S. West", "gateway", search=("us west",)), ticket=8)
    await counted.world.investigations.dismiss(number, reason="one broken router", by="UKIM")
    numbers = await counted.numbers()

    assert (numbers.opened, numbers.dismissed, numbers.without_ticket) == (3, 1, 1)
    assert [row.minutes.cases for row in numbers.steps][:2] == [1, 1]
    assert numbers.steps[0].minutes.note == "1 case: too few for a median"


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (Grouping.TEAM, [("T2 Tech", 2), ("T2 CS", 1)]),
        (Grouping.TARGET, [("U.S. East", 2), ("The app", 1)]),
        (Grouping.HOUR, [("09:00", 2), ("10:00", 1)]),
        (Grouping.WEEK, [("16 Nov", 2), ("23 Nov", 1)]),
    ],
)
async def test_cases_are_put_together_by(by: Grouping, expected: list[tuple[str, int]]) -> None:
    counted = Counted()
    number = await counted.opened(US_EAST, ticket=7)
    await counted.world.investigations.resolve(number, by="UKIM", root_cause="transit", workaround="")
    await counted.opened(APP, ticket=8)
    counted.world.clock.advance(days=7, hours=1)
    await counted.opened(US_EAST, ticket=9)
    numbers = await counted.numbers(by=by, step=Step.OPENED)

    assert [(row.words, row.sample.cases) for row in numbers.waits if row.sample.cases] == expected
    assert len(numbers.waits) == {Grouping.HOUR: 24, Grouping.WEEK: 12}.get(by, 2)


async def test_a_choice_leaves_the_others_out() -> None:
    counted = Counted()
    await counted.opened(US_EAST, ticket=7)
    await counted.opened(APP, ticket=8)

    assert (await counted.numbers(team="cs")).opened == 1
    assert (await counted.numbers(target="us-east")).opened == 1
    assert (await counted.numbers(target="us-east", team="cs")).opened == 0
    counted.world.clock.advance(days=5 * 7)
    assert (await counted.numbers(weeks=4)).opened == 0 and (await counted.numbers(weeks=12)).opened == 2


async def test_more_cases_than_one_statement_has_are_all_counted() -> None:
    """Many at the same moment too."""
    counted = Counted()
    await counted.opened(US_EAST, ticket=7)
    counted.world.database.run(
        """WITH RECURSIVE n (n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM n LIMIT 900)
           INSERT INTO investigations (id, target, state, opened_by, opened_at, channel)
           SELECT n, 'x', 'resolved', 'UKIM', opened_at, 'C1' FROM n, investigations WHERE id = 1"""
    )

    assert (await counted.numbers()).opened == 901
