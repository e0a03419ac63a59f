"""What a rise of customers is probably about."""

import pytest

from bot.known_issues.search.matcher import IssueMatcher
from tests.fake_tracker import issue
from tests.world import World


@pytest.fixture
def matcher() -> IssueMatcher:
    world = World()
    issues = (
        issue(1, "iOS 26: VPN turns off when the phone is locked", symptom="The icon disappears without a word"),
        issue(2, "Android: battery is empty by noon", symptom="The ping monitor keeps the phone awake"),
        issue(3, "U.S. East loses packets in the evening", symptom="Calls break up", labels=("known-issue", "us-east")),
    )
    world.known.intake.applied("app", issues, cursor="1")
    return world.known.matcher


@pytest.mark.parametrize(
    ("target", "symptom", "platform", "words", "key"),
    [
        ("", "drops", "ios 26.2", ("phone locked", "turns off"), "app#1"),
        ("", "drops", "android 15", ("phone locked", "turns off"), None),
        ("us-east", "drops", "", ("packets", "evening"), "app#3"),
        ("us-west", "drops", "", ("packets", "evening"), None),
        ("", "", "", (), None),
        ("", "payment", "", ("card declined", "3ds"), None),
    ],
)
def test_a_rise_is_compared_with_what_is_known(
    matcher: IssueMatcher, target: str, symptom: str, platform: str, words: tuple[str, ...], key: str | None
) -> None:
    match = matcher.like_trend(target=target, symptom=symptom, platform=platform, words=words)

    assert (match.issue.issue.key if match and match.issue else None) == key
