"""The form of somebody's own settings: direct messages, and working hours. Pure."""

from collections.abc import Sequence
from datetime import time

from bot.home.model import DM_WORDS, days_words
from bot.messages.model import Block
from bot.people import DmKind, OwnHours, PersonalSettings
from bot.slack.blocks import checkboxes, context, field, modal, section, select
from bot.working_hours import WorkingHours

SETTINGS_FORM = "home_settings_form"
MESSAGES, BEGINS, ENDS, DAYS = "messages", "begins", "ends", "days"
TEAM = "team"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HALF_HOURS = [time(minutes // 60, minutes % 60).strftime("%H:%M") for minutes in range(0, 1440, 30)]


def settings_form(settings: PersonalSettings, kinds: Sequence[DmKind], hours: WorkingHours | None) -> Block:
    """`kinds` are those that can reach them, `hours` the usual ones; None where nothing goes by theirs."""
    chosen = [kind.value for kind in kinds if kind not in settings.silent]
    messages = checkboxes(MESSAGES, [(DM_WORDS[kind], kind.value) for kind in kinds], chosen=chosen)
    owns = DmKind.DAY_END in kinds
    blocks = [
        field(MESSAGES, "Tell me in a direct message", messages, optional=True),
        context(f"{_without(kinds)} An escalation that reaches you always comes: it can't be switched off."),
        *(_hours(settings.hours, hours, owns=owns) if hours else ()),
    ]
    return modal(SETTINGS_FORM, "Your settings", "Save", blocks, private_metadata=",".join(kinds))


def _without(kinds: Sequence[DmKind]) -> str:
    """What becomes of that which is left out."""
    elsewhere = "stands on your Home"
    if set(kinds) - {DmKind.NEWS, DmKind.TREND}:
        elsewhere = "stands in the thread, where you are called, or on your Home"
    return f"What you leave out {elsewhere}. Nobody else tells you of your tickets in a rise."


def _hours(own: OwnHours | None, hours: WorkingHours, *, owns: bool) -> list[Block]:
    """`owns` is whether they take investigations."""
    theirs = f"{hours.start:%H:%M} to {hours.end:%H:%M}, {days_words(hours.days)}"
    by_them = (
        "Handovers, the end of your day, reminders of what you own and escalations go" if owns else "Escalations go"
    )
    days = [str(day) for day in sorted(own.days if own else hours.days)]
    times = [("The usual hours", TEAM), *((each, each) for each in _HALF_HOURS)]
    on = checkboxes(DAYS, [(name, str(day)) for day, name in enumerate(_DAYS)], chosen=days)
    return [
        section(f"*Your working hours*\nThe usual ones are {theirs}, on your own clock in Slack. {by_them} by them."),
        field(BEGINS, "From", select(BEGINS, times, initial=_moment(own.start if own else None))),
        field(ENDS, "Until", select(ENDS, times, initial=_moment(own.end if own else None))),
        field(DAYS, "On", on, optional=True),
    ]


def _moment(chosen: time | None) -> str:
    return chosen.strftime("%H:%M") if chosen else TEAM
