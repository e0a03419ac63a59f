"""secondline.toml and the environment: what is read, and what a wrong value is told."""

import ipaddress
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from bot.known_issues.mapping import IssueMapping
from bot.probes.playbooks import USUAL
from bot.reminders.model import RULES, ReminderKind
from bot.settings import Problem, Settings, SettingsError, load_settings
from bot.settings.problems import in_toml, nearest
from bot.settings.section import Section
from bot.settings.shape import PlaybooksSection, TargetKind
from bot.settings.sources import VARIABLES, layered, without_secrets
from bot.settings.values import is_endpoint, is_host

EXAMPLE = Path(__file__).parent.parent / "secondline.toml"
MINUTE = timedelta(minutes=1)
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-bot", "SLACK_APP_TOKEN": "xapp-app"}
SMALL = """
[teams.t2-tech]
title = "T2 Tech"
channel = "#t2-tech"

[targets.us-east]
title = "U.S. East"
kind = "gateway"
addresses = ["198.51.100.11"]

[targets.us-west]
title = "U.S. West"
kind = "gateway"
aliases = ["california"]
addresses = ["198.51.100.21"]

[targets.website]
title = "Website"
kind = "website"
urls = ["https://www.example.com/"]
"""

Load = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads a file with this text; the environment holds Slack's tokens and what is given."""

    def load_text(text: str, environ: Mapping[str, str] = TOKENS) -> Settings:
        file = tmp_path / "secondline.toml"
        file.write_text(text, encoding="utf-8")
        return load_settings({**environ, "SECONDLINE_CONFIG": str(file)})

    return load_text


def problems_of(load: Load, text: str, environ: Mapping[str, str] = TOKENS) -> dict[str, Problem]:
    """What is wrong with a file, by key."""
    with pytest.raises(SettingsError) as caught:
        load(text, environ)
    return {problem.key: problem for problem in caught.value.problems}


def changed(key: str, value: str) -> str:
    """The small file with one line of the target us-east set or added."""
    table, _, name = key.rpartition(".")
    lines = [line for line in SMALL.splitlines()]
    if f"[{table}]" not in lines:
        return f"{SMALL}\n[{table}]\n{name} = {value}\n"
    start = lines.index(f"[{table}]") + 1
    end = next((n for n in range(start, len(lines)) if lines[n].startswith("[")), len(lines))
    kept = [line for line in lines[start:end] if not line.startswith(f"{name} ")]
    return "\n".join([*lines[:start], f"{name} = {value}", *kept, *lines[end:]])


