"""The repositories of the sandbox's VPN company on the morning of its trouble with U.S. East."""

from importlib import resources

from bot.sandbox.github.seed import Seed, SeedIssue, SeedMilestone, SeedRelease, SeedRepository
from bot.sandbox.rest.texts import Entry, entries

APP, INFRASTRUCTURE = "harbor-vpn/app", "harbor-vpn/infrastructure"
LABELS = {
    "bug": "Something does not work",
    "enhancement": "Something new",
    "P0": "Business halted",
    "P1": "Business impacted",
    "P2": "Standard",
    "P3": "Service request",
    "customer-facing": "Customers meet it",
    "found-by-qa": "Found before customers did",
    "pending": "Waits for a look by development",
    "hotfix": "Goes out as soon as it is fixed",
    "product-planning": "Is planned with the product",
    "feature-request": "Asked for by customers",
}
MILESTONES = (
    SeedMilestone("8.4.0", -12, closed=True),
    SeedMilestone("8.4.1", 2),
    SeedMilestone("8.5.0", 24),
    SeedMilestone("gateway 26.11", 1),
    SeedMilestone("billing 2026-10", -24, closed=True),
    SeedMilestone("billing 2026-12", 13),
    SeedMilestone("website 2026-11", 4),
    SeedMilestone("Later"),
)
RELEASES = (
    SeedRelease("v8.3.2", "8.3.2", "Smaller fixes.", 41),
    SeedRelease("v8.4.0-beta.1", "8.4.0 beta 1", "For testers.", 20, prerelease=True),
    SeedRelease(
        "v8.4.0", "8.4.0", "- Fixes #32 (menu bar icon)\n- Fixes #33 (tile)\n- New storage of saved servers", 12
    ),
    SeedRelease("v8.4.1", "8.4.1", "- Fixes #2\n- Fixes #9\n- Fixes #16", None),
)


def morning(*, search_lag_s: float = 20.0) -> Seed:
    """Some forty issues that development knows, two of them behind the morning's tickets."""
    text = (resources.files("bot.sandbox.github") / "data" / "issues.md").read_text("utf-8")
    issues = tuple(_issue(entry) for entry in entries(text))
    app = SeedRepository(APP, issues, MILESTONES, RELEASES, LABELS)
    other = SeedRepository(
        INFRASTRUCTURE, milestones=(SeedMilestone("gateway 26.11", 1),), labels={"bug": "", "P1": ""}
    )
    return Seed(repositories=(app, other), search_lag_s=search_lag_s)


def _issue(entry: Entry) -> SeedIssue:
    return SeedIssue(
        title=entry.title,
        body=entry.body or None,
        days_ago=entry.number("days", 1),
        updated_days_ago=entry.number("changed", 0.5),
        labels=entry.listed("labels"),
        milestone=entry.values.get("milestone", ""),
        assignee=entry.values.get("assignee", ""),
        author=entry.values.get("author", "mira-dev"),
        state=entry.values.get("state", "open"),
        comments=(entry.values["comment"],) if "comment" in entry.values else (),
        pull=entry.values.get("pull") == "yes",
    )
