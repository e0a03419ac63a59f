"""What those who wait and customers were told is corrected: on the timeline and wherever it is shown, at once."""

from datetime import timedelta

import pytest

from bot.database import Database
from bot.errors import BadInput
from bot.escalations.model import EscalationDraft
from bot.investigations import cards
from bot.investigations.correction_cards import corrected_line
from bot.investigations.correction_model import CannotCorrect, ToldBefore, Wanted
from bot.investigations.model import Event, EventKind, SourceMessage
from bot.investigations.update_cards import for_tier1, said_line, update_blocks
from bot.investigations.update_model import News, Purpose, Via
from bot.migrations import migrations
from bot.people import NotTier2
from bot.views import views
from tests.commands.test_mention import Thread
from tests.world import World

DRAFT = EscalationDraft("logins fail", "09:00", "31 tickets", "", "a decision")
ASKED = SourceMessage("C9", "5.5", "UTOM", "logins?", "https://slack.test/p5", "")
TOLD = [
    (Purpose.BOTH, None, EventKind.UPDATED),
    (Purpose.TIER1, None, EventKind.INFORMED),
    (Purpose.PHONE, None, EventKind.SAID),
    (Purpose.TIER1, "use U.S. West", EventKind.ADVISED),
]


async def written(there: World, text: str, purpose: Purpose, advice: str | None = None) -> Event:
    """The line of what Kim told about INV-1, which is opened first."""
    if not there.investigations.live():
        await there.opened(source=ASKED)
    news = News("" if advice is not None else text, purpose, advice)
    await there.updates.write(1, news, by="UKIM")
    return there.evidence.overview(1).events[-1]


def texts(there: World) -> list[str]:
    words = there.updates.words(1)
    return [*(each.text for each in words.updates), *(each.text for each in words.entries)]


@pytest.mark.parametrize(("purpose", "advice", "kind"), TOLD)
async def test_line_and_what_was_told_read_the_same(purpose: Purpose, advice: str | None, kind: EventKind) -> None:
    """After each correction, withdrawal and putting back."""
    there = World()
    event = await written(there, "use U.S. West", purpose, advice)
    assert event.kind is kind
    there.clock.advance(600)
    assert await there.corrections.correct(event.id, Wanted("use U.S. South"), by="UKIM")
    assert not await there.corrections.correct(event.id, Wanted("use U.S. South"), by="UKIM")
    line = there.corrections.event(event.id)

    assert texts(there) == ["use U.S. South"] and line.text.endswith("use U.S. South")
    assert cards.event_lines(line)[0].endswith("use U.S. South (corrected <!date^1795166520^{time}|09:22 UTC>)")
    (kept,) = there.corrections.history(event.id)
    assert (kept.before, kept.after) == (event.text, line.text)

    await there.corrections.withdraw(event.id, "the wrong region", by="UKIM")
    assert texts(there) == [] and "South" not in str(cards.timeline(there.evidence.overview(1)))
    assert there.evidence.overview(1).last_update_at is there.evidence.overview(1).words.last_said_at is None

    await there.corrections.put_back(event.id, by="UKIM")
    assert texts(there) == ["use U.S. South"]


@pytest.mark.parametrize(("purpose", "advice", "kind"), TOLD)
async def test_who_is_no_longer_of_tier_2_changes_nothing_of_it(
    purpose: Purpose, advice: str | None, kind: EventKind
) -> None:
    """Though they wrote it: customers read it, and only Tier 2 says what they are told."""
    there = World()
    event = await written(there, "use U.S. West", purpose, advice)
    there.evidence.note(1, "only on Android", by="UKIM")
    there.people.tier2.pop("UKIM")
    for change in (
        there.corrections.correct(event.id, Wanted("pay elsewhere"), by="UKIM"),
        there.corrections.withdraw(event.id, "spite", by="UKIM"),
        there.corrections.put_back(event.id, by="UKIM"),
    ):
        with pytest.raises(NotTier2):
            await change

    assert texts(there) == ["use U.S. West"]
    assert [each.kind for each in await there.corrections.correctable(1, by="UKIM")] == [EventKind.NOTE]


async def test_the_one_before_counts_where_the_newest_is_withdrawn() -> None:
    """What was taken back by mistake is said again."""
    there = World()
    await written(there, "", Purpose.TIER1, "use U.S. West")
    assert "taken back" not in said_line(there.updates.words(1).said)
    nothing = await written(there, "", Purpose.TIER1, "")
    assert there.updates.words(1).tier1_text is None
    assert "(taken back " in said_line(there.updates.words(1).said), "nobody reads it as what they say now"
    await there.corrections.withdraw(nothing.id, "it still helps", by="UKIM")
    advice = there.updates.words(1).tier1_text
    assert advice and advice.text == "use U.S. West"

    first = await written(there, "we look", Purpose.BOTH)
    second = await written(there, "it is the router", Purpose.BOTH)
    await there.corrections.withdraw(second.id, "it was not", by="UKIM")
    newest = there.updates.words(1).for_management
    assert newest and newest.text == first.text
    assert await written(there, "it is the router", Purpose.BOTH), "said again later it is news"
    assert texts(there)[:2] == ["we look", "it is the router"]


