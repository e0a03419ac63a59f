"""`secondline check`: one line per part, and how to mend what is not well."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.app.logs import LogCheck
from bot.check import SCOPES, Beside, Checkup
from bot.checked import CheckedPart
from bot.mail.model import Delivery, MailOutcome, RefusedMailbox
from bot.probes.icmp.engine import IcmpEngine
from bot.settings import load_settings
from bot.slack.client import SlackClient
from bot.status.model import Component, Level, SourceReading
from bot.tickets.answering import MacroEffect
from bot.tickets.desk import DeskError
from tests.fake_desk import FakeDesk, unreachable
from tests.fake_mailer import FakeMailer
from tests.fake_status import FakeSource, away, component, page
from tests.slack.web_api_server import WebApiServer

CONFIG = """
[slack]
mode = "{mode}"

[teams.tech]
title = "T2 Tech"
channel = "#t2-tech"
{team}

[escalation]
group = "ltm"
people = {people}

[targets.app]
title = "The app"
kind = "app"
"""
WELL: dict[str, dict[str, Any]] = {
    "auth.test": {"user_id": "UBOT", "bot_id": "B1", "team_id": "T1", "team": "Acme"},
    "apps.connections.open": {"url": "ws://127.0.0.1:9/"},
    "conversations.list": {"channels": [{"id": "C1", "name": "t2-tech", "is_member": True}]},
    "usergroups.list": {"usergroups": [{"id": "SLTM", "handle": "ltm"}]},
    "usergroups.users.list": {"users": ["ULENA"]},
}


class NothingRefused:
    """Implements the port LogCheck."""

    async def wrong(self) -> Sequence[str]:
        return ()


@dataclass
class Clinic:
    """A Slack and a desk that are well until a test changes that."""

    server: WebApiServer
    url: str
    client: SlackClient
    desk: FakeDesk
    config: Path
    status: FakeSource
    mode: str = "socket"
    people: str = "[]"
    team: str = ""
    web: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    mailer: FakeMailer = field(default_factory=lambda: FakeMailer(configured=False))
    asks_program_of_logs: bool = False
    """It takes a quarter of a second to start."""

    async def parts(self) -> dict[str, CheckedPart]:
        text = CONFIG.format(mode=self.mode, people=self.people, team=self.team)
        self.config.write_text(text + self.web, encoding="utf-8")
        tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": self.url}
        tokens |= {"SLACK_SIGNING_SECRET": "s", "GITHUB_WEBHOOK_SECRET": "g"}
        tokens |= {"ZENDESK_URL": "https://acme.zendesk.com", "ZENDESK_OAUTH_TOKEN": "o"}
        settings = load_settings({"SECONDLINE_CONFIG": str(self.config)} | tokens)
        logs = LogCheck(settings) if self.asks_program_of_logs else NothingRefused()
        checkup = Checkup(
            settings,
            client=self.client,
            icmp=IcmpEngine(),
            beside=Beside(self.desk, [page(self.status)], mailer=self.mailer, logs=logs),
            environ=self.environ,
        )
        return {part.name: part for part in await checkup.parts()}


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    server = WebApiServer(dict(WELL), scopes=",".join(SCOPES))
    url = await server.start()
    client = SlackClient(token="xoxb-1", api_url=url)
    status = FakeSource(SourceReading(components=(component("US East", Level.OPERATIONAL),)))
    yield Clinic(server, url, client, FakeDesk(), tmp_path / "secondline.toml", status)
    await client.close()
    await server.stop()


async def test_all_is_well(clinic: Clinic) -> None:
    """Every part has its line; what nobody wants and ICMP that this engine did not open are not there."""
    parts = await clinic.parts()

    assert [name for name, part in parts.items() if not part.ok] == ["Elevation", "Mail", "ICMP IPv4", "ICMP IPv6"]
    assert not any(part.needed for part in parts.values() if not part.ok)
    assert "UBOT in Acme" in parts["Slack bot token"].line
    assert parts["Zendesk"].line == "ok, acting as bot@acme.test"


CHANNEL = {"id": "C1", "name": "t2-tech"}
NO_SCOPE = {"ok": False, "error": "missing_scope", "needed": "usergroups:read"}


@pytest.mark.parametrize(
    ("method", "answer", "part", "line"),
    [
        ("auth.test", {"ok": False, "error": "invalid_auth"}, "Slack bot token", "SLACK_BOT_TOKEN"),
        ("apps.connections.open", {"ok": False, "error": "invalid_auth"}, "Slack app token", "SLACK_APP_TOKEN"),
        ("conversations.list", {"channels": []}, "Channel #t2-tech", "not found"),
        ("conversations.list", {"channels": [CHANNEL | {"is_archived": True}]}, "Channel #t2-tech", "archived"),
        ("conversations.list", {"channels": [CHANNEL | {"is_member": False}]}, "Channel #t2-tech", "not in it"),
        ("usergroups.list", {"usergroups": []}, "User group @ltm", "no such group"),
        ("usergroups.list", NO_SCOPE, "User group @ltm", "usergroups:read"),
        ("usergroups.users.list", {"users": []}, "User group @ltm", "0 members"),
    ],
)  # fmt: skip
async def test_trouble_is_named_with_its_remedy(
    clinic: Clinic, method: str, answer: dict[str, Any], part: str, line: str
) -> None:
    """What is wrong, how to mend it, and that the bot can't do its job so."""
    clinic.server.answers[method] = answer
    found = (await clinic.parts())[part]

    assert (found.ok, found.needed) == (False, True)
    assert line in found.line
    assert found.remedy


