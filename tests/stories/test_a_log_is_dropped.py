"""Customers' logs, dropped in the thread, pasted, or sent to the bot alone: read, masked, told."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.stories.killing import Killer, Point, started_again
from tests.stories.steps import opened, timeline
from tests.stories.test_two_become_one import both
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

CORPUS = Path(__file__).parent.parent / "customer_logs" / "corpus"
BLOCKED = (CORPUS / "openvpn-udp-blocked.log").read_bytes()
FOUND = "No TLS handshake within 60 s"
SECRETS = (
    b"hunter2-of-a-customer",
    b"jo.of.a.customer@example.com",
    b"198.51.100.14",
    b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqbyJ9.c2ln",
)
WITH_SECRETS = (
    BLOCKED
    + b"2026-11-20 14:04:00 error: password=hunter2-of-a-customer refused for jo.of.a.customer@example.com\n"
    + b"2026-11-20 14:04:01 error: Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqbyJ9.c2ln\n"
)


def kept(there: Town) -> bytes:
    """Everything that the bot has on disk."""
    return b"".join(path.read_bytes() for path in there.folder.glob("secondline.db*") if path.is_file())


async def test_a_log_in_the_thread_is_read(town: OpenTown) -> None:
    """Its cause with the line; the lines around it for whoever asks; no secret of it is kept or said."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        await kim.drops(card, ("client.log", WITH_SECRETS), saying="from ticket 7")
        read = await kim.sees(card, FOUND)
        assert "OpenVPN 2.6.8" in read.text and "Windows 11" in read.text and "Line 8" in read.text

        await kim.presses(read, "Show Lines")
        shown = await kim.sees(card, "To the customer")
        assert shown.only_for_me and "→ 8" in shown.text and "‹address 1›" in shown.text

        await kim.chooses(card, "Show Timeline")
        assert "added a log: client.log" in (await kim.sees("#t2-tech", "added a log")).text
        said = "\n".join(there.bot_wrote("#t2-tech")).encode()
        assert [secret for secret in SECRETS if secret in said + kept(there)] == []


async def test_several_logs_are_compared(town: OpenTown) -> None:
    """Also one of an archive, and lines that somebody pastes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("logs/second.log", BLOCKED.replace(b"2026-11-20", b"2026-11-21"))
        packed.writestr("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    async with town() as there:
        card = await opened(there)
        await there.kim.drops(card, ("first.log", BLOCKED))
        await there.kim.sees(card, FOUND)
        await there.jo.drops(card, ("logs.zip", archive.getvalue()))
        await there.jo.sees(card, "Both logs have it, all on 2.6.8, first on 20 Nov 14:02")
        lines = BLOCKED.decode().splitlines()[6:9]
        await there.tom.types(card, "and this customer:\n```" + "\n".join(lines) + "```")
        await there.tom.sees(card, "3 of 3 logs have it")


async def test_what_is_sent_to_the_bot_is_read_for_the_sender(town: OpenTown) -> None:
    """In their direct messages, and nowhere else."""
    async with town() as there:
        await opened(there)
        await there.tom.drops("@secondline", ("client.log", BLOCKED), saying="what is this?")
        await there.tom.sees("@secondline", FOUND)
        assert not [text for text in there.bot_wrote("#t2-tech") if "handshake" in text]


async def test_a_bomb_hurts_nobody(town: OpenTown) -> None:
    """It is read as far as may be, and the bot answers meanwhile."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for place in range(4):
            packed.writestr(f"{place}.log", b"2026-11-20 14:00:00 all is well\n" * 700_000)
    async with town() as there:
        card = await opened(there)
        await there.kim.drops(card, ("bomb.zip", bomb.getvalue()))
        await there.jo.types("#t2-tech", "/known us east")
        await there.jo.sees("#t2-tech", "known")
        await there.kim.sees(card, "read: nothing known")


@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_while_reading_it_is_read_once(town: OpenTown, when: str) -> None:
    """The bot dies while it fetches the log, and starts again: one card, one line of the timeline."""
    async with town() as there:
        card = await opened(there)
        killer = there.watch = Killer(there, [Point("before" if when == "before" else "after", "files.info")])
        async with started_again(there):
            await there.kim.drops(card, ("client.log", BLOCKED))
            await there.kim.sees(card, FOUND)
        assert killer.left == []

        await there.kim.chooses(card, "Show Timeline")
        assert (await there.kim.sees("#t2-tech", "added a log")).text.count("added a log") == 1
        assert len([each for each in there.kim.thread(card) if FOUND in each.text]) == 1


async def test_a_line_that_the_team_knows(town: OpenTown) -> None:
    """Kim names it, Jo accepts it, and the next log has it."""
    line = "2026-11-20 14:00:00 license refused, 40 seats in use"
    async with town() as there:
        card = await opened(there)
        said = await there.kim.types(card, line)
        assert said
        await there.kim.uses("This line is a signature", said)
        form = await there.kim.form("This line is…")
        there.kim.fills(form, title="The license server is full", meaning="All seats are taken.")
        assert await there.kim.submits(form) == {}
        asked = await there.jo.sees(card, "The license server is full")
        await there.jo.presses(asked, "Accept")
        await there.jo.sees_change(asked, lambda now: "It counts from the next log on" in now.text)
        await there.kim.drops(card, ("a.log", (line + "\n").encode() * 3))
        read = await there.kim.sees(card, "Line 1, 3 times")
        assert "The license server is full" in read.text


async def test_logs_of_a_merged_thread_count_where_it_goes_on(town: OpenTown) -> None:
    """The one that was read before, and the one that is dropped in the old thread since: two of two."""
    async with town() as there:
        first, second = await both(there)
        await there.jo.drops(second, ("first.log", BLOCKED))
        await there.jo.sees(second, FOUND)
        await there.jo.types(second, "@secondline merge INV-1")
        asked = await there.jo.sees(second, "INV-2 U.S. West goes on in INV-1 U.S. East")
        await there.jo.presses(asked, "Merge INV-2 Into INV-1")
        await there.kim.sees_change(second, lambda now: "goes on in INV-1" in now.text)

        await there.jo.drops(second, ("second.log", BLOCKED.replace(b"2026-11-20", b"2026-11-21")))
        await there.kim.sees(first, "Both logs have it, all on 2.6.8")
        told = await timeline(there, first)
        assert "INV-2: <@U0JO> added a log: first.log" in told and "added a log: second.log" in told
