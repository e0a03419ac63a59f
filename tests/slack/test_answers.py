"""What Slack's refusals mean for whoever asked."""

import inspect
from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.answers import FormTooLate, SlackBusy, SlackError, SlackUnclear, explained, explained_status
from bot.slack.deliveries import KEEP, Deliveries, Delivery
from tests.database import memory_database
from tests.fake_clock import FakeClock


@pytest.mark.parametrize(
    ("status", "kind"), [(429, SlackBusy), (500, SlackUnclear), (503, SlackUnclear), (403, SlackError)]
)
def test_status_of_an_upload(status: int, kind: type[SlackError]) -> None:
    """An overloaded server is no refusal for good: the file is sent later."""
    error = explained_status(status, {"Retry-After": "7"}, "upload")

    assert type(error) is kind
    assert error.retry_after_s == (7.0 if status == 429 else None)


def test_good_status_is_no_error() -> None:
    """Whatever kind of good it is."""
    assert [explained_status(status, {}, "upload") for status in (200, 204)] == [None, None]


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id"])
def test_form_that_comes_too_late_says_what_to_do(code: str) -> None:
    """Doing the same again does help there."""
    refused = SlackApiError("", {"ok": False, "error": code})  # type: ignore[no-untyped-call]
    error = explained(refused, "views.open")

    assert isinstance(error, FormTooLate)
    assert error.sentence.endswith("Press again.")


def test_passing_trouble_invites_to_try_again() -> None:
    """Nothing that a person asked for is repeated behind their back, so nothing promises it."""
    assert SlackUnclear("no_answer", method="views.open", retry=True).sentence.endswith("Try again in a minute.")


async def test_old_deliveries_are_forgotten_on_the_loop() -> None:
    """The scheduler would run a plain function in a thread, inside somebody else's transaction."""
    database, clock = memory_database(), FakeClock()
    deliveries = Deliveries(database=database, clock=clock)
    deliveries.arrived([Delivery("old", "event message", {})])
    clock.advance((KEEP + timedelta(seconds=1)).total_seconds())
    deliveries.arrived([Delivery("new", "event message", {})])
    await deliveries.forget_old()

    assert inspect.iscoroutinefunction(deliveries.forget_old)
    assert [row["key"] for row in database.rows("SELECT key FROM deliveries")] == ["new"]
