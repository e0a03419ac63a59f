"""GitHub Issues as a tracker: one repository."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from attrs import define, field

from bot.clock import Clock
from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.side_changes import MovedMilestones, RenamedLabels, released_issues
from bot.known_issues.github.wire import (
    SYSTEM,
    GitHubLens,
    IssuePlace,
    Published,
    is_pull,
    issue_from,
    issues_from,
    place_in,
    place_typed,
    releases_from,
    rows_of,
    updated_at,
)
from bot.known_issues.model import IssueDraft, Priority, Release, TrackerIssue
from bot.known_issues.tracker import Account, Accounts, NoSuchIssue, OneAccount, TrackerChanges, TrackerError
from bot.known_issues.transport import TrackerRefused
from bot.known_issues.wire import stamp_of, stamped
from bot.loose_json import address, instant, line, mapping, text

PAGE = 100
OVERLAP = timedelta(seconds=60)
"""GitHub shows late changes within this time."""
LOOK_BACK = timedelta(days=30)
"""How far back what we wrote is looked for."""
LOOK_PAGES = 10
RELEASES = 30
BODY_MAX = 65_000
"""GitHub takes 65,536 letters."""
IN_PROGRESS = ("in progress", "doing")
_INSIDERS = ("OWNER", "MEMBER", "COLLABORATOR")
"""How GitHub calls people who may write to the repository."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class GitHubTracker:
    """Implements Tracker. `repository` is "owner/name"; an issue with one of `in_progress_labels` is in progress."""

    name: str
    _repository: str
    _api: GitHubApi
    _clock: Clock
    _in_progress_labels: Sequence[str] = IN_PROGRESS
    _priority_labels: Mapping[Priority, str] = field(factory=dict)
    _accounts: Accounts = field(factory=OneAccount)

    def __attrs_post_init__(self) -> None:
        self._owner, _, self._repo = self._repository.partition("/")
        self._called = {self._repository.casefold()}
        self._milestones, self._labels = MovedMilestones(self._api), RenamedLabels(self._api)
        self._published: list[Published] | None = None
        self._login: str | None = None
        self._sees_releases = True

    @property
    def title(self) -> str:
        return f"{SYSTEM} {self._owner}/{self._repo}"

    def named(self, text: str) -> str:
        """Other repositories of the owner are named too: an issue may have been transferred there."""
        place = place_typed(text, self._owner, self._repo)
        return f"{place.repo}#{place.number}" if place and place.owner.casefold() == self._owner.casefold() else ""

    async def changes(self, cursor: str) -> TrackerChanges:
        """The cursor is a time, and within one second that fills pages the query of the next one.

        Pages are asked for by time, not by number: an issue that changes while we read leaves its page for the last
        one, and by number the next page would begin one too late. The newest minute is read again each time.
        """
        since, _, query = cursor.partition(" ")
        start = instant(since)
        answer, more = await self._api.page(f"{self._path}/issues?{query or _query(start)}")
        lens = await self._lens()
        issues = tuple(await asyncio.to_thread(issues_from, answer, lens))
        newest = max((updated_at(row) for row in rows_of(answer)), default=None)
        # A repository that was renamed answers under its old name with its new one in the addresses.
        self._called |= {f"{place.owner}/{place.repo}".casefold() for issue in issues if (place := place_in(issue.url))}
        if not more:
            issues += tuple(await self._milestones.issues(self._path, lens, since=start))
            issues += tuple(await self._labels.issues(self._path, lens))
            cursor = _stamp(newest - OVERLAP, at_least=start) if newest else since
            return TrackerChanges(issues, cursor, labels=self._labels.names)
        if newest and (start is None or newest > start):
            return TrackerChanges(issues, _stamp(newest), more=True)
        return TrackerChanges(issues, f"{since} {more}", more=True)

    async def read(self, key: str) -> TrackerIssue:
        place = place_typed(key, self._owner, self._repo)
        if place is None or f"{place.owner}/{place.repo}".casefold() not in self._called:
            raise NoSuchIssue(self.title, key)
        issue = await self._at(place)
        if issue is None:
            raise NoSuchIssue(self.title, key)
        return issue

    async def recheck(self, issues: Sequence[TrackerIssue]) -> Mapping[str, TrackerIssue | None]:
        """An issue that is moved to another repository gets a new id there; here it keeps the one it had."""
        became: dict[str, TrackerIssue | None] = {}
        for issue in issues:
            place = place_in(issue.url) or place_typed(issue.key, self._owner, self._repo)
            now = await self._at(place) if place else None
            became[issue.uid] = replace(now, uid=issue.uid) if now else None
        return became

    async def create(self, draft: IssueDraft, *, stamp: str) -> TrackerIssue:
        if made := await self._made(stamp):
            return made
        priority = self._priority_labels.get(draft.priority) if draft.priority else None
        labels = list(dict.fromkeys([*draft.labels, *([priority] if priority else [])]))
        body = {"title": draft.title, "body": _body(draft.body, stamp), "labels": labels}
        return issue_from(await self._api.write(f"{self._path}/issues", body), await self._lens())

    async def comment(self, issue: TrackerIssue, text: str, *, stamp: str) -> str:
        place = await self._now_at(issue)
        try:
            said = await self._said(place, stamp)
            if said is None:
                said = await self._api.write(f"{place.path}/comments", {"body": _body(text, stamp)})
        except TrackerRefused as refused:
            raise NoSuchIssue(self.title, issue.key) if refused.gone else refused from None
        return address(mapping(said).get("html_url")) or issue.url

    async def assignable(self) -> tuple[Account, ...]:
        answer, _ = await self._api.page(f"{self._path}/assignees?per_page={PAGE}")
        logins = [line(mapping(row).get("login")) for row in rows_of(answer)]
        return tuple(Account(login, login) for login in logins if login)

    async def assign(self, issue: TrackerIssue, account: str) -> None:
        """GitHub leaves out who may not be assigned without a word, so its answer is read."""
        place = await self._now_at(issue)
        row = await self._api.change(place.path, {"assignees": [account]})
        if account not in issue_from(row, await self._lens()).assignees:
            raise TrackerError(self.title, f"it does not let {account} be assigned", retry=False)

    async def releases(self) -> tuple[Release, ...]:
        published = await self._read_published()
        closed = await released_issues(self._api, self._path, published, await self._lens()) if published else {}
        releases = sorted((each.release for each in published), key=lambda each: each.published_at, reverse=True)
        return tuple(replace(each, tracker=self.name, issue_uids=closed.get(each.uid, ())) for each in releases)

    def hurry(self) -> None:
        self._api.transport.hurry()

    async def check(self) -> str:
        row = mapping((await self._api.page(self._path))[0])
        login, allowed = await self._who(), mapping(row.get("permissions"))
        if not row.get("has_issues", True):
            return f"{self.title}: its issues are turned off"
        await self._read_published()
        may = "reads and writes" if allowed.get("push") or allowed.get("triage") else "reads; may not set labels"
        quota = self._api.quota
        left = f", {quota.remaining:,} of {quota.limit:,} requests left" if quota else ""
        releases = "" if self._sees_releases else "; its token needs Contents: read to see releases"
        return f"{self.title} as {login or 'an app'} ({may}{left}{releases})"

    @property
    def _path(self) -> str:
        return f"repos/{quote(self._owner, safe='')}/{quote(self._repo, safe='')}"

    async def _at(self, place: IssuePlace) -> TrackerIssue | None:
        """The issue there, or where it was moved; None where there is none (any more)."""
        try:
            row, _ = await self._api.page(place.path)
        except TrackerRefused as refused:
            if refused.gone and await self._repository_answers():
                return None
            raise
        return None if is_pull(row) else issue_from(row, await self._lens())

    async def _now_at(self, issue: TrackerIssue) -> IssuePlace:
        """Returns its present place: GitHub does not redirect the lists of a moved issue. Raises NoSuchIssue."""
        place = place_in(issue.url)
        current = await self._at(place) if place else None
        there = place_in(current.url) if current else None
        if there is None:
            raise NoSuchIssue(self.title, issue.key)
        return there

    async def _repository_answers(self) -> bool:
        """A token that lost its rights sees 404 everywhere: then nothing is known to be gone. Raises Refused."""
        await self._api.page(self._path)
        return True

    async def _lens(self) -> GitHubLens:
        if self._published is None:
            await self._read_published()
        return GitHubLens(self.name, self._in_progress_labels, self._published or ())

    async def _read_published(self) -> list[Published]:
        """Reads the releases; none where the token may read issues only, which then count without releases."""
        try:
            answer, _ = await self._api.page(f"{self._path}/releases?per_page={RELEASES}")
        except TrackerRefused as refused:
            if refused.status not in (403, 404):
                raise
            answer, self._sees_releases = [], False
        self._published = await asyncio.to_thread(releases_from, answer, self._owner, self._repo)
        return self._published

    async def _who(self) -> str:
        """Our own login, "" for an app, which may not ask."""
        if self._login is None:
            try:
                self._login = line(mapping((await self._api.page("user"))[0]).get("login"))
            except TrackerRefused as refused:
                if refused.status == 401:
                    raise
                self._login = ""
            if self._login:
                self._accounts.acted_as(self.name, self._login)
        return self._login

    async def _ours(self, row: Mapping[str, Any]) -> bool:
        """Whether we wrote it, as this account or as one that we had, or somebody who belongs to development.

        An app does not know its own name, and what customers write is never ours.
        """
        login, user = await self._who(), mapping(row.get("user"))
        by = line(user.get("login"))
        known = not login or by in (login, *self._accounts.accounts(self.name))
        return known or user.get("type") == "Bot" or row.get("author_association") in _INSIDERS

    async def _made(self, stamp: str) -> TrackerIssue | None:
        """The issue that an earlier call has made: by the list, since GitHub's search lags behind by minutes."""
        query = {"state": "all", "sort": "created", "direction": "desc", "per_page": PAGE}
        query["since"] = _stamp(self._clock() - LOOK_BACK)
        await self._who()
        async for row in self._pages(f"{self._path}/issues", urlencode(query)):
            if stamp_of(text(row.get("body"))) == stamp and not is_pull(row) and await self._ours(row):
                return issue_from(row, await self._lens())
        return None

    async def _said(self, place: IssuePlace, stamp: str) -> Mapping[str, Any] | None:
        """The comment that an earlier call has made."""
        await self._who()
        query = urlencode({"per_page": PAGE, "since": _stamp(self._clock() - LOOK_BACK)})
        async for row in self._pages(f"{place.path}/comments", query):
            if stamp_of(text(row.get("body"))) == stamp and await self._ours(row):
                return row
        return None

    async def _pages(self, path: str, query: str) -> AsyncIterator[Mapping[str, Any]]:
        async for rows in self._api.pages(path, query, most=LOOK_PAGES):
            for row in rows:
                yield mapping(row)


def _body(markdown: str, stamp: str) -> str:
    body = markdown if len(markdown) <= BODY_MAX else markdown[:BODY_MAX] + "\n\n… cut: longer than GitHub takes."
    return stamped(body, stamp)


def _query(start: datetime | None) -> str:
    query = {"state": "all", "sort": "updated", "direction": "asc", "per_page": PAGE}
    return urlencode(query | ({"since": _stamp(start)} if start else {}))


def _stamp(moment: datetime, *, at_least: datetime | None = None) -> str:
    latest = max(moment, at_least) if at_least else moment
    return latest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