def leaves(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """The values of nested tables by dotted key."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for entry in value:
                yield from leaves(entry, f"{path}{key}.*.")
        else:
            yield f"{path}{key}", value


def uncommented(text: str) -> str:
    """The example with the keys set that stand there as comments."""
    return re.sub(r"^# (\w+ = |\[)", r"\1", text, flags=re.MULTILINE)


def _is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def keys_of(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """The dotted keys of a model, with "*" where a file names its own tables."""
    for name, field in model.model_fields.items():
        annotation: Any = field.annotation
        entry = next((a for a in getattr(annotation, "__args__", ()) if _is_model(a)), None)
        if _is_model(annotation):
            yield from keys_of(annotation, f"{path}{name}.")
        elif entry:
            yield from keys_of(entry, f"{path}{name}.*.")
        else:
            yield f"{path}{name}"


def secrets_of(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """The dotted keys of its secrets."""
    for name, field in model.model_fields.items():
        annotation: Any = field.annotation
        if _is_model(annotation):
            yield from secrets_of(annotation, f"{path}{name}.")
        elif annotation is SecretStr:
            yield f"{path}{name}"


def without_names(key: str) -> str:
    """A key as `keys_of` has it: what a file names itself is "*", and a table by target counts as one value."""
    entry = re.sub(
        r"^(teams|targets|trackers|vendors|escalation\.ladders|status\.(?:pages|alertmanagers))\.[^.]+", r"\1.*", key
    )
    entry = re.sub(r"^(trackers\.\*\.(?:priorities|components|priority_names))\..*", r"\1", entry)
    entry = re.sub(
        r"^(known_issues\.(?:leads|words)|reading\.(?:symptoms|fields)|probes\.networks"
        r"|elevation\.groups|vendors\.\*\.account)\..*",
        r"\1",
        entry,
    )
    return re.sub(r"^(status\..*\.(?:components|targets))\..*", r"\1", entry)


def test_the_example_loads() -> None:
    """What the repository ships can be started with."""
    settings = load_settings({**TOKENS, "SECONDLINE_CONFIG": str(EXAMPLE)})

    assert settings.workspace.zone == "Europe/Berlin"
    assert settings.workspace.working_hours.start == time(8)
    assert {key: team.channel for key, team in settings.teams.items()} == {"t2-tech": "#t2-tech", "t2-cs": "#t2-cs"}
    assert settings.escalation.group == "ltm"


@pytest.mark.parametrize(
    ("written", "zone"), [("GMT+2", "Etc/GMT-2"), ("utc-03:00", "Etc/GMT+3"), ("Etc/GMT+2", "Etc/GMT+2")]
)
def test_hours_are_counted_as_people_count_them(written: str, zone: str, tmp_path: Path) -> None:
    """East is plus, though the names of the list have the other sign; a name of the list is itself."""
    path = tmp_path / "secondline.toml"
    path.write_text(EXAMPLE.read_text("utf-8").replace('"Europe/Berlin"', f'"{written}"'), "utf-8")
    settings = load_settings({**TOKENS, "SECONDLINE_CONFIG": str(path)})

    assert (settings.workspace.zone, settings.briefing.zone) == (zone, zone)


def test_the_example_has_eight_gateways_over_four_regions() -> None:
    """Two addresses in each of four regions, each with a healthy region to compare with."""
    catalog = load_settings({**TOKENS, "SECONDLINE_CONFIG": str(EXAMPLE)}).catalog()
    gateways = [target for target in catalog if target.kind == "gateway"]

    assert [gateway.key for gateway in gateways] == ["us-east", "us-west", "eu-central", "ap-southeast"]
    assert sum(len(gateway.addresses) for gateway in gateways) == 8
    assert all(catalog[gateway.control].kind == "gateway" for gateway in gateways)
    assert [target.kind for target in catalog if target not in gateways] == ["website", "payments", "app"]


def test_the_example_names_public_documentation_addresses_only() -> None:
    """Nobody's real network is in the example (RFC 5737)."""
    documentation = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
    catalog = load_settings({**TOKENS, "SECONDLINE_CONFIG": str(EXAMPLE)}).catalog()

    for address in (ipaddress.ip_address(text) for target in catalog for text in target.addresses):
        assert any(address in network for network in documentation), address


def test_every_key_is_in_the_example() -> None:
    """The example is the reference: each key stands in it, set or as a comment, and each variable too."""
    text = EXAMPLE.read_text(encoding="utf-8")
    there = {without_names(key) for key, _ in leaves(tomllib.loads(uncommented(text)))}
    there = {re.sub(r"^(replies\.(texts|macros|gateway|website|payments|app))\..*", r"\1", key) for key in there}

    assert set(keys_of(Settings)) - set(secrets_of(Settings)) == there
    assert [word for pair in VARIABLES.items() for word in pair if word not in text.split()] == []


def test_the_defaults_in_the_examples_comments_are_the_defaults(load: Load) -> None:
    """A key that stands there as a comment has the value that it shows."""
    text = EXAMPLE.read_text(encoding="utf-8")
    plain, full = dict(leaves(tomllib.loads(text))), dict(leaves(tomllib.loads(uncommented(text))))
    defaults = dict(leaves(load(SMALL).model_dump(mode="json")))
    named = (
        "teams.",
        "status.pages.",
        "status.alertmanagers.",
        "trackers.",
        "vendors.",
        "logs.signatures",
        "known_issues.leads",
        "known_issues.words",
        "escalation.ladders",
        "probes.networks",
        "elevation.groups",
        "reading.symptoms",
        "reading.fields",
    )
    examples = {"tickets.enabled", "elevation.from_groups", "elevation.default_team"}
    commented = {key for key in full.keys() - plain.keys() - examples if not key.startswith(named)}

    assert {key: full[key] for key in commented} == {key: defaults[key] for key in commented}


def test_the_environment_wins(load: Load) -> None:
    """A variable of the environment stands above the same key of the file; an empty one does not count."""
    text = SMALL + '[zendesk]\nurl = "https://file.zendesk.com"\n[database]\npath = "file.db"\n'
    environ = {**TOKENS, "ZENDESK_URL": "https://env.zendesk.com/", "ZENDESK_OAUTH_TOKEN": "o", "SECONDLINE_DB": " "}
    settings = load(text, environ)

    assert settings.zendesk.url == "https://env.zendesk.com"
    assert settings.database.path == "file.db"
    assert settings.zendesk.oauth_token.get_secret_value() == "o"


def test_a_mode_alone_stands_for_the_table_of_trends(load: Load) -> None:
    assert load('trends = "shadow"\n' + SMALL).trends.mode == "shadow"
    assert load(SMALL + '\n[trends]\nmode = "off"\n').trends.mode == "off"
    assert load(SMALL).trends.mode == "on"
    assert "trends.mode" in problems_of(load, 'trends = "loud"\n' + SMALL)


def test_every_variable_sets_its_key(load: Load) -> None:
    """Each variable that the design names arrives where it belongs."""
    environ = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_SIGNING_SECRET": "signing",
        "SLACK_API_URL": "http://127.0.0.1:9000/api/",
        "ZENDESK_URL": "http://127.0.0.1:9001",
        "ZENDESK_AGENT_URL": "https://desk.example",
        "ZENDESK_CLIENT_ID": "client",
        "ZENDESK_CLIENT_SECRET": "secret",
        "ZENDESK_OAUTH_TOKEN": "oauth",
        "ZENDESK_EMAIL": "bot@example.com",
        "ZENDESK_TOKEN": "legacy",
        "WIREGUARD_PRIVATE_KEY": "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=",
        "WIREGUARD_PRESHARED_KEY": "mCnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=",
        "STRIPE_API_URL": "http://127.0.0.1:9002",
        "STRIPE_TEST_KEY": "sk_test_1",
        "GLOBALPING_URL": "http://127.0.0.1:9003",
        "GLOBALPING_TOKEN": "tests",
        "GITHUB_API_URL": "http://127.0.0.1:9004",
        "GITHUB_TOKEN": "github",
        "JIRA_URL": "http://127.0.0.1:9005",
        "JIRA_EMAIL": "jira@example.com",
        "JIRA_TOKEN": "jira",
        "GITHUB_WEBHOOK_SECRET": "gh",
        "JIRA_WEBHOOK_SECRET": "jr",
        "SECONDLINE_LINK_SECRET": "links",
        "SECONDLINE_METRICS_TOKEN": "metrics",
        "SLACK_LOGIN_CLIENT_ID": "login",
        "SLACK_LOGIN_CLIENT_SECRET": "login-secret",
        "ALERTMANAGER_TOKEN": "bearer",
        "ESCALATION_HEARTBEAT_URL": "https://example.com/beat",
        "MAIL_SERVER": "127.0.0.1:2525",
        "MAIL_USER": "secondline",
        "MAIL_PASSWORD": "mail",
        "SECONDLINE_DB": "/data/secondline.db",
        "SECONDLINE_LOG_LEVEL": "WARNING",
    }
    settings = load(SMALL + '[mail]\nsender = "t2@example.com"\n', environ)

    values = {}
    for variable, key in VARIABLES.items():
        at: Any = settings
        for part in key.split("."):
            at = getattr(at, part)
        values[variable] = at.get_secret_value() if isinstance(at, SecretStr) else at
    assert values == environ


TRACKER = '[trackers.app]\nkind = "github"\nrepository = "acme/app"\n'
JIRA = '[trackers.vpn]\nkind = "jira"\nproject = "VPN"\n'
TRACKER_TOKENS = {
    **TOKENS,
    "GITHUB_TOKEN": "g",
    "JIRA_URL": "https://x.atlassian.net",
    "JIRA_EMAIL": "e",
    "JIRA_TOKEN": "t",
}


