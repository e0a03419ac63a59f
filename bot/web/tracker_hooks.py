"""What GitHub and Jira call when an issue changes: the sync of that tracker is woken."""

from collections.abc import Callable, Mapping

from bot.loose_json import digits, mapping
from bot.web.hooks import HookBody, signed_with

_RELEASES = ("release", "milestone", "repository")

WakeSync = Callable[[str, str, bool], None]
"""Makes the sync of a tracker look at once: at one issue ("" for none by itself), and at releases where True."""


class _TrackerHook:
    """`trackers` are the names of configured trackers by what the sender calls their repository or project."""

    signature_header: str
    delivery_header: str

    def __init__(self, *, secret: str, trackers: Mapping[str, str], wake: WakeSync) -> None:
        self._secret = secret
        self._trackers = {name.casefold(): tracker for name, tracker in trackers.items()}
        self._wake = wake

    def signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        return signed_with(self._secret, body, headers.get(self.signature_header, ""))

    def delivery(self, headers: Mapping[str, str]) -> str:
        return headers.get(self.delivery_header, "")[:100]


class GitHubHook(_TrackerHook):
    """Its trackers go by "owner/repository".

    https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    """

    path = "/hooks/github"
    form_field = "payload"  # GitHub's default content type
    signature_header, delivery_header = "X-Hub-Signature-256", "X-GitHub-Delivery"

    def heard(self, headers: Mapping[str, str], body: HookBody) -> None:
        event = headers.get("X-GitHub-Event", "")
        if event == "ping":
            return
        repository = mapping(body.get("repository")).get("full_name")
        named = self._trackers.get(str(repository).casefold())
        # A repository that is being renamed is not called what it is configured as.
        names = [named] if named else self._trackers.values() if event == "repository" else ()
        for tracker in names:
            self._wake(tracker, digits(mapping(body.get("issue")).get("id")), event in _RELEASES)


class JiraHook(_TrackerHook):
    """Its trackers go by the key of their project.

    https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks
    """

    path = "/hooks/jira"
    form_field = ""
    signature_header, delivery_header = "X-Hub-Signature", "X-Atlassian-Webhook-Identifier"

    def heard(self, headers: Mapping[str, str], body: HookBody) -> None:
        """A version says no more of its project than a number, and a moved issue is in another one: all are woken."""
        issue, versions = mapping(body.get("issue")), str(body.get("webhookEvent")).startswith("jira:version_")
        named = self._trackers.get(str(issue.get("key")).rpartition("-")[0].casefold())
        for tracker in [named] if named else self._trackers.values():
            self._wake(tracker, digits(issue.get("id")), versions)