async def test_missing_scopes_are_listed(clinic: Clinic) -> None:
    """Each by its name; a server that does not tell them is no trouble."""
    clinic.server.scopes = ",".join(set(SCOPES) - {"files:write", "users:read"})
    missing = (await clinic.parts())["Slack scopes"]
    clinic.server.scopes = None
    unknown = (await clinic.parts())["Slack scopes"]

    assert (missing.ok, missing.line) == (False, "missing: files:write, users:read")
    assert unknown.ok


async def test_configured_people_stand_for_the_group(clinic: Clinic) -> None:
    """A server without user groups is told, and is enough."""
    clinic.people = '["ULENA"]'
    clinic.server.answers |= {"usergroups.list": {"ok": False, "error": "unknown_method"}}
    part = (await clinic.parts())["User group @ltm"]

    assert (part.ok, part.needed) == (False, False)


TECHS = {"id": "STECH", "handle": "t2-techs"}
LTM = {"id": "SLTM", "handle": "ltm"}


@pytest.mark.parametrize(
    ("answers", "line", "remedy"),
    [
        ({"usergroups.list": {"usergroups": [LTM, TECHS]}}, "no such group", "Did you mean @t2-techs?"),
        ({"usergroups.list": {"usergroups": [LTM, TECHS | {"handle": "t2-tech", "date_delete": 1}]}}, "disabled", ""),
        ({"usergroups.users.list": {"users": []}}, "0 members", ""),
        ({"usergroups.users.list": {"ok": False, "error": "no_such_subteam"}}, "no such group", ""),
        (
            {
                "usergroups.users.list": {"users": ["ULENA"]},
                "users.info": {"user": {"id": "ULENA", "deleted": True}},
            },
            "0 of 1 members count",
            "",
        ),
    ],
    ids=["misspelt", "disabled", "empty", "deleted", "all left"],
)
async def test_team_s_group_that_has_nobody_fails(clinic: Clinic, answers: Any, line: str, remedy: str) -> None:
    """Nobody could do anything then; people in the settings make it enough."""
    clinic.team = 'usergroup = "t2-tech"'
    clinic.server.answers["usergroups.list"] = {"usergroups": [LTM, TECHS | {"handle": "t2-tech"}]}
    clinic.server.answers |= answers
    part = (await clinic.parts())["User group @t2-tech"]
    clinic.team = 'usergroup = "t2-tech"\nmembers = ["UJO"]'
    with_members = (await clinic.parts())["User group @t2-tech"]

    assert (part.ok, part.needed) == (False, True)
    assert line in part.line and remedy in part.remedy
    assert not with_members.needed


