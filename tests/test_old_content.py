"""What is old is emptied: what goes, what stays, how long it takes, how large the file is after a year."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.database import Database
from bot.errors import BadInput
from bot.messages.model import MessageState, Place
from bot.messages.store import SentContent
from bot.migrations import migrations
from bot.probes.cards import card
from bot.probes.next_look import NextLook
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.stalls import Steps
from tests.world import World, contents
from tests.year import CONTENT, DETAILS, Year

HERE = Place("C1")
KB_AN_INVESTIGATION = 40
EMPTY_KB = 1_300
"""A page for each table and index, whatever is in it."""
LONGEST_STEP_S = 0.05
SETTLED_DAYS, GROWING_DAYS = 45, 75
"""Until the oldest details are emptied each day, and how long it is watched then."""


@pytest.fixture
def year() -> Year:
    return Year(memory_database(), FakeClock())


def size_kb(database: Database) -> float:
    """With all that was written, wherever SQLite has it."""
    return int(database.value("PRAGMA page_count")) * int(database.value("PRAGMA page_size")) / 1000


def later(year: Year, age: timedelta) -> None:
    year.clock.advance(age.total_seconds() + 1)


def state(year: Year, key: str) -> tuple[str, str, str | None]:
    row = year.world.database.row("SELECT state, content, ts FROM messages WHERE key = ?", key)
    assert row
    return row["state"], row["content"], row["ts"]


async def test_content_of_sent_messages_goes_and_where_they_are_stays(year: Year) -> None:
    """Owing them again sends nothing, and a thread is still known by its root."""
    await year.investigation()
    sent, picture, before = state(year, "said/1-0"), state(year, "run/1-0"), contents(year.world)
    await year.emptying.run()
    assert contents(year.world) == before

    later(year, CONTENT)
    await year.emptying.run()
    year.world.owed.text("said/1-0", text="again", place=HERE)
    year.world.owed.picture("run/1-0", name="a.png", title="a", png=b"x", alt="a", place=HERE)

    assert (sent[1][:8], len(picture[1]) > 20_000) == ("It works", True)
    assert state(year, "said/1-0") == ("sent", "", sent[2])
    assert state(year, "run/1-0") == ("sent", "", picture[2])
    assert year.world.owed.due(year.clock()) == []
    assert year.world.owed.key_at("C1", str(picture[2])) == "run/1-0"


@pytest.mark.parametrize("is_state", [MessageState.OWED, MessageState.SENDING, MessageState.UNSURE])
async def test_what_is_not_sent_keeps_its_content(year: Year, is_state: MessageState) -> None:
    """However long Slack is away."""
    year.world.owed.text("said/1", text="hello", place=HERE)
    year.world.database.run("UPDATE messages SET state = ?", is_state)
    later(year, timedelta(days=400))
    await year.emptying.run()

    assert state(year, "said/1")[1] == "hello"


async def test_old_texts_that_slack_refused_are_never_sent_empty(year: Year) -> None:
    """When the bot is let into the channel after a month; a card shows its record then."""
    year.world.owed.text("said/1", text="hello", place=HERE)
    year.world.owed.card("investigation/1", view="investigation", record_id=1, place=HERE)
    year.world.database.run("UPDATE messages SET state = 'refused', reason = 'the channel is archived'")
    later(year, CONTENT)
    await year.emptying.run()
    year.world.owed.retry_refused("C1")

    assert [message.key for message in year.world.owed.due(year.clock())] == ["investigation/1"]
    assert state(year, "said/1") == ("refused", "", None)


async def test_a_card_is_refused_after_it_was_emptied(year: Year) -> None:
    """Its channel was archived for a while: it is brought up to date all the same."""
    await year.investigation()
    later(year, CONTENT)
    await year.emptying.run()
    year.world.database.run("UPDATE messages SET state = 'refused' WHERE key = 'investigation/1'")
    year.world.owed.retry_refused("C1")

    assert state(year, "investigation/1")[0] == "owed"


async def test_verdicts_stay_and_details_go(year: Year) -> None:
    """The card of an old probe can still be rendered; going on from it is refused in words."""
    await year.investigation()
    before = year.world.evidence.overview(1).batches[-1]
    later(year, DETAILS)
    await year.emptying.run()
    after = year.world.evidence.overview(1).batches[-1]
    was, now = before.results[0], after.results[0]

    assert was.readings and was.report and not now.readings and not now.report
    assert now == replace(was, readings=(), columns=(), report="", report_name="")
    assert card(after).text == card(before).text
    with pytest.raises(BadInput, match="too old to go on"):
        year.world.probes.look_again(after.id, NextLook(cycles=100), by="UKIM")


async def test_what_is_open_or_was_until_lately_keeps_its_details(year: Year) -> None:
    """However long it has been open."""
    await year.investigation(resolved=False)
    later(year, DETAILS * 3)
    await year.emptying.run()
    assert year.world.evidence.overview(1).batches[-1].results[0].readings

    await year.world.investigations.resolve(1, root_cause="x", workaround="", by="UKIM")
    later(year, DETAILS / 2)
    await year.emptying.run()
    assert year.world.evidence.overview(1).batches[-1].results[0].readings

    later(year, DETAILS)
    await year.emptying.run()
    assert not year.world.evidence.overview(1).batches[-1].results[0].readings


async def test_thousands_of_addresses_of_old_runs_go(year: Year) -> None:
    """Each run has all of them; the target has them too."""
    await year.investigation()
    many = json.dumps({"label": "U.S. East", "addresses": [f"10.0.{n // 250}.{n % 250}" for n in range(5000)]})
    year.world.database.run("UPDATE probe_runs SET subject = ?", many)
    later(year, DETAILS)
    await year.emptying.run()
    runs = year.world.evidence.overview(1).batches[-1].runs

    assert {(run.subject.label, run.subject.addresses) for run in runs} == {("U.S. East", ())}


async def test_tickets_that_somebody_decided_about_stay(year: Year) -> None:
    """What only a search suggested goes, and is found again after reopening."""
    await year.investigation()
    year.world.database.run("UPDATE ticket_links SET added_by = 'UTOM' WHERE ticket_id = 120")
    later(year, DETAILS)
    await year.emptying.run()
    collected = year.world.tickets.of(1)

    assert collected
    assert (len(collected.confirmed), len(collected.rejected)) == (9, 1)
    assert [each.ticket_id for each in collected.tickets if each.state == "suggested"] == [120]

    await year.world.investigations.reopen(1, by="UKIM")
    await year.world.investigations.dismiss(1, reason="no trend", by="UKIM")
    assert year.world.database.value("SELECT emptied FROM ticket_watches") == 0


async def test_the_file_of_a_year(tmp_path: Path) -> None:
    """One investigation a day, emptied every night: small, and no step keeps anything else waiting.

    What it grows by is the same each day once details are emptied too: the days until then and as many more tell.
    """
    database, clock = Database(tmp_path / "year.db"), FakeClock()
    migrations.apply(database.tables)
    database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    empty_kb = size_kb(database)
    steps, sizes_kb = Steps(), list[float]()

    async def paused() -> None:
        steps.ended()

    year = Year(database, clock, pause=paused)
    for _ in range(SETTLED_DAYS + GROWING_DAYS):
        await year.investigation()
        clock.advance(23 * 3600)
        steps.begin()
        await year.emptying.run()
        steps.ended()
        sizes_kb.append(size_kb(database))
    kept_kb = database.value("SELECT max(length(content)) FROM messages") / 1000
    database.close()
    first_kb, a_day_kb = sizes_kb[SETTLED_DAYS] - empty_kb, (sizes_kb[-1] - sizes_kb[SETTLED_DAYS]) / (GROWING_DAYS - 1)
    kb = (first_kb + (365 - SETTLED_DAYS) * a_day_kb) / 365

    assert kept_kb > 30, "a picture of the last days is still there"
    assert empty_kb <= EMPTY_KB
    assert kb <= KB_AN_INVESTIGATION
    assert steps.longest_s <= LONGEST_STEP_S


async def test_a_database_that_can_t_be_written_is_left_for_the_next_hour(year: Year) -> None:
    """Emptying is no reason for a traceback."""
    await year.investigation()
    later(year, CONTENT)
    year.world.database.run("PRAGMA query_only = ON")
    await year.emptying.run()
    assert state(year, "said/1-0")[1]

    year.world.database.run("PRAGMA query_only = OFF")
    await year.emptying.run()
    assert not state(year, "said/1-0")[1]


async def test_pictures_of_web_pages_go_one_at_a_time(tmp_path: Path) -> None:
    """Each is as large as a thousand messages."""
    database, clock, steps = Database(tmp_path / "large.db"), FakeClock(), Steps()
    migrations.apply(database.tables)
    world, large = World(database=database, clock=clock), SentContent(database=database)
    for number in range(20):
        world.owed.picture(f"run/{number}", name="a.png", title="a", png=b"x" * 800_000, alt="a", place=HERE)
    database.run("UPDATE messages SET state = 'sent'")
    emptied = 1
    while emptied:
        steps.begin()
        emptied = large.empty(clock() + timedelta(seconds=1))
        steps.ended()
    database.close()

    assert steps.longest_s <= LONGEST_STEP_S


async def test_probes_without_an_investigation_are_emptied_by_their_own_age(year: Year) -> None:
    """What somebody measured in a channel; one that still waits is no old one."""
    done, waits = (year.world.probes.request("ping", "us-east", place=HERE, by="UKIM") for _ in range(2))
    year.world.database.run("UPDATE probe_batches SET state = 'done' WHERE id = ?", done.id)
    later(year, DETAILS)
    await year.emptying.run()
    found = [year.world.probes.get(each.id) for each in (done, waits)]

    assert [each and each.emptied for each in found] == [True, False]


async def test_tickets_that_a_release_may_answer_stay(year: Year) -> None:
    """A known issue is what the investigation was about: at its release they are counted, however long that takes."""
    await year.investigation()
    year.world.database.run(
        """INSERT INTO known_issues (tracker, uid, key, url, state, known, marked, updated_at, first_seen_at,
             checked_at, issue, reading) VALUES ('app', '1', 'app#1', '', 'open', 1, 0, '', '', '', '{}', '{}')"""
    )
    link = "INSERT INTO known_links (investigation_id, issue_id, verdict, by, at) VALUES (1, 1, 'it_is', 'UKIM', '')"
    year.world.database.run(link)
    later(year, DETAILS)
    await year.emptying.run()
    collected = year.world.tickets.of(1)

    assert collected and len(collected.tickets) > 30


async def test_what_failed_long_ago_can_be_run_again(year: Year) -> None:
    """Before its customers are told of a release: at the addresses that the target has now."""
    await year.investigation()
    later(year, DETAILS)
    await year.emptying.run()
    thread = Place("C1", thread_key="investigation/1")
    batch = year.world.probes.smoke_check("us-east", place=thread, by="UKIM", investigation_id=1)

    assert batch and {run.subject.addresses for run in batch.runs} == {("10.1.2.3",)}
