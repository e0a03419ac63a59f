"""How long people wait for what they asked for, while something else is going on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from itertools import count

from tests.stories.chat import Person, Seen
from tests.stories.counting import keys
from tests.stories.town import Town


async def escalation_s(there: Town, card: Seen, needed: str) -> float:
    """From Kim's sending the form to the post on Lena's screen, in seconds."""
    number = card.text.split("INV-")[1].split()[0].strip("*:,.·")
    await there.kim.presses(card, "Escalate")
    form = await there.kim.form(f"Escalate INV-{number}")
    there.kim.fills(form, needed=needed)
    began = there.now_s()
    sending = asyncio.create_task(there.kim.submits(form))
    await there.lena.sees("#t2-tech", needed)
    seen = there.now_s()
    assert await sending == {}
    return seen - began


async def acknowledgement_s(there: Town, post: Seen) -> float:
    """From Lena's press to the words on Kim's screen."""
    began = there.now_s()
    pressing = asyncio.create_task(there.lena.presses(post, "Acknowledge"))
    await there.kim.sees_change(post, lambda now: "Acknowledged by" in now.text)
    seen = there.now_s()
    await pressing
    return seen - began


async def card_s(there: Town, person: Person, target: str) -> float:
    """From somebody's `/investigate` to its card on their screen."""
    before = {each.ts for each in person.screen("#t2-tech")}

    def shown() -> list[Seen]:
        new = [each for each in person.screen("#t2-tech") if each.ts not in before]
        return [each for each in new if "owns INV-" in each.text and person.id in each.raw["text"]]

    return await _until_shown(there, person, f"/investigate {target} packet loss", shown)


async def answer_s(there: Town, person: Person) -> float:
    """From somebody's `/t2 status` to the answer that only they see."""
    before = {each.ts for each in person.screen("#t2-tech")}

    def shown() -> list[Seen]:
        new = [each for each in person.screen("#t2-tech") if each.ts not in before]
        return [each for each in new if each.only_for_me and "open" in each.text]

    return await _until_shown(there, person, "/t2 status", shown)


async def _until_shown(there: Town, person: Person, words: str, shown: Callable[[], object]) -> float:
    began = there.now_s()
    typing = asyncio.create_task(person.types("#t2-tech", words))
    await there.until(shown, f"what {words} brings")
    seen = there.now_s()
    await typing
    return seen - began


LIMIT_S = 600.0
TARGETS = ("us-east", "us-west", "eu-central", "ap-southeast")


@asynccontextmanager
async def nothing(there: Town) -> AsyncIterator[None]:
    """No load: what the others are compared with."""
    yield


@asynccontextmanager
async def a_guests_flood(there: Town) -> AsyncIterator[None]:
    """A guest sends 150 `/probe` at once."""
    there.slack.control.person("U0TOM", guest="multi")
    flood = asyncio.create_task(_probes(there, there.tom, 150))
    await there.tom.sees("#t2-tech", "You're a guest here")
    yield
    await flood


@asynccontextmanager
async def a_colleagues_flood(there: Town) -> AsyncIterator[None]:
    """Somebody of Tier 2 does the same."""
    flood = asyncio.create_task(_probes(there, there.ana, 150))
    await there.until(lambda: posted(there) >= 3, "the first of the flood")
    yield
    await flood


@asynccontextmanager
async def reactions_limited(there: Town) -> AsyncIterator[None]:
    """Slack refuses reactions for ten minutes, and some are owed."""
    there.slack.control.limit(LIMIT_S, method="reactions.add")
    card = await there.kim.sees("#t2-tech", "owns INV-")
    for number in range(3):
        await there.kim.types(card, f"@secondline note number {number}")
    await there.until(lambda: _refused(there, "reactions.add"), "a refused reaction")
    yield


@asynccontextmanager
async def files_limited(there: Town) -> AsyncIterator[None]:
    """Slack refuses files for ten minutes, and some are owed."""
    methods = ("files.getUploadURLExternal", "files.completeUploadExternal")
    for method in methods:
        there.slack.control.limit(LIMIT_S, method=method)
    await there.ana.types("#t2-tech", "/probe mtr us-west")
    refused = partial(map, partial(_refused, there), methods)
    await there.until(lambda: any(refused()), "a refused file")
    yield


@asynccontextmanager
async def edits_limited(there: Town) -> AsyncIterator[None]:
    """Slack refuses edits for ten minutes, and ten messages wait for one."""
    there.slack.control.limit(LIMIT_S, method="chat.update")
    people = (there.ana, there.raj)
    await asyncio.gather(*(_probes(there, person, 5) for person in people))
    await there.until(lambda: _refused(there, "chat.update") and posted(there) >= 10, "ten edits")
    yield


@asynccontextmanager
async def a_probe_a_second(there: Town) -> AsyncIterator[None]:
    """Three people probe, together once a second, for a while before and then on."""

    async def go_on() -> None:
        for number in count():
            person = (there.ana, there.raj, there.tom)[number % 3]
            await person.types("#t2-tech", f"/probe ping {TARGETS[number % len(TARGETS)]}")
            await there.moment()

    going = asyncio.create_task(go_on())
    await there.until(lambda: posted(there) >= 15, "the first probes")
    yield
    going.cancel()


Load = Callable[[Town], AbstractAsyncContextManager[None]]
LOADS: tuple[Load, ...] = (
    nothing,
    a_guests_flood,
    a_colleagues_flood,
    reactions_limited,
    files_limited,
    edits_limited,
    a_probe_a_second,
)


async def _probes(there: Town, person: Person, count: int) -> None:
    texts = (f"/probe ping {TARGETS[number % len(TARGETS)]}" for number in range(count))
    await asyncio.gather(*(person.types("#t2-tech", text) for text in texts))


def posted(there: Town) -> int:
    """Messages of probes that nobody's investigation asked for."""
    return sum(1 for key in keys(there) if key.startswith("probes/") and key != "probes/1")


def _refused(there: Town, method: str) -> bool:
    return any(each.method == method and each.error == "ratelimited" for each in there.slack.api.log)
