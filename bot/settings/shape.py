"""The settings as types: every section and key, its default and its bounds."""

from datetime import time
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.probes.playbooks import USUAL
from bot.settings.ladders import Day, LadderSection
from bot.settings.logs import LogsSection
from bot.settings.reading import ReadingSection
from bot.settings.reminders import Reminders
from bot.settings.section import NO_SECRET, Section
from bot.settings.trackers import GitHub, Jira, KnownIssues, TrackerSettings
from bot.settings.values import (
    AllowedNetwork,
    BaseUrl,
    CertificateFile,
    Channel,
    ChannelOrNone,
    ChromiumPath,
    Currency,
    CustomerText,
    GroupHandle,
    GroupId,
    Holiday,
    Host,
    IpAddress,
    MailAddressOrNone,
    MailServer,
    MatcherText,
    OpenVpnKey,
    PlaybookStep,
    Purpose,
    ReferencePattern,
    Resolver,
    ShortText,
    SlackUrl,
    SourceUrl,
    TcpPort,
    TimeOfDay,
    TlsEndpoint,
    Url,
    VendorAsk,
    VpnService,
    WireguardKey,
    Zone,
)
from bot.targets.model import Catalog, Target
from bot.working_hours import WorkingHours

TargetKind = Literal["gateway", "website", "payments", "app"]


class Slack(Section):
    """How to reach Slack. `api_url` always ends in "/"."""

    bot_token: SecretStr = NO_SECRET
    app_token: SecretStr = NO_SECRET
    signing_secret: SecretStr = NO_SECRET
    api_url: SlackUrl = "https://slack.com/api/"
    mode: Literal["socket", "http"] = "socket"
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 3000


class Zendesk(Section):
    """How to reach Zendesk; no `url` means that there is none."""

    url: BaseUrl = ""
    agent_url: BaseUrl = ""
    client_id: str = ""
    client_secret: SecretStr = NO_SECRET
    oauth_token: SecretStr = NO_SECRET
    email: str = ""
    token: SecretStr = NO_SECRET


class DatabaseSection(Section):
    """Where the records are, and after how many days the content of sent messages and the details of probes go."""

    path: Annotated[str, Field(min_length=1)] = "secondline.db"
    content_days: Annotated[int, Field(ge=1, le=3650)] = 7
    details_days: Annotated[int, Field(ge=1, le=3650)] = 30


class WorkingHoursSection(Section):
    """When the team is at work, in the workspace's zone; an `end` before `start` is a night shift."""

    start: TimeOfDay = time(9)
    end: TimeOfDay = time(18)
    days: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri")


class Workspace(Section):
    """Where and when the teams work."""

    zone: Zone = "Europe/Berlin"
    admin: ShortText = "your admin"
    """Whom people ask about the bot itself, as they read it."""
    working_hours: WorkingHoursSection = WorkingHoursSection()

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def hours(self) -> WorkingHours:
        """The teams' working hours in their zone."""
        section = self.working_hours
        return _hours(section.start, section.end, section.days, self.tzinfo)


def _hours(start: time, end: time, days: tuple[Day, ...], zone: ZoneInfo) -> WorkingHours:
    return WorkingHours(start, end, frozenset(get_args(Day).index(day) for day in days), zone)


class TeamSection(Section):
    """One Tier 2 team and the channel where its cards appear. `members` are user ids or names."""

    title: ShortText
    channel: Channel
    usergroup: GroupHandle = ""
    members: tuple[ShortText, ...] = ()


class EscalationSection(Section):
    """Whom an escalation reaches: the group by handle or id; `people` where the group can't be read.

    An acknowledgement holds for `expires_min` without news, 0 for ever; whoever gave it has `answer_min` to say that
    they still are on it. A step that is `overdue_min` late is said in the channel.
    """

    group: GroupHandle = "ltm"
    group_id: GroupId = ""
    people: tuple[ShortText, ...] = ()
    expires_min: Annotated[float, Field(ge=0, le=10080)] = 60
    answer_min: Annotated[float, Field(ge=1, le=1440)] = 10
    overdue_min: Annotated[float, Field(ge=1, le=1440)] = 3
    heartbeat: SecretStr = NO_SECRET
    ladders: dict[str, LadderSection] = Field(default_factory=dict)


