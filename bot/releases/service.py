"""Announcing releases, answering those who waited for them, and who follows what."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from attrs import define

from bot.errors import BadInput, NotFound
from bot.handoffs.service import HandoffService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.service import InvestigationService
from bot.known_issues.model import Change, ChangeKind, KnownIssue, Release, name_in, version_name
from bot.known_issues.service import KnownIssueService
from bot.messages.model import Place
from bot.people import DmKind
from bot.records import Service
from bot.releases.model import ISSUE_NEWS, AnnouncedRelease, Follow, FollowedIssue, news_key
from bot.releases.store import ReleaseStore
from bot.replies.model import RoundOpening, UntoldTicket, WaitingTicket
from bot.replies.service import ReplyService

NEWS = frozenset((*ISSUE_NEWS, ChangeKind.ETA, ChangeKind.WORKAROUND))
"""Changes that are worth a message of their own to those who follow an issue."""
UNTRUE = {
    ChangeKind.REOPENED: "is open again",
    ChangeKind.DECLINED: "is closed without a fix",
    ChangeKind.FIX_VERSION: "comes with another version",
}
"""After these nobody is told that the fix is out."""
RECENT = 5
"""The last announcements of a tracker, which say when it does not answer; older ones are left alone."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class ReleaseService(Service):
    """Called by the sync, in its transactions; and by `/t2 follow`.

    `usual` gives the ids of the channels that hear of every release unless they said no.
    """

    _store: ReleaseStore
    _known: KnownIssueService
    _knowledge: KnowledgeService
    _investigations: InvestigationService
    _handoffs: HandoffService
    _replies: ReplyService
    _usual: Callable[[], Sequence[str]]

    def __attrs_post_init__(self) -> None:
        self.joined = self._store.joined

    def released(self, releases: Sequence[Release]) -> None:
        """A tracker tells of new releases, in the transaction that stores them."""
        for release in releases:
            self._show_newest(release.tracker)  # one of them will be an older one
            number = self._store.announce(release, [issue.id for issue in self._closed_by(release)])
            if number is not None:
                for channel in self._store.following_tracker(release.tracker, self._usual()):
                    key = f"release/{news_key(release)}/{channel}"
                    self._owed.card(key, view="release", record_id=number, place=Place(channel), human=False)

    def changed(self, changes: Sequence[tuple[KnownIssue, Change]]) -> None:
        """Development did something to issues, in the transaction that stored it."""
        for known, change in changes:
            if change.kind is ChangeKind.RELEASED:
                self._came_with(known)
                self._answer_customers(known, change)
            elif change.kind in UNTRUE and not known.issue.released:
                self._replies.untrue(_about(known), f"{known.issue.key} {UNTRUE[change.kind]}")
            for who in self._store.following_issue(known.id):
                self._owed.changed(_followed_key(who, known.id), human=False)
                # Without a number only our own reading of it has changed.
                if change.kind in NEWS and change.id and self._people.takes(who, DmKind.NEWS):
                    self._owed.post(f"news/{change.id}/{who}", view="news", record_id=change.id, place=Place(who))
        for number in {number for known, _ in changes for number in self._store.with_issue(known.id)}:
            self._owed.all_changed("release", number, human=False)

    def tickets_changed(self, investigation_id: int) -> None:
        """Tickets were confirmed or rejected, in the transaction of it."""
        for known in self._known.about(investigation_id):
            self.linked(known.id)
        self._replies.show_with(investigation_id)

    def linked(self, issue_id: int) -> None:
        """Other tickets than before are about an issue, in the transaction of it: they are offered, or taken off."""
        known = self._known.get(issue_id)
        self._replies.keep_only(_about(known), {ticket_id for ticket_id, _ in self._knowledge.tickets_of(issue_id)})
        if known.issue.released and not known.gone_at:
            self._answer_late(known)

    def searched(self, investigation_id: int) -> None:
        """Its tickets were searched anew, in the transaction of it."""
        self._replies.show_with(investigation_id)

    def untold(self) -> list[UntoldTicket]:
        """Everybody who waits to be told of a fix that is out."""
        return [ticket for ticket in self._replies.untold("released") if self._is_out(ticket.about)]

    def aged(self, tracker: str) -> None:
        """A tracker has stopped to answer, or answers again: what follows its issues and releases says so.

        Called at those two moments only: that the data is newer edits no message.
        """
        for follow in self._store.followed_issues():
            if follow.issue_id and self._known.get(follow.issue_id).issue.tracker == tracker:
                self._owed.changed(_followed_key(follow.who, follow.issue_id), human=False)
        self._show_newest(tracker)

    def trackers(self) -> tuple[str, ...]:
        """The names by which trackers can be followed."""
        return tuple(self._known.trackers)

    def announced(self, number: int) -> AnnouncedRelease | None:
        announced = self._store.announced(number)
        if not announced:
            return None
        release, issue_ids = announced
        issues = tuple(self._known.get(issue_id) for issue_id in issue_ids)
        tickets = {issue.id: len(self._knowledge.tickets_of(issue.id)) for issue in issues}
        title = self._known.trackers.get(release.tracker, release.tracker)
        age = self._known.age(release.tracker)
        recent = number in self._store.newest(release.tracker, RECENT)
        return AnnouncedRelease(number, release, title, issues, tickets, age if recent else age.at_rest())

    def news(self, change_id: int) -> tuple[KnownIssue, Change] | None:
        """What a message about one change says."""
        change = self._known.log.get(change_id)
        if not change or change.kind not in NEWS:
            return None
        return self._known.get(change.issue_id), change

    def followed(self, number: int) -> FollowedIssue | None:
        follow = self._store.follow_at(number)
        if not follow or follow[0].issue_id is None:
            return None
        known = self._known.get(follow[0].issue_id)
        age, active = self._known.age(known.issue.tracker), self._follows(follow[0])
        return FollowedIssue(known, len(self._knowledge.tickets_of(known.id)), follow[1], age, active)

    async def follow(self, follow: Follow, *, by: str) -> bool:
        """False where it was so before. Raises NotTier2 for a channel, NotFound for an issue that does not exist."""
        if follow.issue_id is None:
            await self._people.require_tier2(by)
        else:
            follow = replace(follow, issue_id=self._known.get(follow.issue_id).id)
        with self._database.transaction():
            begun = self._store.without_exceptions(follow) > 0 or not self._follows(follow)
            self._store.follow(follow)
            if begun and follow.issue_id is not None:
                number = self._store.follow_number(follow)
                key, place = _followed_key(follow.who, follow.issue_id), Place(follow.who)
                self._owed.card(key, view="followed", record_id=number, place=place, for_user=by)
                self._owed.changed(key, human=True)
        return begun

    async def unfollow(self, follow: Follow, *, by: str) -> bool:
        """False where it was not followed. Raises NotTier2 for a channel."""
        if follow.issue_id is None:
            await self._people.require_tier2(by)
        with self._database.transaction():
            ended = self._follows(follow) and self._store.unfollow(follow)
            if ended and follow.issue_id is not None:
                self._owed.changed(_followed_key(follow.who, follow.issue_id), human=True)
            return ended

    def follows(self, *who: str) -> list[tuple[Follow, KnownIssue | None]]:
        """What a channel and a person follow."""
        listed = [follow for channel in who if channel in self._usual() for follow in self._usually(channel)]
        listed += [follow for follow in self._store.followed_by(who) if follow not in listed]
        return [(follow, self._known.get(follow.issue_id) if follow.issue_id else None) for follow in listed]

    def _usually(self, channel: str) -> list[Follow]:
        """What a channel hears of by configuration: everything, or what it has not said no to."""
        listed = [Follow(channel, tracker=tracker) for tracker in self._known.trackers]
        left = [follow for follow in listed if self._follows(follow)]
        return [Follow(channel)] if left == listed and self._follows(Follow(channel)) else left

    def _follows(self, follow: Follow) -> bool:
        """Whether that is followed, by what somebody said or else by configuration."""
        if follow.issue_id is not None:
            return follow.who in self._store.following_issue(follow.issue_id)
        return follow.who in self._store.following_tracker(follow.tracker, self._usual())

    def _show_newest(self, tracker: str) -> None:
        for number in self._store.newest(tracker, RECENT):
            self._owed.all_changed("release", number, human=False)

    def _closed_by(self, release: Release) -> list[KnownIssue]:
        issues = [self._known.with_uid(release.tracker, uid) for uid in release.issue_uids]
        return [issue for issue in issues if issue]

    def _came_with(self, known: KnownIssue) -> None:
        """An issue can be told to be released after its release was: the announcement then names it too."""
        number = self._store.named(known.issue.tracker, known.issue.fix_version) if known.issue.fix_version else None
        if number is not None:
            self._store.closes(number, [known.id])

    def _answer_customers(self, known: KnownIssue, change: Change) -> None:
        """The fix is out: everybody whose ticket is confirmed to be about it shall hear so, after a person looked.

        A ticket about two issues that one version fixes is answered with the first of them, and so is one about a bug
        that two trackers have, whatever they call the version. An issue that is opened again and released once more
        asks for those whom nobody told of that version.
        """
        self._replies.overtaken(_about(known), without=_in_version(known))
        self._replies.true_again(_in_version(known))
        if tickets := self._uninformed(known):
            self._replies.open(f"{_in_version(known)}{change.id}", self._opening(known, tickets))

    def _answer_late(self, known: KnownIssue) -> None:
        """Tickets that were confirmed after the release: their customers wait for the same news."""
        offered = self._replies.offered(_about(known), known.issue.fix_version)
        if tickets := [ticket for ticket in self._uninformed(known) if ticket[0] not in offered]:
            self._replies.gather(_in_version(known), self._opening(known, tickets), anew=True)

    def _uninformed(self, known: KnownIssue) -> list[tuple[int, int]]:
        """Its tickets without those that an issue of this version asks for, or the same bug elsewhere, released too."""
        version = known.issue.fix_version
        informed = self._replies.asked_with(f"released/{known.issue.tracker}/", version) if version else set()
        for twin in known.also:
            if self._known.get(twin.id).issue.released:
                informed |= self._replies.asked_with(f"released/{twin.tracker}/{twin.uid}/")
        return [ticket for ticket in self._knowledge.tickets_of(known.id) if ticket[0] not in informed]

    def _opening(self, known: KnownIssue, tickets: Sequence[tuple[int, int]]) -> RoundOpening:
        issue, last = known.issue, self._investigations.get(max(number for _, number in tickets))
        return RoundOpening(
            purpose="released",
            tickets=[WaitingTicket(ticket_id, number, known.name) for ticket_id, number in tickets],
            values={"title": issue.title, "version": issue.fix_version, "workaround": known.reading.workaround},
            place=last.thread,
            for_user=last.owner or last.opened_by,
            problem_id=self._handoffs.problem_of(known.id),
        )

    def _is_out(self, issue_name: str) -> bool:
        number = name_in(issue_name)
        try:
            return number is None or self._known.get(number).issue.released
        except NotFound:
            return True


def _about(known: KnownIssue) -> str:
    """How the keys of all rounds begin that tell of an issue's release."""
    return f"released/{known.issue.tracker}/{known.issue.uid}/"


def _in_version(known: KnownIssue) -> str:
    return f"{_about(known)}{version_name(known.issue.fix_version)}/"


def _followed_key(who: str, issue_id: int) -> str:
    return f"followed/{issue_id}/{who}"


class NothingFollowed(BadInput):
    """There was nothing to end."""

    def __init__(self) -> None:
        super().__init__("That isn't followed here. `/t2 follow list` shows what is.")
