"""What a briefing shows, within Slack's limits, whatever stands in the records."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.briefings import cards
from bot.briefings.model import (
    AmendedPart,
    Amendment,
    Briefing,
    BriefingOverview,
    CustomersWaiting,
    Doubt,
    Due,
    Elevated,
    Ended,
    FollowUp,
    Issue,
    News,
    NextStep,
    NextStepKind,
    Ongoing,
    ServiceTrouble,
    Situation,
    Stage,
)
from bot.briefings.schedule import PlannedBriefing, Schedule
from bot.briefings.store import SITUATIONS
from bot.investigations import cards as investigation_cards
from bot.investigations.model import State
from bot.known_issues.model import ChangeKind, Priority
from bot.messages.model import Content
from tests.hostile import ALIVE, NOW, NUMBERS, TIMES, URLS, USERS, WORDS, investigations, maybe
from tests.slack_limits import broken_by_message, mrkdwn_texts, texts
from tests.stalls import STALL_S, busy_s

DAY = date(2026, 11, 20)
SLACK_URLS = st.sampled_from(["", "https://slack.test/p1"])
dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))
numbers = st.lists(st.tuples(NUMBERS, URLS), max_size=30).map(tuple)
ongoings = st.builds(
    Ongoing,
    id=NUMBERS,
    title=WORDS,
    state=st.sampled_from(State),
    channel=st.just("C1"),
    opened_at=TIMES,
    next_step=st.builds(NextStep, st.sampled_from(NextStepKind), maybe(TIMES), st.integers(0, 100)),
    owner=maybe(USERS),
    link=SLACK_URLS,
    tickets=maybe(st.integers(0, 10**6)),
    more=maybe(st.integers(-5, 1000)),
    growth=st.just("5 in the last hour, usually 2 an hour"),
)
issues = st.builds(
    Issue,
    id=NUMBERS,
    title=WORDS,
    url=URLS,
    stage=st.sampled_from(Stage),
    symptom=WORDS,
    workaround=WORDS,
    eta=maybe(dates),
    priority=maybe(st.sampled_from(Priority)),
    tickets=st.integers(0, 10**6),
    more=st.integers(0, 100),
    investigations=st.lists(NUMBERS, max_size=8).map(tuple),
)
many_issues = st.lists(issues, max_size=30, unique_by=lambda item: item.id).map(tuple)
dates_as_text = st.one_of(WORDS, dates.map(date.isoformat))
news = st.builds(News, NUMBERS, WORDS, URLS, st.sampled_from(ChangeKind), dates_as_text, dates_as_text)
follow_ups = st.builds(
    FollowUp, st.sampled_from(Due), NUMBERS, WORDS, SLACK_URLS, maybe(USERS), maybe(TIMES), numbers
).map(lambda follow_up: replace(follow_up, since=DAY) if follow_up.due is Due.OVERDUE else follow_up)


def some(strategy: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most).map(tuple)


situations = st.builds(
    Situation,
    at=TIMES,
    since=maybe(TIMES),
    investigations=st.lists(ongoings, max_size=12, unique_by=lambda ongoing: ongoing.id).map(tuple),
    ended=some(st.builds(Ended, NUMBERS, WORDS, st.sampled_from(State), USERS, WORDS, SLACK_URLS), 5),
    news=some(news, 20),
    issues=many_issues,
    pending=some(issues, 5),
    found_by_qa=some(issues, 5),
    troubles=some(st.builds(ServiceTrouble, WORDS, WORDS, st.booleans(), maybe(TIMES)), 5),
    elevated=some(st.builds(Elevated, NUMBERS, st.just("management"), TIMES, numbers), 4),
    follow_ups=some(follow_ups, 8),
    not_told=some(st.builds(CustomersWaiting, WORDS, WORDS, WORDS, st.integers(1, 10**6), TIMES, SLACK_URLS), 6),
    customers_not_told=st.integers(0, 10**6),
    doubts=some(st.builds(Doubt, WORDS, maybe(TIMES), TIMES, WORDS), 8),
)


@st.composite
def shown_briefings(draw: st.DrawFn) -> BriefingOverview:
    """With amendments of its own issues, and investigations as they are now."""
    said = draw(situations)
    details = sorted(said.told_issues) or [1]
    values = {
        AmendedPart.ETA: st.one_of(st.just(""), dates.map(date.isoformat)),
        AmendedPart.WORKAROUND: WORDS,
        AmendedPart.STAGE: st.sampled_from([stage.value for stage in Stage]),
    }
    parts = draw(st.lists(st.sampled_from(AmendedPart), max_size=20))
    amendments = [
        Amendment(draw(st.sampled_from(details)), part, draw(values[part]), draw(values[part]), draw(TIMES))
        for part in parts
    ]
    now = {ongoing.id: replace(draw(investigations), id=ongoing.id) for ongoing in said.investigations}
    readers = draw(st.lists(USERS, unique=True, max_size=20).map(tuple))
    return BriefingOverview(Briefing(draw(st.integers(0, 3)), "C1", DAY, NOW, said), tuple(amendments), readers, now)


def briefing(said: Situation, number: int = 1, **more: Any) -> BriefingOverview:
    return BriefingOverview(Briefing(number, "C1", DAY, NOW, said), **more)


def text(content: Content) -> str:
    return "\n".join(texts(list(content.blocks)))


def all_pages(overview: BriefingOverview) -> list[Content]:
    return [cards.page(overview, number) for number in range(cards.pages(overview))]


def buttons(content: Content) -> list[tuple[str, str]]:
    pairs = []
    for block in content.blocks:
        listed = [block.get("accessory"), *(block.get("elements") or [])]
        pairs += [(item["action_id"], item["value"]) for item in listed if item and item.get("type") == "button"]
    return pairs


@settings(max_examples=60, deadline=None)
@given(shown_briefings())
def test_every_page_keeps_slack_s_limits(overview: BriefingOverview) -> None:
    """Whatever was amended; nobody is notified, nothing is formatted by text from outside."""
    for content in all_pages(overview):
        assert broken_by_message(content) == []
        assert not [line for line in mrkdwn_texts(content) if ALIVE.search(line)]


@settings(max_examples=40, deadline=None)
@given(shown_briefings())
def test_nothing_is_left_out_and_nothing_moves(overview: BriefingOverview) -> None:
    """Every line is on one page, the same one before and after it was amended."""
    pages = [text(content) for content in all_pages(overview)]
    plain = [text(content) for content in all_pages(replace(overview, amendments=(), now={}))]

    assert not any("does not fit" in page for page in pages)
    for issue in overview.briefing.said.issues:
        named = f"|KI-{issue.id}> "
        assert [named in page for page in pages] == [named in page for page in plain]
        assert any(named in page for page in pages)


@settings(max_examples=60, deadline=None)
@given(situations)
def test_what_was_said_is_stored_whole(said: Situation) -> None:
    """Read back it is equal, moments and days in their own types."""
    assert SITUATIONS.read(SITUATIONS.write(said)) == said


def test_the_longest_day_goes_on_in_the_thread() -> None:
    """A hundred of everything, each as long as it can be."""
    words = "&" * 300
    ongoing = Ongoing(
        1, words, State.OPEN, "C2", NOW, NextStep(NextStepKind.TICKETS, NOW, 9), "UKIM", (), "https://slack.test/p1"
    )
    issue = Issue(
        1, words, "https://desk.test/" + "x" * 200, symptom=words, workaround=words, eta=DAY, priority=Priority.P0
    )
    tickets = tuple((number, "https://desk.test/agent/tickets/1") for number in range(500))
    said = Situation(
        NOW,
        NOW,
        investigations=tuple(replace(ongoing, id=n) for n in range(100)),
        issues=tuple(replace(issue, id=n) for n in range(100)),
        news=tuple(News(n, words, issue.url, ChangeKind.ETA, words, words) for n in range(100)),
        follow_ups=tuple(FollowUp(Due.OPEN_TICKETS, n, words, "", "UKIM", None, tickets) for n in range(100)),
        elevated=tuple(Elevated(n, "management", NOW, tickets) for n in range(100)),
        doubts=(Doubt(words, NOW, NOW, words),) * 100,
    )
    amendments = tuple(Amendment(n, AmendedPart.WORKAROUND, words, words, NOW) for n in range(100))
    pages = all_pages(briefing(said, amendments=amendments, readers=tuple(f"U{n}" for n in range(500))))

    assert len(pages) > 20
    assert [broken_by_message(content) for content in pages] == [[]] * len(pages)
    assert ("briefing_read", "1") in buttons(pages[0])
    assert sum(action == cards.JOIN for content in pages for action, _ in buttons(content)) == 100
    assert not any("does not fit" in text(content) for content in pages)


def test_empty_parts_have_no_heading() -> None:
    """What there is, and nothing else."""
    said = Situation(NOW, troubles=(ServiceTrouble("U.S. East", "degraded"),))
    content = cards.page(briefing(said), 0)

    assert "*Service status*" in text(content)
    assert all(heading not in text(content) for heading in ("investigations", "Known", "Changed", "Follow", "QA"))


def test_a_doubt_alone_is_told_on_the_quiet_line() -> None:
    """ "Nothing changed" is worth less while the tracker is away."""
    content = cards.page(briefing(Situation(NOW, doubts=(Doubt("GitHub", NOW, NOW, "unreachable"),))), 0)

    assert "Nothing is open" in content.text and "unreachable" in content.text
    assert content.blocks == ()


def test_buttons_of_a_message_for_one_person_are_the_investigation_s() -> None:
    """There is no message that others see and that would have to be edited; nor is there one to have read."""
    ongoing = Ongoing(12, "The app", State.OPEN, "C1", NOW, NextStep(NextStepKind.DECIDE), "UKIM")
    said = Situation(NOW, investigations=(ongoing, replace(ongoing, id=13, owner=None)))

    assert buttons(cards.page(briefing(said, 0), 0)) == [
        (investigation_cards.JOIN, "12"),
        (investigation_cards.CLAIM, "13"),
    ]
    assert buttons(cards.page(briefing(said, 5), 0)) == [(cards.JOIN, "5 12"), (cards.CLAIM, "5 13"), (cards.READ, "5")]
    assert cards.read_value("5 12") == (5, 12)


def test_sent_late_it_says_so() -> None:
    """Nobody wonders why it came at eleven."""
    said = Situation(NOW + timedelta(hours=2), troubles=(ServiceTrouble("a", "b"),))

    assert ", due " in text(cards.page(briefing(said), 0))
    assert ", due " not in text(cards.page(briefing(replace(said, at=NOW)), 0))


def test_an_eta_that_has_passed_is_marked() -> None:
    """With the year where it is another one; a missing workaround is said to be missing."""
    issue = Issue(31, "It crashes", "https://tracker.test/31", eta=date(2025, 12, 5))
    page_text = text(cards.page(briefing(Situation(NOW, issues=(issue,))), 0))

    assert "ETA 5 Dec 2025 (passed)" in page_text
    assert "\nno workaround known · ETA" in page_text


def test_an_issue_of_which_nothing_is_known_is_one_line() -> None:
    """Many lines that say nothing hide those that say something."""
    issue = Issue(31, "It crashes", "https://tracker.test/31")
    page_text = text(cards.page(briefing(Situation(NOW, issues=(issue,))), 0))

    assert "KI-31> It crashes · no workaround known · no ETA" in page_text


def test_schedule_is_told_with_the_next_one() -> None:
    """The words are those that can be typed."""
    schedule = Schedule(time(9), "Europe/Berlin")
    planned = PlannedBriefing(("C1",), schedule, datetime(2026, 11, 23, 8, tzinfo=UTC), set_by="UKIM")

    assert "`09:00 Europe/Berlin weekdays`. <@UKIM> set it. The next one comes <!date^1795420800^" in cards.planned(
        planned
    )
    assert "the team's default" in cards.planned(replace(planned, set_by=None))
    assert "All its days are holidays" in cards.planned(replace(planned, next_at=None))


def test_who_has_read_it() -> None:
    """Names for whoever asks; not hundreds."""
    assert cards.read_by(["UKIM", "UJO"]) == "Read by <@UKIM>, <@UJO>."
    assert "and 60 more" in cards.read_by([f"U{n}" for n in range(100)])


def test_a_very_long_day_is_shown_at_once() -> None:
    """Every page of it is laid out anew each time."""
    title, step = "&" * 300, NextStep(NextStepKind.DECIDE, None, 0)
    said = Situation(
        NOW,
        investigations=tuple(Ongoing(number, title, State.OPEN, "C2", NOW, step, owner="U1") for number in range(300)),
        ended=tuple(Ended(number, title, State.RESOLVED, "U1", title) for number in range(300)),
        follow_ups=tuple(FollowUp(Due.UNTOUCHED, number, title, since=NOW) for number in range(300)),
        issues=tuple(Issue(number, title, "https://x.test/1", symptom=title, workaround=title) for number in range(20)),
    )
    amendments = tuple(Amendment(number % 20, AmendedPart.WORKAROUND, "a", title, NOW) for number in range(300))
    overview = briefing(said, amendments=amendments)

    assert cards.pages(overview) > 50
    assert busy_s(lambda: cards.page(overview, 0)) <= STALL_S
