"""From anywhere: the same probe from where the customers are, beside the local one and with the control."""

import re

import pytest

from bot.sandbox.globalping.server import Fault
from tests.stories.chat import Seen
from tests.stories.steps import details, opened, playbook_done
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story


async def test_an_mtr_from_two_places_shows_who_reaches_what(town: OpenTown) -> None:
    """One message: the headline and a picture; the places beside the control, and all reports, are a press away."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        playbook = await playbook_done(there, card)
        await kim.sees_change(playbook, lambda now: "*: trouble from" in now.text or "trouble from" in now.text)
        before = len(there.globalping.requests)
        asked = await kim.types(card, "@secondline probe mtr us-east from Brisbane, New York")
        assert asked
        probe = await kim.sees(card, "mtr U.S. East from Brisbane, New York")
        probe = await kim.sees_change(
            probe, lambda now: "from Brisbane. U.S. West is fine.*" in now.text and "image" in _kinds(now)
        )

        assert "of 250 tests left this hour" in probe.text
        assert not [each for each in kim.thread(card) if each.files]
        table = await details(kim, probe, "*From all places*")
        rows = [[cell["text"] for cell in row] for row in table.raw["blocks"][1]["rows"]]
        assert rows[0] == ["Lost from", "U.S. East", "U.S. West"]
        assert [row[0] for row in rows[1:]] == ["our network", "Brisbane", "New York"]
        assert rows[2][1].startswith("4 of 10, ") and rows[2][2].startswith("0 of 10, ")
        await kim.chooses(table, "mtr U.S. East from Brisbane, AU (AS1221)")
        path = await kim.sees(card, "*mtr U.S. East from Brisbane, AU (AS1221)*")
        assert re.search(r"4 of 10 packets to 127\.0\.21\.[12] are lost; the loss starts", path.text)
        assert "hop 4 (198.51.100.91, Harbor's transit)" in path.text

        await kim.presses(table, "Get Files")
        file = await kim.sees(card, "-mtr.txt")
        assert len(file.files) == 1 and file.files[0].startswith("us-east-2")
        asked_for = there.globalping.requests[before:]
        assert len(asked_for) == 4 and sum(isinstance(each["locations"], str) for each in asked_for) == 2


async def test_the_playbook_looks_from_where_the_reporting_customers_are(town: OpenTown) -> None:
    """Three places that the tickets name most, in the one message of the playbook; on demand by a word."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        playbook = await playbook_done(there, card)
        told = "*mtr* from Brisbane, Berlin and São Paulo: trouble from Brisbane and Berlin"
        playbook = await kim.sees_change(playbook, lambda now: told in now.text and "image" in _kinds(now))
        assert len(there.globalping.requests) == 6

        await kim.types(card, "@secondline probe mtr from customers")
        await kim.sees(card, "mtr U.S. East from Brisbane, Berlin, São Paulo")
        assert len(kim.thread(card)) == 4, "tickets, playbook, what Kim typed and its answer"


async def test_globalping_that_asks_to_wait_is_waited_for(town: OpenTown) -> None:
    """The card says so, and then has its result."""
    async with town() as there:
        there.globalping.faults = [Fault("POST", retry_after_s=2), Fault("GET", retry_after_s=1), Fault("GET", 0)]
        await there.kim.types("#t2-tech", "/probe mtr us-east from Berlin")
        shown = await there.kim.sees("#t2-tech", "mtr U.S. East from Berlin")
        shown = await there.kim.sees_change(shown, lambda now: "waiting 2 s… Globalping asks to slow down" in now.text)
        await there.kim.sees_change(shown, lambda now: "from Berlin." in now.text)

        assert there.globalping.faults == []


async def test_what_may_not_be_measured_from_outside_is_refused(town: OpenTown) -> None:
    """A target that did not opt in, a kind that is not measured there, a place without probes: each in words."""
    async with town() as there:
        kim = there.kim
        await kim.types("#t2-tech", "/probe http payments from Berlin")
        refused = await kim.sees("#t2-tech", "Payments isn't measured from other cities")
        assert refused.only_for_me and "ask your admin to allow it" in refused.text
        await kim.types("#t2-tech", "/probe tls website from Berlin")
        assert "dns, http, mtr, ping, traceroute" in (await kim.sees("#t2-tech", "'tls' is not measured")).text
        await kim.types("#t2-tech", "/probe ping us-east from Atlantis")
        shown = await kim.sees("#t2-tech", "ping U.S. East from Atlantis")
        shown = await kim.sees_change(shown, lambda now: "Globalping has no probe there now" in now.text)
        assert "No trouble from our network." in shown.text and "Not measured from Atlantis: " in shown.text
        assert [each["target"] for each in there.globalping.requests] == []


async def test_used_up_quota_is_told_and_the_local_run_stands(town: OpenTown) -> None:
    """Before asking, with the time when there are tests again."""
    async with town() as there:
        there.globalping.used = 250
        await there.kim.types("#t2-tech", "/probe ping us-east from Berlin")
        shown = await there.kim.sees("#t2-tech", "ping U.S. East from Berlin")
        shown = await there.kim.sees_change(shown, lambda now: "No trouble from our network." in now.text)

        assert "250 tests an hour used up, again at" in shown.text
        assert there.globalping.requests == []


def _kinds(message: Seen) -> list[str]:
    """Of its blocks."""
    return [str(block["type"]) for block in message.raw.get("blocks") or []]
