"""Briefings are sent once a day, amended, read."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.briefings.cards import page
from bot.briefings.model import AmendedPart, Stage
from bot.briefings.planning import Defaults
from bot.briefings.schedule import NotASchedule, Schedule
from bot.errors import NotFound
from bot.escalations.model import EscalationDraft
from bot.handoffs.model import HandoffDraft, Lane
from bot.investigations.model import EventKind, Move
from bot.investigations.relation_model import Bond, ToRelate
from bot.investigations.update_model import News, Purpose
from bot.known_issues.model import ChangeKind, IssueState, Priority
from bot.people import NotTier2
from bot.probes.manual import Trial
from bot.status.model import Level, SourceReading
from bot.targets.model import Target
from bot.tickets.collection import LinkState
from tests.briefings.issue_records import IssueRecords
from tests.fake_desk import FakeDesk, ticket
from tests.fake_status import FakeSource, component
from tests.fake_status import page as page_of
from tests.fake_tracker import FakeTracker
from tests.slack_limits import texts
from tests.world import APP, US_EAST, World, contents

NINE = Schedule(time(9), "UTC")
TEAM = Defaults("Europe/Berlin", NINE, ("#t2-tech", "#t2-cs"), (date(2026, 12, 25),))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def said(world: World, number: int = 1, part: int = 0) -> str:
    """All that can be read on a message."""
    content = page(world.briefings.overview(number), part)
    return "\n".join([content.text, *texts(list(content.blocks))])


@pytest.fixture
def world() -> World:
    """12 minutes past nine on a Friday, with a team that is configured to have briefings at nine."""
    return World(defaults=TEAM)


@pytest.fixture
def issues(world: World) -> IssueRecords:
    return IssueRecords(world)


async def test_a_missed_one_is_sent_late_once(world: World) -> None:
    """The bot starts at 09:12; the minutes after it bring no second one."""
    await world.briefings.send_due()
    await world.briefings.send_due()
    world.clock.advance(3600)
    await world.briefings.send_due()

    assert world.owed_keys("briefing/%") == ["briefing/1", "briefing/2"]
    assert [world.place(key).channel for key in world.owed_keys("briefing/%")] == ["C1", "C2"]


@pytest.mark.parametrize(("now", "count"), [("2026-11-20T08:59", 0), ("2026-11-20T13:00", 2), ("2026-11-20T13:01", 0)])
async def test_not_before_its_time_and_not_too_late(world: World, now: str, count: int) -> None:
    """After four hours nobody wants the morning's."""
    world.clock.now = at(now)
    await world.briefings.send_due()

    assert len(world.owed_keys("briefing/%")) == count


@pytest.mark.parametrize("day", ["2026-11-21", "2026-12-25"])
async def test_none_on_other_days_and_holidays(world: World, day: str) -> None:
    """A Saturday and the team's holiday."""
    world.clock.now = at(f"{day}T09:05")
    await world.briefings.send_due()

    assert world.owed_keys("briefing/%") == []


async def test_one_a_day_whatever_becomes_of_the_clock(world: World) -> None:
    """Set back an hour, and then the next day."""
    await world.briefings.send_due()
    world.clock.advance(-3600)
    await world.briefings.send_due()
    world.clock.now = at("2026-11-20T09:00")
    await world.briefings.send_due()
    assert len(world.owed_keys("briefing/%")) == 2

    world.clock.now = at("2026-11-23T09:00")
    await world.briefings.send_due()
    assert len(world.owed_keys("briefing/%")) == 4


async def test_two_at_the_same_time_send_one(world: World) -> None:
    """Two processes on one database: both have seen that none was sent, and gather; the row decides."""
    other = World(defaults=TEAM, database=world.database, clock=world.clock)
    await world.opened(APP)
    await asyncio.gather(*(each_world.briefings.send_due() for each_world in (world, other, world, other)))

    assert world.owed_keys("briefing/%") == ["briefing/1", "briefing/2"]
    assert world.database.value("SELECT count(*) FROM briefings") == 2


