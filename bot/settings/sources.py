"""Where settings come from: the environment, and below it the TOML file."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.settings.problems import Problem, SettingsError
from bot.settings.section import entry_type, is_secret, is_section

CONFIG_VARIABLE = "SECONDLINE_CONFIG"
DEFAULT_CONFIG = "secondline.toml"

VARIABLES = {
    "SLACK_BOT_TOKEN": "slack.bot_token",
    "SLACK_APP_TOKEN": "slack.app_token",
    "SLACK_SIGNING_SECRET": "slack.signing_secret",
    "SLACK_API_URL": "slack.api_url",
    "ZENDESK_URL": "zendesk.url",
    "ZENDESK_AGENT_URL": "zendesk.agent_url",
    "ZENDESK_CLIENT_ID": "zendesk.client_id",
    "ZENDESK_CLIENT_SECRET": "zendesk.client_secret",
    "ZENDESK_OAUTH_TOKEN": "zendesk.oauth_token",
    "ZENDESK_EMAIL": "zendesk.email",
    "ZENDESK_TOKEN": "zendesk.token",
    "WIREGUARD_PRIVATE_KEY": "vpn.wireguard_private_key",
    "WIREGUARD_PRESHARED_KEY": "vpn.wireguard_preshared_key",
    "STRIPE_API_URL": "stripe.api_url",
    "STRIPE_TEST_KEY": "stripe.test_key",
    "GLOBALPING_URL": "globalping.url",
    "GLOBALPING_TOKEN": "globalping.token",
    "GITHUB_WEBHOOK_SECRET": "web.github_secret",
    "JIRA_WEBHOOK_SECRET": "web.jira_secret",
    "SECONDLINE_LINK_SECRET": "web.link_secret",
    "SECONDLINE_METRICS_TOKEN": "web.metrics_token",
    "SLACK_LOGIN_CLIENT_ID": "web.login_client_id",
    "SLACK_LOGIN_CLIENT_SECRET": "web.login_client_secret",
    "ESCALATION_HEARTBEAT_URL": "escalation.heartbeat",
    "ALERTMANAGER_TOKEN": "status.alertmanager_token",
    "MAIL_SERVER": "mail.server",
    "MAIL_USER": "mail.user",
    "MAIL_PASSWORD": "mail.password",
    "GITHUB_API_URL": "github.api_url",
    "GITHUB_TOKEN": "github.token",
    "JIRA_URL": "jira.url",
    "JIRA_EMAIL": "jira.email",
    "JIRA_TOKEN": "jira.token",
    "SECONDLINE_DB": "database.path",
    "SECONDLINE_LOG_LEVEL": "log_level",
}
"""Each environment variable and the key that it sets."""

_VARIABLE_OF = {key: variable for variable, key in VARIABLES.items()}


def variable_of(key: str) -> str:
    """The environment variable that sets `key`; "" where there is none."""
    return _VARIABLE_OF.get(key, "")


class FromEnvironment(PydanticBaseSettingsSource):
    """The variables of VARIABLES out of a mapping; an empty one counts as not set."""

    def __init__(self, settings_cls: type[BaseSettings], environ: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        self._environ = environ

    def __call__(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for variable, key in VARIABLES.items():
            if value := self._environ.get(variable, "").strip():
                section, _, name = key.rpartition(".")
                place = values.setdefault(section, {}) if section else values
                place[name] = value
        return values

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self().get(field_name), field_name, True


def read_file(settings_cls: type[BaseSettings], path: Path, *, chosen: bool) -> dict[str, Any]:
    """The tables of the file at `path`. Raises SettingsError where it is missing or is no TOML."""
    if not path.is_file():
        raise SettingsError([_no_file(path, chosen)], where=str(path))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([Problem(str(path), f"It is no TOML: {error}")], where=str(path)) from None
    except UnicodeDecodeError:
        raise SettingsError([Problem(str(path), "It is not UTF-8 text: save it as UTF-8")], where=str(path)) from None
    except OSError as error:
        raise SettingsError([Problem(str(path), f"It can't be read: {error.strerror}")], where=str(path)) from None


def without_secrets(
    table: dict[str, Any], section: type[BaseModel], above: str = ""
) -> tuple[dict[str, Any], list[Problem]]:
    """The table of a file without the secrets of its section, at any depth, and a problem for each of them.

    `above` is the dotted key of the table with a dot at its end.
    """
    clean, problems = {}, []
    for name, value in table.items():
        kind = section.model_fields[name].annotation if name in section.model_fields else None
        if is_secret(kind):
            key = f"{above}{name}"
            advice = f"Secrets come from the environment only: take it out of the file and set {variable_of(key)}"
            problems.append(Problem(key, advice))
            continue
        clean[name], more = _cleaned(value, kind, f"{above}{name}.")
        problems += more
    return clean, problems


def _cleaned(value: Any, kind: Any, above: str) -> tuple[Any, list[Problem]]:
    """A table, or the tables by name of a table, without secrets; any other value as it is."""
    if not isinstance(value, dict):
        return value, []
    if is_section(kind):
        return without_secrets(value, kind, above)
    entries = {name: _cleaned(entry, entry_type(kind), f"{above}{name}.") for name, entry in value.items()}
    clean = {name: entry for name, (entry, _) in entries.items()}
    return clean, [problem for _, problems in entries.values() for problem in problems]


def layered(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """`below` with every value of `above` in its place, table by table.

    A value where a table belongs stays, so that it is refused and not lost.
    """
    return dict(_layers(below, above))


def _layers(below: dict[str, Any], above: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in {**below, **above}:
        low, high = below.get(key), above.get(key)
        if isinstance(low, dict) and isinstance(high, dict):
            yield key, layered(low, high)
        else:
            yield key, low if key in below and (isinstance(high, dict) or key not in above) else high


def _no_file(path: Path, chosen: bool) -> Problem:
    if chosen:
        return Problem(CONFIG_VARIABLE, f"There is no file {path}; it must name the settings file")
    advice = f"There is no file {path} here: start in its folder, or name it in {CONFIG_VARIABLE}"
    return Problem(CONFIG_VARIABLE, advice)
