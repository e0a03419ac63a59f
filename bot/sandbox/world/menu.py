"""The world's menu: what can happen outside Slack now, in words, and letting it happen."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import cycle

from bot.sandbox.mail.box import Box, Mood
from bot.sandbox.targets.places import REGIONS, Region
from bot.sandbox.world.clock import WorldClock
from bot.sandbox.world.customers import IPHONES, MORE_TICKETS, SURGE, Customers
from bot.sandbox.world.development import Development
from bot.sandbox.world.gateways import Gateways, gateway_of
from bot.sandbox.world.tour import ACT, Tour

HOUR, TEN_MINUTES = timedelta(hours=1), timedelta(minutes=10)
AWAY = "On vacation", ":palm_tree:"
_ASKED = (
    "Three people can't connect to Singapore since breakfast. Is that known?",
    "Is EU Central slow for anybody else? I have five tickets from Frankfurt now.",
    "The Android app closes by itself for two customers since the update. What do I tell them?",
    "Customers ask when U.S. East will be fine again. Do we have an answer?",
)


@dataclass(frozen=True, slots=True)
class Act:
    """`run` lets it happen and says what happened; ValueError says why it can't. `note` says what it does."""

    key: str
    label: str
    note: str
    run: Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Floor:
    """What the world needs of Slack: `tier1_says` writes as Tom in #tier1, `lena_sets` her status (text and emoji),
    `tour` is told what happens."""

    tour: Tour
    tier1_says: Callable[[str], Awaitable[object]]
    lena_sets: Callable[[str, str], object]


