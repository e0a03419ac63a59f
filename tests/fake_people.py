"""Who is in which team, without Slack."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from bot.people import Availability, DmKind, Group, NotTier2, PersonalSettings, usual
from bot.working_hours import WorkingHours


@dataclass
class FakePeople:
    """Implements the port `People`; everything may be changed by a test."""

    tier2: dict[str, str] = field(default_factory=lambda: {"UKIM": "tech", "UJO": "tech", "UANA": "cs"})
    management: frozenset[str] = frozenset({"ULENA", "URAJ"})
    mention: tuple[str, str] = ("<!subteam^SLTM>", "")
    also: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"UKIM": ("cs",), "UJO": ("cs",)})
    """Further teams of some."""
    nobodies: frozenset[str] = frozenset()
    """Those who have left, guests and apps."""

    away: dict[str, str] = field(default_factory=dict)
    """The statuses of those who are away."""
    zones: dict[str, tzinfo] = field(default_factory=dict)

    groups: dict[str, Group] = field(default_factory=dict)
    personal: Callable[[str], PersonalSettings] = usual
    """What people have set for themselves."""

    async def team_of(self, user: str) -> str:
        return self.tier2.get(user, "") if user not in self.nobodies else ""

    async def teams_of(self, user: str) -> frozenset[str]:
        own = await self.team_of(user)
        return frozenset(self.also.get(user, ()) if own else ()) | frozenset([own] if own else [])

    async def is_tier2(self, user: str) -> bool:
        return user in self.tier2 and user not in self.nobodies

    async def require_tier2(self, user: str) -> None:
        if not await self.is_tier2(user):
            raise NotTier2(user, "T2 Tech and T2 CS")

    async def named(self, people: Sequence[str]) -> frozenset[str]:
        return frozenset(people)

    async def managers(self) -> frozenset[str]:
        return self.management

    async def management_mention(self) -> tuple[str, str]:
        return self.mention

    async def team_mention(self, team: str) -> str:
        return f"<!subteam^S{team.upper()}>"

    async def availability(self, user: str, at: datetime) -> Availability:
        away, zone = self.away.get(user, ""), self.zones.get(user, UTC)
        return Availability(gone=user in self.nobodies, away=away, zone=zone, hours=self.own_hours(user))

    def own_hours(self, user: str) -> WorkingHours | None:
        hours = self.personal(user).hours
        return hours.on(self.zones.get(user, UTC)) if hours else None

    def takes(self, user: str, kind: DmKind) -> bool:
        return kind not in self.personal(user).silent

    async def colleagues(self, user: str) -> tuple[str, ...]:
        team = await self.team_of(user)
        others = [each for each in sorted(self.tier2) if each not in (user, *self.nobodies)]
        return tuple(each for each in others if team and self.tier2[each] == team)

    async def name_of(self, user: str) -> str:
        return user.removeprefix("U").lower()

    async def called(self, ids: Iterable[str]) -> Mapping[str, str]:
        return {each: each[1:].lower() for each in ids if each.isupper()}

    async def group(self, handle: str) -> Group:
        return self.groups.get(handle, Group(trouble=f"@{handle} does not exist in Slack"))

    async def names(self, people: Sequence[str]) -> Sequence[str]:
        return [each.removeprefix("U").capitalize() for each in people]
