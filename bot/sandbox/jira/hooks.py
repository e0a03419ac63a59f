"""Jira's webhooks as an administrator sets them up: signed by X-Hub-Signature, repeated when they fail."""

from bot.clock import Clock
from bot.sandbox.jira.records import Issue, User, Version
from bot.sandbox.jira.site import Change, JiraSite
from bot.sandbox.jira.wire import API, hook_fields, user_json, version_json
from bot.sandbox.rest.answers import Json
from bot.sandbox.rest.deliveries import Deliveries, Hook, encoded, signature

ATTEMPTS_MAX = 6
"""Jira Cloud tries a failed webhook again up to five times, after minutes; here after moments."""
_EVENT_TYPES = {"jira:issue_created": "issue_created", "jira:issue_deleted": "issue_deleted"}


class Hooks:
    def __init__(self, *, site: JiraSite, clock: Clock, deliveries: Deliveries) -> None:
        self._site = site
        self._clock = clock
        self.deliveries = deliveries
        self.hook = Hook()
        self.base = ""

    def configure(self, url: str, secret: str) -> None:
        self.hook = Hook(url, secret)

    def tell(self, event: str, concerned: Issue | Version, actor: User, changes: list[Change]) -> None:
        if not self.hook.url:
            return
        payload: Json = {"timestamp": int(self._clock().timestamp() * 1000), "webhookEvent": event}
        if isinstance(concerned, Version):
            payload["version"] = version_json(concerned, self._site.project_of(concerned), base=self.base)
        else:
            payload |= self._issue(event, concerned, actor, changes)
        body = encoded(payload)
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": "Atlassian Webhook HTTP Client",
            "X-Atlassian-Webhook-Identifier": "{id}",
            "X-Atlassian-Webhook-Retry": "{retry}",
        }
        if self.hook.secret:
            headers["X-Hub-Signature"] = signature(self.hook.secret, body)
        self.deliveries.send(self.hook.url, body, headers)

    def _issue(self, event: str, issue: Issue, actor: User, changes: list[Change]) -> Json:
        fields = hook_fields(issue, base=self.base, zone=actor.zone)
        found: Json = {
            "user": user_json(actor, base=self.base),
            "issue": {"id": issue.id, "self": f"{self.base}{API}/issue/{issue.id}", "key": issue.key, "fields": fields},
        }
        if event.startswith("jira:"):
            found["issue_event_type_name"] = _EVENT_TYPES.get(event, "issue_generic")
        if changes:
            items = [
                {"field": field, "fieldtype": "jira", "fieldId": field, "fromString": before, "toString": after}
                for field, before, after in changes
            ]
            found["changelog"] = {"id": str(len(self.deliveries.kept) + 1), "items": items}
        return found