async def test_team_s_group_that_can_not_be_read_is_told(clinic: Clinic) -> None:
    """Everybody counts then, which the bot can work with; the missing scope has a line of its own."""
    clinic.team = 'usergroup = "t2-tech"'
    clinic.server.answers["usergroups.list"] = NO_SCOPE
    part = (await clinic.parts())["User group @t2-tech"]

    assert (part.ok, part.needed) == (False, False)
    assert "usergroups:read" in part.line


async def test_people_of_the_settings_who_left_are_named(clinic: Clinic) -> None:
    """Each with what is wrong; those who are there make it ok."""
    clinic.people = '["lena", "raj", "URAJ"]'
    rows = [{"id": "ULENA", "name": "lena", "deleted": True}, {"id": "URAJ", "name": "rajiv"}]
    clinic.server.answers["users.list"] = {"members": rows}
    wrong = (await clinic.parts())["People"]
    clinic.people = '["URAJ"]'
    right = (await clinic.parts())["People"]

    assert (wrong.ok, wrong.needed, right.ok) == (False, False, True)
    assert right.line.endswith("ok, 1 name found in Slack")
    assert "lena, who is in the configuration, has left" in wrong.line
    assert "nobody in Slack is called raj" in wrong.line


async def test_renamed_channel_is_told_with_its_new_name(clinic: Clinic) -> None:
    """It is still the team's."""
    renamed = {"id": "C1", "name": "tier2", "previous_names": ["t2-tech"], "is_member": True}
    clinic.server.answers["conversations.list"] = {"channels": [renamed]}
    part = (await clinic.parts())["Channel #t2-tech"]

    assert part.ok
    assert "called #tier2 now" in part.line


async def test_remedies_name_the_bot_as_the_workspace_does(clinic: Clinic) -> None:
    """Somebody may have given it another name."""
    clinic.server.answers["auth.test"] = WELL["auth.test"] | {"user": "watchdog"}
    clinic.server.answers["conversations.list"] = {"channels": []}
    part = (await clinic.parts())["Channel #t2-tech"]

    assert "/invite @watchdog" in part.remedy


async def test_what_is_not_set_up_is_no_trouble(clinic: Clinic) -> None:
    """Grey where people see it, not red."""
    clinic.web = "[web]\nport = 8080\n"
    parts = await clinic.parts()

    assert {name for name, part in parts.items() if not part.set_up} >= {"Webhooks of Jira"}
    assert parts["Slack bot token"].set_up


async def test_desk_that_is_down(clinic: Clinic) -> None:
    """With the desk's own words."""
    clinic.desk.down = unreachable()
    part = (await clinic.parts())["Zendesk"]

    assert (part.ok, part.line.startswith("Zendesk: it does not answer")) == (False, True)


async def test_a_login_that_may_not_export_tickets(clinic: Clinic) -> None:
    """They are searched for then: later, and no trouble."""
    well = (await clinic.parts())["Ticket stream"]
    clinic.desk.no_export = "not allowed (403)"
    refused = (await clinic.parts())["Ticket stream"]
    clinic.desk.down = unreachable()
    down = (await clinic.parts())["Ticket stream"]

    assert (well.ok, well.line) == (True, "ok, exported every minute")
    assert (refused.ok, refused.needed) == (False, False)
    assert refused.line == "by search, some minutes late: not allowed (403)"
    assert "an admin" in refused.remedy
    assert not down.ok and "does not answer" in down.line


async def test_slack_that_is_not_there(clinic: Clinic) -> None:
    """It says where it looked, and the other parts are still checked."""
    await clinic.server.stop()
    parts = await clinic.parts()

    assert "does not answer at http://127.0.0.1" in parts["Slack bot token"].line
    assert parts["Zendesk"].ok


async def test_http_mode_needs_the_signing_secret(clinic: Clinic) -> None:
    """And no app token."""
    clinic.mode = "http"

    assert (await clinic.parts())["Slack signing secret"].ok
    assert "apps.connections.open" not in clinic.server.calls


async def test_a_closed_hook_is_told(clinic: Clinic) -> None:
    """Without a secret nobody could tell who calls; without a server there is nothing to tell."""
    without = await clinic.parts()
    clinic.web = "[web]\nport = 8080\n"
    parts = await clinic.parts()

    assert "Web server" not in without
    assert parts["Web server"].line == "ok, 127.0.0.1:8080, /healthz"
    assert parts["Webhooks of GitHub"].ok
    closed = parts["Webhooks of Jira"]
    assert (closed.ok, closed.needed) == (False, False)
    assert "JIRA_WEBHOOK_SECRET is not set" in closed.line


