"""What is known: search, pages, suggestions, and asking development."""

from collections.abc import Mapping
from dataclasses import replace

from bot.known_issues import cards, wording
from bot.known_issues.asking_development import AskedIssue, AskState, DevelopmentAsk
from bot.known_issues.model import (
    Age,
    Change,
    ChangeKind,
    IssuePage,
    IssueReading,
    IssueState,
    KnownIssue,
    Learned,
    Link,
    LinkVerdict,
    Suggestion,
)
from bot.known_issues.search.query import Match, Matches, MatchLevel
from tests.words.plain import Message
from tests.words.records import AGE, DOWN, KNOWN, NOW, TARGETS, at

LEARNED = Learned(2, "us-east", "packet loss", "A router of the provider dropped packets.", "Use U.S. West.", NOW)
TITLES = {target.key: target.title for target in TARGETS}
BARE = replace(KNOWN, reading=IssueReading(known=True))


def messages() -> Mapping[str, Message]:
    return {**_found(), **_asks(), **_words()}


def _found() -> Mapping[str, Message]:
    both = (Match(KNOWN, None, ("calls", "android"), "android", affected=7), Match(None, LEARNED, ("loss",)))
    silent = replace(BARE, id=32, issue=replace(BARE.issue, title="Phones stay silent"))
    related = Match(silent, None, (), near=("ring",), target="android", level=MatchLevel.AREA)
    values = {ChangeKind.ETA: ("2026-12-05", "2026-12-12"), ChangeKind.PRIORITY: ("", "P1")}
    changes = tuple(Change(31, at(-9), kind, *values.get(kind, ("before", "after"))) for kind in ChangeKind)
    whole = IssuePage(KNOWN, 31, ("INV-2", "INV-4"), changes, AGE)
    suggested = Suggestion(Link(4, 31, LinkVerdict.SUGGESTED, "UKIM", NOW, 5), KNOWN, AGE)
    return {
        "Results": cards.results("calls android", Matches(both, (AGE,)), titles=TITLES),
        "Results, in a thread": cards.results("calls android", Matches(both, (AGE,)), here=4, titles=TITLES),
        "Results, investigations are open": cards.results("calls", Matches(both, (AGE,)), live=(4, 5), titles=TITLES),
        "Results, little is known": cards.results("calls", Matches((Match(BARE, None, ()),), (DOWN,))),
        "Results, some only related": cards.results(
            "calls break up", Matches((both[0], related), (AGE,)), titles=TITLES
        ),
        "Results, only related": cards.results("no ring tone", Matches((related,), (AGE,)), titles=TITLES),
        "Results, none, a slip put right": cards.results(
            "xyz", Matches((), (AGE,), {"xyz": ("xyzzy",)}), titles=TITLES
        ),
        "Results, what affects most": cards.results("", Matches(both[:1], (AGE,)), titles=TITLES),
        "Results, no tracker": cards.results("", Matches(()), titles=TITLES),
        "IssuePage": cards.page(whole, titles=TITLES),
        "Page, in a thread": cards.page(replace(whole, changes=changes[:1]), here=4),
        "Suggestion": cards.suggestion(suggested),
        "Suggestion, it is": cards.suggestion(
            replace(suggested, link=replace(suggested.link, verdict=LinkVerdict.IT_IS))
        ),
        "Suggestion, it isn't": cards.suggestion(
            replace(suggested, link=replace(suggested.link, verdict=LinkVerdict.IT_ISNT))
        ),
        "Suggestion, the tracker is away": cards.suggestion(replace(suggested, age=DOWN)),
        "Used": cards.used(suggested.link),
        "Form: use": cards.use_form(KNOWN, [(4, "U.S. East: packet loss"), (5, "Android app")]),
    }


def _asks() -> Mapping[str, Message]:
    listed = {}
    for state in AskState:
        ask = DevelopmentAsk(
            1, 31, 10, state, NOW, 12, "UKIM", NOW, failure="403: no access", url="https://tracker.test/31#c"
        )
        listed[f"Asking development: {state}"] = cards.ask(AskedIssue(ask, KNOWN, affected=12, day=3, age=AGE))
    return listed


def _words() -> Mapping[str, Message]:
    states = {
        "open": KNOWN,
        "in progress": _in(IssueState.IN_PROGRESS),
        "done": _in(IssueState.DONE),
        "released": replace(KNOWN, issue=replace(KNOWN.issue, state=IssueState.DONE, released=True)),
        "declined": _in(IssueState.DECLINED),
        "gone": replace(KNOWN, gone_at=NOW),
    }
    return {
        **{f"Words: {name}": [wording.state(each), wording.fate(each)] for name, each in states.items()},
        "Words: in one line": cards.in_one_line(KNOWN),
        "Words: little is known": [wording.eta(BARE), wording.workaround(BARE), wording.priority(BARE)],
        "Words: of an issue": [
            wording.name(KNOWN),
            wording.eta(KNOWN),
            wording.workaround(KNOWN),
            wording.priority(KNOWN),
        ],
        "Words: age": [wording.age(AGE), wording.age(DOWN), wording.age(Age("app", "GitHub acme/app"))],
        "Words: age, where it is seen": [wording.seen_age(AGE), wording.seen_age(DOWN)],
        "Words: ages": wording.ages([AGE, DOWN]),
        "Words: without Markdown": [wording.plain("Use **IKEv2**"), wording.in_one_line("- one\n- two")],
        "Words: a day": wording.day(NOW),
        "Words: a change": wording.change(Change(31, NOW, ChangeKind.ETA, "", "2026-12-12")),
        "Words: a value": wording.value(ChangeKind.PRIORITY, "P1"),
    }


def _in(state: IssueState) -> KnownIssue:
    return replace(KNOWN, issue=replace(KNOWN.issue, state=state))