def test_trackers_become_mappings(load: Load) -> None:
    """What the file leaves open has the usual value; names of priorities come on top."""
    text = SMALL + TRACKER + 'known_labels = ["bug"]\npriorities = { "on fire" = "P0" }\neta_order = ["body"]\n' + JIRA
    settings = load(text, TRACKER_TOKENS)
    mapping = settings.trackers["app"].mapping()

    assert (mapping.known, mapping.priorities["on fire"], mapping.priorities["high"]) == (("bug",), "P0", "P1")
    assert mapping.eta_order == ("body",)
    assert settings.trackers["vpn"].mapping() == IssueMapping()


@pytest.mark.parametrize(
    ("text", "key", "near"),
    [
        (TRACKER.replace("github", "gihub"), "trackers.app.kind", "github"),
        (TRACKER.replace("acme/app", "acme"), "trackers.app.repository", ""),
        (TRACKER.replace('repository = "acme/app"', ""), "trackers.app.repository", ""),
        (TRACKER + 'project = "VPN"', "trackers.app.project", ""),
        (JIRA.replace("VPN", "vpn"), "trackers.vpn.project", "VPN"),
        (TRACKER + 'workaround_heading = ["X"]', "trackers.app.workaround_heading", "workaround_headings"),
        (TRACKER + 'components = { edge = "us-eastt" }', 'trackers.app.components."edge"', "us-east"),
        (TRACKER + 'eta_order = ["milestones"]', "trackers.app.eta_order[0]", "milestone"),
        (TRACKER + 'priorities = { bad = "P9" }', "trackers.app.priorities.bad", ""),
        ('[known_issues]\nleads = { t2-tec = "U1" }', "known_issues.leads.t2-tec", "t2-tech"),
        ('[known_issues]\nleads = { t2-tech = "kim" }', "known_issues.leads.t2-tech", ""),
        ("[known_issues]\nask_at = [0]", "known_issues.ask_at[0]", ""),
    ],
)
def test_a_wrong_tracker_is_named(load: Load, text: str, key: str, near: str) -> None:
    """With the key, target or team that was probably meant."""
    problems = problems_of(load, SMALL + text, TRACKER_TOKENS)

    assert key in problems
    assert problems[key].nearest == near


def test_a_tracker_needs_its_login(load: Load) -> None:
    """A tracker that nobody can ask is no tracker."""
    missing = {"GITHUB_TOKEN", "JIRA_URL", "JIRA_EMAIL", "JIRA_TOKEN"}

    assert set(problems_of(load, SMALL + TRACKER + JIRA)) == missing


MAIL = '[mail]\nserver = "smtp.example.com:587"\nsender = "t2@example.com"\n'


@pytest.mark.parametrize(
    ("text", "environ", "key"),
    [
        (MAIL.replace(":587", ""), {}, "mail.server"),
        (MAIL.replace(":587", ":0"), {}, "mail.server"),
        (MAIL.replace("t2@example.com", "T2 <t2@example.com>"), {}, "mail.sender"),
        (MAIL.replace("t2@example.com", ""), {}, "mail.sender"),
        (MAIL.replace("t2@example.com", "t2@example.com\\r\\nBcc: x@example.com"), {}, "mail.sender"),
        (MAIL, {"MAIL_USER": "bot"}, "MAIL_PASSWORD"),
        (MAIL, {"MAIL_PASSWORD": "secret"}, "MAIL_USER"),
        (MAIL + 'tls = "none"\n', {"MAIL_USER": "bot", "MAIL_PASSWORD": "secret"}, "mail.tls"),
        ("", {"MAIL_USER": "bot", "MAIL_PASSWORD": "secret"}, "MAIL_SERVER"),
        (MAIL + 'password = "secret"\n', {}, "mail.password"),
    ],
)
def test_wrong_mail_settings_are_named(load: Load, text: str, environ: dict[str, str], key: str) -> None:
    """A password in the clear goes to this machine at most; half a login is none."""
    assert list(problems_of(load, SMALL + text, {**TOKENS, **environ})) == [key]


def test_a_mail_server_on_this_machine_needs_no_encryption(load: Load) -> None:
    text = MAIL.replace("smtp.example.com", "127.0.0.1") + 'tls = "none"\n'

    assert load(SMALL + text, {**TOKENS, "MAIL_USER": "bot", "MAIL_PASSWORD": "secret"}).mail.tls == "none"


ELEVATION = '[elevation]\nfrom_groups = ["Tier 1"]\n[elevation.groups]\nt2-tech = "T2 Tech"\n'
DESK = {**TOKENS, "ZENDESK_URL": "https://acme.zendesk.com", "ZENDESK_OAUTH_TOKEN": "o"}


@pytest.mark.parametrize(
    ("text", "environ", "key"),
    [
        (ELEVATION, TOKENS, "elevation.from_groups"),
        (ELEVATION.replace("t2-tech", "t2-tec"), DESK, "elevation.groups.t2-tec"),
        (ELEVATION.replace('t2-tech = "T2 Tech"', ""), DESK, "elevation.groups.t2-tech"),
        (ELEVATION.replace("T2 Tech", "tier 1"), DESK, "elevation.groups.t2-tech"),
        (ELEVATION.replace("from_groups", 'default_team = "t3"\nfrom_groups'), DESK, "elevation.default_team"),
        (ELEVATION.replace("from_groups", "after_min = 0\nfrom_groups"), DESK, "elevation.after_min"),
        (ELEVATION.replace("from_groups", "per_minute = 100\nfrom_groups"), DESK, "elevation.per_minute"),
    ],
)
def test_wrong_settings_of_elevation_are_named(load: Load, text: str, environ: dict[str, str], key: str) -> None:
    """Before anything is moved to nowhere, or in a circle."""
    assert key in problems_of(load, SMALL + text, environ)


def test_elevation_is_off_by_default(load: Load) -> None:
    """Where it is on it begins with a week in which it changes nothing."""
    assert load(SMALL, DESK).elevation.from_groups == ()
    assert load(SMALL + ELEVATION, DESK).elevation.dry_run_days == 7


VENDOR = '[vendors.telia]\ntitle = "Telia"\nreference = "TEL-[0-9]{4,8}"\nexample = "TEL-4711"\n'


