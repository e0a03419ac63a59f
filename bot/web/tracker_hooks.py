"""What GitHub and Jira call when an issue changes: the sync of that tracker is woken."""

from collections.abc import Callable, Mapping

from bot.loose_json import digits, mapping
from bot.web.hooks import HookBody, signed_with

_RELEASES = ("release", "milestone", "repository")

Poke = Callable[[str, str, bool], None]
"""Makes the sync of a tracker look at once: at one issue ("" for none by itself), and at releases where True."""


class GitHubHook:
    """`trackers` are the names of configured trackers by "owner/repository".

    https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    """

    path = "/hooks/github"
    form_field = "payload"  # GitHub's default content type

    def __init__(self, *, secret: str, trackers: Mapping[str, str], poke: Poke) -> None:
        self._secret = secret
        self._trackers = {repository.casefold(): name for repository, name in trackers.items()}
        self._poke = poke

    def signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        return signed_with(self._secret, body, headers.get("X-Hub-Signature-256", ""))

    def delivery(self, headers: Mapping[str, str]) -> str:
        return headers.get("X-GitHub-Delivery", "")[:100]

    def heard(self, headers: Mapping[str, str], body: HookBody) -> None:
        event = headers.get("X-GitHub-Event", "")
        if event == "ping":
            return
        repository = mapping(body.get("repository")).get("full_name")
        named = self._trackers.get(str(repository).casefold())
        # A repository that is being renamed is not called what it is configured as.
        names = [named] if named else self._trackers.values() if event == "repository" else ()
        for tracker in names:
            self._poke(tracker, digits(mapping(body.get("issue")).get("id")), event in _RELEASES)


class JiraHook:
    """`trackers` are the names of configured trackers by the key of their project.

    https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks
    """

    path = "/hooks/jira"
    form_field = ""

    def __init__(self, *, secret: str, trackers: Mapping[str, str], poke: Poke) -> None:
        self._secret = secret
        self._trackers = {project.casefold(): name for project, name in trackers.items()}
        self._poke = poke

    def signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        return signed_with(self._secret, body, headers.get("X-Hub-Signature", ""))

    def delivery(self, headers: Mapping[str, str]) -> str:
        return headers.get("X-Atlassian-Webhook-Identifier", "")[:100]

    def heard(self, headers: Mapping[str, str], body: HookBody) -> None:
        """A version says no more of its project than a number, and a moved issue is in another one: all are woken."""
        issue, versions = mapping(body.get("issue")), str(body.get("webhookEvent")).startswith("jira:version_")
        named = self._trackers.get(str(issue.get("key")).rpartition("-")[0].casefold())
        for tracker in [named] if named else self._trackers.values():
            self._poke(tracker, digits(issue.get("id")), versions)
