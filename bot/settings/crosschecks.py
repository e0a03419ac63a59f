"""What no single value can tell: names that must exist, names claimed twice, credentials that belong together."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from bot.probes.playbooks import BY_HAND
from bot.settings.ladders import ladder_problems
from bot.settings.problems import Problem, in_toml, listed, nearest
from bot.settings.shape import Settings, TargetSettings
from bot.settings.sources import VARIABLES
from bot.settings.trackers import TrackerSettings
from bot.settings.values import is_wireguard_key
from bot.targets.model import folded

LINK_SECRET_MIN = 32
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class NamedKeys:
    """Every key that the file names, those of entries with faults included: they exist, whatever else is wrong."""

    targets: Set[str]
    teams: Set[str]
    faulty: tuple[str, ...] = ()
    """The keys that were refused by themselves."""


def crosschecked(settings: Settings, named: NamedKeys, environ: Mapping[str, str]) -> Iterator[Problem]:
    """All that is wrong between values which are right by themselves."""
    yield from _needed(named)
    yield from _bad_keys(named, settings)
    for key, target in settings.targets.items():
        yield from _team(key, target, named.teams)
        yield from _control(key, target, settings.targets, named.targets)
        if not any(path.startswith(f"targets.{key}.") for path in named.faulty):
            yield from _reachable(key, target)
    yield from _claimed_twice(settings.targets)
    yield from _slack_credentials(settings, environ)
    yield from _zendesk_credentials(settings, environ)
    yield from _stripe_key(settings)
    yield from _wireguard_secrets(settings)
    if "mail.server" not in named.faulty:
        yield from _mail(settings, environ)
    yield from _links(settings, environ)
    yield from _pages(settings, environ)
    yield from _hours(settings)
    yield from _vendors(settings)
    yield from _playbooks(settings)
    yield from _elevation(settings, named.teams)
    yield from _status(settings, named.targets)
    yield from _reply_languages(settings)
    if not settings.reading.usual_symptoms and not settings.reading.symptoms:
        yield Problem("reading.symptoms", "There must be at least one where reading.usual_symptoms is false")
    if not settings.briefing.days:
        yield Problem("briefing.days", "There must be at least one; without briefing.at there is no briefing", "[]")
    if settings.tickets.history_days > settings.tickets.forget_days:
        history, allowed = str(settings.tickets.history_days), "As many as tickets.forget_days, or less"
        yield Problem("tickets.history_days", allowed, history)
    yield from _trackers(settings, named.targets, named.teams)
    yield from ladder_problems(settings.escalation.ladders)


def _needed(named: NamedKeys) -> Iterator[Problem]:
    if not named.teams:
        yield Problem("teams", "There must be at least one team, such as [teams.t2-tech] with title and channel")
    if not named.targets:
        yield Problem("targets", "There must be at least one target, such as [targets.website] with title and kind")


def _bad_keys(named: NamedKeys, settings: Settings) -> Iterator[Problem]:
    ladders = settings.escalation.ladders.keys()
    for table, keys in (("teams", named.teams), ("targets", named.targets), ("escalation.ladders", ladders)):
        for key in sorted(keys):
            yield from _bad_key(table, key)


def _bad_key(table: str, key: str) -> Iterator[Problem]:
    if not _KEY.fullmatch(key):
        guess = _NOT_IN_KEY.sub("-", key.lower()).strip("-")
        allowed = "Allowed: lower-case letters, digits and single dashes"
        yield Problem(f"{table}.{in_toml(key)}", allowed, in_toml(key), guess)


def _unknown(place: str, nouns: str, name: str, known: Set[str], value: object = None) -> Iterator[Problem]:
    """A name that must be one of these; `value` is what stands there, where that is not the name itself."""
    if name not in known:
        given, there = in_toml(name if value is None else value), sorted(known)
        yield Problem(place, f"Allowed: {nouns} ({listed(there)})", given, nearest(name, there))


def _team(key: str, target: TargetSettings, teams: Set[str]) -> Iterator[Problem]:
    place = f"targets.{key}.team"
    if target.team and target.team not in teams:
        known = sorted(teams)
        yield Problem(place, f"Allowed: {listed(known)}", in_toml(target.team), nearest(target.team, known))
    if not target.team and len(teams) > 1:
        yield Problem(place, f"It is needed where there are several teams. Allowed: {listed(sorted(teams))}")


def _control(
    key: str, target: TargetSettings, targets: Mapping[str, TargetSettings], named: Set[str]
) -> Iterator[Problem]:
    name, place = target.control, f"targets.{key}.control"
    same_kind = sorted(
        other for other, settings_of in targets.items() if settings_of.kind == target.kind and other != key
    )
    allowed = f"Allowed: another target of the kind {target.kind} ({listed(same_kind)})"
    if not name:
        return
    if name == key:
        yield Problem(place, f"A target can't be its own control. {allowed}", in_toml(name))
    elif name not in named:
        yield Problem(place, allowed, in_toml(name), nearest(name, same_kind) or nearest(name, named - {key}))
    elif name in targets and targets[name].kind != target.kind:
        yield Problem(place, f"That is a target of the kind {targets[name].kind}. {allowed}", in_toml(name))


def _reachable(key: str, target: TargetSettings) -> Iterator[Problem]:
    if target.kind == "gateway" and not (target.hosts or target.addresses):
        yield Problem(f"targets.{key}.addresses", "A gateway needs addresses or hosts, else there is nothing to probe")
    if target.kind == "website" and not (target.urls or target.hosts):
        yield Problem(f"targets.{key}.urls", "A website needs urls or hosts, else there is nothing to probe")


def _claimed_twice(targets: Mapping[str, TargetSettings]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for key, target in targets.items():
        for place, name in _names(key, target):
            form = name if place.startswith("addresses") else folded(name)
            path = f"targets.{key}.{place}" if place else f"targets.{key}"
            if not form:
                yield Problem(path, "Allowed: a name with at least one letter or digit in it", in_toml(name))
            elif owners.setdefault(form, key) != key:
                yield Problem(
                    path, f"The target {owners[form]} has this name too; it can belong to one only", in_toml(name)
                )


def _names(key: str, target: TargetSettings) -> Iterator[tuple[str, str]]:
    """Everything by which a person can mean the target, with the place in its table."""
    yield "", key
    yield "title", target.title
    for place in ("aliases", "hosts", "addresses"):
        for position, name in enumerate(getattr(target, place)):
            yield f"{place}[{position}]", name


def _slack_credentials(settings: Settings, environ: Mapping[str, str]) -> Iterator[Problem]:
    slack = settings.slack
    secrets = {"SLACK_BOT_TOKEN": (slack.bot_token, 'the bot token, "xoxb-…"')}
    if slack.mode == "socket":
        secrets["SLACK_APP_TOKEN"] = (slack.app_token, 'the app-level token for Socket Mode, "xapp-…"')
    else:
        secrets["SLACK_SIGNING_SECRET"] = (slack.signing_secret, "the signing secret, which HTTP mode needs")
    for variable, (secret, what) in secrets.items():
        if not secret.get_secret_value():
            yield _unset(variable, what, environ)
    if slack.bot_token.get_secret_value().startswith("xapp-"):
        yield Problem("SLACK_BOT_TOKEN", 'It holds an app-level token; the bot token starts with "xoxb-"')
    if slack.app_token.get_secret_value().startswith(("xoxb-", "xoxp-")):
        yield Problem("SLACK_APP_TOKEN", 'It holds a bot or user token; the app-level token starts with "xapp-"')


def _zendesk_credentials(settings: Settings, environ: Mapping[str, str]) -> Iterator[Problem]:
    desk = settings.zendesk
    client = (desk.client_id, desk.client_secret.get_secret_value())
    legacy = (desk.email, desk.token.get_secret_value())
    given = [*client, *legacy, desk.oauth_token.get_secret_value()]
    if not desk.url:
        if any(given) or settings.tickets.enabled:
            yield _unset("ZENDESK_URL", "the desk's address such as https://example.zendesk.com", environ)
        return
    if any(client) and not all(client):
        yield _unset(
            "ZENDESK_CLIENT_SECRET" if client[0] else "ZENDESK_CLIENT_ID", "the other half of the OAuth client", environ
        )
    elif any(legacy) and not all(legacy):
        yield _unset("ZENDESK_TOKEN" if legacy[0] else "ZENDESK_EMAIL", "the other half of the API token", environ)
    elif not any(given):
        yield _unset(
            "ZENDESK_CLIENT_ID",
            "it and ZENDESK_CLIENT_SECRET, or ZENDESK_OAUTH_TOKEN, or ZENDESK_EMAIL and ZENDESK_TOKEN",
            environ,
        )


def _reply_languages(settings: Settings) -> Iterator[Problem]:
    replies = settings.replies
    tables = (("replies.texts", replies.texts), ("replies.macros", replies.macros))
    named = [
        (f"{table}.{purpose}", key) for table, purposes in tables for purpose in purposes for key in purposes[purpose]
    ]
    for place, key in [*named, ("replies.fallback", replies.fallback)]:
        if not _LANGUAGE.fullmatch(key):
            where = place if place == "replies.fallback" else f"{place}.{in_toml(key)}"
            guess = key.replace("_", "-").strip().lower()
            yield Problem(where, "Allowed: a language such as en, de or pt-br", in_toml(key), guess)


def _stripe_key(settings: Settings) -> Iterator[Problem]:
    key = settings.stripe.test_key.get_secret_value()
    if key and not key.startswith(("sk_test_", "rk_test_")):
        live = "It holds a live key, which would move real money" if "_live_" in key[:8] else "It holds no test key"
        yield Problem("STRIPE_TEST_KEY", f'{live}. Allowed: a key of test mode, "sk_test_…" or "rk_test_…"')


def _wireguard_secrets(settings: Settings) -> Iterator[Problem]:
    secrets = {
        "WIREGUARD_PRIVATE_KEY": settings.vpn.wireguard_private_key,
        "WIREGUARD_PRESHARED_KEY": settings.vpn.wireguard_preshared_key,
    }
    for variable, secret in secrets.items():
        text = secret.get_secret_value()
        if text and not is_wireguard_key(text):
            yield Problem(variable, "It holds no WireGuard key. Allowed: what `wg genkey` or `wg genpsk` prints")


def _mail(settings: Settings, environ: Mapping[str, str]) -> Iterator[Problem]:
    """A password goes over an encrypted connection, or stays on this machine."""
    mail = settings.mail
    login = (mail.user, mail.password.get_secret_value())
    if not mail.server:
        if mail.sender or any(login):
            yield _unset("MAIL_SERVER", "the mail server such as smtp.example.com:587", environ)
        return
    if not mail.sender:
        yield Problem("mail.sender", "It is needed where there is a mail server, such as support@example.com")
    if any(login) and not all(login):
        yield _unset("MAIL_PASSWORD" if login[0] else "MAIL_USER", "the other half of the login", environ)
    if mail.tls == "none" and any(login) and not mail.server.startswith(("127.", "localhost:", "[::1]:")):
        yield Problem("mail.tls", "Allowed beside a password: starttls, implicit", in_toml(mail.tls), "starttls")


def _links(settings: Settings, environ: Mapping[str, str]) -> Iterator[Problem]:
    """A link that anybody could sign, or that leads nowhere, is worse than none."""
    web = settings.web
    if not web.public_url:
        return
    secret = web.link_secret.get_secret_value()
    what = f"at least {LINK_SECRET_MIN} characters that nobody knows, such as `openssl rand -hex 32` prints"
    if not secret:
        yield _unset("SECONDLINE_LINK_SECRET", what, environ)
    elif len(secret) < LINK_SECRET_MIN:
        yield Problem("SECONDLINE_LINK_SECRET", f"It is too short. Needed: {what}")
    if not web.port:
        yield Problem("web.port", "It is needed where there is a public_url: nothing is served without it", "0")


def _pages(settings: Settings, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Half a login lets nobody in, and Slack sends people back to a public address only."""
    web = settings.web
    secret = web.login_client_secret.get_secret_value()
    if bool(web.login_client_id) != bool(secret):
        name = "SLACK_LOGIN_CLIENT_SECRET" if web.login_client_id else "SLACK_LOGIN_CLIENT_ID"
        yield _unset(name, "both are on the page of your Slack app, under Basic Information", environ)
    if web.login_client_id and web.port and not web.public_url:
        yield Problem("web.public_url", "It is needed where people sign in, such as https://secondline.example.com")