@pytest.mark.parametrize(
    ("text", "key", "near"),
    [
        (VENDOR.replace('"TEL-4711"', '"4711"'), "vendors.telia.example", ""),
        (VENDOR.replace('example = "TEL-4711"\n', ""), "vendors.telia.example", ""),
        (VENDOR.replace("[0-9]{4,8}", "("), "vendors.telia.reference", ""),
        (VENDOR.replace("[0-9]{4,8}", "(a+)+"), "vendors.telia.reference", ""),
        (VENDOR.replace("vendors.telia", 'vendors."Telia Carrier"'), 'vendors."Telia Carrier"', "telia-carrier"),
        (VENDOR + 'asks_for = ["mtr both way"]\n', "vendors.telia.asks_for[0]", "mtr both ways"),
        (VENDOR + 'email = "noc"\n', "vendors.telia.email", ""),
        (VENDOR + 'form = "telia.example"\n', "vendors.telia.form", ""),
        (VENDOR + 'hours = { zone = "Stockholm" }\n', "vendors.telia.hours.zone", "Europe/Stockholm"),
        (VENDOR + "hours = { days = [] }\n", "vendors.telia.hours.days", ""),
        (VENDOR + "remind_h = 0\n", "vendors.telia.remind_h", ""),
        (VENDOR + 'fields = ["a", "b", "c", "d", "e", "f"]\n', "vendors.telia.fields", ""),
        (VENDOR + '[vendors.other]\ntitle = "telia"\n', "vendors.telia.title", ""),
    ],
)
def test_a_wrong_vendor_is_named(load: Load, text: str, key: str, near: str) -> None:
    """With what was probably meant; an example that is no reference would mislead whoever types one."""
    problems = problems_of(load, SMALL + text)

    assert key in problems
    assert problems[key].nearest == near


def test_a_vendor_without_hours_is_always_there(load: Load) -> None:
    """And with them in a zone of its own."""
    text = SMALL + VENDOR + 'hours = { start = "08:00", end = "18:00", days = ["mon"], zone = "Europe/Stockholm" }\n'
    sunday = datetime(2026, 11, 29, 3, tzinfo=UTC)

    assert load(SMALL + VENDOR).vendors["telia"].hours.hours.contain(sunday)
    assert not load(text).vendors["telia"].hours.hours.contain(sunday)


PAGE = '[status.pages.public]\nurl = "https://status.example.com/"\n'
ALERTS = '[status.alertmanagers.ops]\nurl = "http://127.0.0.1:9093"\n'


def test_status_sources_are_read(load: Load) -> None:
    """Matchers are kept as Alertmanager itself writes them."""
    text = (
        SMALL + PAGE + 'components = { us-east = ["US East"] }\n' + ALERTS + "targets = { us-east = ['job=~vpn.*'] }\n"
    )
    status = load(text).status

    assert status.pages["public"].url == "https://status.example.com"
    assert status.pages["public"].components == {"us-east": ("US East",)}
    assert status.alertmanagers["ops"].targets == {"us-east": ('job=~"vpn.*"',)}
    assert not status.alertmanagers["ops"].write
    assert [target.key for target in load(text).catalog() if target.status_page] == ["us-east"]


@pytest.mark.parametrize(
    ("text", "key", "near"),
    [
        (PAGE + 'components = { us-eastt = ["US East"] }', "status.pages.public.components.us-eastt", "us-east"),
        (PAGE + "components = { us-east = [] }", "status.pages.public.components.us-east", ""),
        (PAGE.replace("url", "ulr"), "status.pages.public.ulr", "url"),
        (ALERTS + "targets = { website2 = ['a=b'] }", "status.alertmanagers.ops.targets.website2", "website"),
        (ALERTS + "targets = { us-east = ['region'] }", "status.alertmanagers.ops.targets.us-east[0]", ""),
        (ALERTS + "filter = ['a=~\"(\"']", "status.alertmanagers.ops.filter[0]", ""),
        ('[status.pages.public]\nurl = ""\n', "status.pages.public.url", ""),
        ("[status.pages.public]\n", "status.pages.public.url", ""),
    ],
)
def test_a_wrong_status_source_is_named(load: Load, text: str, key: str, near: str) -> None:
    """With the target or key that was probably meant."""
    problems = problems_of(load, SMALL + text)

    assert key in problems
    assert problems[key].nearest == near


@pytest.mark.parametrize(
    ("steps", "key", "near"),
    [
        ('["ping", "mtrr"]', "playbooks.gateway[1]", "mtr"),
        ('["controll ping"]', "playbooks.gateway[0]", "control ping"),
        ('["customer"]', "playbooks.gateway[0]", "customers"),
        ('["by hand: "]', "playbooks.gateway[0]", ""),
        ('["ping", "ping"]', "playbooks.gateway", ""),
        ('["by hand: this", "by hand: that"]', "playbooks.gateway", ""),
    ],
)
def test_a_wrong_step_of_a_playbook_is_named(load: Load, steps: str, key: str, near: str) -> None:
    """With the step that was probably meant; each can stand there once."""
    problems = problems_of(load, f"{SMALL}\n[playbooks]\ngateway = {steps}\n")

    assert key in problems
    assert problems[key].nearest == near


def test_a_kind_of_target_that_there_is_not_has_no_playbook(load: Load) -> None:
    """The kinds are known."""
    assert problems_of(load, SMALL + '[playbooks]\ngatway = ["ping"]\n')["playbooks.gatway"].nearest == "gateway"


def test_slacks_address_ends_in_a_slash(load: Load) -> None:
    """slack_sdk joins method names to it."""
    assert load(SMALL, {**TOKENS, "SLACK_API_URL": "http://127.0.0.1:9000/api"}).slack.api_url.endswith("/api/")


def test_secrets_are_never_printed(load: Load) -> None:
    """Whoever prints or logs the settings shows no token."""
    settings = load(SMALL, {**TOKENS, "ZENDESK_URL": "https://x.zendesk.com", "ZENDESK_OAUTH_TOKEN": "very-secret"})

    assert not any(secret in f"{settings} {settings!r}" for secret in ("xoxb-bot", "xapp-app", "very-secret"))


