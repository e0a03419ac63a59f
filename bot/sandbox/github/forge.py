"""The repositories and what may be done with them, without HTTP; every change is told to the `listeners`."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.sandbox.github.errors import gone, invalid, moved, not_found
from bot.sandbox.github.planting import planted
from bot.sandbox.github.records import Comment, Event, Issue, Label, Milestone, Release, Repository, User
from bot.sandbox.github.seed import Seed
from bot.sandbox.rest.answers import Json

Listener = Callable[[str, str, Repository, Json], None]
"""Is told event, action, repository and the records concerned ({"issue": …, "label": …}, with `changes` as JSON)."""


class Forge:
    """A change of an issue stamps it; a change of its milestone's date does not, as on the real one."""

    def __init__(self, *, clock: Clock, seed: Seed) -> None:
        self._clock = clock
        self._ids = itertools.count(31_000_001)
        self._people = {user.login: user for user in seed.people}
        self._repositories: dict[int, Repository] = {}
        self._renamed: dict[str, int] = {}
        self.listeners: list[Listener] = []
        now = self._now()
        for written in seed.repositories:
            repository = planted(written, number=len(self._repositories), people=self._people, ids=self._ids, now=now)
            self._repositories[repository.id] = repository

    # Finding

    def repositories(self) -> Iterator[Repository]:
        return iter(self._repositories.values())

    def by_id(self, repository_id: int) -> Repository:
        found = self._repositories.get(repository_id)
        if found is None:
            raise not_found()
        return found

    def repository(self, full_name: str) -> Repository:
        """By its present name, in any case of letters."""
        for repository in self._repositories.values():
            if repository.full_name.lower() == full_name.lower():
                return repository
        raise not_found()

    def renamed_to(self, full_name: str) -> Repository | None:
        """Where a repository is that had this name once."""
        known = self._renamed.get(full_name.lower())
        return None if known is None else self._repositories[known]

    def issue(self, repository: Repository, number: int, *, base: str = "", method: str = "GET") -> Issue:
        """Raises GitHub's 301 (307 for a write) for a transferred one, 410 for a deleted one, 404 else."""
        if number in repository.moved:
            place, there = repository.moved[number]
            raise moved(f"{base}/repositories/{place}/issues/{there}", method)
        if number in repository.deleted:
            raise gone()
        found = repository.issues.get(number)
        if found is None:
            raise not_found()
        return found

    def milestone(self, repository: Repository, title: str) -> Milestone:
        for milestone in repository.milestones.values():
            if milestone.title == title:
                return milestone
        raise ValueError(f"no milestone {title!r} in {repository.full_name}")

    @property
    def people(self) -> Iterable[User]:
        return self._people.values()

    def person(self, login: str) -> User:
        if login not in self._people:
            raise invalid("Issue", "assignees", value=login)
        return self._people[login]

    # Changing

    def create(self, repository: Repository, fields: Json, *, actor: User) -> Issue:
        now = self._now()
        issue = Issue(
            id=next(self._ids),
            number=self._number(repository),
            title=fields["title"],
            body=fields.get("body"),
            author=actor,
            created_at=now,
            updated_at=now,
        )
        self._put(repository, issue, fields)
        repository.issues[issue.number] = issue
        self._tell("issues", "opened", repository, {"issue": issue, "sender": actor})
        for label in issue.labels:
            self._happened(repository, issue, "labeled", actor, label=label)
        return issue

    def update(self, repository: Repository, issue: Issue, fields: Json, *, actor: User) -> None:
        """Apply the keys of a PATCH, each with its own event."""
        before = (issue.title, issue.body, issue.state, list(issue.labels), issue.milestone, list(issue.assignees))
        self._put(repository, issue, fields)
        self._stamp(issue)
        title, body, state, labels, milestone, assignees = before
        if (title, body) != (issue.title, issue.body):
            self._edited(repository, issue, title, body, actor)
        if state != issue.state:
            self._happened(repository, issue, "closed" if issue.state == "closed" else "reopened", actor)
        for label in issue.labels:
            if label not in labels:
                self._happened(repository, issue, "labeled", actor, label=label)
        for label in labels:
            if label not in issue.labels:
                self._happened(repository, issue, "unlabeled", actor, label=label)
        if milestone is not issue.milestone:
            self._milestoned(repository, issue, milestone, actor)
        for user in issue.assignees:
            if user not in assignees:
                self._happened(repository, issue, "assigned", actor, assignee=user)
        for user in assignees:
            if user not in issue.assignees:
                self._happened(repository, issue, "unassigned", actor, assignee=user)

    def comment(self, repository: Repository, issue: Issue, body: str, *, actor: User) -> Comment:
        now = self._now()
        comment = Comment(next(self._ids), body, actor, now, now)
        issue.comments.append(comment)
        self._stamp(issue)
        self._tell("issue_comment", "created", repository, {"issue": issue, "comment": comment, "sender": actor})
        return comment

    def delete(self, repository: Repository, number: int, *, actor: User) -> None:
        issue = self.issue(repository, number)
        del repository.issues[number]
        repository.deleted.add(number)
        self._tell("issues", "deleted", repository, {"issue": issue, "sender": actor})

    def transfer(self, repository: Repository, number: int, target: Repository, *, actor: User) -> Issue:
        """A new issue in the other repository; labels and milestone go along where the target has the same."""
        old = self.issue(repository, number)
        new = Issue(
            id=next(self._ids),
            number=self._number(target),
            title=old.title,
            body=old.body,
            author=old.author,
            created_at=old.created_at,
            updated_at=self._now(),
            state=old.state,
            state_reason=old.state_reason,
            closed_at=old.closed_at,
            labels=[target.labels[label.name] for label in old.labels if label.name in target.labels],
            assignees=list(old.assignees),
            milestone=next((m for m in target.milestones.values() if m.title == _title(old.milestone)), None),
            comments=list(old.comments),
            events=list(old.events),
        )
        target.issues[new.number] = new
        del repository.issues[number]
        repository.moved[number] = (target.id, new.number)
        new.events.append(Event(next(self._ids), "transferred", actor, new.updated_at))
        changes = {"new_issue": new, "new_repository": target}
        self._tell("issues", "transferred", repository, {"issue": old, "sender": actor, "changes": changes})
        return new

    def rename_repository(self, repository: Repository, name: str, *, actor: User) -> None:
        before = repository.name
        self._renamed[repository.full_name.lower()] = repository.id
        repository.name = name
        changes = {"repository": {"name": {"from": before}}}
        self._tell("repository", "renamed", repository, {"sender": actor, "changes": changes})

    def rename_label(self, repository: Repository, name: str, to: str, *, actor: User) -> None:
        """It is another name of the same label; no issue that has it counts as updated."""
        label = self._named_label(repository, name)
        del repository.labels[label.name]
        label.name = to
        repository.labels[to] = label
        self._tell(
            "label", "edited", repository, {"label": label, "sender": actor, "changes": {"name": {"from": name}}}
        )

    def delete_label(self, repository: Repository, name: str, *, actor: User) -> None:
        """It is taken off every issue, none of which counts as updated."""
        label = self._named_label(repository, name)
        del repository.labels[label.name]
        for issue in repository.issues.values():
            issue.labels = [each for each in issue.labels if each is not label]
        self._tell("label", "deleted", repository, {"label": label, "sender": actor})

    def add_milestone(self, repository: Repository, title: str, due_on: datetime | None) -> Milestone:
        now, number = self._now(), len(repository.milestones) + 1
        milestone = Milestone(next(self._ids), number, title, now, now, due_on=due_on)
        repository.milestones[number] = milestone
        return milestone

    def change_milestone(
        self, repository: Repository, milestone: Milestone, *, actor: User, due_on: datetime | None, state: str
    ) -> None:
        before = (milestone.due_on, milestone.state)
        milestone.due_on, milestone.state, milestone.updated_at = due_on, state, self._now()
        milestone.closed_at = self._now() if state == "closed" else None
        concerned: Json = {"milestone": milestone, "sender": actor}
        if before[0] != due_on:
            changes = {"due_on": {"from": before[0] and before[0].strftime("%Y-%m-%dT%H:%M:%SZ")}}
            self._tell("milestone", "edited", repository, {**concerned, "changes": changes})
        if before[1] != state:
            self._tell("milestone", "closed" if state == "closed" else "opened", repository, concerned)

    def publish(
        self, repository: Repository, tag: str, *, name: str, body: str, prerelease: bool, actor: User
    ) -> Release:
        """A release at once; GitHub tells of it three times."""
        now = self._now()
        release = Release(next(self._ids), tag, name or tag, body, actor, now, now, prerelease)
        repository.releases.append(release)
        for action in ("created", "published", "prereleased" if prerelease else "released"):
            self._tell("release", action, repository, {"release": release, "sender": actor})
        return release

    # Inside

    def _put(self, repository: Repository, issue: Issue, fields: Json) -> None:
        """Write checked keys onto the issue. Labels that are not there yet are made, as GitHub does."""
        issue.title = fields.get("title") or issue.title
        issue.body = fields.get("body", issue.body)
        if "labels" in fields:
            names = [name if isinstance(name, str) else name["name"] for name in fields["labels"] or []]
            issue.labels = [self._label(repository, name) for name in dict.fromkeys(names)]
        if "milestone" in fields:
            issue.milestone = self._numbered(repository, fields["milestone"])
        if "assignees" in fields:
            # Who does not belong to the repository is left out without a word, as GitHub does.
            people = [self.person(login) for login in fields["assignees"] or []]
            issue.assignees = [person for person in people if person.inside]
        if "type" in fields:
            issue.type = fields["type"] or ""
        if fields.get("state", issue.state) != issue.state:
            issue.state = fields["state"]
            issue.closed_at = self._now() if issue.state == "closed" else None
            issue.state_reason = "completed" if issue.state == "closed" else "reopened"
        if fields.get("state_reason"):
            issue.state_reason = fields["state_reason"]

    def _numbered(self, repository: Repository, number: int | None) -> Milestone | None:
        if number is None:
            return None
        if number not in repository.milestones:
            raise invalid("Issue", "milestone", value=number)
        return repository.milestones[number]

    def _named_label(self, repository: Repository, name: str) -> Label:
        found = next((label for label in repository.labels.values() if label.name.lower() == name.lower()), None)
        if found is None:
            raise ValueError(f"no label {name!r} in {repository.full_name}")
        return found

    def _label(self, repository: Repository, name: str) -> Label:
        for label in repository.labels.values():
            if label.name.lower() == name.lower():
                return label
        label = repository.labels[name] = Label(next(self._ids), name)
        return label

    def _edited(self, repository: Repository, issue: Issue, title: str, body: str | None, actor: User) -> None:
        changes: dict[str, Any] = {}
        if title != issue.title:
            changes["title"] = {"from": title}
            rename = {"rename": {"from": title, "to": issue.title}}
            issue.events.append(Event(next(self._ids), "renamed", actor, self._now(), rename))
        if body != issue.body:
            changes["body"] = {"from": body or ""}
        self._tell("issues", "edited", repository, {"issue": issue, "sender": actor, "changes": changes})

    def _milestoned(self, repository: Repository, issue: Issue, before: Milestone | None, actor: User) -> None:
        if before is not None:
            self._happened(repository, issue, "demilestoned", actor, milestone=before)
        if issue.milestone is not None:
            self._happened(repository, issue, "milestoned", actor, milestone=issue.milestone)

    def _happened(self, repository: Repository, issue: Issue, event: str, actor: User, **more: Any) -> None:
        issue.events.append(Event(next(self._ids), event, actor, self._now(), _in_timeline(more)))
        self._tell("issues", event, repository, {"issue": issue, "sender": actor, **more})

    def _tell(self, event: str, action: str, repository: Repository, concerned: Json) -> None:
        for listener in self.listeners:
            listener(event, action, repository, concerned)

    def _stamp(self, issue: Issue) -> None:
        issue.updated_at = self._now()

    def _now(self) -> datetime:
        return self._clock().replace(microsecond=0)

    def _number(self, repository: Repository) -> int:
        repository.last_number += 1
        return repository.last_number


def _title(milestone: Milestone | None) -> str:
    return "" if milestone is None else milestone.title


def _in_timeline(concerned: dict[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if "label" in concerned:
        written["label"] = {"name": concerned["label"].name, "color": concerned["label"].color}
    if "milestone" in concerned:
        written["milestone"] = {"title": concerned["milestone"].title}
    if "assignee" in concerned:
        written["assignee"] = {"login": concerned["assignee"].login, "id": concerned["assignee"].id}
    return written


def sorted_issues(issues: Sequence[Issue], *, sort: str, descending: bool) -> list[Issue]:
    """By created, updated or comments; ties by number in the same direction."""
    keys: dict[str, Callable[[Issue], Any]] = {
        "created": lambda issue: (issue.created_at, issue.number),
        "updated": lambda issue: (issue.updated_at, issue.number),
        "comments": lambda issue: (len(issue.comments), issue.number),
    }
    return sorted(issues, key=keys[sort], reverse=descending)
