"""From `/investigate` to the card, the first evidence and the end of the playbook."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.targets.settings_file import Pace
from tests.bench.figures import CannotRun, Figure, at_most
from tests.stories.chat import Person, Seen
from tests.stories.town import Town, open_town

TITLE = "/investigate, against the sandbox"
TARGETS = ("us-east", "us-west", "eu-central", "ap-southeast", "us-east")
CARD_S, EVIDENCE_S, PLAYBOOK_S = 0.3, 2.0, 12.0
PATIENCE_S = 30.0
MEASURED = (":white_check_mark:", ":red_circle:")
HOW = (
    "the sandbox's Slack and Zendesk share the machine and are in these figures; seen on a person's screen, "
    "MTRs of 10 cycles at 1 s"
)


@dataclass(frozen=True, slots=True)
class Lap:
    """Seconds since the command was sent."""

    card_s: float
    evidence_s: float
    playbook_s: float


async def measure() -> list[Figure]:
    try:
        async with open_town(pace=Pace()) as there:
            laps = [await _lap(there, target) for target in TARGETS]
    except AssertionError as error:
        raise CannotRun(f"the bot did not do it: {error}") from error
    return [
        at_most("the card in the channel", [lap.card_s for lap in laps], CARD_S, "s", HOW),
        at_most("first evidence in its thread", [lap.evidence_s for lap in laps], EVIDENCE_S, "s"),
        at_most("all of the playbook", [lap.playbook_s for lap in laps], PLAYBOOK_S, "s"),
    ]


async def _lap(there: Town, target: str) -> Lap:
    """One investigation; it is dismissed at the end, so that the next lap finds the same quiet bot."""
    kim, clock = there.kim, asyncio.get_running_loop().time
    before = {each.ts for each in kim.screen("#t2-tech")}
    began = clock()
    typed = asyncio.create_task(_type(kim, f"/investigate {target} packet loss"))
    card = await _first(there, lambda: [each for each in kim.screen("#t2-tech") if each.ts not in before])
    shown = clock()
    await _first(there, lambda: [each for each in kim.thread(card) if _is_evidence(each)])
    evidence = clock()
    await _first(there, lambda: [each for each in kim.thread(card) if _is_end(each)])
    ended = clock()
    await typed
    await _dismiss(there, card)
    return Lap(shown - began, evidence - began, ended - began)


async def _type(person: Person, text: str) -> None:
    await person.types("#t2-tech", text)


async def _first(there: Town, find: Callable[[], list[Seen]]) -> Seen:
    found: list[Seen] = await there.until(find, "what was asked for", within_s=PATIENCE_S)
    return found[0]


def _is_evidence(seen: Seen) -> bool:
    """Tickets that were found, or a measurement: not the messages that announce them."""
    return "matching tickets" in seen.text or any(f"{mark} *" in seen.text for mark in MEASURED)


def _is_end(seen: Seen) -> bool:
    return "*Playbook for" in seen.text and "Run Again" in seen.buttons


async def _dismiss(there: Town, card: Seen) -> None:
    await there.kim.types(card, "@secondline dismiss measured enough")
    await there.kim.sees_change(card, lambda now: "dismissed" in now.text.lower())
