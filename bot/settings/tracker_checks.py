"""What of trackers no single value can tell: what a kind needs, targets and teams that must exist."""

from collections.abc import Iterator, Set

from bot.settings.problems import Problem, listed, nearest, shown
from bot.settings.shape import Settings
from bot.settings.trackers import TrackerSettings


def trackers_checked(settings: Settings, targets: Set[str], teams: Set[str]) -> Iterator[Problem]:
    """All that is wrong with the tables of trackers and known issues."""
    for key, tracker in settings.trackers.items():
        yield from _address(key, tracker)
        yield from _components(key, tracker, targets)
    yield from _credentials(settings)
    for team, lead in settings.known_issues.leads.items():
        if team not in teams:
            guess = nearest(team, teams)
            yield Problem(f"known_issues.leads.{team}", f"Allowed: teams ({listed(sorted(teams))})", shown(lead), guess)


def _address(key: str, tracker: TrackerSettings) -> Iterator[Problem]:
    needed, other = ("repository", "project") if tracker.kind == "github" else ("project", "repository")
    example = '"acme/app"' if needed == "repository" else '"VPN"'
    if not getattr(tracker, needed):
        yield Problem(f"trackers.{key}.{needed}", f"A tracker of the kind {tracker.kind} needs it, such as {example}")
    if getattr(tracker, other):
        advice = f"A tracker of the kind {tracker.kind} has none: it has a {needed}"
        yield Problem(f"trackers.{key}.{other}", advice, shown(getattr(tracker, other)))


def _components(key: str, tracker: TrackerSettings, targets: Set[str]) -> Iterator[Problem]:
    for name, target in tracker.components.items():
        if target not in targets:
            place, known = f"trackers.{key}.components.{shown(name)}", sorted(targets)
            yield Problem(place, f"Allowed: targets ({listed(known)})", shown(target), nearest(target, known))


def _credentials(settings: Settings) -> Iterator[Problem]:
    """A tracker whose login is missing would fail with every question."""
    kinds, jira = {tracker.kind for tracker in settings.trackers.values()}, settings.jira
    wanted = [("github", "GITHUB_TOKEN", settings.github.token.get_secret_value(), "a token that may read issues")]
    wanted += [("jira", "JIRA_URL", jira.url, "Jira's address such as https://example.atlassian.net")]
    wanted += [("jira", "JIRA_EMAIL", jira.email, "the account of the API token")]
    wanted += [("jira", "JIRA_TOKEN", jira.token.get_secret_value(), "an API token of that account")]
    for kind, variable, value, what in wanted:
        if kind in kinds and not value:
            yield Problem(variable, f"It is not set in the environment. Needed: {what}")
