"""`secondline check` and `/t2 check`: one line per part, ok or what is wrong and how to mend it."""

import asyncio
from collections.abc import Sequence

from bot.errors import SecondLineError
from bot.health import Part
from bot.known_issues.tracker import Tracker, TrackerError
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.page.chromium import INSTALL, OFF, program_at
from bot.settings import Settings
from bot.settings.problems import nearest
from bot.slack.answers import SlackError
from bot.slack.client import SlackClient
from bot.slack.login import Identity, check_app_token, who_am_i
from bot.status.source import SourceError, Watched
from bot.tickets.desk import Desk, DeskError

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

CHANNEL_REMEDY = "Invite the bot there with /invite @secondline, or name another channel in secondline.toml."


class Checkup:
    """Asks every part now. Implements the port `Health`."""

    def __init__(
        self,
        settings: Settings,
        *,
        client: SlackClient,
        icmp: IcmpEngine,
        desk: Desk | None,
        watched: Sequence[Watched] = (),
        trackers: Sequence[Tracker] = (),
    ) -> None:
        self._settings = settings
        self._client = client
        self._icmp = icmp
        self._desk = desk
        self._watched = watched
        self._trackers = trackers

    async def parts(self) -> tuple[Part, ...]:
        identity, token = await self._bot_token()
        slack = [token, await self._app_token()]
        if identity:
            slack += [_scopes(identity), *await self._channels(), await self._group()]
        trackers = await asyncio.gather(*map(_tracker, self._trackers))
        outside = [await self._zendesk(), *trackers, *await self._status(), *self._web()]
        return (*slack, *outside, *self._ping(), self._browser(), self._configuration())

    async def _bot_token(self) -> tuple[Identity | None, Part]:
        name = "Slack bot token"
        try:
            identity = await who_am_i(self._client, "")
        except SecondLineError as error:
            return None, Part(name, False, error.sentence, "Set SLACK_BOT_TOKEN to the token that begins with xoxb-.")
        return identity, Part(name, True, f"ok, the bot is {identity.user} in {identity.team}")

    async def _app_token(self) -> Part:
        if self._settings.slack.mode == "http":
            secret = bool(self._settings.slack.signing_secret.get_secret_value())
            line = "ok" if secret else "SLACK_SIGNING_SECRET is not set"
            return Part("Slack signing secret", secret, line, "Copy it from the app's page *Basic Information*.")
        try:
            await check_app_token(self._client, self._settings.slack.app_token.get_secret_value())
        except SecondLineError as error:
            remedy = "Set SLACK_APP_TOKEN to an app-level token (xapp-) with connections:write."
            return Part("Slack app token", False, error.sentence, remedy)
        return Part("Slack app token", True, "ok")

    async def _channels(self) -> list[Part]:
        return [await self._channel(team.channel) for team in self._settings.teams.values()]

    async def _channel(self, name: str) -> Part:
        title = f"Channel {name}"
        try:
            listed = await self._listed()
        except SlackError as error:
            return Part(title, False, error.sentence, "Add the scopes channels:read and groups:read.", needed=False)
        found = next((each for each in listed if name in (each.get("id"), f"#{each.get('name')}")), None)
        if not found:
            return Part(title, False, "not found", CHANNEL_REMEDY)
        if found.get("is_archived"):
            return Part(title, False, "archived", CHANNEL_REMEDY)
        member = bool(found.get("is_member", True))
        return Part(title, member, "ok" if member else "the bot is not in it", CHANNEL_REMEDY)

    async def _listed(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        cursor = ""
        while True:
            page = await self._client.call(
                "conversations.list", types="public_channel,private_channel", limit=200, cursor=cursor
            )
            found += page.get("channels") or []
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return found

    async def _group(self) -> Part:
        wanted = self._settings.escalation
        name = f"User group @{wanted.group}"
        people = bool(wanted.people)
        instead = "Set escalation.group_id and escalation.people in secondline.toml."
        try:
            groups = (await self._client.call("usergroups.list")).get("usergroups") or []
            ids = [str(each["id"]) for each in groups if str(each.get("handle", "")).lower() == wanted.group.lower()]
            if not ids and not wanted.group_id:
                return Part(name, False, "there is no such group", instead, needed=not people)
            group = wanted.group_id or ids[0]
            users = (await self._client.call("usergroups.users.list", usergroup=group)).get("users") or []
        except SlackError as error:
            return Part(name, False, error.sentence, instead, needed=not people)
        return Part(name, bool(users), f"{len(users)} members", "Add people to the group.", needed=not people)

    async def _zendesk(self) -> Part:
        if not self._desk:
            return Part("Zendesk", False, "not configured; tickets are not collected", "Set ZENDESK_URL.", needed=False)
        try:
            return Part("Zendesk", True, await self._desk.check())
        except DeskError as error:
            return Part("Zendesk", False, error.sentence, "Check ZENDESK_URL and the login.")

    def _web(self) -> list[Part]:
        """Nothing where no server is wanted: trackers are asked every few minutes all the same."""
        web = self._settings.web
        if not web.port:
            return []
        found = [Part("Web server", True, f"ok, {web.host}:{web.port}, /healthz")]
        for sender, secret in (("GitHub", web.github_secret), ("Jira", web.jira_secret)):
            path, variable = f"/hooks/{sender.lower()}", f"{sender.upper()}_WEBHOOK_SECRET"
            on = bool(secret.get_secret_value())
            line = f"ok, {path}" if on else f"{path} is closed: {variable} is not set"
            remedy = f"Set {variable} to the secret that the webhook in {sender} has, or leave it closed."
            found.append(Part(f"Webhooks of {sender}", on, line, remedy, needed=False))
        return found

    async def _status(self) -> list[Part]:
        return list(await asyncio.gather(*(_source(each) for each in self._watched)))

    def _ping(self) -> list[Part]:
        found = []
        for family, address in (("IPv4", "0.0.0.0"), ("IPv6", "::")):
            access = self._icmp.access(address)
            line = f"ok ({access.mode})" if access.mode else access.reason
            found.append(Part(f"ICMP {family}", bool(access.mode), line, access.remedy, needed=False))
        return found

    def _browser(self) -> Part:
        wanted = self._settings.probes.chromium
        program = program_at(wanted)
        if wanted == OFF:
            return Part("Chromium", True, "switched off; pages have no picture", needed=False)
        line = f"ok ({program})" if program else "not installed; pages have no picture"
        return Part("Chromium", bool(program), line, INSTALL, needed=False)

    def _configuration(self) -> Part:
        settings = self._settings
        return Part("Configuration", True, f"ok, {len(settings.targets)} targets, {len(settings.teams)} teams")


async def _source(watched: Watched) -> Part:
    """Whether a status source answers, and has what the configuration names."""
    name = f"Status: {watched.title}"
    try:
        line, reading = await watched.source.check()
    except SourceError as error:
        return Part(name, False, error.sentence, "Check its url in secondline.toml, and its token.", needed=False)
    there = [key for each in reading.components for key in (each.id, each.group, each.name) if key]
    for target, concern in watched.concerns.items():
        for missing in concern.missing(reading):
            guess = nearest(missing, there)
            meant = f"Did you mean {guess!r}?" if guess else f"There are: {', '.join(dict.fromkeys(there))[:200]}."
            return Part(name, False, f"no component or group is called {missing!r} ({target})", meant, needed=False)
    return Part(name, True, line, needed=False)


async def _tracker(tracker: Tracker) -> Part:
    try:
        return Part(tracker.title, True, await tracker.check(), needed=False)
    except TrackerError as error:
        remedy = "Check its table in secondline.toml and its token; what is stored already can be searched."
        return Part(tracker.title, False, error.sentence, remedy, needed=False)


def _scopes(identity: Identity) -> Part:
    if identity.scopes is None:
        return Part("Slack scopes", True, "this server does not tell them", needed=False)
    missing = [scope for scope in SCOPES if scope not in identity.scopes]
    remedy = "Add them to the app (manifest.yml has all) and install it again."
    return Part("Slack scopes", not missing, f"missing: {', '.join(missing)}" if missing else "ok", remedy)
