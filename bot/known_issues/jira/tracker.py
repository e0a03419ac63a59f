"""Jira Cloud as a tracker: one project."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from attrs import define, field

from bot.known_issues.jira import adf_writing
from bot.known_issues.jira.api import JiraApi
from bot.known_issues.jira.plans import MovedPlans
from bot.known_issues.jira.wire import (
    DECLINED,
    FIELDS,
    SYSTEM,
    JiraLens,
    issue_from,
    key_typed,
    minute,
    number_of,
    quoted,
    releases_from,
    stamp_of,
    stamped,
    zone_of,
)
from bot.known_issues.model import IssueDraft, Priority, Release, TrackerIssue
from bot.known_issues.tracker import Account, Accounts, NoSuchIssue, OneAccount, TrackerChanges, TrackerError
from bot.known_issues.transport import TrackerRefused
from bot.known_issues.wire import circular, malformed, needed_instant
from bot.loose_json import instant, items, line, mapping
from bot.paging import Trail

PAGE = 100
OVERLAP = timedelta(minutes=30)
"""Jira's search shows changes late, mostly by seconds; it promises nothing ("search and reconcile")."""
LOOK_BACK_DAYS = 30
LOOK_PAGES = 10
MISSES = 3
"""Numbers in a row that no issue has, after which there is none: deleted ones leave gaps."""
UNSEEN_MAX = 40
RELEASES = 30
BODY_MAX = 30_000
"""Jira takes 32,767 letters."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class JiraTracker:
    """Implements Tracker. `project` is a key ("VPN").

    `custom_fields` are names that a mapping asks for, `declined` resolutions that mean closed without a fix.
    """

    name: str
    _project: str
    _api: JiraApi
    _issue_type: str = "Bug"
    _custom_fields: Sequence[str] = ()
    _declined: Sequence[str] = DECLINED
    _priority_names: Mapping[Priority, str] = field(factory=dict)
    _accounts: Accounts = field(factory=OneAccount)

    def __attrs_post_init__(self) -> None:
        self._known_lens: JiraLens | None = None
        self._me: Mapping[str, Any] = {}
        self._moved = MovedPlans(api=self._api, project=self._project, find=self._rows)

    @property
    def title(self) -> str:
        return f"{SYSTEM} {self._project}"

    def named(self, text: str) -> str:
        return key_typed(text, self._project)

    async def changes(self, cursor: str) -> TrackerChanges:
        """The cursor is a time, and within one minute that fills pages the token of the next one.

        Pages are asked for by time wherever time goes on: an issue that changes while we read moves to the end.
        """
        since, _, token = cursor.partition(" ")
        start = instant(since)
        jql = f"project = {quoted(self._project)}"
        if start:
            jql += f' AND updated >= "{minute(start, zone_of(await self._myself()))}"'
        rows, more = await self._search(f"{jql} ORDER BY updated ASC, key ASC", token)
        lens = await self._lens()
        # Long descriptions take long to read: in a thread, so that others have their turn meanwhile.
        issues = tuple(await asyncio.to_thread(lambda: [issue_from(row, lens) for row in rows]))
        newest = max((_updated(row) for row in rows), default=None)
        if not more:
            moved = self._moved.rows(first=start is None)
            issues += tuple([await asyncio.to_thread(issue_from, row, lens) async for row in moved])
            return TrackerChanges(issues, _later_of(newest - OVERLAP, start) if newest else since)
        # A minute later than asked for, or the same page would come again.
        if newest and (start is None or newest.replace(second=0, microsecond=0) > start):
            return TrackerChanges(issues, _later_of(newest.replace(second=0, microsecond=0), start), more=True)
        return TrackerChanges(issues, f"{since} {more}", more=True)

    async def read(self, key: str) -> TrackerIssue:
        name = key_typed(key, self._project)
        row = await self._at(name) if name else None
        if row is None:
            raise NoSuchIssue(self.title, key)
        return issue_from(row, await self._lens())

    async def recheck(self, issues: Sequence[TrackerIssue]) -> Mapping[str, TrackerIssue | None]:
        """One by one, by id: the search would not know yet what has just been deleted or moved."""
        became: dict[str, TrackerIssue | None] = {}
        for issue in issues:
            now = await self._at(issue.uid)
            became[issue.uid] = issue_from(now, await self._lens()) if now else None
        return became

    async def create(self, draft: IssueDraft, *, stamp: str) -> TrackerIssue:
        made = await self._made(stamp)
        if made is None:
            fields: dict[str, Any] = {
                "project": {"key": self._project},
                "issuetype": {"name": self._issue_type},
                "summary": line(draft.title, 250),
                "description": _document(draft.body, stamp),
            }
            if draft.labels:
                # Jira takes no spaces in a label.
                fields["labels"] = ["-".join(label.split()) for label in draft.labels]
            if draft.priority and (priority := self._priority_names.get(draft.priority)):
                fields["priority"] = {"name": priority}
            answer = mapping(await self._api.post("issue", {"fields": fields}))
            made = await self._at(line(answer.get("id")) or line(answer.get("key")))
        if made is None:
            raise TrackerError(SYSTEM, "it made an issue and does not show it", retry=True)
        return issue_from(made, await self._lens())

    async def comment(self, issue: TrackerIssue, text: str, *, stamp: str) -> str:
        path = f"issue/{quote(issue.uid, safe='')}/comment"
        try:
            said = await self._said(path, stamp)
            if said is None:
                said = mapping(await self._api.post(path, {"body": _document(text, stamp)}))
        except TrackerRefused as refused:
            if refused.status == 404:
                raise NoSuchIssue(self.title, issue.key) from None
            raise
        return f"{issue.url}?focusedCommentId={quote(line(said.get('id')), safe='')}"

    async def assignable(self) -> tuple[Account, ...]:
        query = urlencode({"project": self._project, "maxResults": PAGE})
        people = map(mapping, items(await self._api.get(f"user/assignable/search?{query}")))
        accounts = [(line(person.get("accountId")), line(person.get("displayName"))) for person in people]
        return tuple(Account(number, name or number) for number, name in accounts if number)

    async def assign(self, issue: TrackerIssue, account: str) -> None:
        try:
            await self._api.put(f"issue/{quote(issue.uid, safe='')}/assignee", {"accountId": account})
        except TrackerRefused as refused:
            if refused.status == 404:
                raise NoSuchIssue(self.title, issue.key) from None
            raise

    async def releases(self) -> tuple[Release, ...]:
        """Versions, with the done issues that have them as fix version."""
        query = urlencode({"orderBy": "-releaseDate", "status": "released", "maxResults": RELEASES})
        answer = mapping(await self._api.get(f"project/{quote(self._project, safe='')}/version?{query}"))
        releases = releases_from(answer.get("values"), self.name, self._api.url, RELEASES)
        return tuple([await self._with_issues(release) for release in releases])

    def hurry(self) -> None:
        self._api.transport.hurry()

    async def check(self) -> str:
        project = mapping(await self._api.get(f"project/{quote(self._project, safe='')}"))
        me = await self._myself()
        zone = line(me.get("timeZone"))
        clock = f"its clock is on {zone}" if zone_of(me) is not UTC or zone == "UTC" else f"unknown time zone {zone!r}"
        return f"{SYSTEM} {line(project.get('name')) or self._project} as {line(me.get('displayName'))} ({clock})"

    async def _search(self, jql: str, token: str, fields: Sequence[str] = ()) -> tuple[list[Mapping[str, Any]], str]:
        """Rows, and the token of the next page, "" on the last."""
        lens = await self._lens()
        body: dict[str, Any] = {"jql": jql, "maxResults": PAGE, "fields": [*(fields or FIELDS), *lens.custom.values()]}
        if token:
            body["nextPageToken"] = token
        answer = mapping(await self._api.post("search/jql", body))
        if not isinstance(answer.get("issues"), list):
            raise malformed(SYSTEM, "issues")
        rows, more = [mapping(row) for row in answer["issues"]], answer.get("nextPageToken")
        if not isinstance(more, str) or " " in more or answer.get("isLast") is True:
            return rows, ""
        if more and more == token:
            raise circular(SYSTEM)
        return rows, more

    async def _at(self, key: str) -> Mapping[str, Any] | None:
        """An issue by id or key, also under one that it had before it was moved; None where it is gone."""
        lens = await self._lens()
        query = urlencode({"fields": ",".join([*FIELDS, *lens.custom.values()])})
        try:
            return mapping(await self._api.get(f"issue/{quote(key, safe='')}?{query}"))
        except TrackerRefused as refused:
            if refused.status not in (404, 410):
                raise
        # An account that lost its rights sees 404 everywhere: then nothing is known to be gone.
        await self._api.get(f"project/{quote(self._project, safe='')}")
        return None

    async def _made(self, stamp: str) -> Mapping[str, Any] | None:
        """The issue that an earlier call has made: by search, and what that does not show yet by number."""
        jql = f"project = {quoted(self._project)} AND created >= -{LOOK_BACK_DAYS}d"
        await self._myself()
        async for row in self._rows(f"{jql} ORDER BY created DESC"):
            fields = mapping(row.get("fields"))
            if stamp_of(fields.get("description")) == stamp and await self._ours(fields.get("creator")):
                return row
        last, _ = await self._search(f"project = {quoted(self._project)} ORDER BY key DESC", "", ("summary",))
        newest = line(last[0].get("key")) if last else ""
        return await self._unseen(number_of(newest or "-0"), stamp)

    async def _unseen(self, newest: int, stamp: str) -> Mapping[str, Any] | None:
        """Reading one issue is exact at once, and numbers are given in order."""
        misses = 0
        for number in range(newest + 1, newest + 1 + UNSEEN_MAX):
            row = await self._at(f"{self._project}-{number}")
            fields = mapping(row.get("fields")) if row else {}
            if row and stamp_of(fields.get("description")) == stamp and await self._ours(fields.get("creator")):
                return row
            misses = 0 if row else misses + 1
            if misses == MISSES:
                return None
        return None

    async def _rows(self, jql: str) -> AsyncIterator[Mapping[str, Any]]:
        token, trail = "", Trail()
        for _ in range(LOOK_PAGES):
            rows, token = await self._search(jql, token)
            for row in rows:
                yield row
            if not token:
                return
            if trail.circles(token):
                raise circular(SYSTEM)

    async def _said(self, path: str, stamp: str) -> Mapping[str, Any] | None:
        """The comment that an earlier call has made, among the newest."""
        await self._myself()
        answer = mapping(await self._api.get(f"{path}?{urlencode({'orderBy': '-created', 'maxResults': PAGE})}"))
        for row in map(mapping, items(answer.get("comments"))):
            if stamp_of(row.get("body")) == stamp and await self._ours(row.get("author")):
                return row
        return None

    async def _with_issues(self, release: Release) -> Release:
        jql = f"project = {quoted(self._project)} AND fixVersion = {release.uid} AND statusCategory = Done ORDER BY key"
        lens, uids = await self._lens(), []
        async for row in self._rows(jql):
            issue = await asyncio.to_thread(issue_from, row, lens)
            if issue.released:
                uids.append(issue.uid)
        return replace(release, issue_uids=tuple(uids))

    async def _lens(self) -> JiraLens:
        if self._known_lens is None:
            custom = await self._custom_ids() if self._custom_fields else {}
            self._known_lens = JiraLens(self.name, self._api.url, self._declined, custom)
        return self._known_lens

    async def _custom_ids(self) -> dict[str, str]:
        """The field of each name; one that Jira does not have (yet) has no values."""
        names = {name.casefold(): name for name in self._custom_fields}
        fields = [mapping(field) for field in items(await self._api.get("field"))]
        named = {line(field.get("name")).casefold(): line(field.get("id")) for field in fields}
        return {name: named[folded] for folded, name in names.items() if named.get(folded)}

    async def _myself(self) -> Mapping[str, Any]:
        if not self._me:
            self._me = mapping(await self._api.get("myself"))
            if account := _by(self._me):
                self._accounts.acted_as(self.name, account)
        return self._me

    async def _ours(self, author: object) -> bool:
        """Whether we wrote it, as this account or as one that we had, or somebody who is not a customer."""
        ours = ("", _by(await self._myself()), *self._accounts.accounts(self.name))
        return _by(author) in ours or mapping(author).get("accountType") in ("atlassian", "app")


def _document(markdown: str, stamp: str) -> dict[str, Any]:
    body = markdown if len(markdown) <= BODY_MAX else markdown[:BODY_MAX] + "\n\n… cut: longer than Jira takes."
    return stamped(adf_writing.document(body), stamp)


def _updated(row: Mapping[str, Any]) -> datetime:
    return needed_instant(mapping(row.get("fields")), "updated", SYSTEM)


def _by(person: object) -> str:
    return line(mapping(person).get("accountId"))


def _later_of(moment: datetime, start: datetime | None) -> str:
    return (max(moment, start) if start else moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