class TargetSettings(Section):
    """One thing that can have trouble, see bot.targets.model.Target."""

    title: ShortText
    kind: TargetKind
    team: str = ""
    control: str = ""
    aliases: tuple[ShortText, ...] = ()
    hosts: tuple[Host, ...] = ()
    addresses: tuple[IpAddress, ...] = ()
    urls: tuple[Url, ...] = ()
    tls: tuple[TlsEndpoint, ...] = ()
    names: tuple[Host, ...] = ()
    ports: tuple[TcpPort, ...] = ()
    vpn: tuple[VpnService, ...] = ()
    wireguard_keys: tuple[WireguardKey, ...] = ()
    expect: Annotated[str, Field(max_length=200)] = ""
    test_payment: bool = False
    search: tuple[ShortText, ...] = ()
    remote: bool = False


class Tickets(Section):
    """The search for tickets. `window_h` hours back, again every `refresh_s` seconds, `shown` on a page.

    `place_field` is the id of a custom field with the customer's place, 0 for none. Every ticket of the last
    `history_days` days is read at the first start, and what was read is forgotten after `forget_days`.
    """

    enabled: bool | None = None
    window_h: Annotated[float, Field(gt=0, le=720)] = 24
    refresh_s: Annotated[float, Field(ge=1, le=3600)] = 180
    shown: Annotated[int, Field(ge=1, le=10)] = 10
    link_hosts: tuple[Host, ...] = ()
    place_field: Annotated[int, Field(ge=0)] = 0
    place_tag_prefix: Annotated[str, Field(max_length=40)] = ""
    history_days: Annotated[int, Field(ge=1, le=365)] = 28
    forget_days: Annotated[int, Field(ge=28, le=365)] = 90


class ElevationSection(Section):
    """Which of Zendesk's groups answer first, and which get what they did not answer for `after_min` minutes.

    No `from_groups` means that nothing is elevated. Groups are named, or given by their number.
    """

    from_groups: tuple[ShortText, ...] = ()
    groups: dict[str, ShortText] = Field(default_factory=dict)
    default_team: str = ""
    after_min: Annotated[float, Field(ge=1, le=10_080)] = 15
    working_hours: bool = False
    per_minute: Annotated[float, Field(ge=1, le=30)] = 10
    per_hour: Annotated[int, Field(ge=1, le=1_000)] = 100
    oldest_h: Annotated[float, Field(ge=1, le=720)] = 24
    gather_min: Annotated[float, Field(ge=1, le=1_440)] = 60
    dry_run: bool = False
    dry_run_days: Annotated[float, Field(ge=0, le=365)] = 7


class TrendsSection(Section):
    """Whether rises of customers are said, and how often chance may make one: so many times a week, over all targets.

    In `shadow` the bot says once a day what it would have said. `tell_agents`: whoever has tickets of a trend is told.
    """

    mode: Literal["off", "shadow", "on"] = "on"
    false_per_week: Annotated[float, Field(ge=0.05, le=50)] = 1.0
    tell_agents: bool = False


def _mode_alone(value: object) -> object:
    """`trends = "shadow"` stands for the whole table."""
    return {"mode": value} if isinstance(value, str) else value


Trends = Annotated[TrendsSection, BeforeValidator(_mode_alone)]


class Replies(Section):
    """What customers are told, by purpose and language; `per_minute` answers go out.

    Each kind of target may have texts of its own. A macro is named by its title or its number.
    """

    per_minute: Annotated[float, Field(ge=1, le=100)] = 60
    fallback: str = "en"
    texts: dict[Purpose, dict[str, CustomerText]] = Field(default_factory=dict)
    gateway: dict[Purpose, dict[str, CustomerText]] = Field(default_factory=dict)
    website: dict[Purpose, dict[str, CustomerText]] = Field(default_factory=dict)
    payments: dict[Purpose, dict[str, CustomerText]] = Field(default_factory=dict)
    app: dict[Purpose, dict[str, CustomerText]] = Field(default_factory=dict)
    macros: dict[Purpose, dict[str, ShortText]] = Field(default_factory=dict)


class Probes(Section):
    """Bounds of what probes do and may look at."""

    allow_networks: tuple[AllowedNetwork, ...] = ()
    networks: dict[AllowedNetwork, ShortText] = Field(default_factory=dict)
    ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = ()
    resolvers: tuple[Resolver, ...] = ()
    system_resolver: bool = True
    ca_file: CertificateFile = ""
    mtr_cycles: Annotated[int, Field(ge=1, le=100)] = 10
    interval_s: Annotated[float, Field(ge=0.05, le=10)] = 1.0
    ping_count: Annotated[int, Field(ge=1, le=100)] = 10
    http_slow_s: Annotated[float, Field(gt=0, le=60)] = 2.0
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 5.0
    chromium: ChromiumPath = ""


