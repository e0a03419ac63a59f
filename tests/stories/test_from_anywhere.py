"""From anywhere: the same probe from where the customers are, beside the local one and with the control."""

import pytest

from bot.sandbox.globalping.server import Fault
from tests.stories.steps import opened, playbook_done
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story


async def test_an_mtr_from_two_places_shows_who_reaches_what(town: OpenTown) -> None:
    """One card: a line per place, the matrix with the control, the reports as files, what is left of the quota."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        playbook = await playbook_done(there, card)
        await kim.sees_change(playbook, lambda now: "(in the tickets): trouble from" in now.text)
        before = len(there.globalping.requests)
        asked = await kim.types(card, "@secondline probe mtr us-east from Brisbane, New York")
        assert asked
        probe = await kim.sees(card, "mtr U.S. East from Brisbane, New York")
        probe = await kim.sees_change(
            probe, lambda now: "has trouble from Brisbane, not from our network and New York" in now.text
        )

        assert "the control U.S. West is fine from our network, Brisbane and New York" in probe.text
        rows = [" ".join(line.split()) for line in probe.text.splitlines()]
        assert any("Lost from U.S. East U.S. West" in row for row in rows)
        brisbane = next(row for row in rows if row.startswith("Brisbane "))
        assert brisbane.startswith("Brisbane 4 of 10, ") and " ms 0 of 10, " in brisbane
        assert any(row.startswith("New York 0 of 10, ") for row in rows)
        assert "from Brisbane, AU (AS1221): 4 of 10 packets to 127.0.21.1 are lost; the loss starts" in probe.text
        assert "hop 4 (198.51.100.91, Harbor's transit)" in probe.text
        assert "of 250 tests left this hour" in probe.text

        await kim.sees(card, "mtr-brisbane-127.0.22.")
        await kim.sees(card, "mtr-new-york-127.0.22.")
        await kim.sees(card, "mtr-brisbane-127.0.21.")
        reports = [name for each in kim.thread(card) for name in each.files]
        assert sum(name.startswith("mtr-brisbane-127.0.21.") for name in reports) == 1
        assert sum(name.startswith("mtr-new-york-127.0.22.") for name in reports) == 1
        asked_for = there.globalping.requests[before:]
        assert len(asked_for) == 4 and sum(isinstance(each["locations"], str) for each in asked_for) == 2


async def test_the_playbook_looks_from_where_the_reporting_customers_are(town: OpenTown) -> None:
    """Three places that the tickets name most, in the one message of the playbook; on demand by a word."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        playbook = await playbook_done(there, card)
        playbook = await kim.sees_change(playbook, lambda now: "(in the tickets): trouble from" in now.text)
        rows = [" ".join(line.split()).strip("`") for line in playbook.text.splitlines()]

        told = "mtr from Brisbane, Berlin, São Paulo (in the tickets): trouble from Brisbane and Berlin"
        assert f":red_circle: {told}" in [row.replace("`", "") for row in rows]
        assert "U.S. East has trouble from Brisbane and Berlin, not from our network and São Paulo" in rows[0]
        assert any(row.startswith("Brisbane 4 of 10, ") and " ms 0 of 10, " in row for row in rows)
        await kim.sees(card, "places-")
        await kim.sees_change(card, lambda now: "status 503" in now.text and "trouble from Brisbane" in now.text)
        assert len(there.globalping.requests) == 6

        await kim.types(card, "@secondline probe mtr from customers")
        await kim.sees(card, "mtr U.S. East from Brisbane, Berlin, São Paulo")


async def test_globalping_that_asks_to_wait_is_waited_for(town: OpenTown) -> None:
    """The card says so, and then has its result."""
    async with town() as there:
        there.globalping.faults = [Fault("POST", retry_after_s=2), Fault("GET", retry_after_s=1), Fault("GET", 0)]
        await there.kim.types("#t2-tech", "/probe mtr us-east from Berlin")
        shown = await there.kim.sees("#t2-tech", "mtr U.S. East from Berlin")
        shown = await there.kim.sees_change(shown, lambda now: "waiting 2 s… Globalping asks to slow down" in now.text)
        await there.kim.sees_change(shown, lambda now: "trouble from Berlin, not from our network" in now.text)

        assert there.globalping.faults == []


async def test_what_may_not_be_measured_from_outside_is_refused(town: OpenTown) -> None:
    """A target that did not opt in, a kind that is not measured there, a place without probes: each in words."""
    async with town() as there:
        kim = there.kim
        await kim.types("#t2-tech", "/probe http payments from Berlin")
        refused = await kim.sees("#t2-tech", "Payments isn't measured from other cities")
        assert refused.only_for_me and "remote = true" in refused.text
        await kim.types("#t2-tech", "/probe tls website from Berlin")
        assert "dns, http, mtr, ping, traceroute" in (await kim.sees("#t2-tech", "'tls' is not measured")).text
        await kim.types("#t2-tech", "/probe ping us-east from Atlantis")
        shown = await kim.sees("#t2-tech", "ping U.S. East from Atlantis")
        shown = await kim.sees_change(shown, lambda now: "Globalping has no probe there now" in now.text)
        assert "is fine from our network" in shown.text and "not measured" in shown.text
        assert [each["target"] for each in there.globalping.requests] == []


async def test_used_up_quota_is_told_and_the_local_run_stands(town: OpenTown) -> None:
    """Before asking, with the time when there are tests again."""
    async with town() as there:
        there.globalping.used = 250
        await there.kim.types("#t2-tech", "/probe ping us-east from Berlin")
        shown = await there.kim.sees("#t2-tech", "ping U.S. East from Berlin")
        shown = await there.kim.sees_change(shown, lambda now: "is fine from our network" in now.text)

        assert "250 tests an hour used up, again at" in shown.text
        assert there.globalping.requests == []
