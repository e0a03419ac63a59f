"""The workspace that the sandbox starts with: the people, channels and the morning of Harbor VPN."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.model import Person, Token


@dataclass(frozen=True, slots=True)
class SeedChannel:
    """`members` None means everybody but the bot, which `bot_member` adds."""

    id: str
    name: str
    topic: str = ""
    is_private: bool = False
    is_archived: bool = False
    bot_member: bool = True
    members: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SeedGroup:
    id: str
    handle: str
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeedMessage:
    """`age_s` is how long before the start it was written; `key` lets replies name it in `reply_to`."""

    channel: str
    user: str
    text: str
    age_s: float
    key: str = ""
    reply_to: str = ""
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timing:
    """Slack's own times; shorter ones are for tests only.

    `retry_delays_s` are the pauses before an event is sent again. `connection_s` is how long a Socket Mode
    connection may live, `refresh_grace_s` the time between its warning and its end. `share_delay_s` is how long
    after files.completeUploadExternal the message of the share appears, `process_delay_s` how long a file is worked
    through before blocks can show it.
    """

    ack_s: float = 3.0
    retry_delays_s: tuple[float, ...] = (0.0, 60.0, 300.0)
    connection_s: float = 18_060.0
    refresh_grace_s: float = 10.0
    share_delay_s: float = 0.05
    process_delay_s: float = 0.3


@dataclass(frozen=True, slots=True)
class HttpMode:
    """Deliveries by signed HTTP requests to `request_url` and not by Socket Mode."""

    request_url: str
    signing_secret: str


@dataclass(frozen=True, slots=True)
class WorkspaceSeed:
    """Everything a workspace starts with. No `tokens`: xoxb-sandbox and xapp-sandbox with the manifest's scopes."""

    manifest: Mapping[str, Any]
    people: tuple[Person, ...]
    channels: tuple[SeedChannel, ...]
    groups: tuple[SeedGroup, ...] = ()
    messages: tuple[SeedMessage, ...] = ()
    tokens: Mapping[str, Token] = field(default_factory=dict)
    team_id: str = "T0HARBOR"
    team_name: str = "Harbor VPN"
    team_domain: str = "harbor"
    bot_user: str = "U0BOT"
    bot_id: str = "B0BOT"
    app_id: str = "A0SECONDLINE"
    http: HttpMode | None = None
    timing: Timing = Timing()


BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
CLIENT_ID, CLIENT_SECRET = "1000000000.2000000000", "sandbox-client-secret"
"""With which people sign in to the app's own pages."""


def _person(user_id: str, name: str, real_name: str, team: str, title: str) -> Person:
    return Person(user_id, name, real_name, title=title, team=team, email=f"{name}@harbor.example")


def _people() -> tuple[Person, ...]:
    return (
        _person("U0KIM", "kim", "Kim Park", "T2 Tech", "Senior support engineer"),
        _person("U0JO", "jo", "Jo Berg", "T2 Tech", "Support engineer"),
        _person("U0ANA", "ana", "Ana Ruiz", "T2 CS", "Customer success engineer"),
        _person("U0TOM", "tom", "Tom Hale", "Tier 1", "Support agent"),
        _person("U0LENA", "lena", "Lena Vogt", "Management", "Head of support"),
        _person("U0RAJ", "raj", "Raj Iyer", "Management", "Operations manager"),
        Person("U0BOT", "secondline", "Second Line", team="Apps", is_bot=True),
    )


TIER1, TIER1_AGENT = "C0TIER1", "U0TOM"
"""Where Tier 1 asks, and who of them does."""
LENA = "U0LENA"

CHANNELS = (
    SeedChannel("C0T2TECH", "t2-tech", "Tier 2 Tech: gateways, apps, the website"),
    SeedChannel("C0T2CS", "t2-cs", "Tier 2 CS: accounts and payments"),
    SeedChannel("C0TIER1", "tier1", "Tier 1 floor: ask here before you escalate"),
    SeedChannel("C0INC", "incidents", "Confirmed incidents only"),
    SeedChannel("C0RANDOM", "random", "Everything else", bot_member=False),
    SeedChannel("C0OLD", "old-outages", "Last year's outages", is_archived=True),
)

GROUPS = (
    SeedGroup("S0LTM", "ltm", "Leads and technical managers", ("U0LENA", "U0RAJ")),
    SeedGroup("S0T2TECH", "t2-tech", "Tier 2 Tech", ("U0KIM", "U0JO")),
    SeedGroup("S0T2CS", "t2-cs", "Tier 2 CS", ("U0ANA",)),
    SeedGroup("S0TIER1", "tier1", "Tier 1", ("U0TOM",)),
)

MINUTE_S = 60.0

MORNING = (
    SeedMessage(
        "C0OLD", "U0RAJ", "EU West is back since 02:10, write-up in the wiki. Closing this one.", 200 * 86_400.0
    ),
    SeedMessage("C0RANDOM", "U0JO", "The coffee machine on 3 is fixed :tada:", 95 * MINUTE_S),
    SeedMessage("C0T2TECH", "U0KIM", "Morning! I have the early shift, Jo joins at 10.", 74 * MINUTE_S, key="shift"),
    SeedMessage("C0T2TECH", "U0JO", "Thanks, at my desk already if it gets busy.", 70 * MINUTE_S, reply_to="shift"),
    SeedMessage("C0T2CS", "U0ANA", "Refund requests from the weekend are done, queue is at 12.", 52 * MINUTE_S),
    SeedMessage(
        "C0INC",
        "U0LENA",
        "No open incidents. Payments provider has maintenance tonight 23:00-23:30 UTC.",
        48 * MINUTE_S,
    ),
    SeedMessage(
        "C0TIER1", "U0TOM", "Anyone else with the Android app asking for a login again?", 31 * MINUTE_S, key="android"
    ),
    SeedMessage(
        "C0TIER1", "U0ANA", "That is the update of last night, a new login mends it.", 28 * MINUTE_S, reply_to="android"
    ),
    SeedMessage(
        "C0TIER1",
        "U0TOM",
        "lots of tickets about US East, people drop after a minute or can't connect",
        4 * MINUTE_S,
        key="us-east",
        reactions={"eyes": ("U0KIM",)},
    ),
    SeedMessage("C0TIER1", "U0TOM", "three more while I typed that", 3 * MINUTE_S, reply_to="us-east"),
)


def harbor_seed(
    manifest: Mapping[str, Any], *, http: HttpMode | None = None, timing: Timing | None = None
) -> WorkspaceSeed:
    """Harbor VPN's workspace with the app that `manifest` describes."""
    return WorkspaceSeed(
        manifest=manifest,
        people=_people(),
        channels=CHANNELS,
        groups=GROUPS,
        messages=MORNING,
        http=http,
        timing=timing or Timing(),
    )