async def test_the_mail_server_is_asked_and_no_mail_sent(clinic: Clinic) -> None:
    """What it says stands in the line; without a server there is nothing to mend."""
    without = (await clinic.parts())["Mail"]
    clinic.web = '[mail]\nserver = "smtp.example.com:587"\nsender = "t2@example.com"\n'
    clinic.mailer.configured = True
    well = (await clinic.parts())["Mail"]
    clinic.mailer.outcomes = [MailOutcome(Delivery.REFUSED, "5.7.8 bad login", 535)]
    ill = (await clinic.parts())["Mail"]

    assert (without.set_up, without.line) == (False, "not configured; no mail is sent")
    assert (well.ok, well.line) == (True, "ok, smtp.example.com:587 takes mail from t2@example.com")
    assert (ill.ok, ill.needed, ill.line) == (False, False, "smtp.example.com:587: 535 5.7.8 bad login")
    assert clinic.mailer.sent == []


async def test_vendors_mailboxes_are_asked_for(clinic: Clinic) -> None:
    """One that the server does not take is found before somebody needs it."""
    clinic.web = '[mail]\nserver = "smtp.example.com:587"\nsender = "t2@example.com"\n'
    clinic.web += '[vendors.telia]\ntitle = "Telia"\nemail = "noc@telia.test"\n'
    clinic.mailer.configured = True
    refused = RefusedMailbox("noc@telia.test", 550, "User unknown")
    clinic.mailer.outcomes = [MailOutcome(Delivery.MAILBOX_REFUSED, "User unknown", 550, (refused,))]
    part = (await clinic.parts())["Mail"]

    assert (part.ok, part.line) == (False, "noc@telia.test: 550 User unknown")
    assert clinic.mailer.checked == [("noc@telia.test",)]


async def test_a_status_source_that_is_away_says_so(clinic: Clinic) -> None:
    """The rest works without it."""
    clinic.status.down = away("refused the token (401)", retry=False)
    part = (await clinic.parts())["Status: status page"]

    assert (part.ok, part.needed) == (False, False)
    assert "refused the token (401)" in part.line


async def test_a_component_that_the_page_does_not_have_is_named(clinic: Clinic) -> None:
    """Else a target would be unknown for ever."""
    clinic.status.reading = SourceReading(components=(component("US-East", Level.OPERATIONAL),))
    part = (await clinic.parts())["Status: status page"]

    assert not part.ok
    assert "'US East' (us-east)" in part.line
    assert "Did you mean 'US-East'?" in part.remedy


async def test_what_is_switched_off_is_neither_green_nor_red(clinic: Clinic) -> None:
    """Pictures of pages are not wanted here."""
    clinic.web = '[probes]\nchromium = "off"\n'
    part = (await clinic.parts())["Chromium"]

    assert (part.ok, part.set_up, part.needed) == (False, False, False)


async def test_a_component_of_several_groups_is_named(clinic: Clinic) -> None:
    """With how to name one of them."""
    listed = [Component(f"c{group}", "US East", Level.OPERATIONAL, group=group) for group in ("App", "Web")]
    clinic.status.reading = SourceReading(components=tuple(listed))
    part = (await clinic.parts())["Status: status page"]

    assert "'US East' of us-east is a component of 2 groups" in part.line
    assert part.remedy == "Name one: 'App / US East' or 'Web / US East'."


async def test_a_ladders_step_without_an_address_is_named(clinic: Clinic) -> None:
    """By its variable: the bot starts without it, and that step would tell nobody."""
    steps = '[[escalation.ladders.urgent.steps]]\nway = "apprise"\ntitle = "phone"\nurl_variables = ["PHONE_URL"]\n'
    steps += '[[escalation.ladders.urgent.steps]]\nway = "webhook"\ntitle = "desk"\nurl_variables = ["DESK_URL"]\n'
    clinic.web = steps
    unset = (await clinic.parts())["Ladder urgent"]
    clinic.environ = {"PHONE_URL": "ntfy://x", "DESK_URL": "https://x", "DESK_URL_SECRET": "s"}
    is_set = (await clinic.parts())["Ladder urgent"]

    assert (unset.ok, unset.needed, unset.line) == (False, True, "not set: PHONE_URL, DESK_URL, DESK_URL_SECRET")
    assert "secondline check --ladder urgent" in unset.remedy
    assert (is_set.ok, is_set.line) == (True, "ok, 2 steps")


