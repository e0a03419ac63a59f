"""The tables of ladders: [escalation.ladders.NAME] and its steps."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from bot.escalations.ladder_model import Ladder, LadderStep, When
from bot.escalations.telling import WayKind
from bot.settings.problems import Problem, in_toml
from bot.settings.section import Section
from bot.settings.values import ChannelOrNone, ShortText, only

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Priority = Literal["P0", "P1", "P2", "P3"]
WayName = Literal["thread-group", "dm", "channel", "mail", "apprise", "webhook"]

NEEDS = {
    "dm": ("people", 'people = ["lena", "raj"]'),
    "channel": ("channel", 'channel = "#management"'),
    "mail": ("to", 'to = ["lena@example.com"]'),
    "apprise": ("url_variables", 'url_variables = ["PHONE_BRIDGE_URL"]'),
    "webhook": ("url_variables", 'url_variables = ["ONCALL_WEBHOOK_URL"]'),
}
"""The key that says whom a way tells, and an example of it."""
KEYS_OF = {
    "thread-group": {"group"},
    "dm": {"people", "all_at_once"},
    "channel": {"channel", "mention"},
    "mail": {"to"},
    "apprise": {"url_variables"},
    "webhook": {"url_variables"},
}
_OF_SOME = ("group", "people", "all_at_once", "channel", "mention", "to", "url_variables")


def _is_mail(text: str) -> bool:
    name, _, host = text.partition("@")
    return bool(name) and "." in host and text.isascii() and not any(mark in text for mark in " ,;<>\r\n")


def _is_variable(text: str) -> bool:
    return text.isascii() and text.isidentifier() and text == text.upper()


Mail = Annotated[str, only(_is_mail, 'Allowed: an address such as "lena@example.com"')]
Variable = Annotated[str, only(_is_variable, 'Allowed: the name of a variable such as "PHONE_BRIDGE_URL"')]


class LadderStepSection(Section):
    """One step. Whom it tells has the key of its way."""

    way: WayName
    wait_min: Annotated[float, Field(ge=0, le=10080)] = 0
    in_working_hours: bool = False
    title: Annotated[str, Field(max_length=60)] = ""
    group: Annotated[str, Field(max_length=80)] = ""
    people: Annotated[tuple[ShortText, ...], Field(max_length=20)] = ()
    all_at_once: bool = False
    channel: ChannelOrNone = ""
    mention: Annotated[str, Field(max_length=80)] = ""
    to: Annotated[tuple[Mail, ...], Field(max_length=20)] = ()
    url_variables: Annotated[tuple[Variable, ...], Field(max_length=5)] = ()

    def step(self) -> LadderStep:
        """As the rest of the bot knows it."""
        one = (self.channel or self.group,) if self.channel or self.group else ()
        mention = f"@{self.mention.lstrip('@')}" if self.mention else ""
        return LadderStep(
            way=WayKind(self.way),
            wait=timedelta(minutes=self.wait_min),
            recipients=self.people or self.to or self.url_variables or one,
            mention=mention,
            all_at_once=self.all_at_once,
            in_hours=self.in_working_hours,
            title=self.title,
        )


class LadderSection(Section):
    """A ladder: when it holds, its steps, and how often it begins again."""

    steps: Annotated[tuple[LadderStepSection, ...], Field(min_length=1, max_length=20)]
    when: Literal["always", "working", "outside"] = "always"
    days: tuple[Day, ...] = DAYS
    priorities: tuple[Priority, ...] = ()
    repeat_from: Annotated[int, Field(ge=1, le=20)] = 1
    repeats: Annotated[int, Field(ge=0, le=10)] = 0
    asks_outside_hours: bool = False

    def ladder(self, name: str) -> Ladder:
        return Ladder(
            name=name,
            steps=tuple(step.step() for step in self.steps),
            when=When(self.when),
            days=frozenset(DAYS.index(day) for day in self.days),
            priorities=frozenset(self.priorities),
            repeat_from=self.repeat_from,
            repeats=self.repeats,
            asks_outside_hours=self.asks_outside_hours,
        )


def groups_of(ladders: Mapping[str, LadderSection]) -> tuple[str, ...]:
    """The user groups that the steps call, beside management's."""
    steps = [step for ladder in ladders.values() for step in ladder.steps]
    named = [name.lstrip("@") for step in steps for name in (step.group, step.mention)]
    return tuple(dict.fromkeys(name for name in named if name and name != "here"))


def people_of(ladders: Mapping[str, LadderSection]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for ladder in ladders.values() for step in ladder.steps for name in step.people))


def channels_of(ladders: Mapping[str, LadderSection]) -> tuple[str, ...]:
    named = (step.channel for ladder in ladders.values() for step in ladder.steps)
    return tuple(dict.fromkeys(name for name in named if name))


def ladder_problems(ladders: Mapping[str, LadderSection]) -> Iterator[Problem]:
    """What is missing in a step, what belongs to another way, a repeat from nowhere.

    A variable that nobody set is none: a bot that does not start tells nobody at all. `secondline check` names it.
    """
    for name, ladder in ladders.items():
        place = f"escalation.ladders.{name}"
        if ladder.repeat_from > len(ladder.steps):
            count = "1 step" if len(ladder.steps) == 1 else f"{len(ladder.steps)} steps"
            yield Problem(f"{place}.repeat_from", f"The ladder has {count}", str(ladder.repeat_from))
        if not ladder.days:
            yield Problem(f"{place}.days", "There must be at least one", "[]")
        for number, step in enumerate(ladder.steps):
            yield from _step_problems(f"{place}.steps[{number}]", step)


def _step_problems(place: str, step: LadderStepSection) -> Iterator[Problem]:
    key, example = NEEDS.get(step.way, ("", ""))
    if key and not getattr(step, key):
        yield Problem(f"{place}.{key}", f"A step by {step.way} needs it, such as {example}")
    for other in _OF_SOME:
        if getattr(step, other) and other not in KEYS_OF[step.way]:
            advice = f"A step by {step.way} has no such key"
            yield Problem(f"{place}.{other}", advice, in_toml(getattr(step, other)))
    if step.way in ("apprise", "webhook") and not step.title:
        yield Problem(f"{place}.title", 'It is needed: what people call it, such as "phone bridge"')