async def test_the_row_decides_between_looking_and_sending(world: World) -> None:
    """Whoever comes second writes nothing at all."""
    planned = (await world.briefings.schedules.all())[0]
    due = planned.due(world.clock())
    assert due
    await world.briefings._send(planned, *due)
    before = contents(world)
    await world.briefings._send(planned, *due)

    assert contents(world) == before


async def test_a_failure_leaves_neither_row_nor_message(world: World) -> None:
    """And the next minute tries again."""
    world.database.run("CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'full'); END")
    before = contents(world)
    with pytest.raises(Exception, match="full"):
        await world.briefings.send_due()
    assert contents(world) == before

    world.database.run("DROP TRIGGER full")
    await world.briefings.send_due()
    assert len(world.owed_keys("briefing/%")) == 2


async def test_a_channel_has_one_by_name_or_id(world: World) -> None:
    """Its name could not be looked up for a while: that is the same channel all the same."""
    await world.briefings.send_due()
    by_name = World(defaults=replace(TEAM, channels=("#t2-tech", "C1")), database=world.database, clock=world.clock)
    await by_name.briefings.send_due()

    assert len(world.owed_keys("briefing/%")) == 2


async def test_what_people_set_wins(world: World) -> None:
    """A channel's own time, also none at all; the others keep the configured one."""
    schedules = world.briefings.schedules
    planned = await schedules.set("C1", "at 10:00 Europe/Berlin mon wed fri", by="UKIM")
    assert await schedules.stop("C2", by="UANA")
    assert not await schedules.stop("C3", by="UANA")

    assert planned.schedule == Schedule(time(10), "Europe/Berlin", ("mon", "wed", "fri"))
    assert planned.next_at == at("2026-11-23T09:00")
    assert [(planned.channel, planned.set_by) for planned in await schedules.all()] == [("C1", "UKIM")]


async def test_a_time_that_has_passed_is_meant_for_tomorrow(world: World) -> None:
    """Nobody who sets nine o'clock at 09:12 waits for a message now; and what was said is what happens."""
    planned = await world.briefings.schedules.set("C9", "09:00 UTC daily", by="UKIM")
    await world.briefings.send_due()
    assert planned.next_at == at("2026-11-21T09:00")
    assert [world.place(key).channel for key in world.owed_keys("briefing/%")] == ["C1", "C2"]

    world.clock.now = at("2026-11-21T09:00")
    await world.briefings.send_due()
    assert [world.place(key).channel for key in world.owed_keys("briefing/%")] == ["C1", "C2", "C9"]


async def test_moved_within_the_day_there_is_no_second_one(world: World) -> None:
    """And the answer says tomorrow."""
    await world.briefings.send_due()
    planned = await world.briefings.schedules.set("C1", "15:00 UTC daily", by="UKIM")
    assert planned.next_at == at("2026-11-21T15:00")

    world.clock.now = at("2026-11-20T15:00")
    await world.briefings.send_due()
    assert len(world.owed_keys("briefing/%")) == 2


async def test_only_tier_2_sets_it_and_words_are_checked(world: World) -> None:
    """Nothing is kept of what is refused."""
    before = contents(world)
    for refused in (
        world.briefings.schedules.set("C1", "09:00", by="UTOM"),
        world.briefings.schedules.stop("C1", by="UTOM"),
    ):
        with pytest.raises(NotTier2):
            await refused
    with pytest.raises(NotASchedule):
        await world.briefings.schedules.set("C1", "at nine", by="UKIM")

    assert contents(world) == before


async def test_open_investigations_are_told(world: World) -> None:
    """Owner, age, tickets, the next step; those of the channel first."""
    await world.opened(US_EAST, symptom="packet loss")
    await world.investigations.release(1, by="UKIM")
    world.sent("investigation/1", "1.1")
    await world.briefings.send_due()

    assert "U.S. East: packet loss" in said(world)
    assert "Claim it" in said(world)
    assert "<https://slack.test/C1/1.1|INV-1>" in said(world)
    assert "in <#C1>" not in said(world, 1) and "in <#C1>" in said(world, 2)


