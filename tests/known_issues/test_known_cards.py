"""What people see of known issues: missing is shown as missing, and nothing from outside is markup."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.known_issues import cards, wording
from bot.known_issues.asking_development import AskedIssue, AskState, DevelopmentAsk
from bot.known_issues.model import (
    Age,
    Change,
    ChangeKind,
    EtaSource,
    IssuePage,
    IssueReading,
    IssueState,
    KnownIssue,
    Learned,
    Link,
    LinkVerdict,
    Priority,
    Suggestion,
)
from bot.known_issues.search.query import Match, Matches
from bot.messages.model import Content
from tests.fake_tracker import NOW, issue
from tests.hostile import ALIVE, SAMPLES
from tests.slack_limits import broken_by_message, mrkdwn_texts

AGE = Age("app", "GitHub acme/app", NOW, NOW + timedelta(minutes=6), "timed out")
WHOLE = IssueReading(
    known=True,
    symptom="It spins.",
    workaround="Restart it.",
    eta=date(2026, 12, 12),
    eta_source=EtaSource.MILESTONE,
    priority=Priority.P1,
    targets=("app",),
    customer_facing=True,
    found_by_qa=True,
    pending=True,
)


def known(reading: IssueReading = WHOLE, **more: Any) -> KnownIssue:
    return KnownIssue(31, issue(31, "The app spins", fix_version="2.15", **more), reading, NOW)


def shown(content: Content) -> str:
    """Every text of a message, after a look at Slack's limits."""
    assert broken_by_message(content) == []
    return str(content.blocks)


def test_a_result_begins_with_what_a_customer_can_be_told() -> None:
    """Workaround, ETA, priority, affected tickets, why it matches, how old it is."""
    match = Match(known(), None, ("spins", "android"), "app", affected=7)
    text = shown(cards.results("spins android", Matches((match,), (AGE,)), titles={"app": "The app"}))

    order = ["KI-31", "Workaround: Restart it", "ETA 12 Dec 2026 (milestone 2.15)", "P1 Business Impacted"]
    order += ["affects 7 tickets", "Matches: spins, android; about The app", "as of", "unreachable since", "timed out"]
    assert [part for part in order if part not in text] == []
    assert sorted(order, key=text.index) == order


def test_what_is_missing_is_shown_as_missing() -> None:
    """Not left out, and not made up."""
    text = shown(cards.results("x", Matches((Match(known(IssueReading(known=True)), None, ()),), (AGE,))))

    assert "No workaround known" in text
    assert "no ETA" in text
    assert "no priority" in text
    assert "affects" not in text


def test_our_own_investigation_is_a_result_too() -> None:
    """With its root cause; it can't be used for another."""
    learned = Learned(7, "us-east", "packet loss", "transit provider", "use us-west", NOW)
    text = shown(cards.results("loss", Matches((Match(None, learned, ("loss",)),), (AGE,))))

    assert all(part in text for part in ("INV-7", "Workaround: use us-west", "Root cause: transit provider"))
    assert cards.USE not in text


def test_nothing_found_says_how_old_the_data_is() -> None:
    """And what a slip was read as."""
    text = shown(cards.results("xyz", Matches((), (AGE,), {"xyz": ("xyzzy",)})))

    assert "Nothing known about “xyz”" in text
    assert "unreachable since" in text
    assert "searched for xyzzy, not “xyz”" in text
    assert "no tracker set up" in shown(cards.results("", Matches(())))


@pytest.mark.parametrize(
    ("more", "fate"),
    [
        ({}, "ETA 12 Dec 2026 (milestone 2.15)"),
        ({"state": IssueState.DONE}, "fixed, comes with 2.15"),
        ({"state": IssueState.DONE, "released": True}, "released in 2.15"),
        ({"state": IssueState.DECLINED}, "won't be fixed"),
    ],
)
def test_fate_is_the_eta_or_how_it_ended(more: dict[str, Any], fate: str) -> None:
    """A closed issue has no ETA."""
    assert wording.fate(known(**more)) == fate


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Choose **US West** or *EU*", "Choose US West or EU"),
        (r"Clear the \*cache\*\. Not `all`", "Clear the *cache*. Not all"),
        ("See [the page](https://x.test/a)", "See the page"),
        ("* one\n* two * three", "* one\n* two * three"),
        ("2*3*4 and snake_case", "2*3*4 and snake_case"),
    ],
)
def test_markdown_is_shown_without_its_marks(markdown: str, plain: str) -> None:
    """Slack would show them as they are written."""
    assert wording.plain(markdown) == plain


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("- Calls break up\n- games lag", "Calls break up; games lag"),
        ("Try this:\n\n* **US West**\n  * or US South", "Try this: US West; or US South"),
        ("5 - 20 % are lost\n-5 dB", "5 - 20 % are lost\n-5 dB"),
    ],
)
def test_a_list_in_one_line_is_parted_by_semicolons(markdown: str, line: str) -> None:
    """What is no point of a list stays as it is."""
    assert wording.in_one_line(markdown) == line


def test_a_gone_issue_says_so() -> None:
    """Wherever it is shown."""
    assert wording.fate(replace(known(), gone_at=NOW)).startswith("gone from the tracker since")


