"""What a test, a story or a person does to the GitHub from outside its API, as developers would."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.github.access import Access
from bot.sandbox.github.forge import Forge
from bot.sandbox.github.hooks import Hooks
from bot.sandbox.github.paging import ASTRAY, PER_PAGE_MAX, Paging
from bot.sandbox.github.planting import day
from bot.sandbox.github.records import Issue, Repository
from bot.sandbox.github.seed import TOKEN
from bot.sandbox.rest.answers import Json

REPOSITORY = "harbor-vpn/app"


class Acts:
    """Every public act is also `POST /control/<its name>`. `who` is a login, `due_on` YYYY-MM-DD or "" for none.

    ValueError says what there is not; the API's own refusals come as Refused.
    """

    def __init__(self, *, forge: Forge, access: Access, hooks: Hooks, paging: Paging) -> None:
        self.forge = forge
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
            self.assign,
            self.label,
            self.rename_label,
            self.delete_label,
            self.comment,
            self.set_milestone,
            self.move_milestone,
            self.close_milestone,
            self.add_milestone,
            self.publish_release,
            self.transfer,
            self.delete_issue,
            self.rename_repository,
            self.revoke,
            self.use_up,
            self.restore,
            self.shorten_pages,
            self.lead_astray,
        ]

    def set_webhook(self, url: str, secret: str = "", form: bool = False) -> None:
        """Send webhooks there, beginning with a ping; "" ends them. `form` is GitHub's default content type."""
        self.hooks.configure(url, secret, form=form)

    def redeliver(self, delivery: str) -> None:
        self.hooks.deliveries.again(delivery)

    def deliveries(self) -> list[Json]:
        """What was sent, oldest first. `outcome` is an HTTP status, a failure, or "" while it waits."""
        return [
            {"id": one.id, "event": one.headers["X-GitHub-Event"], "attempts": one.attempts, "outcome": one.outcome}
            for one in self.hooks.deliveries.kept
        ]

    def open_issue(
        self,
        title: str,
        body: str = "",
        labels: list[str] | None = None,
        milestone: str = "",
        who: str = "mira-dev",
        repository: str = REPOSITORY,
    ) -> int:
        """A developer opens an issue; gives its number."""
        place = self._place(repository)
        fields: Json = {"title": title, "body": body, "labels": labels or []}
        if milestone:
            fields["milestone"] = self.forge.milestone(place, milestone).number
        return self.forge.create(place, fields, actor=self.forge.person(who)).number

    def edit_issue(
        self,
        number: int,
        title: str | None = None,
        body: str | None = None,
        type: str | None = None,
        who: str = "mira-dev",
        repository: str = REPOSITORY,
    ) -> None:
        """`type` is Bug and the like; "" is none."""
        changed = {"title": title, "body": body, "type": type}
        self._change(repository, number, {key: text for key, text in changed.items() if text is not None}, who)

    def close_issue(
        self, number: int, reason: str = "completed", who: str = "mira-dev", repository: str = REPOSITORY
    ) -> None:
        self._change(repository, number, {"state": "closed", "state_reason": reason}, who)

    def reopen_issue(self, number: int, who: str = "mira-dev", repository: str = REPOSITORY) -> None:
        self._change(repository, number, {"state": "open"}, who)

    def assign(self, number: int, to: str, who: str = "nora-pm", repository: str = REPOSITORY) -> None:
        """`to` is a login; "" is nobody."""
        self._change(repository, number, {"assignees": [to] if to else []}, who)

    def label(
        self,
        number: int,
        add: list[str] | None = None,
        remove: list[str] | None = None,
        who: str = "mira-dev",
        repository: str = REPOSITORY,
    ) -> None:
        place, issue = self._found(repository, number)
        kept = [label.name for label in issue.labels if label.name not in (remove or [])]
        self.forge.update(place, issue, {"labels": kept + (add or [])}, actor=self.forge.person(who))

    def rename_label(self, name: str, to: str, who: str = "nora-pm", repository: str = REPOSITORY) -> None:
        """As on the real one no issue counts as updated: only `label` is told, and ETags change."""
        self.forge.rename_label(self._place(repository), name, to, actor=self.forge.person(who))

    def delete_label(self, name: str, who: str = "nora-pm", repository: str = REPOSITORY) -> None:
        """Off all issues, without a change of theirs."""
        self.forge.delete_label(self._place(repository), name, actor=self.forge.person(who))

    def comment(self, number: int, body: str, who: str = "mira-dev", repository: str = REPOSITORY) -> None:
        place, issue = self._found(repository, number)
        self.forge.comment(place, issue, body, actor=self.forge.person(who))

    def set_milestone(self, number: int, title: str, who: str = "nora-pm", repository: str = REPOSITORY) -> None:
        """`title` "" takes it out of its milestone."""
        place = self._place(repository)
        chosen = self.forge.milestone(place, title).number if title else None
        self._change(repository, number, {"milestone": chosen}, who)

    def move_milestone(self, title: str, due_on: str, who: str = "nora-pm", repository: str = REPOSITORY) -> None:
        """A new date. As on the real one no issue counts as updated: only `milestone` is told, and ETags change."""
        place = self._place(repository)
        milestone, actor = self.forge.milestone(place, title), self.forge.person(who)
        self.forge.change_milestone(place, milestone, actor=actor, due_on=_day(due_on), state=milestone.state)

    def close_milestone(self, title: str, who: str = "nora-pm", repository: str = REPOSITORY) -> None:
        place = self._place(repository)
        milestone, actor = self.forge.milestone(place, title), self.forge.person(who)
        self.forge.change_milestone(place, milestone, actor=actor, due_on=milestone.due_on, state="closed")

    def add_milestone(self, title: str, due_on: str = "", repository: str = REPOSITORY) -> int:
        return self.forge.add_milestone(self._place(repository), title, _day(due_on)).number

    def publish_release(
        self,
        tag: str,
        name: str = "",
        body: str = "",
        prerelease: bool = False,
        who: str = "mira-dev",
        repository: str = REPOSITORY,
    ) -> int:
        place, actor = self._place(repository), self.forge.person(who)
        return self.forge.publish(place, tag, name=name, body=body, prerelease=prerelease, actor=actor).id

    def transfer(self, number: int, to: str, who: str = "nora-pm", repository: str = REPOSITORY) -> int:
        """Move an issue to the repository `to`; gives its number there."""
        place, target = self._place(repository), self._place(to)
        return self.forge.transfer(place, number, target, actor=self.forge.person(who)).number

    def delete_issue(self, number: int, who: str = "nora-pm", repository: str = REPOSITORY) -> None:
        self.forge.delete(self._place(repository), number, actor=self.forge.person(who))

    def rename_repository(self, name: str, who: str = "nora-pm", repository: str = REPOSITORY) -> None:
        """`name` without the owner."""
        self.forge.rename_repository(self._place(repository), name, actor=self.forge.person(who))

    def revoke(self, token: str = TOKEN) -> None:
        """The token is refused from now on."""
        self.access.revoke(token)

    def use_up(self, bucket: str = "core", token: str = TOKEN) -> None:
        """Leave nothing of a limit: core or search (primary), points or content (secondary)."""
        self.access.use_up(token, bucket)

    def restore(self, bucket: str = "core", token: str = TOKEN) -> None:
        """Give a limit back before its window ends."""
        self.access.restore(token, bucket)

    def shorten_pages(self, rows: int = PER_PAGE_MAX) -> None:
        """No page holds more, whatever is asked for: a few issues are then many pages."""
        self.paging.rows_max = rows

    def lead_astray(self, how: str = "") -> None:
        """Each list leads to a next page that is wrong in one of the ways of `ASTRAY`; "" mends it."""
        if how and how not in ASTRAY:
            raise ValueError(f"no such way; there are {', '.join(ASTRAY)}")
        self.paging.astray = ASTRAY.get(how)

    def _place(self, repository: str) -> Repository:
        """By its name or a former one."""
        return self.forge.renamed_to(repository) or self.forge.repository(repository)

    def _found(self, repository: str, number: int) -> tuple[Repository, Issue]:
        place = self._place(repository)
        return place, self.forge.issue(place, number)

    def _change(self, repository: str, number: int, fields: Json, who: str) -> None:
        place, issue = self._found(repository, number)
        self.forge.update(place, issue, fields, actor=self.forge.person(who))


def _day(text: str) -> datetime | None:
    return day(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)) if text else None
