"""The trackers and status sources of a run: served below one origin, and what a bot must know to use them."""

from collections.abc import Mapping

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.alertmanager.server import AlertmanagerSandbox
from bot.sandbox.github import seed as github
from bot.sandbox.github.seeds import morning as github_morning
from bot.sandbox.github.server import GithubSandbox
from bot.sandbox.jira import seed as jira
from bot.sandbox.jira.seeds import morning as jira_morning
from bot.sandbox.jira.server import JiraSandbox
from bot.sandbox.statuspage.seeds import GROUPS
from bot.sandbox.statuspage.server import StatuspageSandbox


class Outside:
    """GitHub, Jira, Statuspage and Alertmanager on the morning of the trouble with U.S. East."""

    def __init__(self, *, clock: Clock) -> None:
        self.github = GithubSandbox(clock=clock, seed=github_morning())
        self.jira = JiraSandbox(clock=clock, seed=jira_morning())
        self.statuspage = StatuspageSandbox(clock=clock, groups=GROUPS, morning=True)
        self.alertmanager = AlertmanagerSandbox(clock=clock, morning=True)

    def mount(self, app: web.Application) -> None:
        """Below /github, /jira, /statuspage and /alertmanager."""
        app.add_subapp("/github", self.github.routes())
        app.add_subapp("/jira", self.jira.routes())
        app.add_subapp("/statuspage", self.statuspage.routes())
        app.add_subapp("/alertmanager", self.alertmanager.routes())

    def send_webhooks_to(self, origin: str) -> None:
        """Every change in GitHub and Jira is told to the bot that listens there."""
        self.github.set_webhook(f"{origin}/hooks/github", github.WEBHOOK_SECRET)
        self.jira.set_webhook(f"{origin}/hooks/jira", jira.WEBHOOK_SECRET)


def tracker_environment(origin: str) -> Mapping[str, str]:
    """The variables of a bot that uses the trackers mounted below `origin`."""
    return {
        "GITHUB_API_URL": f"{origin}/github",
        "GITHUB_TOKEN": github.TOKEN,
        "GITHUB_WEBHOOK_SECRET": github.WEBHOOK_SECRET,
        "JIRA_URL": f"{origin}/jira",
        "JIRA_EMAIL": jira.EMAIL,
        "JIRA_TOKEN": jira.TOKEN,
        "JIRA_WEBHOOK_SECRET": jira.WEBHOOK_SECRET,
    }
