"""`secondline check --ladder NAME`: the plan in time, and whom it would not reach; nobody is told."""

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.check_ladder import LadderCheck, NoSuchLadder
from bot.escalations.ways.apprise_way import CHILD, AppriseWay
from bot.escalations.ways.webhook import WebhookWay
from bot.mail.model import Delivery, MailOutcome, RefusedMailbox
from bot.settings import load_settings
from bot.slack.client import SlackClient
from tests.fake_mailer import FakeMailer
from tests.slack.web_api_server import WebApiServer

CONFIG = """
[workspace]
zone = "Europe/Berlin"
[workspace.working_hours]
start = "08:00"
end = "18:00"
days = ["mon", "tue", "wed", "thu", "fri"]
[teams.tech]
title = "T2 Tech"
channel = "#t2-tech"
[escalation]
group = "ltm"
[targets.app]
title = "The app"
kind = "app"
"""
LADDER = """
[escalation.ladders.urgent]
repeats = 2
repeat_from = 2
[[escalation.ladders.urgent.steps]]
way = "thread-group"
[[escalation.ladders.urgent.steps]]
way = "dm"
people = ["lena", "raj"]
wait_min = 10
[[escalation.ladders.urgent.steps]]
way = "channel"
channel = "#management"
mention = "here"
wait_min = 10
[[escalation.ladders.urgent.steps]]
way = "mail"
to = ["lena@harbor.example"]
wait_min = 5
[[escalation.ladders.urgent.steps]]
way = "apprise"
title = "phone bridge"
url_variables = ["PHONE_BRIDGE_URL"]
wait_min = 5
[[escalation.ladders.urgent.steps]]
way = "webhook"
title = "status desk"
url_variables = ["ONCALL_URL"]
in_working_hours = true
wait_min = 5
"""
LENA = {"id": "ULENA", "name": "lena", "tz": "Europe/Berlin", "profile": {}}
RAJ = {"id": "URAJ", "name": "raj", "tz": "Europe/Berlin", "profile": {}}
WELL: dict[str, dict[str, Any]] = {
    "auth.test": {"user_id": "UBOT", "bot_id": "B1", "team_id": "T1", "team": "Acme"},
    "conversations.list": {"channels": [{"id": "CM", "name": "management", "is_member": True}]},
    "usergroups.list": {"usergroups": [{"id": "SLTM", "handle": "ltm"}]},
    "usergroups.users.list": {"users": ["ULENA", "URAJ"]},
    "users.list": {"members": [LENA, RAJ]},
}
SECRET = b64encode(b"x" * 32).decode()
MONDAY = datetime(2026, 11, 30, 9, 14, tzinfo=UTC)
FINE = [
    "urgent, if somebody escalated now (Mon 10:14):",
    "ok    10:14 @ltm in the thread — fine (2 members)",
    "ok    10:24 DM @lena — fine (lena)",
    "ok    10:34 DM @raj — fine (raj)",
    "ok    10:44 #management with @here — fine (#management)",
    "ok    10:49 mail to lena@harbor.example — fine (the mail server takes it)",
    "ok    10:54 phone bridge — fine (ntfy)",
    "ok    10:59 status desk — fine (hooks.example.com)",
    "      then 2 more rounds, from step 2 on",
    "note  What is told outside Slack has no link to acknowledge: web.public_url is not set.",
]


@dataclass
class Walk:
    """All is well until a test changes that."""

    server: WebApiServer
    url: str
    client: SlackClient
    http: aiohttp.ClientSession
    config: Path
    program: Path
    """In place of Apprise, which takes a third of a second to start."""
    mailer: FakeMailer = field(default_factory=FakeMailer)
    now: datetime = MONDAY
    environ: dict[str, str] = field(
        default_factory=lambda: {
            "PHONE_BRIDGE_URL": "ntfy://push.example.com/oncall",
            "ONCALL_URL": "https://hooks.example.com/in",
            "ONCALL_URL_SECRET": SECRET,
        }
    )

    async def lines(
        self, name: str = "urgent", ladder: str = LADDER, rest: str = "", management: str = ""
    ) -> tuple[list[str], bool]:
        config = CONFIG.replace('group = "ltm"\n', f'group = "ltm"\n{management}')
        self.config.write_text(config + ladder + rest, encoding="utf-8")
        tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": self.url}
        tokens |= {"SECONDLINE_LINK_SECRET": "s" * 32}
        settings = load_settings({"SECONDLINE_CONFIG": str(self.config)} | tokens | self.environ)
        check = LadderCheck(
            settings,
            client=self.client,
            mailer=self.mailer,
            apprise=AppriseWay(environ=self.environ, program=self.program),
            webhook=WebhookWay(session=self.http, environ=self.environ, clock=lambda: self.now),
            clock=lambda: self.now,
        )
        return await check.lines(name)

    async def changed(self) -> list[str]:
        """The lines that are not as where all is well."""
        lines, _ = await self.lines()
        return [line for line, fine in zip(lines, FINE, strict=True) if line != fine]


@pytest.fixture
async def walk(tmp_path: Path) -> AsyncIterator[Walk]:
    server = WebApiServer(dict(WELL))
    url = await server.start()
    client = SlackClient(token="xoxb-1", api_url=url)
    knows_all = tmp_path / "knows_all.py"
    knows_all.write_text("""print('{"outcome": "known", "service": "ntfy"}')""", encoding="utf-8")
    async with aiohttp.ClientSession() as http:
        yield Walk(server, url, client, http, tmp_path / "secondline.toml", knows_all)
    await client.close()
    await server.stop()


