"""Moving an investigation whole to the other team: its card, its thread, and everything that is still to be said."""

from collections.abc import Awaitable, Callable, Sequence

from attrs import define

from bot.errors import BadInput, existing
from bot.field_limits import require_short
from bot.investigations.model import Investigation, card_key
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.investigations.teams import Moved, TeamName, belongs
from bot.records import Service
from bot.signals import Signal
from bot.targets.model import Catalog

MOVED_AWAY = "investigation_moved"
"""The view of a card that was left behind."""


class ThereAlready(BadInput):
    """Somebody was faster, or pressed twice."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__(f"{name} is with {title} already.")


class CannotMove(BadInput):
    """The bot can't post in the other team's channel; nothing was changed."""

    def __init__(self, name: str, title: str, trouble: str) -> None:
        super().__init__(f"{name} stays here: I can't write in the channel of {title}. {trouble}")


@define(kw_only=True, eq=False, repr=False, slots=False)
class MoveService(Service):
    """The record, its line on the timeline and all of its messages go in one transaction."""

    _store: InvestigationStore
    _investigations: InvestigationService
    _catalog: Catalog
    teams: Sequence[TeamName]
    _team_channel: Callable[[str], Awaitable[str]]
    _barred: Callable[[str], Awaitable[str]]
    """What to do before the bot can post in a channel, "" where it can or Slack does not tell."""

    def __attrs_post_init__(self) -> None:
        self.moved = Signal[Investigation]()

    def team_of(self, investigation: Investigation) -> str:
        """The key of the team that has it: where it was moved to, else that of its target."""
        return investigation.team or self._catalog.named(investigation.target).team

    def others(self, investigation_id: int) -> tuple[TeamName, ...]:
        """The teams to which it can go."""
        has_it = self.team_of(self._investigations.get(investigation_id))
        return tuple(team for team in self.teams if team.key != has_it)

    def title_of(self, key: str) -> str:
        """How people call a team, its key where it is no longer configured."""
        return next((team.title for team in self.teams if team.key == key), key)

    def get(self, move_id: int) -> Moved:
        """Raises NotFound."""
        return existing(self._store.move(move_id), "There is no such move.")

    async def move(self, investigation_id: int, team: str, *, note: str, by: str) -> Investigation:
        """Give it to another team. Its owner stays the owner where they are of that team, else they help.

        Raises NotTier2, TooLong, ThereAlready, CannotMove, BadInput.
        """
        await self._people.require_tier2(by)
        require_short(note, "A note")
        title, investigation = self._named(team).title, self._investigations.require_live(investigation_id)
        if self.team_of(investigation) == team:
            raise ThereAlready(investigation.name, title)
        channel = await self._team_channel(team)
        if trouble := await self._barred(channel):
            raise CannotMove(investigation.name, title, trouble)
        possible = [user for user in (investigation.owner, *investigation.helpers, by) if user]
        stay = {user for user in possible if belongs(await self._people.teams_of(user), team)}
        mention = await self._people.team_mention(team)
        with self._database.transaction():
            now = self._investigations.require_live(investigation_id)
            if self.team_of(now) == team:
                raise ThereAlready(now.name, title)
            keeps = now.owner in stay
            self._move(now, team, channel, note=note, by=by, keeps=keeps, called="" if keeps else mention)
        return self._investigations.get(investigation_id)

    def _move(
        self, investigation: Investigation, team: str, channel: str, *, note: str, by: str, keeps: bool, called: str
    ) -> None:
        number, left = investigation.id, None if keeps else investigation.owner
        text = f"to {self.title_of(team)}" + (f": {note.strip()}" if note.strip() else "")
        self._investigations.moved(number, team, channel, by=by, text=text, left=left)
        if channel != investigation.channel:
            self._owed.move_thread(card_key(number), channel, view=MOVED_AWAY, record_id=number)
        move_id = self._store.record_move(
            investigation, team, channel, left_owner=left, note=note, called=called, by=by
        )
        place = self._investigations.get(number).thread
        self._owed.post(f"moved/{move_id}", view="moved_here", record_id=move_id, place=place, for_user=by)
        self.moved.tell(self._investigations.get(number))

    def _named(self, key: str) -> TeamName:
        named = next((team for team in self.teams if team.key == key), None)
        if not named:
            raise BadInput("That team is no longer configured. Open the form again.")
        return named
