"""What development does with what the bot handed to it."""

import re
from datetime import datetime

from bot.sandbox.github import seed as github_seed
from bot.sandbox.github.records import Issue, Repository
from bot.sandbox.github.server import GithubSandbox
from bot.sandbox.jira import seed as jira_seed
from bot.sandbox.jira.records import Issue as JiraIssue
from bot.sandbox.jira.server import JiraSandbox

_VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)$")


class Development:
    """The issues that the bot made, in GitHub and in Jira, and their releases."""

    def __init__(self, *, github: GithubSandbox, jira: JiraSandbox) -> None:
        self._github = github
        self._jira = jira

    def waiting(self) -> str:
        """The key of the newest open issue that the bot made, "" for none."""
        newest = self._newest()
        return newest[1] if newest else ""

    def release(self) -> str:
        """Close that issue and publish the version with its fix; says what is out. ValueError where there is none."""
        newest = self._newest()
        if newest is None:
            raise ValueError("Development has nothing from you yet. Send an investigation to Tier 3 first.")
        made, key = newest
        if isinstance(made, JiraIssue):
            return f"{self._release_in_jira(made)} is out, with the fix of {key}."
        repository, issue = made
        tag = _next_tag(repository)
        self._github.close_issue(issue.number, repository=repository.full_name)
        notes = f"- Fixes #{issue.number} ({issue.title})"
        self._github.publish_release(tag, tag.removeprefix("v"), notes, repository=repository.full_name)
        return f"{tag} is out, with the fix of {key}."

    def _newest(self) -> tuple[tuple[Repository, Issue] | JiraIssue, str] | None:
        """Of the open issues that the bot made or wrote to, the one that it did last; with its key."""
        found: list[tuple[datetime, tuple[Repository, Issue] | JiraIssue, str]] = []
        for repository in self._github.forge.repositories():
            for issue in repository.issues.values():
                made_at = [issue.created_at] if issue.author == github_seed.BOT else []
                times = [*made_at, *(one.created_at for one in issue.comments if one.author == github_seed.BOT)]
                if times and issue.state == "open":
                    found.append((max(times), (repository, issue), f"{repository.name}#{issue.number}"))
        for made in self._jira.site:
            reported = [made.created] if made.reporter == jira_seed.BOT else []
            times = [*reported, *(one.created for one in made.comments if one.author == jira_seed.BOT)]
            if times and made.status.category != "done":
                found.append((max(times), made, made.key))
        newest = max(found, key=lambda each: each[0], default=None)
        return newest[1:] if newest else None

    def _release_in_jira(self, issue: JiraIssue) -> str:
        """In the version that it is planned for, else the project's next one; gives the version's name."""
        project = issue.project.key
        planned = issue.fix_versions or [one for one in issue.project.versions.values() if not one.released]
        name = planned[0].name if planned else "next"
        if not planned:
            self._jira.add_version(name, project=project)
        self._jira.set_fix_version(issue.key, name)
        self._jira.close_issue(issue.key)
        self._jira.release_version(name, project=project)
        return f"Version {name}"


def _next_tag(repository: Repository) -> str:
    """One after the newest version that is out; a draft and a version for testers are not."""
    out = [release.tag for release in repository.releases if not release.draft]
    versions = [tuple(map(int, match.groups())) for tag in out if (match := _VERSION.fullmatch(tag))]
    major, minor, patch = max(versions, default=(1, 0, -1))
    return f"v{major}.{minor}.{patch + 1}"