async def test_time_of_what_was_sent_stays_and_of_what_people_said_moves() -> None:
    there = World()
    call = await written(there, "use U.S. West", Purpose.PHONE)
    later = await written(there, "we are on it", Purpose.CHAT)
    before = call.at - timedelta(hours=1)
    await there.corrections.correct(later.id, Wanted(at=before), by="UKIM")
    said = there.updates.words(1).said

    assert [(each.text, each.at) for each in said] == [("we are on it", before), ("use U.S. West", call.at)]
    update = await written(there, "we look", Purpose.BOTH)
    with pytest.raises(CannotCorrect, match="sent then"):
        await there.corrections.correct(update.id, Wanted(at=before), by="UKIM")


async def test_what_shows_it_is_edited_and_says_so() -> None:
    """The message that called who waits, the answer to Tier 1, the post for management, the card."""
    there = World()
    await there.opened(source=ASKED)
    await there.escalations.escalate(1, DRAFT, by="UKIM")
    (post,) = there.owed_keys("escalation/%")
    await there.escalations.ask(1, "how long?", by="ULENA")
    event = await written(there, "fixed at noon", Purpose.BOTH)
    (answer,), (outcome,) = there.owed_keys("answer/%"), there.owed_keys("outcome/%")
    shown = ("investigation/1", f"told/{event.id}", answer, outcome, post)
    for number, key in enumerate(shown):
        there.sent(key, f"{number}.1")
    before = [there.wanted(key) for key in shown]
    await there.corrections.correct(event.id, Wanted("fixed at one"), by="UKIM")
    assert all(there.wanted(key) > had for key, had in zip(shown, before, strict=True))

    overview, event = there.evidence.overview(1), there.corrections.event(event.id)
    notice, told = cards.notice(event, overview), cards.outcome(event, overview, to_asker=True)
    assert notice and "(corrected " in notice.text and notice.text.endswith(":\n>fixed at one")
    assert told and "there is news" in told.text and "(corrected " in told.text
    assert "(corrected " in str(update_blocks(overview.words.for_management))

    await there.corrections.withdraw(event.id, "it was not", by="UKIM")
    overview, event = there.evidence.overview(1), there.corrections.event(event.id)
    notice, told = cards.notice(event, overview), cards.outcome(event, overview, to_asker=True)
    assert notice and notice.text.startswith(":mega: ~<@ULENA>, <@UKIM> has news of") and "fixed" not in str(notice)
    assert "withdrew an update" in notice.text and told and told.text.startswith(":mega: ~<@UTOM>")


async def test_cards_say_what_was_corrected() -> None:
    there = World()
    call = await written(there, "use U.S. West", Purpose.PHONE)
    await written(there, "", Purpose.TIER1, "use U.S. West")
    advice = there.evidence.overview(1).events[-1]
    for event in (call, advice):
        await there.corrections.correct(event.id, Wanted("use U.S. South"), by="UKIM")
    words = there.updates.words(1)

    assert "by phone (corrected " in said_line([each for each in words.said if each.via is Via.PHONE])
    assert ", corrected " in str(for_tier1(words)) and "U.S. South" in str(for_tier1(words))


async def test_who_heard_it_before_is_counted() -> None:
    """Only whom a message reached: the others read it as it is now. Tickets that were answered earlier heard less."""
    there = World()
    await there.opened(source=ASKED)
    await there.escalations.escalate(1, DRAFT, by="UKIM")
    await there.escalations.ask(1, "how long?", by="ULENA")
    there.updates.customer_told(1, "we look", by="UKIM", source="round/1")
    there.clock.advance(60)
    event = await written(there, "fixed at noon", Purpose.BOTH)
    assert there.corrections.told_before(event.id) == ToldBefore(EventKind.UPDATED)

    (answer,), (outcome,) = there.owed_keys("answer/%"), there.owed_keys("outcome/%")
    there.sent(answer, "2.0")
    there.sent("investigation/1", "1.1")
    there.sent(f"told/{event.id}", "1.2")
    there.sent(outcome, "2.1")
    for _ in range(12):
        there.updates.customer_told(1, "fixed at noon", by="UKIM", source="round/2")
    told = there.corrections.told_before(event.id)
    assert told == ToldBefore(EventKind.UPDATED, people=2, tickets=12)
    await there.corrections.withdraw(event.id, "it was not", by="UKIM")
    assert there.corrections.told_before(event.id) == told


