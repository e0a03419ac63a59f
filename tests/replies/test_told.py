"""What an investigation's card says of its customers: how many were answered, and what waits for whom."""

import pytest

from bot.investigations.above import Told
from bot.investigations.model import card_key
from bot.investigations.update_model import Via
from tests.replies.rounds import Rounds


@pytest.fixture
async def rounds() -> Rounds:
    made = Rounds()
    made.desk.put(1, 2, 3)
    await made.world.opened()
    return made


async def test_from_a_review_to_the_last_answer(rounds: Rounds) -> None:
    """Ready, on the way, done; a ticket that was left out was told nothing."""
    assert rounds.world.replies.told(1) == Told()
    await rounds.ready(1, 2, 3, investigation_id=1)
    assert rounds.world.replies.told(1) == Told(to_review=3)

    await rounds.approve(tickets=[1, 3])
    assert rounds.world.replies.told(1) == Told(sending=2)
    await rounds.settle()
    told = rounds.world.replies.told(1)

    assert (told.answered, told.to_review, told.sending) == (2, 0, 0)
    assert told.at and told.at <= rounds.world.clock()
    assert rounds.world.replies.told(2) == Told()


async def test_a_customer_of_two_rounds_counts_once(rounds: Rounds) -> None:
    """Told of one release, and of the next."""
    await rounds.ready(1, 2, investigation_id=1, key="release/app/v2.4.0/KI-31")
    await rounds.approve()
    await rounds.settle()
    rounds.open([1], investigation_id=1)
    await rounds.step()
    await rounds.approve(2)
    await rounds.settle()

    assert rounds.world.replies.told(1).answered == 2


async def test_the_card_is_edited_when_that_changes(rounds: Rounds) -> None:
    """What is next on it hangs on the round."""
    before = rounds.world.wanted(card_key(1))
    await rounds.ready(1, investigation_id=1)
    ready = rounds.world.wanted(card_key(1))
    await rounds.approve()

    assert before < ready < rounds.world.wanted(card_key(1))


async def test_each_round_is_one_entry_of_what_was_said(rounds: Rounds) -> None:
    """With the words that customers got and how many did, also while it is stopped half way."""
    await rounds.ready(1, 2, 3, investigation_id=1)
    await rounds.approve(tickets=[1, 2])
    await rounds.settle()
    rounds.open([3], investigation_id=1, key="release/app/v2.4.2/KI-31")
    await rounds.step()
    await rounds.approve(2)
    await rounds.settle()
    said = rounds.world.updates.words(1).said

    assert [(entry.via, entry.customers, entry.author) for entry in said] == [
        (Via.ROUND, 2, "UKIM"),
        (Via.ROUND, 1, "UKIM"),
    ]
    assert said[0].text.startswith("It works again with v2.4.1.")
