"""The port that answers who somebody is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from enum import StrEnum
from typing import Protocol

from bot.errors import NotAllowed
from bot.working_hours import WorkingHours


class NotTier2(NotAllowed):
    """Only Tier 2 may do this. `user` is who tried; `trouble` why a team has nobody ("@t2-tech has no members")."""

    def __init__(self, user: str, teams: str, *, trouble: str = "") -> None:
        first = f"{trouble}, so nobody counts as Tier 2. Ask your admin to look at `/t2 check`."
        usual = f"Only {teams} can do this. You can open an investigation, and Tier 2 takes it from there."
        super().__init__(first if trouble else usual)
        self.user = user


class TeamsUnknown(NotTier2):
    """Slack does not say at the moment who is of Tier 2, and nobody counts without that."""

    retry = True

    def __init__(self, user: str, teams: str) -> None:
        super(NotTier2, self).__init__(f"Slack doesn't say right now who is in {teams}. Try again in a minute.")
        self.user = user


class NotColleague(NotAllowed):
    """Only colleagues may ask the bot for anything. `trouble` says who the person is, `teams` whom they can ask."""

    def __init__(self, user: str, trouble: str, teams: str) -> None:
        super().__init__(f"{trouble}, and only colleagues can use Second Line. Ask {teams} to do it for you.")
        self.user = user


class NotInGroup(NotAllowed):
    """Only members of a user group may do this; without `members` nobody is known to be in it."""

    def __init__(self, user: str, handle: str, members: Iterable[str]) -> None:
        whom = sorted(members)
        unknown = f"Slack doesn't say who is in @{handle}. Ask your admin to look at `/t2 check`."
        super().__init__(f"Only members of @{handle} can answer an escalation." if whom else unknown, who_can=whom)
        self.user = user


class DmKind(StrEnum):
    """Direct messages that somebody may do without. Those of an escalation are none of them: they must arrive."""

    HANDOVER = "handover"
    DAY_END = "day_end"
    STILL_ON_IT = "still_on_it"
    LANE = "lane"
    ASK = "ask"
    NEWS = "news"
    TREND = "trend"


@dataclass(frozen=True, slots=True)
class OwnHours:
    """When somebody works, on their own clock; `days` are weekdays, 0 for Monday."""

    start: time
    end: time
    days: frozenset[int]

    def on(self, zone: tzinfo) -> WorkingHours:
        return WorkingHours(self.start, self.end, self.days, zone)


@dataclass(frozen=True, slots=True)
class PersonalSettings:
    """What somebody has set for themselves; no `hours` are the team's."""

    silent: frozenset[DmKind] = frozenset()
    hours: OwnHours | None = None


USUAL = PersonalSettings()


def usual(_user: str) -> PersonalSettings:
    """Where nobody has set anything."""
    return USUAL


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether somebody can be asked at a moment, besides their hours.

    `gone` is who has left, a guest, an app or a stranger; `away` the Slack status that says so ("on vacation"), ""
    while they are there. `zone` is their own, `hours` those that they have set for themselves.
    """

    gone: bool = False
    away: str = ""
    zone: tzinfo = UTC
    hours: WorkingHours | None = None

    @property
    def there(self) -> bool:
        return not self.gone and not self.away

    def hours_among(self, team: WorkingHours) -> WorkingHours:
        """Those that they have set, else the team's on their clock, or as they are where Slack tells none."""
        return self.hours or (team if self.zone is UTC else team.in_zone(self.zone))


@dataclass(frozen=True, slots=True)
class Group:
    """A user group that the settings name. `mention` notifies it, and is "" where that would notify nobody; `trouble`
    then says why, such as "@ops has no members"."""

    mention: str = ""
    users: frozenset[str] = frozenset()
    trouble: str = ""


class People(Protocol):
    """Who is in which team and group. Answers come from memory; Slack is asked rarely, never per command.

    Whoever has left, is a guest, an app or from another workspace is in none.
    """

    async def team_of(self, user: str) -> str:
        """The key of the Tier 2 team that the person belongs to; "" for everybody else."""

    async def teams_of(self, user: str) -> frozenset[str]:
        """The keys of all Tier 2 teams that the person belongs to."""

    async def is_tier2(self, user: str) -> bool:
        """Whether the person is of any team. Where no team says who belongs to it, every colleague is."""

    async def require_tier2(self, user: str) -> None:
        """Raises NotTier2, TeamsUnknown."""

    async def named(self, people: Sequence[str]) -> frozenset[str]:
        """The user ids of configured people, ids or names; names that Slack does not know are left out."""

    async def managers(self) -> frozenset[str]:
        """The user ids behind `@ltm`."""

    async def management_mention(self) -> tuple[str, str]:
        """What notifies management in a message, and a note where that is not the user group itself ("" if it is).

        A group that notifies nobody is no mention.
        """

    async def team_mention(self, team: str) -> str:
        """What notifies a Tier 2 team in a message, by its key: its user group, else its people.

        Where that is nobody it is the team's title, which is no mention.
        """

    async def availability(self, user: str, at: datetime) -> Availability:
        """Whether the person is there at a moment, as far as Slack tells; who says nothing is there."""

    def own_hours(self, user: str) -> WorkingHours | None:
        """From memory: the hours that somebody has set for themselves; None for the team's."""

    def takes(self, user: str, kind: DmKind) -> bool:
        """From memory: whether somebody wants direct messages of a kind."""

    async def colleagues(self, user: str) -> tuple[str, ...]:
        """The others of a person's Tier 2 team, without those who don't count; none where no team says who is in it."""

    async def name_of(self, user: str) -> str:
        """The name by which people know somebody; "somebody" where Slack does not tell."""

    async def called(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The names of people, groups and channels by id, without "@" and "#"; whom Slack does not tell is left out."""

    async def group(self, handle: str) -> Group:
        """A user group of the settings, by handle or id."""

    async def names(self, people: Sequence[str]) -> Sequence[str]:
        """What colleagues call each of these people, ids or names, in their order."""
