"""The trackers that are configured, the loops that read them, and whose webhooks wake these."""

from collections.abc import Sequence

import aiohttp

from bot.app.web import tracker_hooks
from bot.clock import Clock
from bot.known_issues.github import GitHubTracker
from bot.known_issues.jira import JiraTracker
from bot.known_issues.jira_wire import DECLINED
from bot.known_issues.model import Priority
from bot.known_issues.service import KnownIssueService
from bot.known_issues.sync import Sync, Syncs
from bot.known_issues.tracker import Tracker
from bot.settings import Settings
from bot.settings.trackers import TrackerSettings
from bot.web.hooks import Hook


def build_trackers(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> tuple[Tracker, ...]:
    """Every configured project, in the order of the file."""
    kinds = {"github": _github, "jira": _jira}
    return tuple(
        kinds[wanted.kind](name, wanted, settings, session, clock) for name, wanted in settings.trackers.items()
    )


def build_syncs(settings: Settings, trackers: Sequence[Tracker], known: KnownIssueService, clock: Clock) -> Syncs:
    """`known` must be followed by the rooms above already: a sync tells them what changed."""
    return Syncs(
        [
            Sync(tracker=each, intake=known, clock=clock, refresh_s=settings.trackers[each.name].refresh_s)
            for each in trackers
        ]
    )


def build_hooks(settings: Settings, syncs: Syncs) -> list[Hook]:
    named = settings.trackers.items()
    return tracker_hooks(
        settings,
        repositories={wanted.repository: name for name, wanted in named if wanted.kind == "github"},
        projects={wanted.project: name for name, wanted in named if wanted.kind == "jira"},
        poke=syncs.poke,
    )


def _github(
    name: str, wanted: TrackerSettings, settings: Settings, session: aiohttp.ClientSession, clock: Clock
) -> Tracker:
    return GitHubTracker(
        name=name,
        repository=wanted.repository,
        session=session,
        url=settings.github.api_url,
        token=settings.github.token.get_secret_value(),
        clock=clock,
        in_progress_labels=wanted.in_progress_labels,
        priority_labels=_priority_names(wanted),
    )


def _jira(
    name: str, wanted: TrackerSettings, settings: Settings, session: aiohttp.ClientSession, clock: Clock
) -> Tracker:
    fields = (*wanted.symptom_fields, *wanted.workaround_fields, *wanted.eta_fields)
    return JiraTracker(
        name=name,
        project=wanted.project,
        session=session,
        url=settings.jira.url,
        email=settings.jira.email,
        token=settings.jira.token.get_secret_value(),
        clock=clock,
        issue_type=wanted.issue_type,
        custom_fields=tuple(dict.fromkeys(fields)),
        declined=wanted.declined or DECLINED,
        priority_names=_priority_names(wanted),
    )


def _priority_names(wanted: TrackerSettings) -> dict[Priority, str]:
    return {Priority(level): name for level, name in wanted.priority_names.items()}
