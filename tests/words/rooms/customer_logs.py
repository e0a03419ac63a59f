"""What people see of customers' logs."""

from collections.abc import Mapping
from dataclasses import replace

from bot.customer_logs import cards, forms
from bot.customer_logs.model import (
    CustomerLog,
    Drop,
    Finding,
    Limit,
    LimitKind,
    LogLine,
    LogReport,
    LogState,
    OwnSignature,
    Problem,
    Repeat,
    Role,
    SentLog,
    SignatureState,
)
from bot.customer_logs.over_all import Shared, ShownDrop
from bot.customer_logs.patterns import proposed
from bot.customer_logs.wording import event_words
from tests.words.plain import Message
from tests.words.records import KNOWN, NOW

TIMEOUT = Finding(
    signature="tls-key-negotiation-failed",
    title="No TLS handshake within 60 s",
    role=Role.CAUSE,
    meaning="The server did not answer, or its answers did not arrive, for 60 s.",
    likely="A firewall, router or provider on the way blocks this port, or the server is down.",
    tries=("Connect by TCP 443.", "Try another network, such as a phone's hotspot."),
    tell="Your network doesn't let the connection through. Choose TCP in the app's settings.",
    source=("https://openvpn.net/faq/",),
    line=LogLine(213, "2026-11-20 14:02:11 TLS Error: TLS key negotiation failed to occur within 60 seconds"),
    count=23,
    at="2026-11-20T14:02:11",
    last_at="2026-11-20T14:37:40",
    excerpt=(
        LogLine(211, "2026-11-20 14:01:11 UDPv4 link remote: [AF_INET]‹address 1›:1194"),
        LogLine(212, "2026-11-20 14:01:11 TLS: Initial packet from [AF_INET]‹address 1›:1194"),
        LogLine(213, "2026-11-20 14:02:11 TLS Error: TLS key negotiation failed to occur within 60 seconds"),
        LogLine(214, "2026-11-20 14:02:11 TLS Error: TLS handshake failed"),
    ),
)
OFFLINE = replace(
    TIMEOUT,
    signature="network-unreachable",
    title="The device has no network",
    likely="Wi-Fi or mobile data was off.",
    line=LogLine(40, "2026-11-20 13:58:00 write UDPv4: Network is unreachable"),
    count=3,
    at="2026-11-20T13:58:00",
    last_at="2026-11-20T13:58:20",
    writers=("OpenVPN", "WireGuard"),
)
CLOCK = replace(
    OFFLINE, signature="clock", title="The device's clock is wrong", likely="It has no battery.", writers=(), count=1
)
FOLLOWS = replace(
    TIMEOUT,
    signature="tls-handshake-failed",
    title="The TLS handshake failed",
    role=Role.CONSEQUENCE,
    line=LogLine(214, "2026-11-20 14:02:11 TLS Error: TLS handshake failed"),
)
REPORT = LogReport(
    name="client.log",
    lines=4310,
    size=310_000,
    program="openvpn",
    program_title="OpenVPN",
    version="2.4.1",
    platform="windows",
    system="Windows 11",
    first_at="2026-11-20T13:41:02",
    last_at="2026-11-20T14:37:45",
    zone=120,
    findings=(TIMEOUT,),
)
UNUSUAL = (
    LogLine(12, "2026-11-20 13:41:30 flux capacitor misaligned, giving up"),
    LogLine(77, "2026-11-20 13:50:02 error 77 while polishing for ‹user 1›"),
    LogLine(90, "2026-11-20 13:52:00 config: tun-mtu 9000"),
)
UNKNOWN = replace(
    REPORT, findings=(), unusual=UNUSUAL, unusual_excerpt=UNUSUAL, program="", program_title="", version=""
)
LIMITS = (
    Limit(LimitKind.CUT, line=250_000),
    Limit(LimitKind.OTHERS, amount=3),
    Limit(LimitKind.ENDS_EARLY, line=4310),
    Limit(LimitKind.BEGINS_LATE),
    Limit(LimitKind.QUIET, text="Ask for a log with verb 4: this one says little of the connection."),
    Limit(LimitKind.CLOCK_BACK, line=812, amount=7_200),
    Limit(LimitKind.CLOCK_FORWARD, line=12, amount=86_400 * 400),
    Limit(LimitKind.ZONES),
    Limit(LimitKind.LONG_LINES, amount=2),
)
OWN = OwnSignature(
    id=4,
    title="The license server is full",
    meaning="All seats of the office are taken.",
    role=Role.CAUSE,
    tries=("Free a seat in the admin page.",),
    pattern=r"license refused, \d+ seats",
    proposed_by="UKIM",
    state=SignatureState.PROPOSED,
)
OTHER = replace(REPORT, name="other.log", shapes=("a",))


def drop(*logs: CustomerLog) -> Drop:
    return Drop(id=7, investigation_id=4, by="UKIM", channel="C1", ts="9.1", thread_ts="1.1", at=NOW, logs=logs)


def log(*reports: LogReport, state: LogState = LogState.READ, problem: str = "") -> CustomerLog:
    return CustomerLog(id=1, drop_id=7, file_id="F1", state=state, problem=problem, reports=reports)


