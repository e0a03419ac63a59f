"""What ping does not tell: VPN services that answer or do not, and a test payment."""

import pytest

from tests.stories.steps import details
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story


async def test_a_vpn_service_that_is_silent_is_named(town: OpenTown) -> None:
    """All four services of both addresses answer; then those of one address say nothing."""
    async with town() as there:
        kim = there.kim
        await kim.types("#t2-tech", "/probe vpn us-east")
        shown = await kim.sees("#t2-tech", "vpn U.S. East")
        await kim.sees_change(shown, lambda now: "All 8 VPN services answer" in now.text)

        await there.targets.vpn("us-west-2-vpn").set_mode("silent")
        await kim.types("#t2-tech", "/probe vpn us-west")
        shown = await kim.sees("#t2-tech", "vpn U.S. West")
        shown = await kim.sees_change(shown, lambda now: "4 of 8 VPN services fail" in now.text)
        table = await details(kim, shown, "*vpn U.S. West*")
        assert "openvpn-udp 127.0.22.2" in table.text and "no answer in 3 s" in table.text


async def test_only_configured_targets_are_greeted(town: OpenTown) -> None:
    """A typed host is refused in words."""
    async with town() as there:
        await there.kim.types("#t2-tech", "/probe vpn www.example.com")
        await there.kim.sees("#t2-tech", "on targets of secondline.toml only")


async def test_a_test_payment_is_made_and_removed(town: OpenTown) -> None:
    """It succeeds with its steps; then the card is declined, and that is said."""
    async with town() as there:
        kim = there.kim
        await kim.types("#t2-cs", "/probe payment payments")
        shown = await kim.sees("#t2-cs", "payment Payments")
        shown = await kim.sees_change(shown, lambda now: "A test payment succeeds in" in now.text)
        assert "read back" in (await details(kim, shown, "*payment Payments*")).text and not there.stripe.customers

        there.stripe.mode = "declined"
        await kim.types("#t2-cs", "/probe payment billing")
        await kim.sees("#t2-cs", "the card is declined")
        assert not there.stripe.customers