async def test_what_was_not_sent_yet_is_sent_only_where_it_stands() -> None:
    """Where Slack has it, a line goes through it."""
    there = World()
    await there.opened(source=ASKED)
    shows = views(Thread(there).services, 5)["investigation_outcome"]
    event = await written(there, "fixed at noon", Purpose.BOTH)
    (answer,), (outcome,) = there.owed_keys("answer/%"), there.owed_keys("outcome/%")
    await there.corrections.withdraw(event.id, "it was not", by="UKIM")
    assert shows(event.id) is None
    await there.corrections.put_back(event.id, by="UKIM")
    assert shows(event.id)

    there.sent(answer, "1.1")
    there.sent(outcome, "1.2")
    await there.corrections.withdraw(event.id, "it was not", by="UKIM")
    content = shows(event.id)
    assert content and "withdrew an update" in content.text


async def test_words_of_another_way_are_no_correction() -> None:
    """`correct by phone …` names it once, and what was said by phone was not said by chat."""
    there = World()
    event = await written(there, "use U.S. West", Purpose.PHONE)
    there.sent("investigation/1", "1.1")
    thread = Thread(there)
    assert await thread.mention("correct by phone: use U.S. South") is None
    assert there.corrections.event(event.id).text == "by phone: use U.S. South"
    with pytest.raises(BadInput, match=r"said by phone.*`said by chat"):
        await thread.mention("correct by chat: use U.S. South")


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (ToldBefore(EventKind.SAID), ""),
        (
            ToldBefore(EventKind.UPDATED, 3, 0, 12),
            "The update is corrected. 3 people and 12 tickets were told before; tell them with `update …`.",
        ),
        (
            ToldBefore(EventKind.SAID, tickets=12),
            "What customers were told is corrected. 12 tickets were told before; "
            "*Correct What They Were Told…* on that round of replies tells them.",
        ),
        (
            ToldBefore(EventKind.ADVISED, 1),
            "What Tier 1 should say is corrected. 1 person was told before; tell them with `tell tier 1 …`.",
        ),
    ],
)
def test_whoever_corrects_it_learns_who_heard_it(told: ToldBefore, line: str) -> None:
    assert corrected_line(told, how="corrected") == line


async def test_what_stands_on_the_timeline_alone_is_not_corrected() -> None:
    """Of a version before, whose two records could not be joined: one of them would stay as it was."""
    there = World()
    event = await written(there, "we look", Purpose.BOTH)
    there.database.run("UPDATE updates SET event_id = NULL")
    assert await there.corrections.correctable(1, by="UKIM") == []
    with pytest.raises(BadInput, match="earlier version"):
        await there.corrections.withdraw(event.id, "x", by="UKIM")


def test_what_was_told_before_has_its_line() -> None:
    """By investigation, time, person and words; what retention has emptied by its time; a round has none."""
    database = Database(":memory:")
    migrations.apply(database.tables, stop_before="updates_are_corrected")
    row = {"target": "app", "symptom": "", "state": "open", "opened_by": "U1", "opened_at": "2026-11-20T09:00:00+00:00"}
    database.insert("investigations", row | {"channel": "C1", "source": ""})
    told = {"investigation_id": 1, "author": "U1"}
    for minute, table, columns, kind, text in (
        (1, "updates", {"audience": "both", "text": "a"}, "updated", "a"),
        (2, "updates", {"audience": "tier1", "text": "a"}, "informed", "a"),
        (3, "said", {"via": "phone", "text": "a"}, "said", "by phone: a"),
        (4, "said", {"via": "tier1", "text": ""}, "advised", "nothing for now"),
        (5, "said", {"via": "chat", "text": ""}, "said", ""),
        (6, "updates", {"audience": "both", "text": "a"}, "updated", "a"),
    ):
        at = f"2026-11-20T09:{minute:02}:59.999999+00:00"
        database.insert(table, told | columns | {"at": at})
        at = f"2026-11-20T09:{minute + 1:02}:00.000009+00:00"
        database.insert("events", {"investigation_id": 1, "actor": "U1", "kind": kind, "text": text, "at": at})
    database.insert("said", told | {"via": "round", "text": "a", "source": "round/1", "at": at})
    migrations.apply(database.tables)

    assert database.column("SELECT event_id FROM updates ORDER BY id") == [1, 2, 6]
    assert database.column("SELECT event_id FROM said ORDER BY id") == [3, 4, 5, None]
