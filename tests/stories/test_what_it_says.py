"""What card, escalation and threads say is what was measured, counted and typed; and who waits is told."""

import re
import signal
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.sandbox.zendesk.seed import Seed, SeedTicket
from tests.stories.chat import Seen
from tests.stories.counting import files, messages
from tests.stories.steps import opened, playbook_done, settled, timeline
from tests.stories.town import BRISK, OpenTown, Town

pytestmark = pytest.mark.story

RISE = Seed(
    tickets=(
        *(
            SeedTicket(f"US East is slow, {n}", "", minutes_ago=2.0 + 3 * n, email=f"customer{n}@example.com")
            for n in range(9)
        ),
        SeedTicket("US East was slow at lunch", "", minutes_ago=700.0, email="lunch@example.com"),
        SeedTicket("US East in the app's list", "", minutes_ago=1100.0, email="list@example.com"),
        SeedTicket(subject="Cannot log in", description="since an hour", minutes_ago=31.0),
    )
)
"""Nine tickets in 26 minutes, one every few hours before that, and one that no search for the target finds."""


async def test_no_other_probe_changes_the_finding(town: OpenTown) -> None:
    """Another target, a typed host and a refusal leave the card as it is; so does the end of it all."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        await playbook_done(there, card)
        found = _finding(
            await kim.sees_change(card, lambda now: "status 503" in now.text and "still measuring" not in now.text)
        )
        for words, ended in (
            ("mtr us-west", "mtr U.S. West · "),
            ("ping eu-central", "Both answer"),
            ("payment us-east", "no test payment"),
            ("vpn www.example.com", "on targets of secondline.toml only"),
        ):
            await kim.types(card, f"@secondline probe {words}")
            await kim.sees(card, ended)
        noted = await kim.types(card, "@secondline note looked at the others")
        assert noted
        await kim.sees_change(noted, lambda now: "white_check_mark" in now.reactions)
        await settled(there)
        assert _finding(_now(there, card)) == found

        await kim.presses(card, "Escalate")
        form = await kim.form("Escalate INV-1")
        tried = form.shows("tried")
        assert "status 503" in tried and "No loss to" not in tried
        assert all(other not in tried for other in ("EU Central", "example.com", "test payment"))
        assert len(set(tried.splitlines())) == len(tried.splitlines())
        assert "http" in form.shows("runs")


async def test_escalation_begins_with_the_evidence_and_again_with_what_was_typed(town: OpenTown) -> None:
    """Since the first ticket of the rise; the post before its files, each report once; nothing typed twice."""
    async with town(seed=RISE, pace=replace(BRISK, refresh_s=3)) as there:
        kim, jo, lena = there.kim, there.jo, there.lena
        card = await opened(there)
        tickets = await kim.sees_reply(card, "11 matching tickets")
        await kim.presses(tickets, "Confirm All 11")
        await kim.sees_change(tickets, lambda now: "11 related" in now.text)
        (other,) = [each.id for each in there.zendesk.desk if each.subject == "Cannot log in"]
        await kim.types(card, f"http://127.0.0.1:{there.port}/zendesk/agent/tickets/{other}")
        await kim.sees_change(card, lambda now: "usually one in 12 h · 12 confirmed" in now.text)
        await playbook_done(there, card)
        await kim.sees_change(card, lambda now: "still measuring" not in now.text)

        await jo.types(card, "@secondline join")
        await jo.presses(card, "Escalate")
        form = await jo.form("Escalate INV-1")
        (since,) = re.findall(r"\*Since\* <!date\^(\d+)\^[^<>]*>, the rise of tickets", form.text)
        assert 24 * 60 < datetime.now(UTC).timestamp() - int(since) < 40 * 60
        assert form.shows("affected").startswith("10 tickets in the last hour, usually")
        jo.fills(form, wrong="Harbor drops packets to us-east", needed="Call Harbor", affected="all of Acme")
        before = set(files(there))
        assert await jo.submits(form) == {}
        post = await lena.sees("#t2-tech", "Call Harbor")
        await there.until(lambda: set(files(there)) - before, "the report that was not there yet")
        assert set(files(there).values()) == {1}
        new = [each.ts for each in messages(there) if {file.name for file in each.files} - before]
        assert all(float(ts) > float(post.ts) for ts in new), "the post comes before its files"

        await lena.presses(post, "Need More")
        form = await lena.form("Need more")
        lena.fills(form, question="Since when exactly?")
        assert await lena.submits(form) == {}
        assert (await kim.sees(card, "Since when exactly?")).text.startswith(":question: <@U0KIM> and <@U0JO>, ")
        await lena.presses(post, "Acknowledge")
        await jo.sees(card, "<@U0JO>, <@U0LENA> acknowledged your escalation of INV-1.")
        await kim.presses(card, "Escalate Again")
        form = await kim.form("Escalate INV-1")
        assert form.shows("wrong") == "Harbor drops packets to us-east"
        assert form.shows("needed") == "Call Harbor"
        assert form.shows("affected").startswith("all of Acme\n")


async def test_form_that_was_closed_keeps_its_draft(town: OpenTown) -> None:
    """Also over a restart of the bot, until it is sent."""
    async with town() as there:
        kim, lena = there.kim, there.lena
        card = await opened(there)
        await kim.presses(card, "Escalate")
        form = await kim.form("Escalate INV-1")
        await kim.types_into(form, needed="Call Har")
        await kim.types_into(form, needed="Call Harbor")
        await kim.closes(form)
        there.bot.signal(signal.SIGTERM)
        assert await there.bot.ended() == 0
        await there.bot_starts()

        await kim.presses(card, "Escalate")
        form = await kim.form("Escalate INV-1", saying="Your draft of")
        assert form.shows("needed") == "Call Harbor"
        assert await kim.submits(form) == {}
        post = await lena.sees("#t2-tech", "Call Harbor")
        await lena.presses(post, "Acknowledge")
        await kim.sees(card, "acknowledged your escalation")
        await kim.presses(card, "Escalate Again")
        assert "Your draft" not in (await kim.form("Escalate INV-1")).text


async def test_nothing_typed_is_cut(town: OpenTown) -> None:
    """What Slack takes is shown whole, and what can't be shown whole is refused with its limit."""
    async with town() as there:
        kim, lena = there.kim, there.lena
        card = await opened(there)
        long = " ".join(f"word{number}" for number in range(320))
        await kim.types(card, f"@secondline note {long}")
        assert _plain(long) in _plain(await _timeline_with(there, card, "word319"))
        await kim.types(card, "@secondline note " + "x" * 3500)
        await kim.sees(card, "A note takes at most 2,900 characters")

        await kim.presses(card, "Escalate")
        form = await kim.form("Escalate INV-1")
        kim.fills(form, needed="x" * 1501)
        assert "no more than 1500 characters" in (await kim.submits(form))["needed"]
        kim.fills(form, needed="&" * 400)
        assert "At most 1,500 characters" in (await kim.submits(form))["needed"]
        needed = " ".join(f"please{number}" for number in range(120))
        kim.fills(form, needed=needed, tried=long[:2600])
        assert await kim.submits(form) == {}
        post = await lena.sees("#t2-tech", "please119")
        await lena.presses(post, "Details")
        details = await lena.sees(card, "*What was tried*")
        assert _plain(needed) in _plain(post.text) and _plain(long[:2600]) in _plain(details.text)

        await kim.presses(card, "Resolve")
        form = await kim.form("Resolve INV-1")
        kim.fills(form, root_cause=long[:2800], workaround=long[:2800])
        assert await kim.submits(form) == {}
        closed = await kim.sees_change(card, lambda now: "resolved INV-" in now.text)
        assert _plain(closed.text).count(_plain(long[:2800])) == 2