class PlaybooksSection(Section):
    """The steps that each kind of target gets, see bot.probes.playbooks."""

    gateway: tuple[PlaybookStep, ...] = USUAL["gateway"]
    website: tuple[PlaybookStep, ...] = USUAL["website"]
    payments: tuple[PlaybookStep, ...] = USUAL["payments"]
    app: tuple[PlaybookStep, ...] = USUAL["app"]


class Vpn(Section):
    """What VPN servers want to know of whoever asks them. `openvpn_key_use` is as in an OpenVPN client's file."""

    wireguard_private_key: SecretStr = NO_SECRET
    wireguard_preshared_key: SecretStr = NO_SECRET
    openvpn_key_file: OpenVpnKey = ""
    openvpn_key_use: Literal["tls-crypt", "tls-auth", "tls-auth 1"] = "tls-crypt"
    openvpn_auth: Literal["SHA1", "SHA256", "SHA512"] = "SHA1"


class Stripe(Section):
    """The test payment; `amount` in the currency's smallest unit."""

    api_url: BaseUrl = "https://api.stripe.com"
    test_key: SecretStr = NO_SECRET
    email_domain: Host = "example.com"
    payment_method: Annotated[str, Field(pattern=r"^pm_\w+$")] = "pm_card_visa"
    amount: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    currency: Currency = "usd"


class GlobalpingSection(Section):
    """Who measures from other places; no `url` means nobody. `places` are those looked for in tickets."""

    url: BaseUrl = "https://api.globalping.io"
    token: SecretStr = NO_SECRET
    places: tuple[ShortText, ...] = ()


class Web(Section):
    """Where webhooks, /healthz, /metrics and links are served, seen from outside as `public_url`; port 0 is nowhere."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 0
    public_url: BaseUrl = ""
    link_secret: SecretStr = NO_SECRET
    metrics_token: SecretStr = NO_SECRET
    login_client_id: str = ""
    login_client_secret: SecretStr = NO_SECRET
    login_url: BaseUrl = ""
    tier1: tuple[GroupHandle, ...] = ()
    session_h: Annotated[float, Field(ge=1, le=720)] = 12
    github_secret: SecretStr = NO_SECRET
    jira_secret: SecretStr = NO_SECRET


class MailSection(Section):
    """The server that sends mail; no `server` means that none is sent. `sender` is the address in From."""

    server: MailServer = ""
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    sender: MailAddressOrNone = ""
    sender_name: Annotated[str, Field(max_length=80)] = "Second Line"
    user: str = ""
    password: SecretStr = NO_SECRET
    ca_file: CertificateFile = ""


class VendorHours(Section):
    """When somebody is there at a vendor, in the vendor's own zone; as long as nothing is said, always."""

    start: TimeOfDay = time(0)
    end: TimeOfDay = time(0)
    days: Annotated[tuple[Day, ...], Field(min_length=1)] = get_args(Day)
    zone: Zone = "UTC"

    @property
    def hours(self) -> WorkingHours:
        return _hours(self.start, self.end, self.days, ZoneInfo(self.zone))


class VendorSection(Section):
    """One vendor, see bot.vendors.model.Vendor. Reminders come after `remind_h` hours in which nothing was heard."""

    title: ShortText
    what: Annotated[str, Field(max_length=60)] = ""
    email: MailAddressOrNone = ""
    form: BaseUrl = ""
    asks_for: tuple[VendorAsk, ...] = ("mtr", "times", "addresses")
    account: dict[ShortText, ShortText] = Field(default_factory=dict)
    fields: Annotated[tuple[ShortText, ...], Field(max_length=5)] = ()
    hours: VendorHours = VendorHours()
    reference: ReferencePattern = ""
    example: Annotated[str, Field(max_length=60)] = ""
    remind_h: Annotated[float, Field(gt=0, le=240)] = 2


class Handoffs(Section):
    """Who triages what is handed to Tier 3 (user ids or names), and in which channel; neither means the thread."""

    leads: tuple[ShortText, ...] = ()
    channel: ChannelOrNone = ""


class Handovers(Section):
    """Whoever is asked to take an investigation over has `answer_min` minutes of their working hours to answer.

    An owner is asked `before_end_min` minutes before their day ends.
    """

    answer_min: Annotated[float, Field(ge=1, le=1440)] = 30
    before_end_min: Annotated[float, Field(ge=0, le=120)] = 5


class Releases(Section):
    """Whether the teams' channels hear of releases without asking for it by `/t2 follow`."""

    announce: bool = True