async def test_a_quiet_day_is_one_line(world: World) -> None:
    """No headings, no buttons."""
    await world.briefings.send_due()
    content = page(world.briefings.overview(1), 0)

    assert content.blocks == ()
    assert content.text.startswith(":sunny: Nothing is open") and "Friday, 20 November" in content.text
    assert "\n" not in content.text


async def test_tickets_that_came_since_the_last_one(world: World) -> None:
    """The count is compared with what was said."""
    await world.opened(US_EAST)
    world.database.run("UPDATE ticket_watches SET total = 10")
    await world.briefings.send_due()
    world.database.run("UPDATE ticket_watches SET total = 17")
    world.clock.now = at("2026-11-23T09:00")
    await world.briefings.send_due()

    assert "10 tickets, 0 confirmed" in said(world, 1) and "· new" in said(world, 1)
    assert "17 tickets, +7 since the last briefing" in said(world, 3) and "· new" not in said(world, 3)


async def test_what_ended_is_told_once_with_its_open_tickets(world: World) -> None:
    """The workaround is what others need; customers who were not answered are a follow-up."""
    await world.opened(APP)
    row = "INSERT INTO ticket_links (investigation_id, ticket_id, state, subject, status, url, created_at, found_at)"
    world.database.run(
        f"{row} VALUES (1, 7, 'confirmed', 'a', 'open', 'https://desk.test/7', ?, ?)", *(world.clock(),) * 2
    )
    await world.investigations.resolve(1, root_cause="transit", workaround="use U.S. West", by="UKIM")
    await world.briefings.send_due()
    world.clock.now = at("2026-11-23T09:00")
    await world.briefings.send_due()

    assert "was resolved by <@UKIM>: use U.S. West" in said(world, 1)
    assert "resolved, and 1 ticket still open: <https://desk.test/7|#7>" in said(world, 1)
    assert "Nothing is open" in said(world, 3)


async def over(world: World, issues: IssueRecords, issue_id: int, *, tickets: int, new: int) -> None:
    """An investigation that is over was about the issue, and so were its confirmed tickets, `new` of them of today."""
    opened = await world.opened(APP)
    for number in range(tickets):
        found_at = world.clock() if number < new else world.clock() - timedelta(days=2)
        world.database.run(
            """INSERT INTO ticket_links (investigation_id, ticket_id, state, subject, status, url, created_at, found_at)
               VALUES (?1, ?2, 'confirmed', 'a', 'closed', '', ?3, ?3)""",
            opened.id,
            100 * issue_id + number,
            found_at,
        )
    issues.link(issue_id, opened.id)
    await world.investigations.resolve(opened.id, root_cause="x", workaround="", by="UKIM")


async def test_known_issues_that_matter(world: World, issues: IssueRecords) -> None:
    """Urgent ones, those with more tickets, those of a live investigation; and not the rest."""
    for number, priority in ((1, Priority.P0), (2, Priority.P3), (3, None), (4, Priority.P2)):
        issues.put(number, priority=priority, workaround="turn **it** off")
    for number, (tickets, new) in {2: (9, 4), 4: (3, 0)}.items():
        await over(world, issues, number, tickets=tickets, new=new)
    opened = await world.opened(APP)
    issues.link(3, opened.id)
    await world.briefings.send_due()
    listed = world.briefings.overview(1).briefing.said.issues

    assert [(issue.id, issue.tickets, issue.more, issue.investigations) for issue in listed] == [
        (1, 0, 0, ()),
        (2, 9, 4, ()),
        (3, 0, 0, (opened.id,)),
    ]
    assert "Workaround: turn it off · ETA 5 Dec" in said(world)


async def test_what_changed_since_the_last_one(world: World, issues: IssueRecords) -> None:
    """From what it was to what it is, once each."""
    issues.put(31)
    issues.change(31, ChangeKind.ETA, "2026-12-05", "2026-12-10", at("2026-11-20T07:00"))
    issues.change(31, ChangeKind.ETA, "2026-12-10", "2026-12-12", at("2026-11-20T08:00"))
    await world.briefings.send_due()
    world.clock.now = at("2026-11-23T09:00")
    await world.briefings.send_due()

    assert "ETA 5 Dec → *12 Dec*: <https://tracker.test/31|KI-31> The app crashes" in said(world, 1)
    assert "Changed" not in said(world, 3)


