"""The trackers that are configured, what keeps them in step, and the webhooks that wake it."""

import aiohttp

from bot.app.web import tracker_hooks
from bot.clock import Clock
from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.tracker import GitHubTracker
from bot.known_issues.jira.api import JiraApi
from bot.known_issues.jira.tracker import JiraTracker
from bot.known_issues.jira.wire import DECLINED
from bot.known_issues.model import Priority
from bot.known_issues.sync import Syncs
from bot.known_issues.tracker import Accounts, Tracker
from bot.settings import Settings
from bot.settings.trackers import TrackerSettings
from bot.web.hooks import Hook


def build_trackers(
    settings: Settings, session: aiohttp.ClientSession, clock: Clock, accounts: Accounts
) -> tuple[Tracker, ...]:
    """Every configured project, in the order of the file; `accounts` remembers as whom the bot has written."""
    projects = settings.trackers.items()
    return tuple(_tracker(settings, name, project, session, clock, accounts) for name, project in projects)


def build_hooks(settings: Settings, syncs: Syncs) -> list[Hook]:
    named = settings.trackers.items()
    repositories = {tracker.repository: name for name, tracker in named if tracker.kind == "github"}
    projects = {tracker.project: name for name, tracker in named if tracker.kind == "jira"}
    return tracker_hooks(settings, repositories=repositories, projects=projects, wake=syncs.poke)


def _tracker(
    settings: Settings,
    name: str,
    project: TrackerSettings,
    session: aiohttp.ClientSession,
    clock: Clock,
    accounts: Accounts,
) -> Tracker:
    priorities = {Priority(level): text for level, text in project.priority_names.items()}
    if project.kind == "github":
        return GitHubTracker(
            name=name,
            repository=project.repository,
            api=GitHubApi(
                session=session,
                url=settings.github.api_url,
                token=settings.github.token.get_secret_value(),
                clock=clock,
            ),
            clock=clock,
            in_progress_labels=project.in_progress_labels,
            priority_labels=priorities,
            accounts=accounts,
        )
    return JiraTracker(
        name=name,
        project=project.project,
        api=JiraApi(
            session=session,
            url=settings.jira.url,
            email=settings.jira.email,
            token=settings.jira.token.get_secret_value(),
            clock=clock,
        ),
        issue_type=project.issue_type,
        custom_fields=_fields(project),
        declined=project.declined or DECLINED,
        priority_names=priorities,
        accounts=accounts,
    )


def _fields(project: TrackerSettings) -> tuple[str, ...]:
    """Every field that the mapping reads; Jira is asked for those that it has."""
    marks = (*project.known_labels, *project.customer_facing_labels, *project.internal_labels)
    marks += (*project.found_by_qa_labels, *project.pending_labels)
    named = (mark.partition("=")[0].strip() for mark in marks if "=" in mark)
    fields = (*project.symptom_fields, *project.workaround_fields, *project.eta_fields, *project.priority_fields)
    return tuple(dict.fromkeys((*fields, *project.component_fields, *named)))
