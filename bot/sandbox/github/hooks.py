"""GitHub's webhooks: what a change is told as (docs.github.com/webhooks/webhook-events-and-payloads)."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.github.records import Issue, Repository
from bot.sandbox.github.seed import BOT
from bot.sandbox.github.wire import (
    comment_json,
    issue_json,
    label_json,
    milestone_json,
    release_json,
    repository_json,
    user_json,
)
from bot.sandbox.rest.answers import Json
from bot.sandbox.rest.deliveries import Deliveries, Hook, encoded, signature

HOOK_ID = 4_711


class Hooks:
    """One webhook for all repositories. GitHub does not repeat a failed delivery; a person may."""

    def __init__(self, *, deliveries: Deliveries) -> None:
        self.deliveries = deliveries
        self.hook = Hook()
        self.base = ""

    def configure(self, url: str, secret: str, *, form: bool = False) -> None:
        """Set where webhooks go; GitHub greets a new one with a ping."""
        self.hook = Hook(url, secret, form)
        self._send("ping", {"zen": "Keep it logically awesome.", "hook_id": HOOK_ID, "hook": {"id": HOOK_ID}})

    def tell(self, event: str, action: str, repository: Repository, concerned: Json) -> None:
        payload = {"action": action, **_written(concerned, repository, base=self.base)}
        payload["repository"] = repository_json(repository, base=self.base)
        payload["organization"] = {"login": repository.owner, "id": repository.id + 1}
        self._send(event, payload)

    def _send(self, event: str, payload: Json) -> None:
        if not self.hook.url:
            return
        payload.setdefault("sender", user_json(BOT, base=self.base))
        body = encoded(payload, form=self.hook.form)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded" if self.hook.form else "application/json",
            "User-Agent": "GitHub-Hookshot/044aadd",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": "{id}",
            "X-GitHub-Hook-ID": str(HOOK_ID),
            "X-GitHub-Hook-Installation-Target-Type": "repository",
        }
        if self.hook.secret:
            headers["X-Hub-Signature-256"] = signature(self.hook.secret, body)
        self.deliveries.send(self.hook.url, body, headers)


def _written(concerned: Json, repository: Repository, *, base: str) -> Json:
    issue = concerned.get("issue")
    writers: dict[str, Callable[[Any], Json | None]] = {
        "issue": lambda record: issue_json(record, repository, base=base),
        "label": lambda record: label_json(record, repository, base=base),
        "milestone": lambda record: milestone_json(record, repository, base=base),
        "assignee": lambda record: user_json(record, base=base),
        "sender": lambda record: user_json(record, base=base),
        "release": lambda record: release_json(record, repository, base=base),
        "comment": lambda record: comment_json(record, issue, repository, base=base) if issue else None,
        "changes": lambda changes: _changes(changes, base=base),
    }
    return {name: writers[name](record) for name, record in concerned.items()}


def _changes(changes: Json, *, base: str) -> Json:
    """Changes are JSON but for a transfer, which names the new issue and its repository."""
    new, place = changes.get("new_issue"), changes.get("new_repository")
    if isinstance(new, Issue) and isinstance(place, Repository):
        written = issue_json(new, place, base=base)
        return {"new_issue": written, "new_repository": repository_json(place, base=base)}
    return changes
