"""Announcing releases, answering those who waited for them, and who follows what."""

from collections.abc import Sequence

from bot.database import Database
from bot.errors import BadInput
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.model import card_key
from bot.known_issues.model import Change, ChangeKind, KnownIssue, Release
from bot.known_issues.service import KnownIssueService
from bot.messages.model import Place
from bot.messages.owed import Owed
from bot.people import People
from bot.releases.model import Announced, Follow, Followed, news_key
from bot.releases.store import ReleaseStore
from bot.replies.service import ReplyService

NEWS = {
    ChangeKind.DONE: "is fixed",
    ChangeKind.DECLINED: "is closed without a fix",
    ChangeKind.RELEASED: "is released",
    ChangeKind.REOPENED: "is open again",
    ChangeKind.GONE: "is gone from its tracker",
    ChangeKind.ETA: "has another ETA",
    ChangeKind.WORKAROUND: "has another workaround",
}
"""Changes that are worth a message of their own to those who follow an issue."""


class ReleaseService:
    """Called by the sync, in its transactions; and by `/t2 follow`.

    `usual` are the channels that hear of every release unless they said no.
    """

    def __init__(
        self,
        *,
        database: Database,
        store: ReleaseStore,
        owed: Owed,
        people: People,
        known: KnownIssueService,
        knowledge: KnowledgeService,
        replies: ReplyService,
        usual: Sequence[str],
    ) -> None:
        self._database = database
        self._store = store
        self._owed = owed
        self._people = people
        self._known = known
        self._knowledge = knowledge
        self._replies = replies
        self._usual = tuple(usual)

    def released(self, release: Release, issues: Sequence[KnownIssue]) -> None:
        """A tracker tells of a release, in the transaction that stores it. Told again, nothing happens again.

        What was out before the tracker was looked at for the first time is no news.
        """
        number = self._store.number_of(release)
        issue_ids = [issue.id for issue in issues]
        if number is not None:
            if self._store.is_now(number, release, issue_ids):
                self._owed.all_changed("release", number, human=False)
            return
        number = self._store.came(release, issue_ids, announced=self._store.knows(release.tracker))
        for channel in self._store.following_tracker(release.tracker, self._usual):
            key = f"release/{news_key(release)}/{channel}"
            self._owed.card(key, view="release", record_id=number, place=Place(channel), human=False)

    def changed(self, known: KnownIssue, change: Change) -> None:
        """Development did something to an issue, in the transaction that stored it."""
        if change.kind is ChangeKind.RELEASED:
            self._answer_customers(known)
        for number in self._store.with_issue(known.id):
            self._owed.all_changed("release", number, human=False)
        for who in self._store.following_issue(known.id):
            self._owed.changed(_followed_key(who, known.id), human=False)
            if change.kind in NEWS:
                key = f"news/{change.id}/{who}"
                self._owed.post(key, view="news", record_id=change.id, place=Place(who))

    def trackers(self) -> tuple[str, ...]:
        """The names by which trackers can be followed."""
        return tuple(name for name, _ in self._known.trackers)

    def announced(self, number: int) -> Announced | None:
        found = self._store.release(number)
        if not found:
            return None
        release, issue_ids = found
        issues = tuple(self._known.get(issue_id) for issue_id in issue_ids)
        tickets = {issue.id: len(self._knowledge.tickets_of(issue.id)) for issue in issues}
        title = dict(self._known.trackers).get(release.tracker, release.tracker)
        return Announced(number, release, title, issues, tickets)

    def news(self, change_id: int) -> tuple[KnownIssue, str] | None:
        """What a message about one change says."""
        change = self._known.change(change_id)
        if not change or change.kind not in NEWS:
            return None
        after = f": {change.after}" if change.kind in (ChangeKind.ETA, ChangeKind.WORKAROUND) and change.after else ""
        return self._known.get(change.issue_id), NEWS[change.kind] + after

    def followed(self, number: int) -> Followed | None:
        found = self._store.follow_at(number)
        if not found or found[0].issue_id is None:
            return None
        known = self._known.get(found[0].issue_id)
        return Followed(known, len(self._knowledge.tickets_of(known.id)), found[1])

    async def follow(self, follow: Follow, *, by: str) -> bool:
        """False where it was so before. Raises NotTier2 for a channel, NotFound for an issue that does not exist."""
        if follow.issue_id is None:
            await self._people.require_tier2(by)
        else:
            self._known.get(follow.issue_id)
        with self._database.transaction():
            begun = self._store.follow(follow)
            if begun and follow.issue_id is not None:
                number = self._store.follow_number(follow)
                key, place = _followed_key(follow.who, follow.issue_id), Place(follow.who)
                self._owed.card(key, view="followed", record_id=number, place=place, for_user=by)
                self._owed.changed(key, human=True)
        return begun

    async def unfollow(self, follow: Follow, *, by: str) -> bool:
        if follow.issue_id is None:
            await self._people.require_tier2(by)
        with self._database.transaction():
            return self._store.unfollow(follow)

    def follows(self, *who: str) -> list[tuple[Follow, KnownIssue | None]]:
        """What a channel and a person follow."""
        listed = self._store.followed_by(who)
        return [(each, self._known.get(each.issue_id) if each.issue_id else None) for each in listed]

    def _answer_customers(self, known: KnownIssue) -> None:
        """The fix is out: everybody whose ticket is confirmed to be about it shall hear so, after a person looked."""
        tickets = self._knowledge.tickets_of(known.id)
        investigations = self._knowledge.investigations_of(known.id)
        if not tickets or not investigations:
            return
        last = investigations[-1]
        issue = known.issue
        self._replies.open(
            key=f"released/{issue.tracker}/{issue.uid}/{issue.fix_version}",
            purpose="released",
            ticket_ids=tickets,
            values={"title": issue.title, "version": issue.fix_version, "workaround": known.reading.workaround},
            then="solved",
            place=Place(last.channel, thread_key=card_key(last.id)),
        )


def _followed_key(who: str, issue_id: int) -> str:
    return f"followed/{issue_id}/{who}"


class NothingFollowed(BadInput):
    """There was nothing to end."""

    def __init__(self) -> None:
        super().__init__("That was not followed here. `/t2 follow list` shows what is.")
