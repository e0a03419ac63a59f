"""How much one person may make the bot say within a minute."""

from dataclasses import dataclass, field

import pytest

from bot.messages.budget import OTHERS_PER_WINDOW, TIER2_PER_WINDOW, Act, Budget, OverBudget, current_act
from bot.messages.model import Place, Rank
from bot.messages.store import MessageStore
from tests.database import memory_database
from tests.fake_clock import FakeClock


@dataclass
class Ledger:
    """A store of messages with a budget, both by one clock."""

    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.store = MessageStore(
            database=memory_database(),
            clock=self.clock,
            wake=lambda: None,
            is_tier2=lambda user: user == "UKIM",
            budget=Budget(seconds=lambda: self.clock().timestamp()),
        )

    def acts(self, person: str, key: str, channel: str = "C1", *, rank: Rank | None = None) -> None:
        """Somebody does something that owes a message."""
        token = current_act.set(Act(person))
        try:
            self.store.post(key, view="words", record_id=1, place=Place(channel), for_user=person, rank=rank)
        finally:
            current_act.reset(token)

    def flood(self, person: str, count: int, name: str = "a") -> int:
        """How many of so many acts went through."""
        done = 0
        for number in range(count):
            try:
                self.acts(person, f"{name}/{person}/{number}")
            except OverBudget:
                continue
            done += 1
        return done


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def test_a_flood_is_cut_off_and_nobody_else_is(ledger: Ledger) -> None:
    """What is over the budget leaves nothing behind; another person has a budget of their own."""
    assert ledger.flood("UGUEST", 150) == OTHERS_PER_WINDOW == ledger.store.waiting()
    assert ledger.flood("UKIM", 150) == TIER2_PER_WINDOW


def test_it_says_when_to_go_on_and_is_right(ledger: Ledger) -> None:
    """In whole seconds; then the person may do as much again."""
    ledger.flood("UGUEST", OTHERS_PER_WINDOW)
    ledger.clock.advance(20)
    with pytest.raises(OverBudget, match="try it in 40 s") as refusal:
        ledger.acts("UGUEST", "b/1")
    with pytest.raises(OverBudget) as again:
        ledger.acts("UGUEST", "b/2")
    ledger.clock.advance(40)

    assert refusal.value.topic == again.value.topic, "it is told once"
    assert ledger.flood("UGUEST", 150, "c") == OTHERS_PER_WINDOW
    with pytest.raises(OverBudget) as later:
        ledger.acts("UGUEST", "d/1")
    assert later.value.topic != refusal.value.topic, "and of the next minute anew"


def test_escalations_and_private_words_are_free(ledger: Ledger) -> None:
    """However much somebody said before."""
    ledger.flood("UGUEST", 150)
    ledger.acts("UGUEST", "told/9", rank=Rank.URGENT)
    ledger.acts("UGUEST", "escalation/1")
    ledger.acts("UGUEST", "hello/1", "UGUEST")
    ledger.acts("UGUEST", "hello/2", "D1")
    ledger.store.reaction("done/1", channel="C1", ts="1.2", name="eyes")


def test_one_act_is_charged_once(ledger: Ledger) -> None:
    """However many messages it makes; what machines owe costs nobody anything."""
    for act in range(OTHERS_PER_WINDOW):
        token = current_act.set(Act("UGUEST"))
        for number in range(5):
            ledger.store.text(f"a/{act}/{number}", text="x", place=Place("C1"), for_user="UGUEST")
        current_act.reset(token)
    for number in range(100):
        ledger.store.text(f"machine/{number}", text="x", place=Place("C1"), for_user="UGUEST")

    assert ledger.store.waiting() == OTHERS_PER_WINDOW * 5 + 100


def test_an_act_that_owes_the_same_again_costs_nothing(ledger: Ledger) -> None:
    """A delivery that is worked on again after a crash owes what is owed."""
    ledger.flood("UGUEST", OTHERS_PER_WINDOW)
    ledger.acts("UGUEST", "a/UGUEST/0")
