"""Five people at work at the same time, at random but the same each time."""

import asyncio
import contextlib
import random
import re
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.sandbox.slack.errors import ApiError
from tests.stories.chat import Form, Person, Seen
from tests.stories.town import Town

TARGETS = ("us-east", "us-west", "eu-central", "ap-southeast")
_NAME = re.compile(r"INV-(\d+)")
TRIES = 3
"""People do again what their client says was lost."""


@dataclass(slots=True)
class Act:
    """What somebody did, and whether Slack saw it acknowledged. `mark` stands in its words and nowhere else.

    `about` is the number of an investigation, `ts` that of a mention, `ticket` what a button was pressed beside.
    """

    kind: str
    person: str
    mark: str
    about: int = 0
    ts: str = ""
    ticket: int = 0
    target: str = ""
    acknowledged: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.mark} of {self.person} about INV-{self.about} {self.ticket or ''}{self.target}"


Doing = Callable[[Person], Awaitable[bool]]


class Crowd:
    """What they do where the bot just died fails for them, as in their client; they go on with something else."""

    def __init__(self, there: Town, *, seed: int) -> None:
        self._there = there
        self._chance = random.Random(seed)
        self._people = (there.kim, there.jo, there.ana, there.tom, there.lena)
        self._tier2 = (there.kim, there.jo, there.ana)
        self._in_a_form: set[str] = set()
        self.acts: list[Act] = []
        self._often: dict[Doing, int] = {
            self._says: 10,
            self._probes: 4,
            self._presses: 4,
            self._confirms: 3,
            self._opens: 3,
            self._escalates: 2,
            self._acknowledges: 2,
            self._answers: 2,
            self._asks: 1,
            self._resolves: 2,
        }

    async def works(
        self, *, acts_per_s: float, until: Callable[[], bool], between: Callable[[], None] = lambda: None
    ) -> None:
        """`between` is called after each act."""
        doing = list[asyncio.Task[None]]()
        while not until():
            doing.append(asyncio.create_task(self._act()))
            between()
            pause_s = min(3.0, self._chance.expovariate(acts_per_s))
            await self._there.moment_of(pause_s)
        await asyncio.gather(*doing)

    async def _act(self) -> None:
        """Something else where what was chosen is not possible now."""
        person = self._chance.choice(self._people)
        chosen = self._chance.choices(list(self._often), list(self._often.values()))[0]
        with contextlib.suppress(ApiError, AssertionError):
            _ = await chosen(person) or await self._says(person) or await self._opens(person)

    async def _probes(self, person: Person) -> bool:
        act = self._begun("probe", person, target=self._chance.choice(TARGETS))
        kind = self._chance.choice(("ping", "ping", "mtr"))
        act.acknowledged = await person.commands("#t2-tech", f"/probe {kind} {act.target}")
        return True

    async def _opens(self, person: Person) -> bool:
        act = self._begun("open", person)
        words = f"/investigate {self._chance.choice(TARGETS)} packet loss {act.mark}"
        act.acknowledged = await person.commands("#t2-tech", words)
        return True

    async def _says(self, person: Person) -> bool:
        card = self._card(person)
        if not card:
            return False
        verb = self._chance.choice(("note", "note", "note", "claim", "release", "join", "handover"))
        act = self._begun(verb, person, card)
        rest = {"note": act.mark, "handover": f"@{self._chance.choice(('kim', 'jo', 'ana'))} {act.mark}"}
        said = await person.types(card, f"@secondline {verb} {rest.get(verb, '')}")
        act.ts, act.acknowledged = said.ts if said else "", True
        return True

    async def _presses(self, person: Person) -> bool:
        card = self._card(person)
        offered = [each for each in card.buttons if each in ("Claim", "Join", "Reopen")] if card else []
        if not card or not offered:
            return False
        label = self._chance.choice(offered)
        await self._pressed(self._begun(label.lower(), person, card), person, card, label)
        return True

    async def _confirms(self, person: Person) -> bool:
        card = self._card(person)
        listed = [each for each in person.thread(card) if each.options] if card else []
        if not card or not listed:
            return False
        option = listed[0].options[0]
        await person.ticks(listed[0], option)
        act = self._begun("confirm", person, card, ticket=int(option.split()[0].removeprefix("#")))
        await self._pressed(act, person, listed[0], "Related")
        return True

    async def _acknowledges(self, person: Person) -> bool:
        post = self._with(self._there.lena, "Acknowledge")
        if post:
            await self._pressed(self._begun("ack", self._there.lena, post), self._there.lena, post, "Acknowledge")
        return post is not None

    async def _answers(self, person: Person) -> bool:
        """Whoever was asked to take something over says yes or no."""
        waiting = [
            (each, who) for who in self._tier2 for each in who.screen("@secondline") if "Decline" in each.buttons
        ]
        if not waiting:
            return False
        asked, who = self._chance.choice(waiting)
        label = self._chance.choice(("Accept", "Accept", "Decline"))
        await self._pressed(self._begun(label.lower(), who, asked), who, asked, label)
        return True

    async def _asks(self, person: Person) -> bool:
        return await self._fills("ask", self._there.lena, "Need More", "Need more", "question")

    async def _escalates(self, person: Person) -> bool:
        return await self._fills("escalate", self._of_tier2(person), "Escalate", "Escalate INV-{}", "needed")

    async def _resolves(self, person: Person) -> bool:
        return await self._fills("resolve", self._of_tier2(person), "Resolve", "Resolve INV-{}", "root_cause")

    async def _fills(self, kind: str, person: Person, label: str, title: str, block: str) -> bool:
        """A form, opened by a button. Whoever has one open does not open another."""
        message = self._with(person, label)
        if not message or person.id in self._in_a_form:
            return False
        self._in_a_form.add(person.id)
        try:
            act = self._begun(kind, person, message)
            form = await self._opened(person, message, label, title.format(act.about))
            person.fills(form, **{block: act.mark})
            await self._sent(act, person, form)
        finally:
            self._in_a_form.discard(person.id)
        return True

    async def _opened(self, person: Person, message: Seen, label: str, title: str) -> Form:
        for _ in range(TRIES):
            with contextlib.suppress(ApiError, AssertionError):
                await person.presses(message, label)
                return await person.form(title, within_s=5)
            await self._there.until(lambda: self._there.bot_connected, "the bot")
        raise AssertionError(f"{title} does not open")

    async def _sent(self, act: Act, person: Person, form: Form) -> None:
        """What the form itself refuses was not done, and the person sees it."""
        for _ in range(TRIES):
            with contextlib.suppress(ApiError):
                if await person.submits(form):
                    act.kind = f"refused {act.kind}"
                act.acknowledged = True
                return
            await self._there.until(lambda: self._there.bot_connected, "the bot")

    async def _pressed(self, act: Act, person: Person, message: Seen, label: str) -> None:
        await person.presses(message, label)
        act.acknowledged = True

    def _of_tier2(self, person: Person) -> Person:
        """Others are told by a press that they may not; they don't press again for a form that will not come."""
        return person if person in self._tier2 else self._chance.choice(self._tier2)

    def _begun(
        self, kind: str, person: Person, message: Seen | None = None, *, ticket: int = 0, target: str = ""
    ) -> Act:
        named = _NAME.search(f"{message.raw['text']} {message.text}") if message else None
        number = int(named[1]) if named else 0
        act = Act(kind, person.id, f"mark{len(self.acts):05}", about=number, ticket=ticket, target=target)
        self.acts.append(act)
        return act

    def _card(self, person: Person) -> Seen | None:
        """Of an investigation; mostly the newest, which people work on."""
        return self._with(person, "Show Timeline")

    def _with(self, person: Person, label: str) -> Seen | None:
        shown = [each for each in person.screen("#t2-tech") if label in each.buttons and "INV-" in each.text]
        return self._chance.choice(shown[-4:]) if shown else None


def owed(there: Town) -> list[str]:
    """The keys of what the bot owes to Slack now."""
    with records(there) as found:
        return [row[0] for row in found.execute("SELECT key FROM messages WHERE state NOT IN ('sent', 'refused')")]


def under_way(there: Town) -> int:
    """How many of the things that people did the bot still works on: also a last answer that waits for a limit."""
    with records(there) as found:
        return int(found.execute("SELECT count(*) FROM deliveries WHERE done = 0").fetchone()[0])


def records(there: Town) -> contextlib.closing[sqlite3.Connection]:
    """The bot's database, to be read."""
    return contextlib.closing(sqlite3.connect(f"file:{there.folder / 'secondline.db'}?mode=ro", uri=True))