def test_no_secret_is_forgotten() -> None:
    """Whatever is declared as a secret, wherever a section stands, is taken out of a file; and nothing else is."""

    class Account(Section):
        name: str
        token: SecretStr | None = None

    class Everything(Section):
        accounts: dict[str, Account]
        main: Account

    table = {"main": {"name": "a", "token": "x"}, "accounts": {"b": {"name": "b", "token": "y"}, "c": "no table"}}
    clean, problems = without_secrets(table, Everything)

    assert clean == {"main": {"name": "a"}, "accounts": {"b": {"name": "b"}, "c": "no table"}}
    assert [problem.key for problem in problems] == ["main.token", "accounts.b.token"]


@pytest.mark.parametrize("key", sorted(secrets_of(Settings)))
def test_a_secret_in_the_file_is_refused(load: Load, key: str) -> None:
    """A file with a token in it gets committed one day; the error does not repeat the token."""
    problems = problems_of(load, changed(key, '"xoxb-in-the-file"'))

    assert "environment only" in problems[key].allowed
    assert {variable for variable, named in VARIABLES.items() if named == key} & set(problems[key].allowed.split())
    assert "xoxb-in-the-file" not in str(problems[key])


@pytest.mark.parametrize("section", sorted({key.partition(".")[0] for key in secrets_of(Settings)}))
def test_a_list_where_a_table_with_secrets_belongs_is_not_repeated(load: Load, section: str) -> None:
    """Two brackets too many must not bring a token into the log."""
    problems = problems_of(load, f'{section} = [{{ token = "xoxb-in-the-file" }}]\n' + SMALL)

    assert problems[section].value == "(hidden)" and "Allowed: a table" in str(problems[section])
    assert not any("xoxb-in-the-file" in str(problem) for problem in problems.values())


# key, value as TOML, the value in the message, a part of what is allowed, the nearest known name
WRONG = [
    ("targets.us-east.kind", '"gatewy"', '"gatewy"', ", ".join(USUAL), "gateway"),
    ("targets.us-east.kind", '"Website"', '"Website"', ", ".join(USUAL), "website"),
    ("targets.us-east.control", '"us-wst"', '"us-wst"', "us-west", "us-west"),
    ("targets.us-east.control", '"us-east"', '"us-east"', "own control", ""),
    ("targets.us-east.control", '"website"', '"website"', "of the kind website", ""),
    ("targets.us-east.team", '"t2-tec"', '"t2-tec"', "t2-tech", "t2-tech"),
    ("targets.us-east.addresses[1]", '["198.51.100.1", "300.1.1.1"]', '"300.1.1.1"', "IPv4 or IPv6", ""),
    ("targets.us-east.hosts[0]", '["https://x.example"]', '"https://x.example"', "host name", ""),
    ("targets.us-east.hosts[0]", '["10.1.2.3"]', '"10.1.2.3"', "IP addresses go to addresses", ""),
    ("targets.us-east.urls[0]", '["www.example.com"]', '"www.example.com"', "https://", ""),
    ("targets.us-east.urls[0]", '["https://u:p@example.com"]', '"https://u:p@example.com"', "without user name", ""),
    ("targets.us-east.tls[0]", '["www.example.com"]', '"www.example.com"', "host:port", ""),
    ("targets.us-west.aliases[0]", '["U S East!"]', '"U S East!"', "us-east", ""),
    ("targets.us-east.aliases[0]", '["?!"]', '"?!"', "letter or digit", ""),
    ("targets.us-east.title", '""', '""', "1 to 100", ""),
    ("targets.us-east.title", "7", "7", "text in quotes", ""),
    ("teams.t2-tech.channel", '"T2 Tech"', '"T2 Tech"', "#t2-tech", "#t2-tech"),
    ("teams.t2-tech.usergroup", '"two words"', '"two words"', "handle", ""),
    ("escalation.group_id", '"ltm"', '"ltm"', "S0123ABCD", ""),
    ("workspace.zone", '"Europe/Berln"', '"Europe/Berln"', "IANA", "Europe/Berlin"),
    ("workspace.zone", '"Berlin"', '"Berlin"', "IANA", "Europe/Berlin"),
    ("workspace.zone", '"GMT+5:30"', '"GMT+5:30"', "IANA", ""),
    ("workspace.working_hours.start", '"25:00"', '"25:00"', "09:00", ""),
    ("workspace.working_hours.days", "[]", "[]", "at least one", ""),
    ("reminders.unclaimed.again_min", "0", "0", "more than 0", ""),
    ("reminders.long_open.times", "0", "0", "1 or more", ""),
    ("workspace.working_hours.days[0]", '["monday"]', '"monday"', "mon, tue", "mon"),
    ("workspace.working_hours.days", "[]", "[]", "at least one", ""),
    ("handovers.answer_min", "0", "0", "1 or more, 1440 or less", ""),
    ("handovers.before_end_min", "180", "180", "0 or more, 120 or less", ""),
    ("slack.mode", '"sockets"', '"sockets"', "socket, http", "socket"),
    ("slack.http_port", "70000", "70000", "0 or more, 65535 or less", ""),
    ("slack.http_port", '"many"', '"many"', "whole number", ""),
    ("slack.api_url", '"slack.com"', '"slack.com"', "https://", ""),
    ("tickets.shown", "0", "0", "1 or more", ""),
    ("tickets.window_h", '"a day"', '"a day"', "a number", ""),
    ("tickets.window_h", "nan", "NaN", "more than 0", ""),
    ("tickets.place_field", "-1", "-1", "0 or more", ""),
    ("tickets.place_field", '"city"', '"city"', "whole number", ""),
    ("globalping.places[0]", '["", "Berlin"]', '""', "1 to 100", ""),
    ("globalping.places", '"Berlin"', '"Berlin"', "a list", ""),
    ("tickets.enabled", '"perhaps"', '"perhaps"', "true or false", ""),
    ("probes.mtr_cycles", "1000", "1000", "1 or more, 100 or less", ""),
    ("probes.interval_s", "0", "0", "0.05 or more", ""),
    ("probes.allow_networks[0]", '["10.0.0.1/8"]', '"10.0.0.1/8"', "10.20.0.0/16", "10.0.0.0/8"),
    ("probes.allow_networks[0]", '["office"]', '"office"', "10.20.0.0/16", ""),
    ("probes.resolvers[0]", '["dns.example"]', '"dns.example"', "9.9.9.9", ""),
    ("probes.resolvers", '"9.9.9.9"', '"9.9.9.9"', "a list", ""),
    ("probes.ca_file", '"/no/such/file.pem"', '"/no/such/file.pem"', "a file that exists", ""),
    ("probes.chromium", '"/no/such/browser"', '"/no/such/browser"', "can be run", ""),
    ("targets.us-east.ports[0]", '["http"]', '"http"', "host:port", ""),
    ("targets.us-east.ports[0]", '["70000"]', '"70000"', "TCP port", ""),
    ("targets.us-east.vpn[0]", '["openvpn:1194"]', '"openvpn:1194"', "openvpn-udp, openvpn-tcp", "openvpn-udp:1194"),
    ("targets.us-east.vpn[0]", '["ikev2"]', '"ikev2"', "wireguard:51820", ""),
    ("targets.us-east.wireguard_keys[0]", '["short="]', '"short="', "wg pubkey", ""),
    ("targets.website.test_payment", '"pm_card_visa"', '"pm_card_visa"', "true or false", ""),
    ("vpn.openvpn_key_file", '"/no/such.key"', '"/no/such.key"', "a file that exists", ""),
    ("vpn.openvpn_key_use", '"tls-cript"', '"tls-cript"', "tls-crypt, tls-auth, tls-auth 1", "tls-crypt"),
    ("stripe.currency", '"dollars"', '"dollars"', "three letters", ""),
    ("stripe.amount", "0", "0", "1 or more", ""),
    ("briefing.at", '"nine"', '"nine"', "09:00", ""),
    ("briefing.zone", '"Berlin"', '"Berlin"', "IANA", "Europe/Berlin"),
    ("briefing.days[0]", '["monday"]', '"monday"', "mon, tue", "mon"),
    ("briefing.days", "[]", "[]", "at least one", ""),
    ("briefing.channels[0]", '["T2 Tech"]', '"T2 Tech"', "#t2-tech", "#t2-tech"),
    ("briefing.holidays[0]", '["25.12.2026"]', '"25.12.2026"', "2026-12-25", ""),
    ("briefing.untouched_h", "0", "0", "more than 0", ""),
    ("database.path", '""', '""', "not empty", ""),
    ("database.content_days", "0", "0", "1 or more, 3650 or less", ""),
    ("database.details_days", "9999", "9999", "1 or more, 3650 or less", ""),
    ("tickets.forget_days", "7", "7", "28 or more, 365 or less", ""),
    ("tickets.history_days", "91", "91", "As many as tickets.forget_days, or less", ""),
    ("replies.per_minute", "200", "200", "1 or more, 100 or less", ""),
    ("replies.fallback", '"English"', '"English"', "en, de or pt-br", "english"),
    ("replies.texts.released.en", '"fixed in {versoin}"', '"fixed in {versoin}"', "{target}, {version}", ""),
    ("replies.gateway.released.en", '"{title} is fixed"', '"{title} is fixed"', "{target}, {version}", ""),
    ("replies.texts.released.en", '""', '""', "1 to 2,000", ""),
    ("replies.texts.relesed", "{}", '"relesed"', "released, planned, noted", "released"),
    ("replies.macros.fixed", "{}", '"fixed"', "released, planned, noted", ""),
    ("handoffs.channel", '"Triage desk"', '"Triage desk"', "#t2-tech", "#triage-desk"),
    ("known_issues.ask_at[1]", "[10, nan]", "NaN", "1 or more, 100000 or less", ""),
    ("known_issues.ask_at[0]", "[0]", "0", "1 or more, 100000 or less", ""),
]