def _unset(variable: str, what: str, environ: Mapping[str, str]) -> Problem:
    """A variable that is missing; one that is set and looks like it is probably a slip of the pen."""
    strangers = [name for name, value in environ.items() if value and name not in VARIABLES]
    slip = nearest(variable, strangers)
    return Problem(variable, f"It is not set in the environment{f', but {slip} is' if slip else ''}. Needed: {what}")


def _hours(settings: Settings) -> Iterator[Problem]:
    hours = settings.workspace.working_hours
    if hours.start == hours.end:
        yield Problem("workspace.working_hours.end", "It must differ from start", in_toml(f"{hours.end:%H:%M}"))
    if not hours.days:
        yield Problem("workspace.working_hours.days", "There must be at least one", "[]")


def _vendors(settings: Settings) -> Iterator[Problem]:
    """An example that is no reference would be shown to people who have to type one."""
    for key, vendor in settings.vendors.items():
        place = f"vendors.{in_toml(key) if not _KEY.fullmatch(key) else key}"
        yield from _bad_key("vendors", key)
        if vendor.reference and not vendor.example:
            yield Problem(f"{place}.example", "It is needed beside reference: people see it where they type one")
        elif vendor.reference and not re.fullmatch(vendor.reference, vendor.example):
            yield Problem(f"{place}.example", f"It must match reference ({vendor.reference})", in_toml(vendor.example))
    titles = [vendor.title.casefold() for vendor in settings.vendors.values()]
    for key, vendor in settings.vendors.items():
        if titles.count(vendor.title.casefold()) > 1:
            yield Problem(f"vendors.{key}.title", "Each vendor needs a title of its own", in_toml(vendor.title))