class World:
    """`hour` lets the bot follow the clock by so much; None where the bot is not the sandbox's own."""

    def __init__(
        self,
        *,
        clock: WorldClock,
        development: Development,
        gateways: Gateways,
        customers: Customers,
        box: Box,
        floor: Floor,
        follow: Callable[[], Awaitable[bool]] | None,
    ) -> None:
        self.clock = clock
        self._development = development
        self._gateways = gateways
        self._customers = customers
        self._box = box
        self._floor = floor
        self._follow = follow
        self._questions = cycle(_ASKED)
        self._lena_is_away = False

    @property
    def tour(self) -> Tour:
        return self._floor.tour

    def groups(self) -> list[tuple[str, list[Act]]]:
        """What can happen now, by what it is about."""
        time = [self._minutes_act(), self._hour_act()] if self._follow else []
        groups = [
            ("Development", [self._release_act()]),
            ("Gateways", [self._gateway_act(region) for region in REGIONS]),
            ("Status page", [self._work_act()]),
            ("Customers", list(self._ticket_acts())),
            ("Zendesk", [self._desk_act()]),
            ("Tier 1", [Act("ask", "Tier 1 asks in #tier1", "Tom writes what his customers say", self._ask)]),
            ("Management", [self._lena_act()]),
            ("Mail", list(self._mail_acts())),
            ("Time", time),
        ]
        return [(title, acts) for title, acts in groups if acts]

    async def let_happen(self, key: str) -> str:
        """What happened, in words; ValueError says why it can't."""
        acts = {act.key: act for _, group in self.groups() for act in group}
        if key not in acts:
            raise ValueError("This can't happen any more. Open the menu again.")
        happened = await acts[key].run()
        self.tour.hear(ACT, key)
        return happened

    def _release_act(self) -> Act:
        key = self._development.waiting()
        note = (
            f"{key} is closed and a version with its fix is published"
            if key
            else "Send an investigation to Tier 3 first"
        )
        return Act("release", f"Release the fix of {key}" if key else "Release the fix", note, self._release)

    async def _release(self) -> str:
        return self._development.release()

    def _gateway_act(self, region: Region) -> Act:
        name = gateway_of(region)
        if self._gateways.broken(region):
            note = f"{name} answers again, alerts end, the status page says so"
            return Act(f"mend-{region.key}", f"Mend {region.title}", note, partial(self._gateways.mend, region))
        note = f"{name} fails its health check and an alert fires"
        return Act(f"break-{region.key}", f"Break {region.title}", note, partial(self._gateways.break_, region))

    def _work_act(self) -> Act:
        if self._gateways.under_work:
            note = "The status page says that it is over, and the bot checks EU Central"
            return Act("work-ends", "The maintenance of EU Central ends", note, self._gateways.end_work)
        note = "The status page says so, and an alert fires that nobody needs to be woken for"
        return Act("work-begins", "The maintenance of EU Central begins", note, self._gateways.begin_work)

    def _ticket_acts(self) -> Iterator[Act]:
        for about, title in (("us-east", "U.S. East"), ("eu-central", "EU Central")):
            label = f"{MORE_TICKETS} more customers write about {title}"
            note = "New tickets, as of the last ten minutes"
            yield Act(f"tickets-{about}", label, note, _soon(partial(self._customers.write_about, about, title)))
        note = f"{IPHONES} customers write about iOS 26.2, which nobody has configured"
        yield Act("ios", "A new iOS version breaks the app", note, _soon(self._customers.new_ios))
        note = f"{SURGE} customers write about all sorts of things"
        yield Act("everything", "Everything rises", note, _soon(self._customers.everything_rises))

    def _desk_act(self) -> Act:
        if self._customers.desk_is_away:
            note = "It answers again, and has what customers wrote meanwhile"
            return Act("zendesk-back", "Zendesk is back", note, _soon(self._customers.desk_returns))
        note = "It answers nobody, and customers go on writing"
        return Act("zendesk-away", "Zendesk is away for an hour", note, _soon(self._customers.desk_goes))

    async def _ask(self) -> str:
        await self._floor.tier1_says(next(self._questions))
        return "Tom asked in #tier1."

    def _lena_act(self) -> Act:
        if self._lena_is_away:
            return Act("lena-back", "Lena is back", "She has no status any more", self._lena)
        note = "Her status says so: an escalation asks her after the others"
        return Act("lena-away", "Lena goes on vacation", note, self._lena)

    async def _lena(self) -> str:
        self._lena_is_away = not self._lena_is_away
        self._floor.lena_sets(*(AWAY if self._lena_is_away else ("", "")))
        return "Lena is on vacation." if self._lena_is_away else "Lena is back."

    def _minutes_act(self) -> Act:
        note = (
            "All clocks go on by ten minutes and the bot starts again: it does what is due, and says where it is late"
        )
        return Act("minutes", "Ten minutes pass", note, partial(self._pass, TEN_MINUTES, "Ten minutes have passed."))

    def _mail_acts(self) -> Iterator[Act]:
        moods = {
            Mood.TAKES: ("Mail servers take mail again", "What waits goes out with the next try"),
            Mood.LATER: ("Mail servers say later", "The bot tries again, and says since when it fails"),
            Mood.REFUSES: ("Vendors' mailboxes are gone", "Whoever wrote is told and asked what to do"),
        }
        for mood, (label, note) in moods.items():
            if mood is not self._box.mood:
                yield Act(f"mail-{mood}", label, note, partial(self._mail_mood, mood, label))
        if not self._box.loses_answer:
            note = "The mail arrives, and the bot does not hear so"
            yield Act("mail-lost", "The answer to the next mail is lost", note, self._lose_answer)

    async def _mail_mood(self, mood: Mood, label: str) -> str:
        self._box.mood = mood
        return f"{label}. What the bot sent is at /mail/."

    async def _lose_answer(self) -> str:
        self._box.loses_answer = True
        return "The answer to the next mail will be lost. What the bot sent is at /mail/."

    def _hour_act(self) -> Act:
        note = "All clocks go on by an hour and the bot starts again. As many customers write as usual"
        return Act("hour", "An hour passes", note, partial(self._pass, HOUR, "An hour has passed."))

    async def _pass(self, span: timedelta, words: str) -> str:
        """The bot is started again, so that everything in it goes by the later time at once."""
        self.clock.let_pass(span)
        self._customers.have_written(span)
        if self._follow and await self._follow():
            return f"{words} The bot does what is due now."
        return f"{words} The bot is not back yet."


def _soon(act: Callable[[], str]) -> Callable[[], Awaitable[str]]:
    """What takes no time, as the menu wants it."""

    async def run() -> str:
        return act()

    return run
