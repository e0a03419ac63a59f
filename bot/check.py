"""`secondline check` and `/t2 check`: one line per part, ok or what is wrong and how to mend it."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from bot.checked import CheckedPart
from bot.elevations.model import ElevationSettings, matched
from bot.errors import SecondLineError
from bot.escalations.links import PATH as ACK_PATH
from bot.escalations.ways.webhook import SECRET_SUFFIX
from bot.known_issues.tracker import Tracker, TrackerError
from bot.mail.mailer import Mailer, NoMail
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.page.chromium import INSTALL, OFF, program_at
from bot.settings import Settings
from bot.settings.problems import nearest
from bot.slack.answers import SlackError
from bot.slack.channels import ListedChannel, channel_named, read_channels
from bot.slack.client import SlackClient
from bot.slack.directory import PATIENCE_S
from bot.slack.inquiry import Inquiry
from bot.slack.login import BotIdentity, check_app_token, who_am_i
from bot.slack.roster import Roster
from bot.slack.text import is_user_id, plural
from bot.slack.usergroups import (
    DISABLED,
    EMPTY,
    MISSING,
    UserGroup,
    handle_shown,
    list_groups,
    nearest_handle,
    read_membership,
)
from bot.status.source import SourceError, Watched
from bot.tickets.desk import DeskError, ExportRefused, HelpDesk


class LogCheck(Protocol):
    """Asks the program that reads customers' logs."""

    async def wrong(self) -> Sequence[str]:
        """Which of the team's own signatures can't be used, and why. Raises SecondLineError."""
        ...


@dataclass(frozen=True, slots=True)
class Beside:
    """What the bot speaks with beside Slack, as far as it is set up; `logs` is a program of its own."""

    desk: HelpDesk | None = None
    watched: Sequence[Watched] = ()
    trackers: Sequence[Tracker] = ()
    mailer: Mailer = field(default_factory=NoMail)
    logs: LogCheck | None = None


EMAILS = "users:read.email"
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "reactions:read",
    "reactions:write",
    "pins:read",
    "usergroups:read",
    "users:read",
)
"""What the manifest asks for; a test holds the two equal."""

LISTED_ALL = "Add the scopes channels:read and groups:read."
GROUP_LINES = {MISSING: "there is no such group", DISABLED: "it is disabled", EMPTY: "0 members"}


