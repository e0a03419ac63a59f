"""Logs in an investigation's thread and in direct messages: read once, told by one message that stays true."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.customer_logs import cards
from bot.customer_logs.model import LogState, Problem, Role, SignatureDraft, SignatureState
from bot.customer_logs.service import LogSettings
from bot.customer_logs.source import SourceError
from bot.customer_logs.store import LogExcerpts
from bot.errors import BadInput, NotAllowed
from bot.messages.model import Place
from tests.words.plain import rendered
from tests.world import US_EAST, World

CORPUS = Path(__file__).parent / "corpus"
BLOCKED, TWO_FACTOR = "openvpn-udp-blocked.log", "openvpn-two-factor.log"


@pytest.fixture
async def world() -> World:
    world = World()
    await world.opened()
    return world


def put(world: World, name: str, content: bytes | None = None, file_id: str = "") -> str:
    file_id = file_id or f"F{len(world.log_source.files) + 1}"
    world.log_source.files[file_id] = (name, content if content is not None else (CORPUS / name).read_bytes())
    return file_id


async def read(world: World, *files: str, ts: str = "9.1", by: str = "UKIM", of: int | None = 1) -> int:
    """Drops files and reads all that waits; the number of the message."""
    assert world.logs.dropped(of, files, by=by, channel="C1" if of else "D1", ts=ts, thread_ts="1.1" if of else "")
    while await world.log_reader.step():
        pass
    return int(world.database.value("SELECT max(id) FROM log_drops"))


def card(world: World, number: int) -> str:
    shown = world.logs.shown(number)
    assert shown
    return rendered(cards.card(shown))


async def test_a_log_is_read_and_told(world: World) -> None:
    """In the thread, with its first line, and on the timeline."""
    number = await read(world, put(world, BLOCKED))
    text = card(world, number)

    assert "No TLS handshake within 60 s" in text and "OpenVPN 2.6.8" in text and "Windows 11" in text
    assert "Line 8, 2 times from 14:02 to 14:03" in text
    assert world.place(f"logs/{number}") == Place("C1", "investigation/1")
    event = world.evidence.overview(1).events[-1]
    assert (event.kind, event.actor) == ("log", "UKIM")
    assert event.text == f"{BLOCKED} (OpenVPN 2.6.8, Windows 11): No TLS handshake within 60 s, line 8"


async def test_a_message_is_read_once(world: World) -> None:
    """Slack tells of it again, also after a restart."""
    file = put(world, BLOCKED)
    await read(world, file)

    assert not world.logs.dropped(1, [file], by="UKIM", channel="C1", ts="9.1")
    assert world.log_source.asked == [file]
    assert len(world.owed_keys("logs/%")) == 1


async def test_no_card_is_longer_than_ten_lines(world: World) -> None:
    """Whatever is in the log, and however many logs came before."""
    noisy = b"".join(
        b"2026-11-20 14:%02d:%02d server %d unreachable: error %s\n" % (n // 60, n % 60, n, b"x" * n)
        for n in range(100)
    )
    everything = (CORPUS / BLOCKED).read_bytes() + b"2026-11-20 14:05:00 write UDPv4: Network is unreachable\n" * 20
    for place, content in enumerate((noisy, everything, everything + b"2026-11-20 11:00:00 odd failure\n" * 12)):
        number = await read(world, put(world, f"{place}.log", content), ts=f"9.{place}")
        assert len(card(world, number).splitlines()) <= 11, card(world, number)  # with its button


async def test_over_several_logs(world: World) -> None:
    """How many have it, on which version, since when; the newest card says it, and the one before it no longer."""
    later = (CORPUS / BLOCKED).read_bytes().replace(b"2026-11-20 14", b"2026-11-20 16")
    first = await read(world, put(world, BLOCKED), ts="9.1")
    second = await read(world, put(world, TWO_FACTOR), ts="9.2")
    third = await read(world, put(world, "later.log", later), ts="9.3")

    assert "2 of 3 logs have it, all on 2.6.8, first on 20 Nov 14:02." in card(world, third)
    assert "logs have it" not in card(world, first) + card(world, second)


async def test_what_is_new_in_a_log(world: World) -> None:
    """Lines about trouble of a kind that no other log here has."""
    await read(world, put(world, "a.log", b"2026-11-20 14:00:01 disk error 7 in unit 9\n" * 3), ts="9.1")
    number = await read(
        world,
        put(world, "b.log", b"2026-11-21 14:00:01 disk error 8 in unit 1\n2026-11-21 14:00:02 fan failure\n"),
        ts="9.2",
    )

    text = card(world, number)
    assert "Line 2, in no other log here: `2026-11-21 14:00:02 fan failure`" in text
    assert "Line 1: `2026-11-21 14:00:01 disk error 8 in unit 1`" in text and text.count("fan failure") == 1


async def test_in_a_direct_message_it_is_the_senders_alone(world: World) -> None:
    """No timeline, no other card; masks are theirs."""
    number = await read(world, put(world, BLOCKED), of=None)

    assert world.place(f"logs/{number}") == Place("D1")
    assert "log" not in world.kinds(1)
    assert world.database.column("SELECT DISTINCT scope FROM log_masks") == ["of UKIM"]


async def test_masks_are_the_same_within_an_investigation(world: World) -> None:
    """So lines of two logs can be compared; in another investigation they say nothing."""
    line = b"2026-11-20 14:00:0%d failed for jo@example.com at 203.0.113.77\n"
    one = await read(world, put(world, "a.log", line % 1), ts="9.1")
    two = await read(world, put(world, "b.log", b"2026-11-20 14:00:00 x@example.com error\n" + line % 2), ts="9.2")
    texts = [card(world, number) for number in (one, two)]

    assert all("failed for ‹e-mail 1› at ‹address 1›" in text for text in texts)
    assert "‹e-mail 2› error" in texts[1]
    assert "jo@example" not in json.dumps(
        [world.database.rows(f"SELECT * FROM {t}") for t in tables(world)], default=str
    )


def tables(world: World) -> list[str]:
    return world.database.column("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")


@pytest.mark.parametrize("problem", [each for each in Problem if each is not Problem.UNREACHABLE])
async def test_what_could_not_be_read_says_why(world: World, problem: Problem) -> None:
    """In the thread, and what to do."""
    world.log_program.problem = problem
    number = await read(world, put(world, BLOCKED))

    assert card(world, number).startswith("⚠ I couldn't read this log.") or "couldn't read" in card(world, number)
    assert "log" not in world.kinds(1)


async def test_slack_that_is_away_is_asked_again(world: World) -> None:
    """Until it gives the file, or was asked often enough."""
    away = SourceError(Problem.UNREACHABLE, "no answer", retry=True)
    world.log_source.failures = [away, away]
    number = await read(world, put(world, BLOCKED))
    assert "Reading a log" in card(world, number)
    for _ in range(2):
        world.clock.advance(30)
        await world.log_reader.step()

    assert "No TLS handshake" in card(world, number)


async def test_what_was_interrupted_is_read_anew(world: World) -> None:
    """After the bot was killed while it read; what kills it again and again is given up."""
    world.logs.dropped(1, [put(world, BLOCKED)], by="UKIM", channel="C1", ts="9.1")
    for _ in range(6):
        world.database.run("UPDATE customer_logs SET state = 'reading', attempts = attempts + 1")
        world.rooms.log_reader.take_up()
    await world.log_reader.step()

    assert "took too long" in card(world, 1)


async def test_people_take_turns(world: World) -> None:
    """Whoever sends twenty logs waits for their own."""
    for place in range(4):
        world.logs.dropped(None, [put(world, BLOCKED)], by="UTOM", channel="D2", ts=f"8.{place}")
    world.logs.dropped(1, [put(world, BLOCKED)], by="UKIM", channel="C1", ts="9.1")
    await world.log_reader.step()
    await world.log_reader.step()

    assert world.log_source.asked == ["F1", "F5"]


async def test_what_is_deleted_is_not_kept(world: World) -> None:
    """Nor is what was read long ago."""
    number = await read(world, put(world, BLOCKED), ts="9.1")
    other = await read(world, put(world, BLOCKED), ts="9.2")
    world.logs.removed("C1", "9.1")
    assert "no longer kept" in card(world, number) and "No TLS" in card(world, other)

    world.clock.advance(timedelta(days=31).total_seconds())
    excerpts = LogExcerpts(database=world.database)
    while excerpts.empty(world.clock() - timedelta(days=30)):
        pass

    assert world.database.column("SELECT state FROM customer_logs") == [LogState.EMPTIED] * 2
    assert world.database.value("SELECT count(*) FROM log_masks") == 0
    assert "TLS handshake" not in json.dumps(world.database.rows("SELECT * FROM customer_logs"), default=str)


DRAFT = SignatureDraft(
    title="The license server is full",
    meaning="All seats are taken.",
    role=Role.CAUSE,
    tries=("Free a seat.",),
    pattern=r"license refused, \d+ seats",
)


async def test_a_line_counts_when_a_lead_accepted_it(world: World) -> None:
    """Not before, and not by anybody else."""
    world.logs.settings = LogSettings(leads={"tech": "ULENA"})
    line = b"2026-11-20 14:00:00 license refused, 40 seats\n" * 3
    number = await world.logs.propose(DRAFT, place=Place("C1"), by="UKIM")
    assert "Nothing known" in card(world, await read(world, put(world, "a.log", line), ts="9.1"))
    with pytest.raises(NotAllowed):
        await world.logs.decide(number, SignatureState.ACCEPTED, by="UKIM")
    world.people.tier2["ULENA"] = "tech"
    await world.logs.decide(number, SignatureState.ACCEPTED, by="ULENA")

    text = card(world, await read(world, put(world, "b.log", line), ts="9.2"))
    assert "The license server is full" in text and "Free a seat." in text
    assert "The same log as b.log" in card(world, 1) and world.wanted("logs/1") > 2


async def test_without_leads_somebody_else_accepts(world: World) -> None:
    number = await world.logs.propose(DRAFT, place=Place("C1"), by="UKIM")
    with pytest.raises(NotAllowed):
        await world.logs.decide(number, SignatureState.ACCEPTED, by="UKIM")

    assert (await world.logs.decide(number, SignatureState.DECLINED, by="UJO")).decided_by == "UJO"
    assert (await world.logs.decide(number, SignatureState.ACCEPTED, by="UANA")).state is SignatureState.DECLINED


async def test_a_pattern_that_matches_everything_is_refused(world: World) -> None:
    for pattern in (".*", r"\d+", "(?=x)license", "(license", ""):
        with pytest.raises(BadInput):
            await world.logs.propose(replace(DRAFT, pattern=pattern), place=Place("C1"), by="UKIM")


async def test_the_teams_own_signatures_of_the_file_count(world: World) -> None:
    own = {"id": "team-1", "title": "The license server is full", "role": "cause", "lines": ["license refused"]}
    world.logs.settings = LogSettings(own=(own,))

    text = card(world, await read(world, put(world, "a.log", b"2026-11-20 14:00:00 license refused\n"), ts="9.1"))
    assert "The license server is full" in text


async def test_the_same_log_twice_is_one(world: World) -> None:
    """By its bytes, under whatever name: it is on the timeline once, and counts once; its ticket is that of both."""
    first = await read(world, put(world, BLOCKED), ts="9.1")
    world.clock.advance(60)
    content = (CORPUS / BLOCKED).read_bytes()
    assert world.logs.dropped(
        1, [put(world, "again.log", content, "F9")], by="UJO", channel="C1", ts="9.2", tickets={"F9": 48213}
    )
    await world.log_reader.step()
    again = int(world.database.value("SELECT max(id) FROM log_drops"))
    other = await read(world, put(world, TWO_FACTOR), ts="9.3")

    assert f"The same log as {BLOCKED} that @kim sent" in card(world, again)
    assert "It counts once." in card(world, again) and "No TLS handshake" in card(world, first)
    assert world.kinds(1).count("log") == 2
    assert "1 of 2 logs" in card(world, other)
    assert world.logs.drop(first).tickets == (48213,)


async def test_the_same_log_counts_where_the_first_is_gone(world: World) -> None:
    """Whoever deletes their message takes only theirs; in another investigation it is another one until they merge."""
    first = await read(world, put(world, BLOCKED), ts="9.1")
    again = await read(world, put(world, BLOCKED, file_id="F9"), ts="9.2")
    second = await world.opened(US_EAST)
    elsewhere = await read(world, put(world, BLOCKED, file_id="F8"), ts="9.8", of=second.id)
    apart = card(world, elsewhere)
    world.logs.removed("C1", "9.1")

    assert "No TLS handshake" in card(world, again) and "no longer kept" in card(world, first)
    assert "No TLS handshake" in apart
    await world.merges.merge(second.id, 1, by="UKIM")
    assert "The same log as" in card(world, elsewhere)


async def test_one_message_with_the_same_log_twice(world: World) -> None:
    """And with others: the rest is told as ever."""
    files = [put(world, BLOCKED), put(world, BLOCKED, file_id="F8"), put(world, TWO_FACTOR)]
    text = card(world, await read(world, *files))

    assert "2 logs read" in text and "It counts once." in text
    assert world.kinds(1).count("log") == 2