def shown(*reports: LogReport) -> ShownDrop:
    return ShownDrop(drop=drop(log(*reports)))


def messages() -> Mapping[str, Message]:
    known = replace(TIMEOUT, issue_id=KNOWN.id)
    seven = Shared(TIMEOUT, 5, 7, ("2.4.1",), ("Windows 11",), REPORT, "2026-11-20T14:02:11")
    mixed = Shared(TIMEOUT, 2, 3, ("2.4.1", "2.6.8"), ("Windows 11", "macOS 15.1"), REPORT, "")
    fan = Repeat(LogLine(300, "2026-11-20 14:10:00 fan failure in unit 3"), 40, "b")
    full = replace(REPORT, findings=(known, OFFLINE, CLOCK), limits=LIMITS[:2], troubles=(fan,), repeats=(fan,))
    again = replace(log(), same_as=SentLog(1, REPORT.name, "UKIM", NOW))
    cases: dict[str, ShownDrop] = {
        "one cause": ShownDrop(drop=drop(log(REPORT))),
        "from a ticket": ShownDrop(drop=drop(replace(log(REPORT), ticket_id=48213))),
        "everything": ShownDrop(drop=drop(log(full)), shared=(seven,), others=(OTHER,), issues={KNOWN.id: KNOWN}),
        "over several logs": ShownDrop(drop=drop(log(REPORT)), shared=(mixed,), others=(OTHER,)),
        "two programs could have written it": shown(replace(REPORT, findings=(OFFLINE,), program_title="")),
        "cause and consequence": shown(replace(REPORT, consequences=(FOLLOWS,))),
        "only a consequence": shown(replace(REPORT, findings=(), consequences=(FOLLOWS,), unusual=UNUSUAL[:1])),
        "nothing known": shown(UNKNOWN),
        "nothing known, new here": ShownDrop(
            drop=drop(log(replace(UNKNOWN, troubles=(Repeat(UNUSUAL[1], 1, "b"), fan), repeats=(fan,)))),
            shared=(seven,),
            others=(OTHER,),
        ),
        "pasted lines": shown(replace(REPORT, name="", lines=1, zone=None, first_at="14:02:11", last_at="14:02:11")),
        "without times": shown(replace(REPORT, first_at="", last_at="", zone=0)),
        "several logs": ShownDrop(
            drop=drop(
                log(REPORT),
                log(UNKNOWN),
                log(state=LogState.FAILED, problem=Problem.PASSWORD),
                log(state=LogState.WAITING),
            ),
            shared=(seven,),
        ),
        "an archive of many": shown(*[replace(REPORT, name=f"{place}.log") for place in range(8)]),
        "many, nothing known": shown(UNKNOWN, replace(UNKNOWN, name="other.log")),
        "the same as before": ShownDrop(drop=drop(again)),
        "several, one the same as before": ShownDrop(drop=drop(log(REPORT), again)),
        "being read": ShownDrop(drop=drop(log(state=LogState.READING))),
        "three being read": ShownDrop(drop=drop(*[log(state=LogState.WAITING)] * 3)),
        "no longer kept": ShownDrop(drop=drop(log(state=LogState.EMPTIED))),
    }
    listed: dict[str, Message] = {f"A log, {name}": cards.card(each) for name, each in cases.items()}
    listed |= {
        f"A limit of a log, {limit.kind}": cards.card(shown(replace(REPORT, limits=(limit,)))) for limit in LIMITS
    }
    failed = (log(state=LogState.FAILED, problem=problem) for problem in Problem)
    listed |= {f"A log that can't be read, {each.problem}": cards.card(ShownDrop(drop=drop(each))) for each in failed}
    two = [log(state=LogState.FAILED, problem=Problem.PASSWORD)] * 2
    listed["A log that can't be read, nor another"] = cards.card(ShownDrop(drop=drop(*two)))
    listed |= {
        "On the timeline": "\n".join(map(event_words, (REPORT, UNKNOWN, replace(UNKNOWN, consequences=(FOLLOWS,))))),
        "Its lines": cards.lines(cases["one cause"], 0),
        "Its lines, of one of several findings": cards.lines(cases["everything"], 1),
        "Its lines, the unusual ones": cards.lines(cases["nothing known"], 0),
        "Its lines, of a signature of the team": cards.lines(
            shown(replace(REPORT, findings=(replace(TIMEOUT, own=True, tell="", source=()),))), 0
        ),
        "Its lines, no longer kept": cards.lines(cases["no longer kept"], 0),
        "Form: whose log": forms.whose_form(drop(log(REPORT))),
        "Form: whose logs": forms.whose_form(drop(log(REPORT), log(OTHER))),
        "This line is a signature": forms.signature_form(proposed(TIMEOUT.line.text), private_metadata="C1 1.1"),
        "A line that somebody knows": cards.signature(OWN, ["ULENA"]),
        "A line that somebody knows, without leads": cards.signature(replace(OWN, role=Role.NORMAL), []),
    }
    for state in (SignatureState.ACCEPTED, SignatureState.DECLINED):
        decided = replace(OWN, state=state, decided_by="ULENA")
        listed[f"A line that somebody knows, {state}"] = cards.signature(decided, ["ULENA"])
    return listed