class StatusPage(Section):
    """A page that speaks Statuspage's API v2. `components` are names, ids or groups by target, any of them."""

    url: SourceUrl
    refresh_s: Annotated[float, Field(ge=1, le=3600)] = 60
    announce: bool = True
    components: dict[str, tuple[ShortText, ...]] = Field(default_factory=dict)


class StatusAlertmanager(Section):
    """An Alertmanager. `targets` are label matchers by target, all of which must match; `write` allows silences."""

    url: SourceUrl
    refresh_s: Annotated[float, Field(ge=1, le=3600)] = 30
    filter: tuple[MatcherText, ...] = ()
    announce: bool = True
    announce_after_s: Annotated[float, Field(ge=0, le=86400)] = 120
    write: bool = False
    targets: dict[str, tuple[MatcherText, ...]] = Field(default_factory=dict)


class Status(Section):
    """What else says how targets do. Trouble that is back within `quiet_s` is the same trouble."""

    quiet_s: Annotated[float, Field(ge=0, le=86400)] = 900
    alertmanager_token: SecretStr = NO_SECRET
    pages: dict[str, StatusPage] = Field(default_factory=dict)
    alertmanagers: dict[str, StatusAlertmanager] = Field(default_factory=dict)


class BriefingSection(Section):
    """The briefing that channels have without anybody typing: none without `at`. No `channels` means every team's.

    An investigation that nobody touched for `untouched_h` hours is followed up.
    """

    at: TimeOfDay | None = None
    zone: Zone | None = None
    days: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri")
    channels: tuple[Channel, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    untouched_h: Annotated[float, Field(gt=0, le=720)] = 24


DaysOrEver = Annotated[int, Field(ge=0, le=3650)]


class RetentionSection(Section):
    """After how many days what goes; 0 keeps it for ever.

    The days of what Slack has, of probes, of the stream and of logs stand with these.
    """

    tickets_days: DaysOrEver = 365
    texts_days: DaysOrEver = 1095
    exports_days: DaysOrEver = 365
    mail_days: DaysOrEver = 1095
    audit_days: DaysOrEver = 1825


class ForgettingSection(Section):
    """Who may have a customer forgotten, beside the leads of other sections: the members of a user group."""

    group: GroupHandle = ""


class Settings(BaseSettings):
    """All settings, checked. Only bot.app and the programs see them."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    slack: Slack = Slack()
    zendesk: Zendesk = Zendesk()
    database: DatabaseSection = DatabaseSection()
    workspace: Workspace = Workspace()
    teams: dict[str, TeamSection] = Field(default_factory=dict)
    escalation: EscalationSection = EscalationSection()
    targets: dict[str, TargetSettings] = Field(default_factory=dict)
    tickets: Tickets = Tickets()
    reading: ReadingSection = ReadingSection()
    logs: LogsSection = LogsSection()
    replies: Replies = Replies()
    probes: Probes = Probes()
    playbooks: PlaybooksSection = PlaybooksSection()
    globalping: GlobalpingSection = GlobalpingSection()
    vpn: Vpn = Vpn()
    stripe: Stripe = Stripe()
    web: Web = Web()
    mail: MailSection = MailSection()
    status: Status = Status()
    briefing: BriefingSection = BriefingSection()
    github: GitHub = GitHub()
    jira: Jira = Jira()
    trackers: dict[str, TrackerSettings] = Field(default_factory=dict)
    known_issues: KnownIssues = KnownIssues()
    handoffs: Handoffs = Handoffs()
    handovers: Handovers = Handovers()
    vendors: dict[str, VendorSection] = Field(default_factory=dict)
    releases: Releases = Releases()
    elevation: ElevationSection = ElevationSection()
    trends: Trends = TrendsSection()
    reminders: Reminders = Reminders()
    forgetting: ForgettingSection = ForgettingSection()
    retention: RetentionSection = RetentionSection()

    @property
    def tickets_enabled(self) -> bool:
        """Whether there is a desk to search: as the file says, else whether Zendesk has an address."""
        return bool(self.zendesk.url) if self.tickets.enabled is None else self.tickets.enabled

    def catalog(self) -> Catalog:
        """The targets as the rest of the bot knows them."""
        return Catalog(tuple(self._target(key, target) for key, target in self.targets.items()))

    def _target(self, key: str, target: TargetSettings) -> Target:
        """One target; what the file leaves open is filled: the only team, the words that people use."""
        values = target.model_dump()
        values["team"] = target.team or next(iter(self.teams), "")
        values["status_page"] = any(key in page.components for page in self.status.pages.values())
        values["search"] = target.search or (target.title, *target.aliases)
        return Target(key=key, **values)
