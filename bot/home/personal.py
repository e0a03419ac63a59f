"""What people set for themselves: which direct messages reach them, and when they are at work."""

from bot.errors import NotAllowed
from bot.home.store import HomeStore
from bot.people import USUAL, PersonalSettings
from bot.records import Records, Service
from bot.signals import Signal


class NotColleague(NotAllowed):
    """Guests, apps and strangers set nothing."""

    def __init__(self) -> None:
        super().__init__("Only colleagues of this workspace have settings here.")


class Personal(Service):
    """Answers from memory: whoever sends something asks each time."""

    def __init__(self, *, records: Records, store: HomeStore) -> None:
        super().__init__(records=records)
        self._store = store
        self._known = store.personal()
        self.changed = Signal[str]()
        """Somebody set something else, in the transaction of that."""

    def of(self, user: str) -> PersonalSettings:
        return self._known.get(user, USUAL)

    async def save(self, user: str, settings: PersonalSettings) -> None:
        """From now on; what was sent stays. Raises NotColleague."""
        if (await self._people.availability(user, self._clock())).gone:
            raise NotColleague
        with self._database.transaction():
            self._store.save_personal(user, settings, self._clock())
            self._known[user] = settings
            self.changed.tell(user)