@pytest.mark.parametrize(("key", "toml", "value", "allowed", "near"), WRONG)
def test_a_wrong_value_is_named(load: Load, key: str, toml: str, value: str, allowed: str, near: str) -> None:
    """The message has the key, the value, what is allowed, and the nearest known name where there is one."""
    problems = problems_of(load, changed(key.partition("[")[0], toml))

    assert problems[key].value == value
    assert allowed in problems[key].allowed
    assert problems[key].nearest == near
    assert str(problems[key]).startswith(f"{key}: {value} can't be used.")
    assert list(problems) == [key]


def test_a_wrong_network_with_a_name_is_named(load: Load) -> None:
    """Its key is no network; the message has it as the file does."""
    problems = problems_of(load, SMALL + '[probes]\nnetworks = { "10.0.0.1/8" = "Core" }\n')
    (problem,) = problems.values()

    assert problem.key == 'probes.networks."10.0.0.1/8"'
    assert (problem.value, problem.nearest) == ('"10.0.0.1/8"', "10.0.0.0/8")


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("STRIPE_TEST_KEY", "sk_live_4eC39", "a live key, which would move real money"),
        ("STRIPE_TEST_KEY", "pk_test_4eC39", "no test key"),
        ("WIREGUARD_PRIVATE_KEY", "secret-words", "no WireGuard key"),
    ],
)
def test_a_secret_of_the_wrong_kind_is_refused(load: Load, variable: str, value: str, words: str) -> None:
    """The bot does not start with it, and the message does not repeat it."""
    problems = problems_of(load, SMALL, {**TOKENS, variable: value})

    assert words in str(problems[variable])
    assert value not in str(problems[variable])


UNKNOWN = [
    ("targets.us-east.adresses", "addresses"),
    ("teams.t2-tech.chanel", "channel"),
    ("slack.http_prot", "http_port"),
    ("workspace.working_hours.begin", ""),
    ("tickets.refresh", "refresh_s"),
    ("probes.timeout", "timeout_s"),
    ("escalation.grup", "group"),
]


@pytest.mark.parametrize(("key", "near"), UNKNOWN)
def test_an_unknown_key_is_named(load: Load, key: str, near: str) -> None:
    """The message lists the keys of that table and the nearest of them."""
    problems = problems_of(load, changed(key, "1"))

    assert "no such key" in problems[key].allowed
    assert problems[key].nearest == near
    assert near in problems[key].allowed