async def test_it_says_the_plan_in_time(walk: Walk) -> None:
    """In the team's zone, and nothing is sent anywhere; Apprise itself says whose address it is."""
    walk.program = CHILD
    lines, fine = await walk.lines()

    assert (lines, fine) == (FINE, True)
    assert walk.mailer.sent == []
    assert walk.mailer.checked == [("lena@harbor.example",)]
    assert not [call for call in walk.server.calls if str(call).startswith("chat.")]


async def test_a_link_needs_an_address(walk: Walk) -> None:
    lines, _ = await walk.lines(rest='[web]\nport = 1\npublic_url = "https://x.example"\n')

    assert lines == FINE[:-1]


async def test_each_one_that_cannot_be_reached_is_told(walk: Walk) -> None:
    """All at once, each with its reason: an exit status alone helps nobody."""
    walk.server.answers |= {
        "conversations.list": {"channels": [{"id": "CM", "name": "management", "is_archived": True}]},
        "usergroups.users.list": {"users": []},
        "users.list": {"members": [LENA | {"deleted": True}]},
    }
    walk.mailer.outcomes = [
        MailOutcome(
            Delivery.MAILBOX_REFUSED,
            "User unknown",
            550,
            (RefusedMailbox("lena@harbor.example", 550, "User unknown"),),
        )
    ]
    walk.environ = {"ONCALL_URL": "https://hooks.example.com/in"}
    lines, fine = await walk.lines()

    assert not fine
    assert lines[1:8] == [
        "FAIL  10:14 @ltm in the thread — @ltm has no members",
        "FAIL  10:24 DM @lena — lena, who is in the configuration, has left and does not count",
        "FAIL  10:34 DM @raj — nobody in Slack is called raj",
        "FAIL  10:44 #management with @here — it is archived",
        "FAIL  10:49 mail to lena@harbor.example — lena@harbor.example: 550 User unknown",
        "FAIL  10:54 phone bridge — PHONE_BRIDGE_URL is not set",
        "FAIL  10:59 status desk — ONCALL_URL_SECRET is not set",
    ]


@pytest.mark.parametrize(
    ("method", "answer", "line"),
    [
        ("conversations.list", {"channels": []}, "there is no channel #management, or it is private and"),
        ("conversations.list", {"channels": [{"id": "CM", "name": "management", "is_member": False}]}, "isn't in it"),
        ("conversations.list", {"ok": False, "error": "missing_scope"}, "channels can't be read"),
        ("usergroups.list", {"usergroups": []}, "@ltm does not exist in Slack"),
        ("usergroups.list", {"usergroups": [{"id": "S2", "handle": "ltms"}]}, "did you mean @ltms?"),
        ("usergroups.list", {"usergroups": [{"id": "S", "handle": "ltm", "date_delete": 1}]}, "is disabled in Slack"),
        ("usergroups.list", {"ok": False, "error": "missing_scope"}, "can't be read"),
    ],
)
async def test_each_trouble_of_slack_is_named(walk: Walk, method: str, answer: dict[str, Any], line: str) -> None:
    walk.server.answers[method] = answer
    [changed] = await walk.changed()

    assert changed.startswith("FAIL") and line in changed


async def test_without_slack_the_others_are_still_looked_at(walk: Walk) -> None:
    walk.server.answers["auth.test"] = {"ok": False, "error": "invalid_auth"}
    lines, fine = await walk.lines()

    assert not fine
    assert [line[:4] for line in lines[1:8]] == ["FAIL"] * 4 + ["ok  "] * 3


async def test_people_who_can_not_be_read_are_not_fine(walk: Walk) -> None:
    walk.server.answers["users.list"] = {"ok": False, "error": "missing_scope"}
    changed = await walk.changed()

    assert [line[:24] for line in changed] == ["FAIL  10:24 DM @lena — p", "FAIL  10:34 DM @raj — pe"]


async def test_who_is_away_is_asked_later(walk: Walk) -> None:
    """In the order in which it would be done; that is no failure."""
    walk.server.answers["users.list"] = {"members": [LENA | {"profile": {"status_text": "Vacation"}}, RAJ]}
    lines, fine = await walk.lines()

    assert fine
    assert lines[2] == "ok    10:24 DM @raj — fine (raj)"
    assert (
        lines[7] == "note  11:02 DM @lena — fine (lena); Vacation, so later than the others" or "DM @lena" in lines[7]
    )


async def test_outside_working_hours_steps_wait_and_people_sleep(walk: Walk) -> None:
    """A step that waits has the day with it."""
    walk.now = datetime(2026, 12, 4, 21, 0, tzinfo=UTC)  # Friday, 22:00 in Berlin
    lines, fine = await walk.lines()

    assert fine
    assert lines[0] == "urgent, if somebody escalated now (Fri 22:00):"
    assert any(line.startswith("ok    Mon 08:00 status desk") for line in lines)
    assert sum("off work then, so later" in line for line in lines) == 2


async def test_a_group_that_is_empty_has_people_who_stand_for_it(walk: Walk) -> None:
    walk.server.answers["usergroups.users.list"] = {"users": []}
    lines, fine = await walk.lines(management='people = ["lena"]\n')

    assert fine
    assert lines[1] == "ok    10:14 @ltm in the thread — fine (lena, as @ltm has no members)"


async def test_without_a_mail_server_a_mail_reaches_nobody(walk: Walk) -> None:
    walk.mailer.configured = False
    [changed] = await walk.changed()

    assert changed == "FAIL  10:49 mail to lena@harbor.example — MAIL_SERVER is not set"


async def test_a_ladder_that_is_not_there(walk: Walk) -> None:
    with pytest.raises(NoSuchLadder, match=r"There are: urgent\. Did you mean urgent\?"):
        await walk.lines("urgnt")
    with pytest.raises(NoSuchLadder, match=r"secondline\.toml has none"):
        await walk.lines("urgent", ladder="")
