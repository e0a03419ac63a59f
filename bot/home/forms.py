"""The form of somebody's own settings: direct messages, and working hours. Pure."""

from collections.abc import Sequence
from datetime import time

from bot.home.model import DM_WORDS, days_words
from bot.messages.model import Block
from bot.people import DmKind, PersonalSettings
from bot.slack.blocks import checkboxes, context, field, modal, section, select
from bot.working_hours import WorkingHours

SETTINGS_FORM = "home_settings_form"
MESSAGES, BEGINS, ENDS, DAYS = "messages", "begins", "ends", "days"
TEAM = "team"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HALF_HOURS = [time(minutes // 60, minutes % 60).strftime("%H:%M") for minutes in range(0, 1440, 30)]


def settings_form(settings: PersonalSettings, kinds: Sequence[DmKind], hours: WorkingHours) -> Block:
    """`kinds` are those that can reach them, `hours` the team's."""
    own = settings.hours
    chosen = [kind.value for kind in kinds if kind not in settings.silent]
    theirs = f"{hours.start:%H:%M} to {hours.end:%H:%M}, {days_words(hours.days)}"
    messages = checkboxes(MESSAGES, [(DM_WORDS[kind], kind.value) for kind in kinds], chosen=chosen)
    days = [str(day) for day in sorted(own.days if own else hours.days)]
    return modal(
        SETTINGS_FORM,
        "Your settings",
        "Save",
        [
            field(MESSAGES, "Tell me in a direct message", messages, optional=True),
            context(
                "What you leave out stands in the thread, where you are called, or on your Home. An escalation that"
                " reaches you always comes: it can't be switched off."
            ),
            section(
                f"*Your working hours*\nThe team's are {theirs}, on your own clock in Slack. Handovers, the end of your"
                " day, reminders of what you own and escalations go by them."
            ),
            field(BEGINS, "From", select(BEGINS, _times(), initial=_moment(own.start if own else None))),
            field(ENDS, "Until", select(ENDS, _times(), initial=_moment(own.end if own else None))),
            field(
                DAYS,
                "On",
                checkboxes(DAYS, [(name, str(day)) for day, name in enumerate(_DAYS)], chosen=days),
                optional=True,
            ),
        ],
        private_metadata=",".join(kinds),
    )


def _times() -> list[tuple[str, str]]:
    return [("The team's hours", TEAM), *((each, each) for each in _HALF_HOURS)]


def _moment(chosen: time | None) -> str:
    return chosen.strftime("%H:%M") if chosen else TEAM