def _playbooks(settings: Settings) -> Iterator[Problem]:
    """What became of a step is kept under its name."""
    for kind, steps in settings.playbooks:
        twice = sorted({step for step in steps if steps.count(step) > 1})
        if twice:
            yield Problem(f"playbooks.{kind}", "Every step can stand there once", in_toml(twice[0]))
        elif sum(step.startswith(BY_HAND) for step in steps) > 1:
            yield Problem(
                f"playbooks.{kind}", f'Only one step can begin with "{BY_HAND.strip()}"', in_toml(list(steps))
            )


def _elevation(settings: Settings, teams: Set[str]) -> Iterator[Problem]:
    """Whose tickets are moved, and to whom: a team without a group of its own has that of the default team."""
    elevation = settings.elevation
    for team, group in elevation.groups.items():
        yield from _unknown(f"elevation.groups.{team}", "teams", team, teams, group)
    if elevation.default_team:
        yield from _unknown("elevation.default_team", "teams", elevation.default_team, teams)
    if not elevation.from_groups:
        return
    if not settings.tickets_enabled:
        yield Problem(
            "elevation.from_groups", "It needs Zendesk: set ZENDESK_URL", in_toml(list(elevation.from_groups))
        )
    for team in sorted(teams):
        if team not in elevation.groups:
            yield Problem(
                f"elevation.groups.{team}", 'Needed: the Zendesk group that gets its tickets, such as "T2 Tech"'
            )
    from_groups = {name.casefold() for name in elevation.from_groups}
    for team, group in elevation.groups.items():
        if group.casefold() in from_groups:
            yield Problem(
                f"elevation.groups.{team}", "Tickets can't be moved to a group that they come from", in_toml(group)
            )


