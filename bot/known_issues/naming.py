"""From what people write to the issue that they mean, also under names that it has no more."""

from collections.abc import Sequence
from dataclasses import replace

from bot.errors import BadInput, NotFound, existing
from bot.known_issues.intake import Intake
from bot.known_issues.model import KnownIssue, TrackerIssue, name_in
from bot.known_issues.store import KnownIssueStore
from bot.known_issues.tracker import NoSuchIssue, Tracker, TrackerError
from bot.slack_marks import plain_name


class NoTracker(BadInput):
    """There is no tracker in the configuration, or none of that name."""

    def __init__(self, name: str = "") -> None:
        which = f"named {name}" if name else "configured"
        super().__init__(f"No tracker is {which}. Add one to secondline.toml: [trackers.app] with kind and repository.")


class Naming:
    """Finds issues by number, key or address."""

    def __init__(self, *, store: KnownIssueStore, trackers: Sequence[Tracker], intake: Intake) -> None:
        self._store = store
        self._trackers = trackers
        self._intake = intake

    def named(self, text: str) -> KnownIssue:
        """Returns a stored issue by what people write: "KI-31", key or address. Raises NotFound."""
        known = self._known(plain_name(text))
        if not known:
            raise _unknown(text)
        return known

    async def read(self, text: str) -> KnownIssue:
        """Returns a stored issue; asks the trackers for a key or an address that is not stored, and stores it.

        Raises NotFound, NoTracker, TrackerError.
        """
        name = plain_name(text)
        return self._known(name) or await self._asked(name)

    def stored(self, issue: TrackerIssue) -> KnownIssue:
        """Stores an issue. Where another project has it by now, that record counts, which says more."""
        before = self._store.by_uid(issue.tracker, issue.uid)
        elsewhere = None if before else self._store.elsewhere(issue)
        if elsewhere and elsewhere.issue.tracker != issue.tracker and not elsewhere.gone_at:
            return elsewhere
        self._intake.heard([issue])
        return existing(
            self._store.by_uid(issue.tracker, issue.uid) or self._store.elsewhere(issue),
            f"{issue.key} could not be stored.",
        )

    def _known(self, text: str) -> KnownIssue | None:
        """Under its present name or a former one; one that is gone is asked for again."""
        number, plain = name_in(text), text.strip().partition("#issuecomment")[0].rstrip("/")
        if number:
            known = self._store.get(number)
            if not known:
                raise NotFound(f"There is no KI-{number}.")
        else:
            keys = (key for tracker in self._trackers if (key := tracker.named(text)))
            hits = (self._store.by_key(name) for name in (plain, *keys))
            known = next((hit for hit in hits if hit), None)
        return None if known and known.gone_at else known

    async def _asked(self, text: str) -> KnownIssue:
        if not self._trackers:
            raise NoTracker
        failure: TrackerError | None = None
        for tracker in self._trackers:
            try:
                return self._answered(tracker, text, await tracker.read(text))
            except NoSuchIssue:
                continue
            except TrackerError as error:
                failure = error
        raise failure or _unknown(text)

    def _answered(self, tracker: Tracker, text: str, issue: TrackerIssue) -> KnownIssue:
        """Stores the answer. An issue asked for by a former name is the one that had that name."""
        name = tracker.named(text)
        before = self._store.by_key(name) if name else None
        if before and before.issue.tracker == issue.tracker and not self._store.by_uid(issue.tracker, issue.uid):
            issue = replace(issue, uid=before.issue.uid)
        known = self.stored(issue)
        if name and name.casefold() != known.issue.key.casefold():
            self._intake.called(known.id, name)
        return known


def _unknown(text: str) -> NotFound:
    return NotFound(f"No tracker has an issue {text.strip()[:60]!r}. Its key, its address or KI-31 would name one.")
