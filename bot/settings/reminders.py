"""When people are reminded of what nobody does, and owners asked whether they are still on it."""

from typing import Annotated

from pydantic import Field

from bot.settings.section import Section

Minutes = Annotated[float, Field(ge=0, le=10_080)]
MoreMinutes = Annotated[float, Field(gt=0, le=10_080)]
Times = Annotated[int, Field(ge=1, le=20)]


class Unclaimed(Section):
    """Nobody has picked it up: the first after so many minutes (0: never), again after so many, at most so often."""

    after_min: Minutes = 5
    again_min: MoreMinutes = 15
    times: Times = 4


class NoUpdate(Section):
    """Escalated, and no news since."""

    after_min: Minutes = 30
    again_min: MoreMinutes = 30
    times: Times = 4


class FixNotTold(Section):
    """A fix is out, and its answers wait for review."""

    after_min: Minutes = 30
    again_min: MoreMinutes = 120
    times: Times = 3


class NotTold(Section):
    """Customers wrote, and have heard nothing."""

    after_min: Minutes = 60
    again_min: MoreMinutes = 60
    times: Times = 4


class LongOpen(Section):
    """Open for long."""

    after_min: Minutes = 1440
    again_min: MoreMinutes = 1440
    times: Times = 5


class Reminders(Section):
    """What an investigation's owner is reminded of in working hours, or the team where nobody has it.

    An owner who does nothing for `still_on_it_h` working hours while customers write is asked (0: never), and has
    `answer_min` minutes of them.
    """

    unclaimed: Unclaimed = Unclaimed()
    no_update: NoUpdate = NoUpdate()
    fix_not_told: FixNotTold = FixNotTold()
    not_told: NotTold = NotTold()
    long_open: LongOpen = LongOpen()
    still_on_it_h: Annotated[float, Field(ge=0, le=168)] = 4
    answer_min: Annotated[float, Field(gt=0, le=1440)] = 30
