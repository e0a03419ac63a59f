"""Records as GitHub's JSON (docs.github.com/rest, version 2022-11-28)."""

import base64
from datetime import datetime

from bot.sandbox.github.records import Comment, Event, Issue, Label, Milestone, Release, Repository, User
from bot.sandbox.rest.answers import Json


def iso(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def node(kind: str, number: int) -> str:
    return f"{kind}_{base64.urlsafe_b64encode(str(number).encode()).decode().rstrip('=')}"


def user_json(user: User | None, *, base: str) -> Json | None:
    if user is None:
        return None
    return {
        "login": user.login,
        "id": user.id,
        "node_id": node("U", user.id),
        "avatar_url": "",
        "url": f"{base}/users/{user.login}",
        "html_url": f"{base}/{user.login}",
        "type": user.type,
        "site_admin": False,
    }


def label_json(label: Label, repository: Repository, *, base: str) -> Json:
    return {
        "id": label.id,
        "node_id": node("LA", label.id),
        "url": f"{base}/repos/{repository.full_name}/labels/{label.name}",
        "name": label.name,
        "color": label.color,
        "default": False,
        "description": label.description or None,
    }


def milestone_json(milestone: Milestone, repository: Repository, *, base: str) -> Json:
    own = [issue for issue in repository.issues.values() if issue.milestone is milestone]
    closed = sum(issue.state == "closed" for issue in own)
    return {
        "url": f"{base}/repos/{repository.full_name}/milestones/{milestone.number}",
        "html_url": f"{base}/{repository.full_name}/milestone/{milestone.number}",
        "id": milestone.id,
        "node_id": node("MI", milestone.id),
        "number": milestone.number,
        "title": milestone.title,
        "description": milestone.description or None,
        "creator": None,
        "open_issues": len(own) - closed,
        "closed_issues": closed,
        "state": milestone.state,
        "created_at": iso(milestone.created_at),
        "updated_at": iso(milestone.updated_at),
        "due_on": iso(milestone.due_on),
        "closed_at": iso(milestone.closed_at),
    }


def issue_json(issue: Issue, repository: Repository, *, base: str) -> Json:
    url = f"{base}/repos/{repository.full_name}/issues/{issue.number}"
    page = f"{base}/{repository.full_name}/{'pull' if issue.pull else 'issues'}/{issue.number}"
    assignees = [user_json(user, base=base) for user in issue.assignees]
    milestone = milestone_json(issue.milestone, repository, base=base) if issue.milestone else None
    written: Json = {
        "url": url,
        "repository_url": f"{base}/repos/{repository.full_name}",
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": page,
        "id": issue.id,
        "node_id": node("PR" if issue.pull else "I", issue.id),
        "number": issue.number,
        "title": issue.title,
        "user": user_json(issue.author, base=base),
        "labels": [label_json(label, repository, base=base) for label in issue.labels],
        "state": issue.state,
        "state_reason": issue.state_reason,
        "locked": False,
        "active_lock_reason": None,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": milestone,
        "comments": len(issue.comments),
        "created_at": iso(issue.created_at),
        "updated_at": iso(issue.updated_at),
        "closed_at": iso(issue.closed_at),
        "author_association": issue.author.association,
        "body": issue.body,
        "type": {"id": len(issue.type), "node_id": node("IT", len(issue.type)), "name": issue.type}
        if issue.type
        else None,
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": None,
    }
    if issue.pull:
        pull = f"{base}/repos/{repository.full_name}/pulls/{issue.number}"
        written["pull_request"] = {"url": pull, "html_url": page, "merged_at": iso(issue.closed_at)}
        written["draft"] = False
    return written


def comment_json(comment: Comment, issue: Issue, repository: Repository, *, base: str) -> Json:
    own = f"{base}/repos/{repository.full_name}/issues"
    page = f"{base}/{repository.full_name}/issues/{issue.number}"
    return {
        "id": comment.id,
        "node_id": node("IC", comment.id),
        "url": f"{own}/comments/{comment.id}",
        "html_url": f"{page}#issuecomment-{comment.id}",
        "issue_url": f"{own}/{issue.number}",
        "body": comment.body,
        "user": user_json(comment.author, base=base),
        "created_at": iso(comment.created_at),
        "updated_at": iso(comment.updated_at),
        "author_association": comment.author.association,
    }


def event_json(event: Event, issue: Issue, repository: Repository, *, base: str) -> Json:
    return {
        "id": event.id,
        "node_id": node("EV", event.id),
        "url": f"{base}/repos/{repository.full_name}/issues/events/{event.id}",
        "actor": user_json(event.actor, base=base),
        "event": event.event,
        "commit_id": None,
        "created_at": iso(event.created_at),
        **event.more,
    }


def release_json(release: Release, repository: Repository, *, base: str) -> Json:
    return {
        "url": f"{base}/repos/{repository.full_name}/releases/{release.id}",
        "html_url": f"{base}/{repository.full_name}/releases/tag/{release.tag}",
        "id": release.id,
        "node_id": node("RE", release.id),
        "tag_name": release.tag,
        "target_commitish": "main",
        "name": release.name,
        "draft": release.draft,
        "prerelease": release.prerelease,
        "created_at": iso(release.created_at),
        "published_at": iso(release.published_at),
        "author": user_json(release.author, base=base),
        "assets": [],
        "body": release.body,
    }


def repository_json(repository: Repository, *, base: str) -> Json:
    return {
        "id": repository.id,
        "node_id": node("R", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": True,
        "owner": {"login": repository.owner, "id": repository.id + 1, "type": "Organization"},
        "html_url": f"{base}/{repository.full_name}",
        "url": f"{base}/repos/{repository.full_name}",
        "has_issues": True,
        "archived": False,
        "default_branch": "main",
        "open_issues_count": sum(issue.state == "open" for issue in repository.issues.values()),
    }