def test_an_unknown_table_is_named(load: Load) -> None:
    """A slip in a table's name is no empty configuration."""
    problems = problems_of(load, SMALL + "[tikets]\nshown = 3\n")

    assert problems["tikets"].nearest == "tickets"
    assert "targets, tickets, reading, logs, replies, probes" in problems["tikets"].allowed


def test_a_value_in_place_of_a_table_is_named(load: Load) -> None:
    """`slack = 3` is told that a table belongs there."""
    assert problems_of(load, "slack = 3\n" + SMALL)["slack"].allowed == "Allowed: a table"


@pytest.mark.parametrize("key", ["targets.us-east.title", "targets.us-east.kind", "teams.t2-tech.channel"])
def test_a_missing_key_is_named(load: Load, key: str) -> None:
    """A table without what it needs says what that is."""
    table, _, name = key.rpartition(".")
    lines = SMALL.splitlines()
    place = next(n for n in range(lines.index(f"[{table}]"), len(lines)) if lines[n].startswith(f"{name} "))
    del lines[place]

    assert "needed" in problems_of(load, "\n".join(lines))[key].allowed


def test_all_problems_come_at_once(load: Load) -> None:
    """Values that are wrong by themselves do not hide what is wrong between the others."""
    text = changed("targets.us-east.kind", '"gatewy"').replace('kind = "website"', 'kind = "website"\ncontrol = "www"')
    problems = problems_of(load, text, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_API_URL": "ftp://x"})

    assert list(problems) == ["SLACK_API_URL", "targets.us-east.kind", "targets.website.control", "SLACK_APP_TOKEN"]


def test_the_error_is_one_text_with_a_line_for_each(load: Load) -> None:
    """What the program prints names the file and then every problem."""
    with pytest.raises(SettingsError) as caught:
        load(changed("slack.mode", '"sockets"') + "\nfoo = 1\n")

    first, *rest = caught.value.sentence.splitlines()
    assert first.startswith("2 problems in the settings (")
    assert [line.strip().partition(":")[0] for line in rest] == ["slack.mode", "slack.foo"]


@pytest.mark.parametrize(("place", "name"), [("hosts", "gw.example"), ("addresses", "2001:db8::7")])
def test_two_targets_cannot_have_the_same_place(load: Load, place: str, name: str) -> None:
    """A host or an address leads to one target."""
    text = changed(f"targets.us-west.{place}", f'["{name}"]').replace(
        'kind = "website"', f'kind = "website"\n{place} = ["{name.upper()}"]'
    )

    assert "us-west" in problems_of(load, text)[f"targets.website.{place}[0]"].allowed


def test_a_target_may_repeat_its_own_names(load: Load) -> None:
    """An alias that folds to the target's own key or title does no harm."""
    settings = load(changed("targets.us-east.aliases", '["us east", "US East", "useast"]'))

    assert settings.catalog().find("us east") == settings.catalog()["us-east"]


def test_several_teams_need_a_choice(load: Load) -> None:
    """With one team its channel gets all cards; with two every target says whose it is."""
    assert load(SMALL).catalog()["us-east"].team == "t2-tech"

    problems = problems_of(load, SMALL + '[teams.t2-cs]\ntitle = "T2 CS"\nchannel = "#t2-cs"\n')
    assert "t2-cs, t2-tech" in problems["targets.us-east.team"].allowed


def test_a_key_that_nobody_could_type_is_refused(load: Load) -> None:
    """Keys of teams and targets are names in commands and in the database."""
    problems = problems_of(load, SMALL + '[targets."EU Central"]\ntitle = "EU"\nkind = "app"\n')

    assert problems['targets."EU Central"'].nearest == "eu-central"


def test_a_gateway_without_addresses_is_refused(load: Load) -> None:
    """There would be nothing to probe."""
    assert (
        "nothing to probe"
        in problems_of(load, changed("targets.us-east.addresses", "[]"))["targets.us-east.addresses"].allowed
    )


def test_an_empty_file_says_what_it_needs(load: Load) -> None:
    """Without teams and targets the bot has no job."""
    assert list(problems_of(load, "")) == ["teams", "targets"]


CREDENTIALS = [
    ({}, {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}),
    ({"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"}, {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}),
    ({**TOKENS, "ZENDESK_URL": "https://x.zendesk.com"}, {"ZENDESK_CLIENT_ID"}),
    ({**TOKENS, "ZENDESK_URL": "https://x.zendesk.com", "ZENDESK_CLIENT_ID": "c"}, {"ZENDESK_CLIENT_SECRET"}),
    ({**TOKENS, "ZENDESK_URL": "https://x.zendesk.com", "ZENDESK_TOKEN": "t"}, {"ZENDESK_EMAIL"}),
    ({**TOKENS, "ZENDESK_OAUTH_TOKEN": "t"}, {"ZENDESK_URL"}),
    ({**TOKENS, "ZENDESK_URL": "x.zendesk.com", "ZENDESK_OAUTH_TOKEN": "t"}, {"ZENDESK_URL"}),
    ({**TOKENS, "SECONDLINE_LOG_LEVEL": "loud"}, {"SECONDLINE_LOG_LEVEL"}),
]


@pytest.mark.parametrize(("environ", "variables"), CREDENTIALS)
def test_the_environment_is_checked(load: Load, environ: dict[str, str], variables: set[str]) -> None:
    """What is missing or swapped is named by its variable."""
    assert set(problems_of(load, SMALL, environ)) == variables


def test_http_mode_needs_the_signing_secret_instead(load: Load) -> None:
    """Without it every request would be refused."""
    text = changed("slack.mode", '"http"')

    assert list(problems_of(load, text, {"SLACK_BOT_TOKEN": "xoxb-1"})) == ["SLACK_SIGNING_SECRET"]
    assert load(text, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}).slack.mode == "http"


def test_a_slip_in_a_variables_name_is_seen(load: Load) -> None:
    """A variable that is set and looks like the missing one is named."""
    environ = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKN": "xapp-1"}

    assert "but SLACK_APP_TOKN is" in problems_of(load, SMALL, environ)["SLACK_APP_TOKEN"].allowed


PUBLIC = '[web]\nport = 8080\npublic_url = "https://secondline.example.com/"\n'


