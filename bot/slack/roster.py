"""Who people are, held in memory: asked one by one as they are met, or all at once where the settings name people."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.slack.answers import MethodMissing, SlackError
from bot.slack.inquiry import Inquiry
from bot.slack.presence import Presence, presence_of
from bot.slack.text import is_user_id

_SLACKBOT = "USLACKBOT"


class Standing(StrEnum):
    """Only a colleague counts: nobody else matches a name, is of a team or owns anything."""

    COLLEAGUE = "colleague"
    GONE = "gone"
    APP = "app"
    GUEST = "guest"
    STRANGER = "stranger"


TROUBLE = {
    Standing.GONE: "has left",
    Standing.APP: "is an app",
    Standing.GUEST: "is a guest",
    Standing.STRANGER: "is from another workspace",
}
"""Why somebody doesn't count, as it follows their name."""

TO_THEMSELVES = {
    Standing.GUEST: "You're a guest here",
    Standing.STRANGER: "You're from another workspace",
}
"""The same as they are told it; Slack knows nothing of anybody else in this workspace."""
NOT_HERE = "Slack doesn't list you in this workspace"


def standing_of(row: Mapping[str, Any], team_id: str) -> Standing:
    """Reads an entry of users.list or users.info (https://docs.slack.dev/reference/objects/user-object).

    `team_id` is the bot's own workspace, "" where it is not known. People of one Enterprise organisation have a home
    workspace, and list those that they belong to.
    """
    home = str(row.get("team_id") or "")
    workspaces = {home, *((row.get("enterprise_user") or {}).get("teams") or [])}
    if row.get("deleted"):
        return Standing.GONE
    if row.get("is_bot") or row.get("id") == _SLACKBOT:
        return Standing.APP
    if row.get("is_stranger") or (team_id and home and team_id not in workspaces):
        return Standing.STRANGER
    return Standing.GUEST if row.get("is_restricted") or row.get("is_ultra_restricted") else Standing.COLLEAGUE


ASKED_ONE_BY_ONE = 40
"""Slack answers users.info 100 times a minute, and a page of users.list 20 times: more people are listed."""
AT_ONCE = 5
GROUPS_KEPT = 200
NO_SUCH_USER = ("user_not_found", "users_not_found", "user_not_visible")


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    standing: Standing


class Roster:
    """People by id and by name. `team_id` is the bot's own workspace, "" where it is not known.

    Whom Slack does not tell about, for want of a scope or a method, is what the settings and groups say.
    """

    def __init__(self, *, team_id: str) -> None:
        self._team_id = team_id
        self._people: dict[str, Person] = {}
        self._called: dict[str, dict[str, Person]] = {}
        """By name: a page that two hundred have open asks for everybody of a team two hundred times."""
        self.version = 0
        """Another one whenever somebody became somebody else, by name or standing."""
        self._believed: dict[frozenset[str], tuple[int, frozenset[str]]] = {}
        """Who of a group counts, as of a version: each open page asks for the same groups at each change."""
        self._presences: dict[str, Presence] = {}
        self._untold: set[str] = set()
        self.listed = False
        """Whether everybody was read once: then a name that is not there is nobody's."""

    def learn(self, row: Mapping[str, Any]) -> bool:
        """Slack told of a person; whether that changes who they are."""
        person = Person(str(row.get("id") or ""), folded(str(row.get("name") or "")), standing_of(row, self._team_id))
        before = self._people.get(person.id)
        self._keep(person)
        self._presences[person.id] = presence_of(row)
        return before != person

    def standing(self, user: str) -> Standing | None:
        """Who somebody is; None where Slack did not tell."""
        person = self._people.get(user)
        return person.standing if person else None

    def presence(self, user: str) -> Presence:
        """Where their profile says that they are."""
        return self._presences.get(user, Presence())

    def believed(self, users: Iterable[str]) -> frozenset[str]:
        """Drops those who have left, apps, guests and strangers."""
        asked = frozenset(users)
        kept = self._believed.get(asked)
        if not kept or kept[0] != self.version:
            if len(self._believed) >= GROUPS_KEPT:
                self._believed.clear()
            there = frozenset(user for user in asked if self.standing(user) in (None, Standing.COLLEAGUE))
            kept = self._believed[asked] = (self.version, there)
        return kept[1]

    def called(self, name: str) -> list[Person]:
        """Everybody of that name, colleagues first: those who left keep their name."""
        people = self._called.get(folded(name), {}).values()
        return sorted(people, key=lambda person: person.standing is not Standing.COLLEAGUE)

    def name_of(self, user: str) -> str:
        """The name by which people know an id."""
        person = self._people.get(user)
        return person.name if person and person.name else user

    def problem_with(self, name: str) -> str:
        """Why a name or id of the settings is nobody, or does not count; "" where it does."""
        called = self.called(name)
        if len([person for person in called if person.standing is Standing.COLLEAGUE]) > 1:
            return f"several people in Slack are called {name}; name the one that is meant by their id"
        if not called and not is_user_id(name):
            return f"nobody in Slack is called {name}" if self.listed else ""
        standing = called[0].standing if called else self.standing(name)
        trouble = TROUBLE.get(standing, "") if standing else ""
        return f"{self.name_of(name)}, who is in the configuration, {trouble} and does not count" if trouble else ""

    async def list_all(self, inquiry: Inquiry, trouble: str) -> bool:
        """Read everybody; False where they can't be listed."""
        rows = await inquiry.all("users.list", "members", trouble)
        for row in rows or []:
            self.learn(row)
        self.listed |= rows is not None
        return rows is not None

    async def meet(self, users: Iterable[str], inquiry: Inquiry, *, again: bool = False) -> None:
        """Ask about those of them who are not known yet, or `again` about all; who can't be asked about stays."""
        if again:
            self._untold.clear()
        known = set() if again else self._people.keys() | self._untold
        unknown = [user for user in dict.fromkeys(users) if user not in known]
        if not unknown:
            return
        if len(unknown) > ASKED_ONE_BY_ONE or not await self._ask_one_by_one(unknown, inquiry):
            await self.list_all(inquiry, "")
            self._untold |= {user for user in unknown if user not in self._people}

    async def _ask_one_by_one(self, users: Sequence[str], inquiry: Inquiry) -> bool:
        """False where this server does not tell about one person."""
        limit = asyncio.Semaphore(AT_ONCE)

        async def ask_one(user: str) -> bool:
            async with limit:
                return await self._one(user, inquiry)

        return all(await asyncio.gather(*map(ask_one, users)))

    async def _one(self, user: str, inquiry: Inquiry) -> bool:
        try:
            row = (await inquiry.call("users.info", user=user)).get("user")
        except MethodMissing:
            return False
        except SlackError as error:
            if error.code in NO_SUCH_USER:
                self._keep(Person(user, "", Standing.GONE))
            else:
                inquiry.failed(error, "")
                self._untold |= set() if error.retry else {user}
            return True
        if row:
            self.learn(row)
        return bool(row)

    def _keep(self, person: Person) -> None:
        before = self._people.get(person.id)
        if before == person:
            return
        self.version += 1
        if before:
            self._called[before.name].pop(person.id)
        self._people[person.id] = person
        self._called.setdefault(person.name, {})[person.id] = person


def folded(name: str) -> str:
    return name.lstrip("@").lower()