async def test_pending_and_found_by_qa(world: World, issues: IssueRecords) -> None:
    """Each issue stands in one list only."""
    issues.put(1, pending=True)
    issues.put(2, found_by_qa=True, customer_facing=True)
    issues.put(3, found_by_qa=True, customer_facing=False)
    issues.put(4, pending=True, priority=Priority.P0)
    await world.briefings.send_due()
    situation = world.briefings.overview(1).briefing.said

    assert [[issue.id for issue in part] for part in (situation.issues, situation.pending, situation.found_by_qa)] == [
        [4],
        [1],
        [2],
    ]
    assert "New, waiting for development" in said(world) and "Found by QA, customers will see it" in said(world)


async def test_news_are_of_what_support_should_know(world: World, issues: IssueRecords) -> None:
    """Issues that are kept for a handoff only are development's own business."""
    for number, known, pending in ((1, True, False), (2, False, True), (3, False, False)):
        issues.put(number, known=known, pending=pending)
        issues.change(number, ChangeKind.NEW, "", "The app crashes", at("2026-11-20T08:00"))
    await world.briefings.send_due()

    assert [news.issue_id for news in world.briefings.overview(1).briefing.said.news] == [1, 2]


async def test_amended_in_place_and_marked(world: World, issues: IssueRecords) -> None:
    """The message of the day says what is true now, and that it was something else."""
    issues.put(31, priority=Priority.P1)
    await world.briefings.send_due()
    await world.briefings.keep_true()
    before = world.wanted("briefing/1")
    world.clock.advance(7200)
    issues.put(31, priority=Priority.P1, eta=date(2026, 12, 12), workaround="restart it")
    await world.briefings.keep_true()
    await world.briefings.keep_true()

    assert world.wanted("briefing/1") == before + 1
    assert "KI-31: ETA is now *12 Dec*, was 5 Dec_" in said(world)
    assert "KI-31 has a new workaround:_ restart it" in said(world)
    assert "Workaround: restart it · ETA 12 Dec" in said(world)
    assert world.briefings.overview(1).briefing.said.issues[0].workaround == "turn it off"


async def test_fixed_and_released_during_the_day(world: World, issues: IssueRecords) -> None:
    """One line each, in the order in which they came."""
    issues.put(31, priority=Priority.P1)
    await world.briefings.send_due()
    for state, released in ((IssueState.DONE, False), (IssueState.DONE, True)):
        world.clock.advance(600)
        issues.put(31, priority=Priority.P1, state=state, released=released)
        await world.briefings.keep_true()
    amendments = world.briefings.overview(1).amendments

    assert [(amendment.part, amendment.after) for amendment in amendments] == [
        (AmendedPart.STAGE, Stage.FIXED),
        (AmendedPart.STAGE, Stage.RELEASED),
    ]
    assert "KI-31: state is now *released*, was fixed, not released" in said(world)


async def test_a_restart_changes_nothing_of_what_was_said(world: World, issues: IssueRecords) -> None:
    """It is a rendering of what is stored."""
    issues.put(31, priority=Priority.P1)
    await world.opened(APP)
    await world.briefings.send_due()
    world.clock.advance(60)
    issues.put(31, priority=Priority.P1, eta=None)
    await world.briefings.keep_true()
    again = World(defaults=TEAM, database=world.database, clock=world.clock)

    assert said(again) == said(world)


async def test_yesterday_s_is_left_alone(world: World, issues: IssueRecords) -> None:
    """Only the last one of a channel, and only while its day lasts."""
    issues.put(31, priority=Priority.P1)
    await world.briefings.send_due()
    world.clock.advance(15 * 3600)
    issues.put(31, priority=Priority.P1, eta=None)
    await world.briefings.keep_true()

    assert world.briefings.overview(1).amendments == ()


