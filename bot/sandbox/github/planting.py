"""Repositories from their seeds."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.sandbox.github.records import Comment, Issue, Label, Milestone, Release, Repository, User
from bot.sandbox.github.seed import BOT, SeedIssue, SeedMilestone, SeedRelease, SeedRepository

FIRST_ID = 550_001


def planted(
    written: SeedRepository, *, number: int, people: Mapping[str, User], ids: Iterator[int], now: datetime
) -> Repository:
    """The repository as it is at `now`; issues have the numbers of their order, from 1."""
    owner, _, name = written.full_name.partition("/")
    repository = Repository(FIRST_ID + number, owner, name)
    named = {label for issue in written.issues for label in issue.labels}
    for label in (*written.labels, *sorted(named - set(written.labels))):
        repository.labels[label] = Label(next(ids), label, description=written.labels.get(label, ""))
    for count, each in enumerate(written.milestones, 1):
        repository.milestones[count] = _milestone(each, count, next(ids), now)
    titled = {milestone.title: milestone for milestone in repository.milestones.values()}
    for count, issue in enumerate(written.issues, 1):
        labels = [repository.labels[name] for name in issue.labels]
        repository.issues[count] = _issue(issue, count, labels, titled.get(issue.milestone), people, ids, now)
    repository.last_number = len(written.issues)
    repository.releases = [_release(release, next(ids), now) for release in written.releases]
    return repository


def _milestone(written: SeedMilestone, number: int, id_: int, now: datetime) -> Milestone:
    due = None if written.due_in_days is None else day(now + timedelta(days=written.due_in_days))
    state = "closed" if written.closed else "open"
    return Milestone(id_, number, written.title, now, now, due_on=due, state=state)


def _issue(
    written: SeedIssue,
    number: int,
    labels: list[Label],
    milestone: Milestone | None,
    people: Mapping[str, User],
    ids: Iterator[int],
    now: datetime,
) -> Issue:
    created = now - timedelta(days=written.days_ago)
    updated = max(created, now - timedelta(days=written.updated_days_ago))
    author, closed = people[written.author], written.state == "closed"
    return Issue(
        id=next(ids),
        number=number,
        title=written.title,
        body=written.body,
        author=author,
        created_at=created,
        updated_at=updated,
        state=written.state,
        state_reason="completed" if closed else None,
        closed_at=updated if closed else None,
        labels=labels,
        milestone=milestone,
        assignees=[people[written.assignee]] if written.assignee else [],
        comments=[Comment(next(ids), body, author, updated, updated) for body in written.comments],
        pull=written.pull,
    )


def _release(written: SeedRelease, id_: int, now: datetime) -> Release:
    at = None if written.days_ago is None else now - timedelta(days=written.days_ago)
    return Release(id_, written.tag, written.name, written.body, BOT, at or now, at, written.prerelease)


def day(at: datetime) -> datetime:
    """GitHub keeps due dates as days: their time is the start of the day in the Pacific zone, 08:00 UTC in winter."""
    return at.replace(hour=8, minute=0, second=0, microsecond=0)
