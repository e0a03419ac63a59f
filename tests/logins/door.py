"""Signing in without Slack."""

from datetime import timedelta

from bot.database import Database
from bot.logins.model import LoginFailed, SlackIdentity
from bot.logins.service import LoginService, LoginSettings
from bot.logins.store import SessionStore
from bot.messages.budget import Budget
from bot.messages.store import MessageStore
from bot.people import Group
from bot.records import Records
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.fake_people import FakePeople

WORKSPACE = "T0HARBOR"


class FakeProvider:
    """Sends browsers to an address that says everything, and believes the code "code-of-UKIM"."""

    def __init__(self) -> None:
        self.workspace = WORKSPACE
        self.asked: list[dict[str, str]] = []
        self.down = False

    async def authorize_url(self, *, state: str, nonce: str, verifier: str) -> str:
        if self.down:
            raise LoginFailed("Slack's sign-in can't be reached (no connection). Try again in a minute.")
        self.asked.append({"state": state, "nonce": nonce, "verifier": verifier})
        return f"https://slack.example/authorize?state={state}"

    async def identity(self, *, code: str, nonce: str, verifier: str) -> SlackIdentity:
        self.asked.append({"code": code, "nonce": nonce, "verifier": verifier})
        return SlackIdentity(code.removeprefix("code-of-"), self.workspace)


class Door:
    """Everything that decides who comes in."""

    def __init__(self, *, tier1: tuple[str, ...] = ("tier1",)) -> None:
        self.clock = FakeClock()
        self.people = FakePeople(groups={"tier1": Group(users=frozenset({"UTOM"}))})
        self.database: Database = memory_database()
        self.provider = FakeProvider()
        owed = MessageStore(
            database=self.database, clock=self.clock, wake=lambda: None, is_tier2=lambda _: True, budget=Budget()
        )
        self.records = Records(database=self.database, owed=owed, people=self.people, clock=self.clock)
        self.service = LoginService(
            records=self.records,
            store=SessionStore(database=self.database, clock=self.clock),
            provider=self.provider,
            settings=LoginSettings(workspace=WORKSPACE, lasts=timedelta(hours=12), tier1=tier1),
        )

    async def signed_in(self, user: str) -> str:
        """The secret of a new session of theirs."""
        begun = await self.service.begin()
        return await self.service.finish(secret=begun.secret, state=begun.state, code=f"code-of-{user}")
