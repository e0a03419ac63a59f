"""The steps of a playbook that people do by hand."""

from datetime import UTC, datetime

import pytest

from bot.messages.model import Place
from bot.probes import cards
from bot.probes.batch import RunState
from bot.probes.conclusion import conclusion
from bot.probes.manual import Trial, trial_line, trials_words
from tests.world import APP, World

AT = datetime(2026, 11, 20, 9, 14, tzinfo=UTC)
PIXEL = Trial("UKIM", AT, "Pixel 9", "Android 16", "5.2", reproduced=True, note="crash at start")
IPHONE = Trial("UJO", AT, "iPhone 17", "", "", reproduced=False)


def test_try_in_words() -> None:
    """What is not known is left out."""
    assert trial_line(PIXEL) == "reproduced on Pixel 9, Android 16, app 5.2: crash at start"
    assert trial_line(IPHONE) == "not reproduced on iPhone 17"


@pytest.mark.parametrize(
    ("trials", "expected"),
    [
        ([], "reproduce it on a device"),
        ([PIXEL], "reproduced in 1 of 1 try"),
        ([PIXEL, IPHONE], "reproduced in 1 of 2 tries"),
    ],
)
def test_verdict_counts(trials: list[Trial], expected: str) -> None:
    """The number of tries stands beside the hits."""
    assert trials_words("reproduce it on a device", trials) == expected


async def test_app_asks_for_hands_and_keeps_what_they_found() -> None:
    """Opening shows what is to try; each try is evidence with who and when."""
    world = World()
    await world.opened(APP)
    await world.probed()
    assert world.probes.of(1)[0].state is RunState.DONE
    world.evidence.tried(1, PIXEL)
    world.evidence.tried(1, IPHONE)
    (batch,) = world.probes.of(1)

    assert batch.trials == (PIXEL, IPHONE)
    assert conclusion(batch).endswith("reproduced in 1 of 2 tries")
    assert world.kinds(1)[-2:] == ["probe", "probe"]
    assert "Record a Try" in str(cards.card(batch).blocks)


async def test_kinds_that_need_no_hands_have_no_button() -> None:
    """A measurement is not asked of people."""
    world = World()
    world.probes.request("ping", "us-east", place=Place("C1"), by="UKIM")
    await world.probed()
    found = world.probes.get(1)
    assert found

    assert "Record a try" not in str(cards.card(found).blocks)