ELEVATION = '[elevation]\nfrom_groups = ["Tier 1"]\n[elevation.groups]\ntech = "T2 Tech"\n'


async def test_the_groups_of_elevation_are_looked_for(clinic: Clinic) -> None:
    """What the settings name and Zendesk does not have, with what was probably meant; and whether it is a dry run."""
    off = (await clinic.parts())["Elevation"]
    clinic.web = ELEVATION
    on = (await clinic.parts())["Elevation"]
    clinic.web = ELEVATION.replace("T2 Tech", "T2 Teck")
    slip = (await clinic.parts())["Elevation"]
    clinic.desk.failures.extend([DeskError("Zendesk", "not allowed (403)", retry=False)] * 3)
    refused = (await clinic.parts())["Elevation"]

    assert (off.ok, off.set_up, off.line) == (False, False, "off; no ticket is moved")
    assert (on.ok, on.line) == (True, "ok, after 15 min, a dry run of 7 days first")
    assert (slip.ok, slip.needed) == (False, False)
    assert "no group called 'T2 Teck'" in slip.line and slip.remedy == "Did you mean 'T2 Tech'?"
    assert not refused.ok and "403" in refused.line and refused.remedy


SIGNATURE = """
[[logs.signatures]]
title = "The license server is full"
role = "cause"
meaning = '''All seats of the office
are taken.'''
lines = ['license refused, \\d+ seats']

[[logs.signatures]]
title = "A line of any length"
role = "cause"
lines = ['{pattern}']
"""


async def test_a_line_of_the_team_s_that_the_reading_refuses_is_named(clinic: Clinic) -> None:
    """By its key, its title and the engine's own reason; one that can be used is counted."""
    clinic.asks_program_of_logs = True
    clinic.web = SIGNATURE.replace("{pattern}", ".{1,1000}seats.{1,1000}")
    refused = (await clinic.parts())["Customers' logs"]
    clinic.web = SIGNATURE.replace("{pattern}", ".*seats")
    well = (await clinic.parts())["Customers' logs"]

    assert not refused.ok
    assert refused.line.startswith('logs.signatures[1] "A line of any length": lines ')
    assert "takes too much memory" in refused.line
    assert (well.ok, well.line) == (True, "ok, 2 lines of the team's own")


async def test_macros_that_the_desk_does_not_have_are_named(clinic: Clinic) -> None:
    """With the nearest that there is; where none is named there is no such part."""
    clinic.desk.known_macros[7] = ("Gateway is back", MacroEffect("", public=True))
    assert "Macros of answers" not in await clinic.parts()
    clinic.web = '[replies.macros.released]\nen = "gateway is back"\n'
    assert (await clinic.parts())["Macros of answers"].ok
    clinic.web = '[replies.macros.released]\nen = "Gateway back"\n'
    wrong = (await clinic.parts())["Macros of answers"]

    assert (wrong.ok, wrong.remedy.split("?")[0]) == (False, "Did you mean 'Gateway is back'")


async def test_every_channel_person_and_group_of_the_settings_is_looked_for(clinic: Clinic) -> None:
    """Also those of briefings, handoffs, leads and Tier 1."""
    clinic.web = """
[briefing]
channels = ["#t2-mornings"]
[handoffs]
channel = "#triage"
[known_issues.leads]
tech = "UGONE"
[web]
tier1 = ["t1-first"]
"""
    clinic.people = '["lena"]'
    rows = [{"id": "ULENA", "name": "lena"}, {"id": "UGONE", "name": "rajiv", "deleted": True}]
    clinic.server.answers["users.list"] = {"members": rows}
    parts = await clinic.parts()

    wrong = {name for name, part in parts.items() if not part.ok and part.set_up}
    assert {"Channel #t2-mornings", "Channel #triage", "People", "User group @t1-first"} <= wrong