async def test_join_and_claim_show_on_the_briefing(world: World) -> None:
    """And how the investigation ended."""
    await world.opened(APP)
    await world.investigations.release(1, by="UKIM")
    await world.briefings.send_due()
    await world.briefings.claim(1, 1, by="UJO")
    await world.briefings.join(1, 1, by="UANA")
    assert "<@UJO> owns it" in said(world) and "_Joined:_ <@UANA>" in said(world)

    wanted_before = world.wanted("briefing/1")
    await world.investigations.resolve(1, root_cause="x", workaround="", by="UJO")
    await world.briefings.keep_true()
    assert "_Resolved" in said(world)
    assert world.wanted("briefing/1") == wanted_before + 1


async def test_read_it_counts_people(world: World) -> None:
    """Once each; whoever asks again is told who."""
    await world.opened(APP)
    await world.briefings.send_due()
    assert await world.briefings.read(1, by="UKIM") == (True, ("UKIM",))
    wanted_before = world.wanted("briefing/1")
    assert await world.briefings.read(1, by="UKIM") == (False, ("UKIM",))
    assert world.wanted("briefing/1") == wanted_before
    await world.briefings.read(1, by="ULENA")

    assert "Read by 2" in said(world)
    with pytest.raises(NotFound):
        await world.briefings.read(77, by="UKIM")


async def test_more_than_a_message_goes_into_the_thread(world: World, issues: IssueRecords) -> None:
    """One after the other, each once, all of it; what is not listed is counted."""
    for number in range(1, 91):
        pending = {"pending": True} if number > 60 else {"priority": Priority.P1}
        issues.put(number, symptom="x" * 150, workaround="y" * 240, **pending)
    await world.briefings.send_due()
    keys = world.owed_keys("briefing/1/%")
    rows = world.database.rows(
        "SELECT key, after_key, thread_key FROM messages WHERE key LIKE 'briefing/1%' ORDER BY id"
    )
    details = "\n".join(said(world, 1, part) for part in range(len(keys) + 1))

    assert len(keys) > 1
    assert [row["after_key"] for row in rows[1:]] == [row["key"] for row in rows[:-1]]
    assert {row["thread_key"] for row in rows[1:]} == {"briefing/1"}
    assert all(f"|KI-{number}>" in details for number in (*range(1, 21), *range(61, 71)))
    assert "… and 40 more" in details and "… and 20 more" in details
    assert await_order(world) == ["briefing/1", *keys]


def await_order(world: World) -> list[str]:
    """The keys in the order in which the outbox may send them."""
    sent: list[str] = []
    while due := [message.key for message in world.owed.due(world.clock()) if message.key.startswith("briefing/1")]:
        assert len(due) == 1
        world.sent(due[0], f"{len(sent) + 1}.1")
        sent += due
    return sent


async def test_status_and_what_development_has(world: World) -> None:
    """Services that are not well come first; an ETA that has passed is a follow-up."""
    source = FakeSource(SourceReading((component("US East", Level.DEGRADED),)))
    there = World(desk=FakeDesk(), defaults=TEAM, watched=(page_of(source),))
    await there.status.turn()
    await handed_off(there, eta=date(2026, 11, 19))
    await there.briefings.send_due()

    assert "*U.S. East*: degraded, says status page" in said(there)
    assert "Waiting for development since" in said(there)
    assert "development's ETA has passed (19 Nov)" in said(there)
    assert "1 ticket to development" in said(there)


async def handed_off(world: World, *, eta: date | None) -> IssueRecords:
    """UKIM's investigation of the app, with one ticket, is KI-31 of development, which triage has accepted."""
    assert isinstance(world.desk, FakeDesk)
    world.desk.put(7)
    issues = IssueRecords(world)
    issues.put(31, eta=eta)
    await world.opened(APP)
    await world.evidence.add_tickets(1, [7], by="UKIM")
    draft = HandoffDraft("app", "It crashes", "crashes", "open it", Priority.P1, Lane.HOTFIX, tickets=(7,), issue_id=31)
    handoff = await world.handoffs.hand_off(1, draft, by="UKIM")
    await world.triage.accept(handoff.id, by="UKIM")
    return issues