def _status(settings: Settings, targets: Set[str]) -> Iterator[Problem]:
    """Sources speak about targets that there are, and say which of what they tell is about them."""
    pages = {f"pages.{key}.components": page.components for key, page in settings.status.pages.items()}
    watches = {
        f"alertmanagers.{key}.targets": alertmanager.targets
        for key, alertmanager in settings.status.alertmanagers.items()
    }
    for place, chosen in (pages | watches).items():
        for target, entries in chosen.items():
            path = f"status.{place}.{target}"
            yield from _unknown(path, "targets", target, targets)
            if target in targets and not entries:
                yield Problem(path, "Allowed: a list with at least one entry", in_toml(list(entries)))


def _trackers(settings: Settings, targets: Set[str], teams: Set[str]) -> Iterator[Problem]:
    """All that is wrong with the tables of trackers and known issues."""
    for key, tracker in settings.trackers.items():
        yield from _tracker_address(key, tracker)
        for name, target in tracker.components.items():
            yield from _unknown(f"trackers.{key}.components.{in_toml(name)}", "targets", target, targets)
    yield from _tracker_credentials(settings)
    for team, lead in settings.known_issues.leads.items():
        yield from _unknown(f"known_issues.leads.{team}", "teams", team, teams, lead)


def _tracker_address(key: str, tracker: TrackerSettings) -> Iterator[Problem]:
    needed, other = ("repository", "project") if tracker.kind == "github" else ("project", "repository")
    example = '"acme/app"' if needed == "repository" else '"VPN"'
    if not getattr(tracker, needed):
        yield Problem(f"trackers.{key}.{needed}", f"A tracker of the kind {tracker.kind} needs it, such as {example}")
    if getattr(tracker, other):
        advice = f"A tracker of the kind {tracker.kind} has none: it has a {needed}"
        yield Problem(f"trackers.{key}.{other}", advice, in_toml(getattr(tracker, other)))


def _tracker_credentials(settings: Settings) -> Iterator[Problem]:
    """A tracker whose login is missing would fail with every question."""
    kinds, jira = {tracker.kind for tracker in settings.trackers.values()}, settings.jira
    needed = [("github", "GITHUB_TOKEN", settings.github.token.get_secret_value(), "a token that may read issues")]
    needed += [("jira", "JIRA_URL", jira.url, "Jira's address such as https://example.atlassian.net")]
    needed += [("jira", "JIRA_EMAIL", jira.email, "the account of the API token")]
    needed += [("jira", "JIRA_TOKEN", jira.token.get_secret_value(), "an API token of that account")]
    for kind, variable, value, what in needed:
        if kind in kinds and not value:
            yield Problem(variable, f"It is not set in the environment. Needed: {what}")
