"""What is old goes from the database, and everything that hangs on it works on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.eventually import eventually
from tests.stories.chat import WITHIN_S
from tests.stories.crowd import owed, under_way
from tests.stories.steps import PLAYBOOK, opened, playbook_done, timeline
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

MONTHS = "strftime('%Y-%m-%dT%H:%M:%f000+00:00', {0}, '-90 days')"


@contextmanager
def records(there: Town) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(there.bot.environment["SECONDLINE_DB"], isolation_level=None)) as connection:
        yield connection


async def test_what_was_sent_long_ago_goes_and_its_thread_works_on(town: OpenTown) -> None:
    """Three months later: nothing is sent again, words in the thread are understood, the card is brought up to date."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        await playbook_done(there, card)
        await kim.types(card, "@secondline dismiss one customer with a broken router")
        await kim.sees_change(card, lambda now: "broken router" in now.text)
        await eventually(lambda: not owed(there) and not under_way(there), within_s=WITHIN_S)
        await there.bot.kill()
        with records(there) as rows:
            rows.execute(f"UPDATE messages SET created_at = {MONTHS.format('created_at')}")
            rows.execute(f"UPDATE probe_batches SET requested_at = {MONTHS.format('requested_at')}")
            rows.execute(f"UPDATE investigations SET closed_at = {MONTHS.format('closed_at')}")
            assert rows.execute("SELECT count(*) FROM messages WHERE content <> ''").fetchone()[0]
        await there.bot_starts()

        def emptied() -> bool:
            with records(there) as rows:
                texts = "SELECT count(*) FROM messages WHERE content <> '' AND created_at < date('now', '-1 day')"
                tables = "SELECT count(*) FROM probe_runs WHERE json_extract(result, '$.readings') IS NOT NULL"
                return not rows.execute(f"SELECT ({texts}) + ({tables})").fetchone()[0]

        await eventually(emptied, within_s=WITHIN_S)
        await kim.types(card, "@secondline reopen")
        await kim.sees_change(card, lambda now: "broken router" not in now.text)
        assert "broken router" in await timeline(there, card)
        await kim.presses(await kim.sees(card, PLAYBOOK), "Details")
        assert (await kim.sees(card, "no longer kept")).only_for_me