def test_a_page_has_everything() -> None:
    """Facts, investigations, changes."""
    changes = [
        Change(31, NOW, ChangeKind.ETA, "2026-12-05", "2026-12-12"),
        Change(31, NOW, ChangeKind.PRIORITY, "", "P1"),
        Change(31, NOW, ChangeKind.DONE, "open", "done"),
        Change(31, NOW, ChangeKind.GONE, "app#31", ""),
    ]
    text = shown(cards.page(IssuePage(known(assignees=("mira",)), 31, ("INV-1", "INV-2"), tuple(changes), AGE)))

    parts = ["It spins.", "customers see it", "found by QA", "waits for development", "assigned to mira", "app#31"]
    parts += ["31 confirmed tickets", "INV-1, INV-2", "ETA: 5 Dec 2026 → 12 Dec 2026"]
    parts += ["priority: none → P1 Business Impacted", "gone from the tracker (it was app#31)"]
    assert [part for part in parts if part not in text] == []


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_change_has_words(kind: ChangeKind) -> None:
    """A new kind must not break a page."""
    values = {ChangeKind.ETA: ("2026-12-05", "2026-12-12"), ChangeKind.PRIORITY: ("P1", "P0")}
    before, after = values.get(kind, ("x", "y"))

    assert wording.change(Change(1, NOW, kind, before, after))
    assert wording.change(Change(1, NOW, kind, "", ""))


@pytest.mark.parametrize(
    ("verdict", "says", "buttons"),
    [
        (LinkVerdict.SUGGESTED, "Looks like", [cards.IT_IS, cards.IT_ISNT]),
        (LinkVerdict.IT_IS, "It is", [cards.IT_ISNT]),
        (LinkVerdict.IT_ISNT, "It isn't", [cards.IT_IS]),
    ],
)
def test_a_suggestion_becomes_the_decision(verdict: LinkVerdict, says: str, buttons: list[str]) -> None:
    """With the other answer left, for whoever thinks again."""
    content = cards.suggestion(Suggestion(Link(1, 31, verdict, "UKIM", NOW, 5), known(), AGE))

    assert says in shown(content)
    assert ("unreachable since" in shown(content)) == (verdict is not LinkVerdict.IT_ISNT)
    assert [each["action_id"] for each in content.blocks[-1]["elements"]] == buttons


@pytest.mark.parametrize(
    ("state", "says", "buttons"),
    [
        (AskState.OFFERED, "Tell development? They get the count", [cards.ASK, cards.NOT_NOW]),
        (AskState.DECLINED, "<@UKIM> said not now", [cards.ASK]),
        (AskState.WANTED, "Not sent yet: 403. Trying again.", [cards.ASK]),
        (AskState.SENT, "<@UKIM> told development", []),
        (AskState.FAILED, "Development was not told: 403. <@UKIM> tried at", [cards.ASK]),
        (AskState.TOLD, "went to Tier 3 at <!date^", []),
    ],
)
def test_an_ask_says_what_happened(state: AskState, says: str, buttons: list[str]) -> None:
    """And offers what is possible now."""
    ask = DevelopmentAsk(1, 31, 10, state, NOW, 12, "UKIM", NOW, failure="403", url="https://tracker.test/31#c")
    content = cards.ask(AskedIssue(ask, known(), affected=12, day=3, age=AGE))

    assert says in shown(content)
    assert "12 confirmed tickets, 3 in the last day" in content.text
    assert "3 confirmed tickets, all in the last day" in cards.ask(AskedIssue(ask, known(), 3, 3, AGE)).text
    assert "GitHub acme/app as of <!date^" in shown(content)
    found = [each["action_id"] for block in content.blocks[2:] for each in block["elements"]]
    assert found == buttons


@pytest.mark.parametrize("text", SAMPLES)
def test_nothing_from_a_tracker_is_markup(text: str) -> None:
    """Titles, workarounds and failures ping nobody and keep Slack's limits."""
    reading = replace(WHOLE, symptom=text, workaround=text)
    found = known(reading, key=text[:80], assignees=(text,))
    found = replace(found, issue=replace(found.issue, title=text, fix_version=text))
    age = replace(AGE, title=text, reason=text)
    ask = DevelopmentAsk(1, 31, 10, AskState.FAILED, NOW, 12, "UKIM", NOW, failure=text)
    learned = Learned(7, text, text, text, text, NOW)
    contents = [
        cards.results(text, Matches((Match(found, None, (text,), text), Match(None, learned, (text,))), (age,))),
        cards.page(IssuePage(found, 1, ("INV-1",), (Change(31, NOW, ChangeKind.TITLE, text, text),), age)),
        cards.suggestion(Suggestion(Link(1, 31, LinkVerdict.SUGGESTED, "", NOW, 5), found, age)),
        cards.ask(AskedIssue(ask, found, 1, 1, age)),
    ]
    for content in contents:
        texts = shown(content).replace("<https://tracker.test/", "<https://desk.test/") + content.text.replace(
            "<https://tracker.test/", "<https://desk.test/"
        )
        assert not ALIVE.search(texts), texts


def test_workaround_of_an_investigation_is_whole() -> None:
    """As long as its form takes it: half of it helps no customer."""
    words = " ".join(f"word{number}" for number in range(360))
    learned = Learned(7, "us-east", "packet loss", "transit provider", words, NOW)
    read = mrkdwn_texts(cards.results("loss", Matches((Match(None, learned, ("loss",)),), (AGE,))))

    assert words.replace(" ", "") in "".join(read).replace(" ", "").replace("\n", "")