async def test_dismissal_reaches_those_who_wait(town: OpenTown) -> None:
    """Tom in Tier 1's thread with the reason, Jo in the investigation's own."""
    async with town() as there:
        kim, jo, tom = there.kim, there.jo, there.tom
        asked = await kim.sees("#tier1", "lots of tickets about US East")
        await kim.uses("Investigate this", asked)
        card = await kim.sees("#t2-tech", "owns INV-")
        await jo.presses(card, "Join")
        await kim.sees_change(card, lambda now: "with <@U0JO>" in now.text)
        await kim.presses(card, "Dismiss: Not a Trend…")
        form = await kim.form("Dismiss INV-1")
        kim.fills(form, reason="One customer's router")
        assert await kim.submits(form) == {}

        assert "One customer's router" in (await tom.sees(asked, "<@U0TOM>, Tier 2 found no trend at U.S. East")).text
        await jo.sees(card, "<@U0JO>, <@U0KIM> dismissed INV-1 U.S. East")


def _finding(card: Seen) -> str:
    return next(
        line for line in card.text.splitlines() if line.startswith((":red_circle: *", ":large_green_circle: *"))
    )


def _now(there: Town, card: Seen) -> Seen:
    now = there.kim.now(card)
    assert now
    return now


def _plain(text: str) -> str:
    return "".join(text.replace("\u2060", "").replace(">", "").split())


async def _timeline_with(there: Town, card: Seen, words: str) -> str:
    for _ in range(20):
        shown = await timeline(there, card)
        if words in shown:
            return shown
    raise AssertionError(f"no {words!r} on:\n{shown}")