class Checkup:
    """Asks every part now."""

    def __init__(
        self,
        settings: Settings,
        *,
        client: SlackClient,
        icmp: IcmpEngine,
        beside: Beside,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = settings
        self._client = client
        self._icmp = icmp
        self._desk = beside.desk
        self._watched = beside.watched
        self._trackers = beside.trackers
        self._mailer = beside.mailer
        self._logs = beside.logs
        self._environ = os.environ if environ is None else environ

    async def parts(self) -> tuple[CheckedPart, ...]:
        identity, token = await self._bot_token()
        slack = [token, await self._app_token()]
        if identity:
            slack += [
                _scopes(identity, tell_agents=self._settings.trends.tell_agents),
                *await self._channels(identity),
                *await self._groups(identity),
            ]
        trackers = await asyncio.gather(*map(_tracker, self._trackers))
        outside = [
            await self._zendesk(),
            *await self._stream(),
            await self._elevation(),
            *await self._macros(),
            *trackers,
            await self._mail(),
            *await self._status(),
            *self._web(),
            *self._ladders(),
            *await self._customer_logs(),
        ]
        return (*slack, *outside, *self._ping(), self._browser(), self._configuration())

    async def _bot_token(self) -> tuple[BotIdentity | None, CheckedPart]:
        name = "Slack bot token"
        try:
            identity = await who_am_i(self._client, "")
        except SecondLineError as error:
            return None, CheckedPart(
                name, False, error.sentence, "Set SLACK_BOT_TOKEN to the token that begins with xoxb-."
            )
        return identity, CheckedPart(name, True, f"ok, the bot is {identity.user} in {identity.team}")

    async def _app_token(self) -> CheckedPart:
        if self._settings.slack.mode == "http":
            secret = bool(self._settings.slack.signing_secret.get_secret_value())
            line = "ok" if secret else "SLACK_SIGNING_SECRET is not set"
            return CheckedPart("Slack signing secret", secret, line, "Copy it from the app's page *Basic Information*.")
        try:
            await check_app_token(self._client, self._settings.slack.app_token.get_secret_value())
        except SecondLineError as error:
            remedy = "Set SLACK_APP_TOKEN to an app-level token (xapp-) with connections:write."
            return CheckedPart("Slack app token", False, error.sentence, remedy)
        return CheckedPart("Slack app token", True, "ok")

    async def _channels(self, identity: BotIdentity) -> list[CheckedPart]:
        inquiry = Inquiry(client=self._client, patience_s=PATIENCE_S)
        try:
            rows = await inquiry.listed("conversations.list", "channels", types="public_channel,private_channel")
        except SlackError as error:
            names = self._named_channels()
            return [CheckedPart(f"Channel {name}", False, error.sentence, LISTED_ALL, needed=False) for name in names]
        listed = read_channels(rows)
        return [_channel(name, listed, identity) for name in self._named_channels()]

    def _named_channels(self) -> list[str]:
        """Every channel that the settings name, each once."""
        settings = self._settings
        teams = [team.channel for team in settings.teams.values()]
        return [
            name for name in dict.fromkeys([*teams, *settings.briefing.channels, settings.handoffs.channel]) if name
        ]

    async def _groups(self, identity: BotIdentity) -> list[CheckedPart]:
        """The user groups of the teams and of management, and the people whom the settings name."""
        inquiry, roster = Inquiry(client=self._client, patience_s=PATIENCE_S), Roster(team_id=identity.team_id)
        groups, passing = await list_groups(inquiry)
        parts = []
        for group, people, title in self._wanted_groups():
            before = len(inquiry.problems)
            membership = await read_membership(inquiry, groups, group, passing=passing)
            await roster.meet(membership.users, inquiry)
            line = "; ".join(inquiry.problems[before:] or inquiry.problems) if not membership.readable else ""
            count = len(roster.believed(membership.users))
            line = line or GROUP_LINES.get(membership.trouble) or _count(count, len(membership.users))
            name, needed = f"User group {handle_shown(group)}", not people and (bool(title) or membership.readable)
            parts.append(
                CheckedPart(name, count > 0, line, _group_remedy(groups, group, membership.trouble), needed=needed)
            )
        return [*parts, *await self._people(inquiry, roster)]

    def _wanted_groups(self) -> list[tuple[str, tuple[str, ...], str]]:
        """Handle or id, the people that stand for it, and "management" for the one that escalations reach."""
        management = self._settings.escalation
        teams = [(team.usergroup, team.members, "") for team in self._settings.teams.values() if team.usergroup]
        first_line = [(group, (), "") for group in self._settings.web.tier1]
        return [(management.group_id or management.group, management.people, "management"), *teams, *first_line]

    async def _people(self, inquiry: Inquiry, roster: Roster) -> list[CheckedPart]:
        """Checks the people whom the settings name; nothing where they name nobody."""
        settings = self._settings
        members = [name for team in settings.teams.values() for name in team.members]
        leads = [*settings.handoffs.leads, *settings.known_issues.leads.values()]
        named = list(dict.fromkeys([*settings.escalation.people, *members, *leads]))
        if not named:
            return []
        if not all(map(is_user_id, named)):
            await roster.list_all(inquiry, "people can't be read")
        await roster.meet([name for name in named if is_user_id(name)], inquiry)
        wrong = [problem for problem in map(roster.problem_with, named) if problem]
        remedy = "Name people who work here, by their name or id in Slack."
        line = "; ".join(wrong) or f"ok, {plural(len(named), 'name')} found in Slack"
        return [CheckedPart("People", not wrong, line, remedy, needed=False)]

    async def _zendesk(self) -> CheckedPart:
        if not self._desk:
            line = "not configured; tickets are not collected"
            return CheckedPart("Zendesk", False, line, "Set ZENDESK_URL.", needed=False, set_up=False)
        try:
            return CheckedPart("Zendesk", True, await self._desk.check())
        except DeskError as error:
            return CheckedPart("Zendesk", False, error.sentence, "Check ZENDESK_URL and the login.")

    async def _stream(self) -> list[CheckedPart]:
        """Whether every ticket can be read as it comes; how it goes `/t2 status` says."""
        part = partial(CheckedPart, "Ticket stream", needed=False)
        if not self._desk:
            return []
        try:
            await self._desk.check_export()
        except ExportRefused as error:
            remedy = "Make the bot's Zendesk user an admin: only admins may export tickets."
            return [part(False, f"by search, some minutes late: {error.reason}", remedy)]
        except DeskError as error:
            return [part(False, error.sentence, "It is tried again every few minutes.")]
        return [part(True, "ok, exported every minute")]

    async def _mail(self) -> CheckedPart:
        """Connects and logs in; no mail is sent."""
        part = partial(CheckedPart, "Mail", needed=False)
        if not self._mailer.configured:
            return part(False, "not configured; no mail is sent", "Set MAIL_SERVER.", set_up=False)
        mail, vendors = self._settings.mail, self._settings.vendors.values()
        outcome = await self._mailer.check([vendor.email for vendor in vendors if vendor.email])
        if refused := outcome.refused:
            line = "; ".join(f"{refusal.address}: {refusal.code} {refusal.reason}" for refusal in refused)
            return part(False, line, "Check the addresses in [vendors] in secondline.toml.")
        if outcome.accepted:
            return CheckedPart("Mail", True, f"ok, {mail.server} takes mail from {mail.sender}")
        code = f"{outcome.code} " if outcome.code else ""
        remedy = "Check [mail] in secondline.toml, and MAIL_USER and MAIL_PASSWORD."
        return part(False, f"{mail.server}: {code}{outcome.reason}", remedy)

    async def _elevation(self) -> CheckedPart:
        """Whether the groups are there that the settings name; how it goes `/t2 status` says."""
        part, elevation = partial(CheckedPart, "Elevation", needed=False), self._settings.elevation
        if not elevation.from_groups or not self._desk:
            return part(False, "off; no ticket is moved", set_up=False)
        try:
            groups = await self._desk.groups()
        except DeskError as error:
            return part(False, error.sentence, "The bot's Zendesk user must see groups.")
        chosen = ElevationSettings(from_groups=elevation.from_groups, groups=elevation.groups)
        missing = matched(chosen, groups).missing
        if missing:
            meant = _meant(missing[0], [group.name for group in groups])
            return part(False, f"Zendesk has no group called {missing[0]!r}", meant)
        dry = elevation.dry_run or elevation.dry_run_days
        days = "a dry run" if elevation.dry_run else f"a dry run of {elevation.dry_run_days:g} days first"
        return part(True, f"ok, after {elevation.after_min:g} min{f', {days}' if dry else ''}")

    async def _macros(self) -> list[CheckedPart]:
        """Whether Zendesk has the macros that answers are made of; nothing where none is named."""
        named = sorted({name for macros in self._settings.replies.macros.values() for name in macros.values()})
        if not named or not self._desk:
            return []
        part = partial(CheckedPart, "Macros of answers", needed=False)
        try:
            macros = await self._desk.macros()
        except DeskError as error:
            return [part(False, error.sentence, "The bot's user must see macros.")]
        there = {str(macro.id) for macro in macros} | {macro.title.casefold() for macro in macros}
        missing = [each for each in named if each.casefold() not in there]
        if not missing:
            return [part(True, f"ok, {plural(len(named), 'macro')}")]
        guess = nearest(missing[0], [macro.title for macro in macros])
        remedy = f"Did you mean {guess!r}? " if guess else ""
        line = f"Zendesk has none called {', '.join(map(repr, missing))}; the texts of [replies] stand for them"
        return [part(False, line, f"{remedy}Mend [replies.macros] in secondline.toml.")]

    async def _customer_logs(self) -> list[CheckedPart]:
        """Whether logs can be read, and each line that the team knows be looked for."""
        if not self._logs:
            return []
        name, remedy = "Customers' logs", "Mend [[logs.signatures]] in secondline.toml; the others count meanwhile."
        try:
            wrong = await self._logs.wrong()
        except SecondLineError as error:
            return [CheckedPart(name, False, error.sentence, "Install the bot anew: google-re2 may be missing.")]
        if wrong:
            return [CheckedPart(name, False, "; ".join(wrong), remedy)]
        own = len(self._settings.logs.signatures)
        return [CheckedPart(name, True, f"ok, {plural(own, 'line')} of the team's own" if own else "ok")]

    def _web(self) -> list[CheckedPart]:
        """Nothing where no server is wanted: trackers are asked every few minutes all the same."""
        web = self._settings.web
        if not web.port:
            return []
        served = "/healthz and /metrics" if web.metrics_token.get_secret_value() else "/healthz"
        parts = [CheckedPart("Web server", True, f"ok, {web.host}:{web.port}, {served}")]
        for sender, secret in (("GitHub", web.github_secret), ("Jira", web.jira_secret)):
            path, variable = f"/hooks/{sender.lower()}", f"{sender.upper()}_WEBHOOK_SECRET"
            on = bool(secret.get_secret_value())
            line = f"ok, {path}" if on else f"{path} is closed: {variable} is not set"
            remedy = f"Set {variable} to the secret that the webhook in {sender} has, or leave it closed."
            parts.append(CheckedPart(f"Webhooks of {sender}", on, line, remedy, needed=False, set_up=on))
        public = web.public_url
        line = f"ok, {public}{ACK_PATH}" if public else "none in mails and calls: web.public_url is not set"
        parts.append(CheckedPart("Links to acknowledge", bool(public), line, needed=False, set_up=bool(public)))
        return parts

    def _ladders(self) -> list[CheckedPart]:
        """Whether the addresses of each ladder's steps are set; `secondline check --ladder` looks at the rest."""
        parts = []
        for name, ladder in self._settings.escalation.ladders.items():
            steps = [(step.way, variable) for step in ladder.steps for variable in step.url_variables]
            variables = [each for way, name in steps for each in (name, *([name + SECRET_SUFFIX] * (way == "webhook")))]
            unset = [variable for variable in variables if not self._environ.get(variable, "").strip()]
            line = f"not set: {', '.join(unset)}" if unset else f"ok, {plural(len(ladder.steps), 'step')}"
            remedy = f"Set it, and see who else can't be reached: secondline check --ladder {name}"
            parts.append(CheckedPart(f"Ladder {name}", not unset, line, remedy))
        return parts

    async def _status(self) -> list[CheckedPart]:
        return list(await asyncio.gather(*(_source(watched) for watched in self._watched)))

    def _ping(self) -> list[CheckedPart]:
        parts = []
        for family, address in (("IPv4", "0.0.0.0"), ("IPv6", "::")):
            access = self._icmp.access(address)
            line = f"ok ({access.mode})" if access.mode else access.reason
            parts.append(CheckedPart(f"ICMP {family}", bool(access.mode), line, access.remedy, needed=False))
        return parts

    def _browser(self) -> CheckedPart:
        configured = self._settings.probes.chromium
        program = program_at(configured)
        if configured == OFF:
            return CheckedPart("Chromium", False, "switched off; pages have no picture", needed=False, set_up=False)
        line = f"ok ({program})" if program else "not installed; pages have no picture"
        return CheckedPart("Chromium", bool(program), line, INSTALL, needed=False, set_up=bool(program))

    def _configuration(self) -> CheckedPart:
        settings = self._settings
        count = f"{plural(len(settings.targets), 'target')}, {plural(len(settings.teams), 'team')}"
        return CheckedPart("Configuration", True, f"ok, {count}")


async def _source(watched: Watched) -> CheckedPart:
    """Whether a status source answers, and has what the configuration names."""
    part = partial(CheckedPart, f"Status: {watched.title}", needed=False)
    try:
        line, reading = await watched.source.check()
    except SourceError as error:
        return part(False, error.sentence, "Check its url in secondline.toml, and its token.")
    there = [key for component in reading.components for key in (component.id, component.group, component.name) if key]
    for target, concern in watched.concerns.items():
        for missing in concern.missing(reading):
            return part(False, f"no component or group is called {missing!r} ({target})", _meant(missing, there))
        for several, apart in concern.ambiguous(reading).items():
            line = f"{several!r} of {target} is a component of {len(apart)} groups; all of them count"
            return part(False, line, f"Name one: {' or '.join(map(repr, apart[:4]))}.")
    return part(True, line)


def _meant(missing: str, there: Sequence[str]) -> str:
    guess = nearest(missing, there)
    return f"Did you mean {guess!r}?" if guess else f"There are: {', '.join(dict.fromkeys(there))[:200]}."


async def _tracker(tracker: Tracker) -> CheckedPart:
    try:
        return CheckedPart(tracker.title, True, await tracker.check(), needed=False)
    except TrackerError as error:
        remedy = "Check its table in secondline.toml and its token; what is stored already can be searched."
        return CheckedPart(tracker.title, False, error.sentence, remedy, needed=False)


def _channel(name: str, listed: Sequence[ListedChannel], identity: BotIdentity) -> CheckedPart:
    title, channel = f"Channel {name}", channel_named(listed, name)
    remedy = f"Invite the bot there with /invite @{identity.name}, or name another channel in secondline.toml."
    if not channel:
        return CheckedPart(title, False, "not found", remedy)
    if channel.archived:
        return CheckedPart(title, False, "archived", remedy)
    renamed = name not in (channel.id, f"#{channel.name}")
    line = f"ok; it is called #{channel.name} now, change that in secondline.toml" if renamed else "ok"
    return CheckedPart(title, channel.member, line if channel.member else "the bot is not in it", remedy)


def _group_remedy(groups: Sequence[UserGroup] | None, name: str, trouble: str) -> str:
    near = nearest_handle(groups or (), name) if trouble == MISSING else ""
    meant = f"Did you mean @{near}? " if near else ""
    return f"{meant}Name a group in use that has members in secondline.toml, or its people."


def _count(count: int, listed: int) -> str:
    """How many members count; guests, apps and those who left don't."""
    rest = "the others have left, are guests or apps"
    return plural(count, "member") if count == listed else f"{count} of {listed} members count; {rest}"


def _scopes(identity: BotIdentity, *, tell_agents: bool) -> CheckedPart:
    """Agents of the desk are found in Slack by their addresses, which only a team that wants that has to show."""
    if identity.scopes is None:
        return CheckedPart("Slack scopes", True, "this server does not tell them", needed=False)
    needed = (*SCOPES, *((EMAILS,) if tell_agents else ()))
    missing = [scope for scope in needed if scope not in identity.scopes]
    remedy = "Add them to the app (manifest.yml names all) and install it again."
    return CheckedPart("Slack scopes", not missing, f"missing: {', '.join(missing)}" if missing else "ok", remedy)