async def test_shown_to_one_person_it_leaves_no_trace(world: World) -> None:
    """Whoever looks at noon does not take the next morning's changes from the team."""
    await world.opened(APP)
    before = contents(world)
    overview = await world.briefings.now("C1")

    assert "The app" in "\n".join(texts(list(page(overview, 0).blocks)))
    assert contents(world) == before


async def test_a_tracker_that_does_not_answer_is_a_doubt() -> None:
    """As of when its data is, and since when and why it is no newer; one that answers is not mentioned."""
    world = World(defaults=TEAM, trackers=(FakeTracker(name="vpn", title="Jira"), FakeTracker(title="GitHub")))
    world.known.intake.answered("app")
    world.known.intake.failed("app", "503")
    await world.briefings.send_due()

    assert ":warning: GitHub unreachable since <!date" in said(world) and "(503)" in said(world)
    assert "Jira" not in said(world)


def arrow(world: World) -> str:
    """What the briefing says that the first investigation needs; "" for nothing."""
    lines = [line for line in said(world).splitlines() if line.startswith(":arrow_right:")]
    return lines[0].removeprefix(":arrow_right: ") if lines else ""


async def told_of(world: World, target: Target = US_EAST) -> None:
    await world.opened(target, by="UTOM")
    await world.desk_settled()
    await world.briefings.send_due()


async def test_next_step_is_never_what_is_done(world: World) -> None:
    """A briefing of the morning says what is needed now, and nothing any more once it is over."""
    assert world.desk
    world.desk.found = [ticket(7, world.clock())]
    await told_of(world)
    assert arrow(world) == "Claim it"
    await world.investigations.claim(1, by="UKIM")
    assert arrow(world) == "Confirm tickets: 1 waits"
    await world.evidence.decide(1, [7], LinkState.CONFIRMED, by="UKIM")
    assert arrow(world) == "Resolve it, escalate it or send it to Tier 3"
    await world.escalations.escalate(1, EscalationDraft("a", "b", "", "", "c"), by="UKIM")
    assert arrow(world).startswith("Waiting for management since")
    await world.escalations.ask(1, "how many?", by="ULENA")
    assert "question in the thread" in arrow(world)
    world.evidence.note(1, "all of Acme", by="UKIM")
    assert arrow(world).startswith("Waiting for management since")
    await world.escalations.acknowledge(1, by="ULENA")
    assert arrow(world) == "Resolve it or send it to Tier 3"
    await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")

    assert arrow(world) == ""
    assert "Resolved" in said(world)


@pytest.mark.parametrize("handed_off", [False, True])
async def test_an_escalation_that_nobody_answered_is_due_until_development_has_it(
    world: World, handed_off: bool
) -> None:
    await world.opened(US_EAST, by="UKIM")
    await world.escalations.escalate(1, EscalationDraft("a", "b", "", "", "c"), by="UKIM")
    if handed_off:
        world.investigations.gone_to(1, Move.HAND_OFF, EventKind.HANDED_OFF, by="UKIM", text="a bug")
    world.clock.advance(timedelta(hours=2).total_seconds())
    await world.briefings.send_due()

    assert ("management hasn't acknowledged it" in said(world)) is not handed_off


async def test_change_of_the_next_step_edits_the_briefing(world: World) -> None:
    """What somebody did since is no longer asked for, without anybody pressing anything on it."""
    assert world.desk
    world.desk.found = [ticket(7, world.clock())]
    await told_of(world)
    await world.investigations.claim(1, by="UKIM")
    await world.briefings.keep_true()
    before = world.wanted("briefing/1")
    await world.evidence.decide(1, [7], LinkState.CONFIRMED, by="UKIM")
    await world.briefings.keep_true()
    await world.briefings.keep_true()

    assert world.wanted("briefing/1") == before + 1


async def test_app_that_nobody_tried_is_to_be_tried(world: World) -> None:
    """A step by hand is the measurement that there is; once somebody took it the next one is asked for."""
    await told_of(world, APP)
    await world.investigations.claim(1, by="UKIM")
    await world.probed()
    assert arrow(world) == "Try it on a device and record that in the thread"
    world.evidence.tried(1, Trial("UKIM", world.clock(), "Pixel 9", "", "", reproduced=True))

    assert arrow(world).startswith("Resolve it")


