"""The contract of the ways: keys that a step is found by, and what Slack's refusals mean."""

import pytest

from bot.escalations.telling import FailureKind, message_key, slack_failure, step_of


@pytest.mark.parametrize("recipient", ["ULENA", "#management", "a/b", ""])
def test_a_step_is_found_by_the_key_of_its_message(recipient: str) -> None:
    assert step_of(message_key(12, recipient)) == (12, recipient)


@pytest.mark.parametrize("key", ["escalation/12", "ladder/x/ULENA", "ladder", "", "ladder//ULENA"])
def test_other_messages_are_no_step(key: str) -> None:
    assert step_of(key) is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("is_archived", FailureKind.ARCHIVED),
        ("not_in_channel", FailureKind.NOT_IN_CHANNEL),
        ("user_disabled", FailureKind.PERSON_GONE),
        ("missing_scope", FailureKind.NOT_CONFIGURED),
        ("ratelimited", FailureKind.RATE_LIMITED),
        ("msg_too_long", FailureKind.REFUSED),
        ("", FailureKind.UNKNOWN),
    ],
)
def test_what_slack_says_is_a_kind_of_failure(code: str, kind: FailureKind) -> None:
    assert slack_failure(code).kind is kind


def test_what_comes_from_outside_is_cut() -> None:
    assert len(slack_failure("is_archived", "x" * 100_000).detail) == 200
