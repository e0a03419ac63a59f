"""The Jira project of the sandbox's VPN company on the morning of its trouble with U.S. East."""

from importlib import resources

from bot.sandbox.jira.seed import Seed, SeedIssue, SeedProject, SeedVersion
from bot.sandbox.rest.texts import Entry, entries

PROJECT = "VPN"
COMPONENTS = ("Gateways", "Billing", "Android", "iOS", "Windows", "macOS", "Website")
VERSIONS = (
    SeedVersion("8.4.0", -12, released=True),
    SeedVersion("8.4.1", 2),
    SeedVersion("8.5.0", 24),
    SeedVersion("gateway 26.11", 1),
    SeedVersion("billing 2026-12", 13),
    SeedVersion("Later"),
)


def morning(*, search_lag_s: float = 3.0) -> Seed:
    text = (resources.files("bot.sandbox.jira") / "data" / "issues.md").read_text("utf-8")
    issues = tuple(_issue(entry) for entry in entries(text))
    vpn = SeedProject(PROJECT, "Harbor VPN", issues, VERSIONS, COMPONENTS)
    return Seed(projects=(vpn, SeedProject("OPS", "Operations")), search_lag_s=search_lag_s)


def _issue(entry: Entry) -> SeedIssue:
    return SeedIssue(
        summary=entry.title,
        description=entry.body,
        days_ago=entry.number("days", 1),
        updated_days_ago=entry.number("changed", 0.5),
        type=entry.values.get("type", "Bug"),
        status=entry.values.get("status", "To Do"),
        priority=entry.values.get("priority", "Medium"),
        labels=entry.listed("labels"),
        components=entry.listed("components"),
        fix_version=entry.values.get("version", ""),
        due_in_days=int(entry.values["due"]) if "due" in entry.values else None,
        assignee=entry.values.get("assignee", ""),
        symptoms=entry.values.get("symptoms", ""),
        workaround=entry.values.get("workaround", ""),
        customer_facing=True if entry.values.get("customer") == "yes" else None,
    )