def test_links_need_a_secret_and_a_server(load: Load) -> None:
    """One that anybody could sign, or that leads nowhere, is worse than none."""
    long_enough = {**TOKENS, "SECONDLINE_LINK_SECRET": "s" * 32}
    assert load(SMALL + PUBLIC, long_enough).web.public_url == "https://secondline.example.com"
    assert list(problems_of(load, SMALL + PUBLIC)) == ["SECONDLINE_LINK_SECRET"]
    short = problems_of(load, SMALL + PUBLIC, {**TOKENS, "SECONDLINE_LINK_SECRET": "s" * 31})
    assert "too short" in short["SECONDLINE_LINK_SECRET"].allowed
    assert list(problems_of(load, SMALL + PUBLIC.replace("port = 8080\n", ""), long_enough)) == ["web.port"]
    assert load(SMALL, {**TOKENS, "SECONDLINE_LINK_SECRET": "short"}), "nothing is signed with it"


def test_tickets_follow_zendesk(load: Load) -> None:
    """Without a word in the file there are tickets where Zendesk has an address."""
    zendesk = {**TOKENS, "ZENDESK_URL": "https://x.zendesk.com", "ZENDESK_OAUTH_TOKEN": "t"}

    assert load(SMALL, zendesk).tickets_enabled is True
    assert load(SMALL).tickets_enabled is False
    assert load(changed("tickets.enabled", "false"), zendesk).tickets_enabled is False
    assert list(problems_of(load, changed("tickets.enabled", "true"))) == ["ZENDESK_URL"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The error says which file and which variable."""
    with pytest.raises(SettingsError, match=r"SECONDLINE_CONFIG: There is no file .*nowhere\.toml"):
        load_settings({**TOKENS, "SECONDLINE_CONFIG": str(tmp_path / "nowhere.toml")})


def test_a_broken_file_is_named(load: Load) -> None:
    """The error says where the TOML is broken."""
    with pytest.raises(SettingsError, match=r"no TOML: .*line 2"):
        load("[slack]\nmode = \n")


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """TOML is UTF-8."""
    file = tmp_path / "latin.toml"
    file.write_bytes('title = "Köln"'.encode("latin-1"))

    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings({"SECONDLINE_CONFIG": str(file)})


@pytest.mark.parametrize("written", [b"\xef\xbb\xbf" + SMALL.encode(), SMALL.replace("\n", "\r\n").encode()])
def test_a_file_as_windows_writes_it_is_read(tmp_path: Path, written: bytes) -> None:
    """With the mark of UTF-8 at its beginning, and its own ends of lines."""
    file = tmp_path / "windows.toml"
    file.write_bytes(written)

    assert load_settings({**TOKENS, "SECONDLINE_CONFIG": str(file)}).targets


def test_names_in_other_letters_are_as_dns_has_them(load: Load) -> None:
    settings = load(changed("targets.us-west.hosts", '["büro.example", "Straße.example."]'))

    assert settings.targets["us-west"].hosts == ("xn--bro-hoa.example", "xn--strae-oqa.example")


def test_a_file_without_certificates_is_refused(load: Load, tmp_path: Path) -> None:
    """It would fail at the first probe, long after the start."""
    (tmp_path / "ca.pem").write_text("no certificate", encoding="utf-8")
    problems = problems_of(load, changed("probes.ca_file", f'"{tmp_path / "ca.pem"}"'))

    assert "PEM" in problems["probes.ca_file"].allowed


def test_search_words_default_to_the_names_that_people_use(load: Load) -> None:
    """A target without `search` is searched by its title and aliases."""
    assert load(SMALL).catalog()["us-west"].search == ("U.S. West", "california")


def test_settings_do_not_change(load: Load) -> None:
    """What was checked at the start stays so."""
    with pytest.raises(ValueError, match="frozen"):
        load(SMALL).slack.mode = "http"


@given(st.ip_addresses(), st.integers(1, 65535))
def test_every_address_makes_an_endpoint(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> None:
    """IPv4 as it is, IPv6 in brackets; an IPv6 address without them is ambiguous."""
    host = f"[{address}]" if address.version == 6 else str(address)

    assert is_endpoint(f"{host}:{port}")
    assert is_endpoint(str(address), port_needed=False)
    assert not is_host(str(address))


@given(st.text())
@example("example..com")
@example("-x.example")
def test_no_text_breaks_the_grammars(text: str) -> None:
    """Whatever is typed is either taken or refused; what is taken has no space, slash or colon in it."""
    assert not is_host(text) or not set(text) & set(" /:@\n")
    assert is_endpoint(text) in (True, False)


@given(st.recursive(st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=8))
def test_any_value_can_be_shown(value: object) -> None:
    """A value in an error is one short line."""
    assert len(in_toml(value)) <= 80
    assert "\n" not in in_toml(value)


@given(st.dictionaries(st.sampled_from("abc"), st.dictionaries(st.sampled_from("xyz"), st.integers())))
def test_layering_is_idempotent_and_keeps_what_is_above(table: dict[str, Any]) -> None:
    """A table over itself is itself, and over nothing too."""
    assert layered(table, table) == table
    assert layered({}, table) == layered(table, {}) == table


@given(st.text(min_size=1), st.lists(st.text(), min_size=1))
def test_the_nearest_name_is_a_known_one(word: str, known: list[str]) -> None:
    """A guess never invents a name."""
    assert nearest(word, known) in ("", *known)
    assert nearest(known[0], known).lower() == known[0].lower() or not known[0]


def test_each_kind_of_target_has_its_playbook() -> None:
    """Its name stands in three places."""
    assert get_args(TargetKind) == tuple(USUAL) == tuple(PlaybooksSection.model_fields)


def test_reminders_come_at_the_usual_times(load: Load) -> None:
    """Whatever the file says of one of their times, the others stay."""
    section = load(changed("reminders.unclaimed.times", "2")).reminders
    told = {rule.kind: getattr(section, rule.kind) for rule in RULES}

    assert {kind: (each.after_min, each.again_min) for kind, each in told.items()} == {
        rule.kind: (rule.usual.after / MINUTE, rule.usual.again / MINUTE) for rule in RULES
    }
    assert {kind: each.times for kind, each in told.items()} == {rule.kind: rule.usual.times for rule in RULES} | {
        ReminderKind.UNCLAIMED: 2
    }
