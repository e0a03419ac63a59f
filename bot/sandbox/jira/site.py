"""The projects and issues and what may be done with them, without HTTP; every change is told to the `listeners`."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.sandbox.jira import workflow
from bot.sandbox.jira.adf import document
from bot.sandbox.jira.errors import no_issue
from bot.sandbox.jira.records import Adf, Comment, Issue, Named, Project, Status, User, Version
from bot.sandbox.jira.seed import Seed, SeedIssue, SeedProject

Change = tuple[str, str, str]
"""Field, before, after, as the changelog words them."""
Listener = Callable[[str, Issue | Version, User, list[Change]], None]
"""Is told a webhook event ("jira:issue_updated", …), what it concerns, who did it, and what changed."""


class JiraSite:
    """A change of an issue stamps it; a change of its version's date does not, as on the real one."""

    def __init__(self, *, clock: Clock, seed: Seed) -> None:
        self._clock = clock
        self._ids = itertools.count(10_301)
        self._issues: dict[str, Issue] = {}
        self._former: dict[str, str] = {}
        self.people = {user.email: user for user in seed.people}
        self.projects: dict[str, Project] = {}
        self.listeners: list[Listener] = []
        for written in seed.projects:
            self._plant(written)

    def __iter__(self) -> Iterator[Issue]:
        return iter(self._issues.values())

    def find(self, asked: str) -> Issue | None:
        """By id, key or a former key, in any case of letters."""
        upper = asked.upper()
        wanted = self._former.get(upper, upper)
        return next((one for one in self if wanted in (one.key, one.id)), None)

    def issue(self, asked: str) -> Issue:
        found = self.find(asked)
        if found is None:
            raise no_issue()
        return found

    def person(self, asked: str) -> User:
        """By account id, address or name."""
        for user in self.people.values():
            if asked in (user.account_id, user.email, user.name):
                return user
        raise ValueError(f"no user {asked!r}")

    def version(self, project: str, name: str) -> Version:
        found = next((one for one in self.projects[project].versions.values() if one.name == name), None)
        if found is None:
            raise ValueError(f"no version {name!r} in {project}")
        return found

    def create(self, project: Project, summary: str, *, type: Named, reporter: User) -> Issue:
        """A new issue with its standard values; `put` and `tell_created` follow."""
        now = self._now()
        project.last_number += 1
        issue = Issue(
            id=str(next(self._ids)),
            key=f"{project.key}-{project.last_number}",
            project=project,
            type=type,
            summary=summary,
            status=workflow.STATUSES[0],
            priority=workflow.PRIORITIES[2],
            reporter=reporter,
            created=now,
            updated=now,
        )
        self._issues[issue.id] = issue
        return issue

    def tell_created(self, issue: Issue, actor: User) -> None:
        self._tell("jira:issue_created", issue, actor, [])

    def put(self, issue: Issue, values: dict[str, Any], actor: User, *, tell: bool = True) -> None:
        """Set attributes of an issue that were checked, and stamp it; what is the same as before is no change."""
        changes = []
        for name, value in values.items():
            before = getattr(issue, name)
            if before != value:
                setattr(issue, name, value)
                changes.append((_FIELD_NAMES.get(name, name), _worded(before), _worded(value)))
        if changes and tell:
            self.changed(issue, actor, changes)

    def changed(self, issue: Issue, actor: User, changes: list[Change]) -> None:
        issue.updated = self._now()
        self._tell("jira:issue_updated", issue, actor, changes)

    def move_to(self, issue: Issue, status: Status, actor: User, *, resolution: Named = workflow.DONE) -> None:
        """A transition; what is done is resolved."""
        before = issue.status
        issue.status = status
        if before.category != status.category:
            issue.status_changed = self._now()
        done = status.category == "done"
        issue.resolution, issue.resolved = (resolution, self._now()) if done else (None, None)
        self.changed(issue, actor, [("status", before.name, status.name)])

    def comment(self, issue: Issue, body: Adf, actor: User) -> Comment:
        now = self._now()
        comment = Comment(str(next(self._ids)), body, actor, now, now)
        issue.comments.append(comment)
        issue.updated = now
        self._tell("comment_created", issue, actor, [])
        return comment

    def delete(self, issue: Issue, actor: User) -> None:
        del self._issues[issue.id]
        self._tell("jira:issue_deleted", issue, actor, [])

    def move(self, issue: Issue, project: Project, actor: User) -> None:
        """Into another project: a new key, the same id; the old key still leads to it. Versions stay behind."""
        before = issue.key
        project.last_number += 1
        issue.key, issue.project = f"{project.key}-{project.last_number}", project
        issue.fix_versions, issue.components = [], []
        self._former = {old: issue.key if new == before else new for old, new in self._former.items()}
        self._former[before] = issue.key
        self.changed(issue, actor, [("Key", before, issue.key), ("project", before.partition("-")[0], project.key)])

    def add_version(self, project: Project, name: str, release_date: date | None, *, description: str = "") -> Version:
        version = Version(str(next(self._ids)), name, release_date=release_date, description=description)
        project.versions[version.id] = version
        return version

    def add_component(self, project: Project, name: str) -> None:
        project.components[name] = Named(str(next(self._ids)), name)

    def rename_component(self, project: Project, name: str, to: str) -> None:
        """No issue counts as updated."""
        old = project.components.pop(name)
        project.components[to] = replace(old, name=to)
        for issue in self._issues.values():
            issue.components = [project.components[to] if one is old else one for one in issue.components]

    def change_version(self, version: Version, event: str, actor: User, **values: Any) -> None:
        """`event` is jira:version_updated or jira:version_released. No issue counts as updated."""
        for name, value in values.items():
            setattr(version, name, value)
        self._tell(event, version, actor, [])

    def project_of(self, version: Version) -> Project:
        return next(one for one in self.projects.values() if version.id in one.versions)

    def _tell(self, event: str, concerned: Issue | Version, actor: User, changes: list[Change]) -> None:
        for listener in self.listeners:
            listener(event, concerned, actor, changes)

    def _now(self) -> datetime:
        return self._clock()

    def _plant(self, written: SeedProject) -> None:
        project = Project(str(next(self._ids)), written.key, written.name)
        self.projects[written.key] = project
        for name in written.components:
            self.add_component(project, name)
        today = self._now().date()
        for each in written.versions:
            due = None if each.release_in_days is None else today + timedelta(days=each.release_in_days)
            self.add_version(project, each.name, due).released = each.released
        for issue in written.issues:
            self._plant_issue(project, issue)

    def _plant_issue(self, project: Project, written: SeedIssue) -> None:
        now = self._now()
        reporter = list(self.people.values())[-1]
        type_ = workflow.named(workflow.TYPES, written.type) or workflow.TYPES[0]
        issue = self.create(project, written.summary, type=type_, reporter=reporter)
        issue.created = now - timedelta(days=written.days_ago)
        issue.updated = max(issue.created, now - timedelta(days=written.updated_days_ago))
        issue.description = document(written.description) if written.description else None
        issue.status = workflow.status_named(written.status)
        issue.priority = workflow.named(workflow.PRIORITIES, written.priority) or issue.priority
        issue.labels = list(written.labels)
        issue.components = [project.components[name] for name in written.components]
        issue.fix_versions = [self.version(project.key, written.fix_version)] if written.fix_version else []
        issue.due_date = None if written.due_in_days is None else now.date() + timedelta(days=written.due_in_days)
        issue.assignee = self.person(written.assignee) if written.assignee else None
        if issue.status.category == "done":
            issue.resolution, issue.resolved = workflow.DONE, issue.updated
        issue.fields = _custom(written)
        for body in written.comments:
            comment = Comment(str(next(self._ids)), document(body), reporter, issue.updated, issue.updated)
            issue.comments.append(comment)


_FIELD_NAMES = {"fix_versions": "Fix Version", "due_date": "duedate", "components": "Component"}


def _custom(written: SeedIssue) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if written.symptoms:
        found[workflow.SYMPTOMS] = document(written.symptoms)
    if written.workaround:
        found[workflow.WORKAROUND] = document(written.workaround)
    if written.customer_facing is not None:
        found[workflow.CUSTOMER_FACING] = {"value": "Yes" if written.customer_facing else "No", "id": "10300"}
    return found


def _worded(value: Any) -> str:
    """A value as the changelog has it."""
    if isinstance(value, list):
        return " ".join(_worded(one) for one in value)
    return str(getattr(value, "name", "" if value is None else value))
