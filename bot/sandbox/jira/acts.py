"""What a test, a story or a person does to the Jira from outside its API, as developers would."""

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.sandbox.jira import workflow
from bot.sandbox.jira.access import Access
from bot.sandbox.jira.adf import document
from bot.sandbox.jira.hooks import Hooks
from bot.sandbox.jira.paging import ASTRAY, LAST_WITH_TOKEN, MAX_IDS, Paging
from bot.sandbox.jira.records import Adf
from bot.sandbox.jira.seed import EMAIL
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.rest.answers import Json

PROJECT = "VPN"
_DEVELOPER = "Mira Novak"


class Acts:
    """Every public act is also `POST /control/<its name>`. Texts are simple Markdown, or a document as Jira keeps
    it; `who` is a user's name.

    Dates are YYYY-MM-DD or "" for none. ValueError says what there is not; Jira's own refusals come as Refused.
    """

    def __init__(self, *, site: JiraSite, access: Access, hooks: Hooks, paging: Paging) -> None:
        self.site = site
        self.access = access
        self.hooks = hooks
        self.paging = paging

    def acts(self) -> list[Callable[..., Any]]:
        return [
            self.set_webhook,
            self.redeliver,
            self.deliveries,
            self.open_issue,
            self.edit_issue,
            self.close_issue,
            self.reopen_issue,
            self.set_status,
            self.assign,
            self.label,
            self.comment,
            self.set_due_date,
            self.set_fix_version,
            self.set_components,
            self.set_field,
            self.add_version,
            self.move_version,
            self.add_component,
            self.rename_component,
            self.release_version,
            self.move_issue,
            self.delete_issue,
            self.revoke,
            self.shorten_pages,
            self.lead_astray,
        ]

    def set_webhook(self, url: str, secret: str = "") -> None:
        """Send webhooks there; "" ends them."""
        self.hooks.configure(url, secret)

    def redeliver(self, delivery: str) -> None:
        self.hooks.deliveries.again(delivery)

    def deliveries(self) -> list[Json]:
        """What was sent, oldest first. `outcome` is an HTTP status, a failure, or "" while it waits."""
        return [{"id": one.id, "attempts": one.attempts, "outcome": one.outcome} for one in self.hooks.deliveries.kept]

    def open_issue(
        self,
        summary: str,
        description: str = "",
        priority: str = "Medium",
        labels: list[str] | None = None,
        fix_version: str = "",
        who: str = _DEVELOPER,
        project: str = PROJECT,
    ) -> str:
        """A developer opens an issue; gives its key."""
        user = self.site.person(who)
        issue = self.site.create(self.site.projects[project], summary, type=workflow.TYPES[0], reporter=user)
        versions = [self.site.version(project, fix_version)] if fix_version else []
        values = {
            "description": document(description) if description else None,
            "priority": workflow.named(workflow.PRIORITIES, priority) or issue.priority,
            "labels": list(labels or []),
            "fix_versions": versions,
        }
        self.site.put(issue, values, user, tell=False)
        self.site.tell_created(issue, user)
        return issue.key

    def edit_issue(
        self, key: str, summary: str | None = None, description: str | Adf | None = None, who: str = _DEVELOPER
    ) -> None:
        values: dict[str, Any] = {} if summary is None else {"summary": summary}
        if description is not None:
            values["description"] = _document(description)
        self._put(key, values, who)

    def close_issue(self, key: str, resolution: str = "Done", who: str = _DEVELOPER) -> None:
        """`resolution` is one of `workflow.RESOLUTIONS`; its version says whether a fix is out."""
        reason = workflow.named(workflow.RESOLUTIONS, resolution)
        if reason is None:
            raise ValueError(f"no resolution {resolution!r}")
        done = workflow.status_named("Done")
        self.site.move_to(self.site.issue(key), done, self.site.person(who), resolution=reason)

    def reopen_issue(self, key: str, who: str = _DEVELOPER) -> None:
        self.set_status(key, "To Do", who)

    def set_status(self, key: str, status: str, who: str = _DEVELOPER) -> None:
        self.site.move_to(self.site.issue(key), workflow.status_named(status), self.site.person(who))

    def assign(self, key: str, to: str, who: str = _DEVELOPER) -> None:
        """`to` is a user's name; "" is nobody."""
        self._put(key, {"assignee": self.site.person(to) if to else None}, who)

    def label(
        self, key: str, add: list[str] | None = None, remove: list[str] | None = None, who: str = _DEVELOPER
    ) -> None:
        kept = [label for label in self.site.issue(key).labels if label not in (remove or [])]
        self._put(key, {"labels": kept + (add or [])}, who)

    def comment(self, key: str, body: str, who: str = _DEVELOPER) -> None:
        self.site.comment(self.site.issue(key), document(body), self.site.person(who))

    def set_due_date(self, key: str, due: str, who: str = _DEVELOPER) -> None:
        self._put(key, {"due_date": _day(due)}, who)

    def set_fix_version(self, key: str, name: str, who: str = _DEVELOPER) -> None:
        """`name` "" takes it out of its version."""
        project = self.site.issue(key).project.key
        self._put(key, {"fix_versions": [self.site.version(project, name)] if name else []}, who)

    def set_components(self, key: str, names: list[str], who: str = _DEVELOPER) -> None:
        known = self.site.issue(key).project.components
        if missing := [name for name in names if name not in known]:
            raise ValueError(f"no component {missing[0]!r}")
        self._put(key, {"components": [known[name] for name in names]}, who)

    def set_field(self, key: str, name: str, value: Any, who: str = _DEVELOPER) -> None:
        """A custom field by its name. Those that are texts take one; any other value is kept as it is."""
        ids = {named: id_ for id_, named in workflow.CUSTOM_FIELDS.items()}
        if name not in ids:
            raise ValueError(f"no field {name!r}; there are {', '.join(ids)}")
        self._put(key, {"fields": {**self.site.issue(key).fields, ids[name]: _document(value)}}, who)

    def add_version(self, name: str, release_date: str = "", description: str = "", project: str = PROJECT) -> str:
        place = self.site.projects[project]
        return self.site.add_version(place, name, _day(release_date), description=description).id

    def move_version(self, name: str, release_date: str, who: str = _DEVELOPER, project: str = PROJECT) -> None:
        """A new date. As on the real one no issue counts as updated: only jira:version_updated is told."""
        version, actor = self.site.version(project, name), self.site.person(who)
        self.site.change_version(version, "jira:version_updated", actor, release_date=_day(release_date))

    def release_version(self, name: str, release_date: str = "", who: str = _DEVELOPER, project: str = PROJECT) -> None:
        """`release_date` "" keeps the date that was planned. No issue counts as updated."""
        version, actor = self.site.version(project, name), self.site.person(who)
        day = _day(release_date) or version.release_date
        self.site.change_version(version, "jira:version_released", actor, released=True, release_date=day)

    def add_component(self, name: str, project: str = PROJECT) -> None:
        self.site.add_component(self.site.projects[project], name)

    def rename_component(self, name: str, to: str, project: str = PROJECT) -> None:
        """Another name of the same component: no issue that has it counts as updated, and nothing is told."""
        self.site.rename_component(self.site.projects[project], name, to)

    def move_issue(self, key: str, to: str, who: str = _DEVELOPER) -> str:
        """Into the project `to`; gives the new key. The old one still leads to it."""
        issue = self.site.issue(key)
        self.site.move(issue, self.site.projects[to], self.site.person(who))
        return issue.key

    def delete_issue(self, key: str, who: str = _DEVELOPER) -> None:
        self.site.delete(self.site.issue(key), self.site.person(who))

    def revoke(self, email: str = EMAIL) -> None:
        """The user's token is refused from now on."""
        self.access.revoke(email)

    def shorten_pages(self, rows: int = MAX_IDS, by_place: bool = False) -> None:
        """No page of the search holds more: a few issues are then many pages.

        With `by_place` their tokens are places in a query that is made anew: what changes meanwhile may be skipped.
        """
        self.paging.rows_max, self.paging.by_place = rows, by_place

    def lead_astray(self, how: str = "") -> None:
        """Each page has a token for the next that is wrong in one of the ways of `ASTRAY`; "" mends it."""
        if how and how not in (*ASTRAY, LAST_WITH_TOKEN):
            raise ValueError(f"no such way; there are {', '.join((*ASTRAY, LAST_WITH_TOKEN))}")
        self.paging.astray = how

    def _put(self, key: str, values: dict[str, Any], who: str) -> None:
        self.site.put(self.site.issue(key), values, self.site.person(who))


def _document(text: Any) -> Any:
    return document(text) if isinstance(text, str) else text


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
