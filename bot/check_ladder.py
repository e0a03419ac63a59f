"""`secondline check --ladder NAME`: goes up a ladder as if somebody escalated now, tells nobody, and says whom it would
not reach."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from attrs import define, field

from bot.clock import Clock
from bot.errors import BadInput, SecondLineError
from bot.escalations.ladder_model import Ladder, Rung, due_times, put_off, rungs
from bot.escalations.telling import NotTellable, WayKind
from bot.escalations.ways.apprise_way import AppriseWay
from bot.escalations.ways.webhook import WebhookWay
from bot.mail.mailer import Mailer
from bot.mail.model import Delivery
from bot.names import names_listed
from bot.settings import Settings
from bot.settings.problems import listed, nearest
from bot.slack.client import SlackClient
from bot.slack.directory import PATIENCE_S
from bot.slack.login import who_am_i
from bot.slack.reach import Reach, SlackReach
from bot.slack.text import plural


class NoSuchLadder(BadInput):
    """The settings have no ladder of that name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = nearest(name, names)
        meant = f" Did you mean {near}?" if near else ""
        there = f"There are: {listed(names)}.{meant}" if names else "secondline.toml has none: [escalation.ladders.…]."
        super().__init__(f"There is no ladder called {name}. {there}")


@dataclass(frozen=True, slots=True)
class WalkedStep:
    """One telling. `found` is whom it would reach, `troubles` whom it would not and why, `absent` why it is asked later
    than it stands in the ladder."""

    rung: Rung
    found: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    absent: str = ""
    at: datetime | None = None


