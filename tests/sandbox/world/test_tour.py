"""The first morning: its steps are ticked off by what people really do."""

import pytest

from bot.escalations.cards import ACKNOWLEDGE
from bot.escalations.forms import ESCALATE_FORM
from bot.handoffs.cards import ACCEPT
from bot.handoffs.forms import HAND_OFF_FORM
from bot.investigations.forms import OPEN_FORM, RESOLVE_FORM
from bot.probes.cards import NEXT_LOOK
from bot.sandbox.slack.seeds import harbor_seed
from bot.sandbox.world.tour import ACT, COMMAND, MORNING, PRESS, SAY, SUBMIT, Tour
from bot.tickets.cards import CONFIRM_ALL, RELATED, UNRELATED
from bot.trends.cards import INVESTIGATE as TREND_INVESTIGATE
from tests.sandbox.slack.harbor import MANIFEST

DEEDS = [
    (COMMAND, "/investigate us-east packet loss", "investigate"),
    (SUBMIT, OPEN_FORM, "investigate"),
    (PRESS, TREND_INVESTIGATE, "investigate"),
    (PRESS, RELATED, "tickets"),
    (PRESS, CONFIRM_ALL, "tickets"),
    (PRESS, UNRELATED, "tickets"),
    (SAY, "<@U0BOT> probe mtr us-west", "probe"),
    (COMMAND, "/probe mtr us-east", "probe"),
    (PRESS, f"{NEXT_LOOK}_0", "probe"),
    (SUBMIT, ESCALATE_FORM, "escalate"),
    (PRESS, ACKNOWLEDGE, "acknowledge"),
    (SUBMIT, HAND_OFF_FORM, "handoff"),
    (PRESS, ACCEPT, "accept"),
    (ACT, "release", "release"),
    (SUBMIT, RESOLVE_FORM, "resolve"),
]


@pytest.mark.parametrize(("kind", "what", "step"), DEEDS)
def test_a_deed_ticks_off_its_step(kind: str, what: str, step: str) -> None:
    """By the names that the bot gives its commands, buttons and forms."""
    told: list[int] = []
    tour = Tour(tell=lambda: told.append(1))

    tour.hear(kind, what)
    tour.hear(kind, what)

    assert [each["key"] for each in tour.steps() if each["done"]] == [step]
    assert len(told) == 1


def test_time_goes_by_once_for_everybody_who_is_silent() -> None:
    """Two steps wait for the same deed: each takes one of its own."""
    tour = Tour(tell=lambda: None)

    tour.hear(ACT, "minutes")
    assert [each["key"] for each in tour.steps() if each["done"]] == ["silence"]
    tour.hear(ACT, "minutes")
    assert [each["key"] for each in tour.steps() if each["done"]] == ["silence", "lena"]


def test_every_step_can_be_done() -> None:
    assert {*(step for _, _, step in DEEDS), "silence", "lena"} == {step.key for step in MORNING}


@pytest.mark.parametrize("deed", [(COMMAND, "/investigate"), (SAY, "<@U0BOT> help"), (PRESS, "probe_cancel")])
def test_other_deeds_tick_off_nothing(deed: tuple[str, str]) -> None:
    tour = Tour(tell=lambda: None)

    tour.hear(*deed)

    assert not any(each["done"] for each in tour.steps())


def test_its_people_and_places_are_there() -> None:
    seed = harbor_seed(MANIFEST)
    places = {channel.id for channel in seed.channels} | {f"D{person.id[1:]}" for person in seed.people}
    assert {step.who for step in MORNING} <= {person.id for person in seed.people}
    assert {step.place for step in MORNING} <= places