async def test_probe_of_another_target_is_no_measurement_of_this_one() -> None:
    """Nor is one that could not run asked for again."""
    world = World(defaults=TEAM, playbooks={})
    await told_of(world)
    await world.investigations.claim(1, by="UKIM")
    world.evidence.probe(1, "mtr", "us-west", by="UKIM")
    await world.probed()
    assert arrow(world) == "Measure it: `probe` in the thread"
    world.evidence.probe(1, "mtr", "", by="UKIM")

    assert arrow(world).startswith("Resolve it")


@pytest.mark.parametrize(
    ("count", "before", "words"), [(9, 0, "Escalate it: tickets are rising"), (5, 110, "Resolve it")]
)
async def test_only_a_rise_beyond_chance_is_a_reason_to_escalate(count: int, before: int, words: str) -> None:
    """Nine after none is one; five where five come every hour is none."""
    world = World(defaults=TEAM)
    assert world.desk
    late = [ticket(n, world.clock() - timedelta(minutes=n)) for n in range(1, count + 1)]
    early = [ticket(100 + n, world.clock() - timedelta(minutes=62 + 12 * n)) for n in range(before)]
    world.desk.found = [*late, *early]
    await told_of(world)
    await world.investigations.claim(1, by="UKIM")
    await world.evidence.decide(1, [1], LinkState.CONFIRMED, by="UKIM")

    assert words in arrow(world)
    assert ("in the last hour" in said(world)) == (before == 0)


@pytest.mark.parametrize("became", [{"released": True}, {"state": IssueState.DECLINED}])
async def test_what_development_gave_back_waits_for_nobody(became: dict[str, Any]) -> None:
    """Released or declined: the next step is ours."""
    world = World(desk=FakeDesk(), defaults=TEAM)
    issues = await handed_off(world, eta=None)
    await world.briefings.send_due()
    assert "Waiting for development" in arrow(world)
    issues.put(31, **became)

    assert arrow(world) == "Answer the customers and resolve it: development is done"


async def test_after_months_without_one_the_last_week_is_told(world: World) -> None:
    """What ended before is no news, and the first line says since when."""
    await world.briefings.send_due()
    await world.opened(APP, symptom="old trouble")
    await world.investigations.resolve(1, root_cause="an old cause", workaround="", by="UKIM")
    world.clock.now = at("2027-03-01T08:00")
    await world.opened(US_EAST, symptom="new trouble")
    await world.investigations.resolve(2, root_cause="a new cause", workaround="", by="UKIM")
    world.clock.now = at("2027-03-01T09:01")
    situation = (await world.briefings.now("C1")).briefing.said

    assert situation.since == at("2027-02-22T09:01")
    assert [ended.id for ended in situation.ended] == [2]


async def test_a_briefing_says_what_customers_were_told_last(world: World) -> None:
    """Whoever comes on shift says the same."""
    number = (await world.opened()).id
    for text in ("we look into it", "use <U.S. West> for now"):
        await world.updates.write(number, News(text, Purpose.PHONE), by="UKIM")
    await world.briefings.send_due()

    assert "use &lt;U.S. West&gt; for now" in said(world)
    assert "we look into it" not in said(world)


async def test_what_caused_what_is_told_and_asked_for_once_it_is_over(world: World) -> None:
    await world.opened(APP)
    await world.opened(US_EAST)
    await world.relations.relate(ToRelate(1, 2, Bond.CAUSE), by="UKIM")
    await world.briefings.send_due()
    assert "Caused by INV-2 U.S. East" in said(world) and "which caused it, is resolved" not in said(world)

    await world.investigations.resolve(2, root_cause="a link", workaround="", by="UKIM")
    world.clock.now = at("2026-11-23T09:00")
    await world.briefings.send_due()
    assert "INV-2 U.S. East, which caused it, is resolved: check it" in said(world, 3)