@define(eq=False, repr=False, slots=False)
class LadderCheck:
    """`clock` says when the ladder would begin."""

    _settings: Settings
    _client: SlackClient = field(kw_only=True)
    _mailer: Mailer = field(kw_only=True)
    _apprise: AppriseWay = field(kw_only=True)
    _webhook: WebhookWay = field(kw_only=True)
    _clock: Clock = field(kw_only=True)

    async def lines(self, name: str) -> tuple[list[str], bool]:
        """What is printed, and whether all of it can be reached. Raises NoSuchLadder."""
        section = self._settings.escalation.ladders.get(name)
        if not section:
            raise NoSuchLadder(name, self._settings.escalation.ladders)
        ladder, now = section.ladder(name), self._clock()
        steps = await self._walked(ladder, now)
        fine = not any(step.troubles for step in steps)
        printed = [self._line(step, now) for step in steps]
        head = f"{name}, if somebody escalated now ({self._time(now, None)}):"
        return [head, *printed, *self._again(ladder), *self._links(steps)], fine

    async def _walked(self, ladder: Ladder, now: datetime) -> list[WalkedStep]:
        """In the order in which they would be told."""
        slack, hours = await self._slack(), self._settings.workspace.hours
        listed_ = rungs(ladder)
        times = due_times(listed_, now, hours)
        looked = [await self._look(rung, when, slack, ladder) for rung, when in zip(listed_, times, strict=True)]
        order = [looked[place] for place in put_off([step.absent for step in looked])]
        times = due_times([step.rung for step in order], now, hours)
        return [replace(step, at=when) for step, when in zip(order, times, strict=True)]

    async def _slack(self) -> SlackReach | str:
        """Or why Slack can't be asked."""
        try:
            identity = await who_am_i(self._client, "")
        except SecondLineError as error:
            return error.sentence
        return SlackReach(client=self._client, team_id=identity.team_id, patience_s=PATIENCE_S)

    async def _look(self, rung: Rung, when: datetime, slack: SlackReach | str, ladder: Ladder) -> WalkedStep:
        match rung.way:
            case WayKind.MAIL:
                return await self._mail(rung)
            case WayKind.APPRISE | WayKind.WEBHOOK:
                return await self._outside(rung)
        if isinstance(slack, str):
            return WalkedStep(rung, troubles=(slack,))
        if rung.way is WayKind.DM:
            return await self._people(rung, when, slack, ladder)
        reaches = [await self._group(slack, rung)] if rung.way is WayKind.GROUP else await _channel(slack, rung)
        return _step(rung, reaches)

    async def _group(self, slack: SlackReach, rung: Rung) -> Reach:
        """Management's own has people who stand for it where it can't be read or nobody is in it."""
        management = self._settings.escalation
        if rung.recipients and rung.recipients[0] not in (management.group, management.group_id):
            return await slack.group(rung.recipients[0].lstrip("@"))
        reach = await slack.group(management.group_id or management.group)
        if not reach.trouble or not management.people:
            return reach
        people = [await slack.person(name, self._clock()) for name in management.people]
        there = [person.found for person in people if not person.trouble]
        return Reach(found=f"{', '.join(there)}, as {reach.trouble}") if there else reach

    async def _people(self, rung: Rung, when: datetime, slack: SlackReach, ladder: Ladder) -> WalkedStep:
        reaches = [await slack.person(name, when) for name in rung.recipients]
        there = [person for person in reaches if not person.trouble]
        hours = self._settings.workspace.hours
        absent = []
        for person in there:
            off = not ladder.asks_outside_hours and not replace(hours, zone=person.zone).contain(when)
            absent.append(person.away or ("off work then" if off else ""))
        return replace(_step(rung, reaches), absent=absent[0] if absent and all(absent) else "")

    async def _mail(self, rung: Rung) -> WalkedStep:
        """Asks the server whether it takes mail for them, and takes that back."""
        outcome = await self._mailer.check(rung.recipients)
        refused = [f"{refusal.address}: {refusal.code} {refusal.reason}" for refusal in outcome.refused]
        if outcome.delivery is Delivery.NOT_CONFIGURED:
            return WalkedStep(rung, troubles=("MAIL_SERVER is not set",))
        if not outcome.accepted and not refused:
            code = f"{outcome.code} " if outcome.code else ""
            return WalkedStep(rung, troubles=(f"the mail server: {code}{outcome.reason}",))
        return WalkedStep(rung, found=("the mail server takes it",), troubles=tuple(refused))

    async def _outside(self, rung: Rung) -> WalkedStep:
        answers, troubles = [], []
        for name in rung.recipients:
            apprise = rung.way is WayKind.APPRISE
            try:
                answers.append(await self._apprise.check(name) if apprise else self._webhook.check(name))
            except NotTellable as error:
                troubles.append(error.sentence)
        return WalkedStep(rung, tuple(answers), tuple(troubles))

    def _line(self, step: WalkedStep, now: datetime) -> str:
        later = f"{step.absent}, so later than the others" if step.absent else ""
        said = "; ".join(step.troubles) or "; ".join(
            part for part in (f"fine ({names_listed(step.found)})", later) if part
        )
        mark = "FAIL" if step.troubles else "note" if step.absent else "ok  "
        return f"{mark}  {self._time(step.at or now, now)} {self._called(step.rung)} — {said}"

    def _called(self, rung: Rung) -> str:
        """As whoever set it up knows it."""
        if rung.title:
            return rung.title
        names = names_listed(rung.recipients)
        match rung.way:
            case WayKind.GROUP:
                return f"@{(names or self._settings.escalation.group).lstrip('@')} in the thread"
            case WayKind.DM:
                return "DM " + names_listed(f"@{name.lstrip('@')}" for name in rung.recipients)
            case WayKind.CHANNEL:
                return f"{names} with {rung.mention}" if rung.mention else names
        return f"{rung.way} to {names}"

    def _time(self, moment: datetime, now: datetime | None) -> str:
        """With the day where it is not that of `now`."""
        zone = self._settings.workspace.tzinfo
        there = moment.astimezone(zone)
        today = now is not None and there.date() == now.astimezone(zone).date()
        return f"{there:%H:%M}" if today else f"{there:%a %H:%M}"

    def _again(self, ladder: Ladder) -> list[str]:
        if not ladder.repeats:
            return []
        return [f"      then {plural(ladder.repeats, 'more round')}, from step {ladder.repeat_from} on"]

    def _links(self, steps: Iterable[WalkedStep]) -> list[str]:
        outside = any(step.rung.way in (WayKind.MAIL, WayKind.APPRISE, WayKind.WEBHOOK) for step in steps)
        if not outside or self._settings.web.public_url:
            return []
        return ["note  What is told outside Slack has no link to acknowledge: web.public_url is not set."]


async def _channel(slack: SlackReach, rung: Rung) -> list[Reach]:
    reaches = [await slack.channel(name) for name in rung.recipients]
    mention = rung.mention.lstrip("@")
    return [*reaches, *([await slack.group(mention)] if mention not in ("", "here") else [])]


def _step(rung: Rung, reaches: Iterable[Reach]) -> WalkedStep:
    every = list(reaches)
    names = tuple(recipient.found for recipient in every if not recipient.trouble)
    return WalkedStep(rung, names, tuple(recipient.trouble for recipient in every if recipient.trouble))
