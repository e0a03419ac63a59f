"""Whether a person's status in Slack says that they are away."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.slack.directory import Directory, Management, Team
from bot.slack.presence import presence_of
from tests.fake_web_api import Arguments, FakeWebApi

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
NOON = int(datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp())


def row(text: str = "", emoji: str = "", until: int = 0, **more: Any) -> dict[str, Any]:
    """A person as users.info tells of them."""
    profile = {"status_text": text, "status_emoji": emoji, "status_expiration": until}
    return {"id": "ULENA", "name": "lena", "tz": "Asia/Kolkata", "profile": profile, **more}


@pytest.mark.parametrize(
    ("text", "emoji", "away"),
    [
        ("Vacationing", ":palm_tree:", "Vacationing"),
        ("Out sick", ":face_with_thermometer:", "Out sick"),
        ("", ":palm_tree:", "away"),
        ("Urlaub bis Montag", "", "Urlaub bis Montag"),
        ("back on Monday, OOO", ":wave:", "back on Monday, OOO"),
        ("In a meeting", ":spiral_calendar_pad:", ""),
        ("Commuting", ":bus:", ""),
        ("Working remotely", ":house_with_garden:", ""),
        ("Fixing the sickening cooler", "", ""),
        ("", "", ""),
    ],
)
def test_which_status_means_away(text: str, emoji: str, away: str) -> None:
    """Those that Slack offers, and what people write; somebody in a meeting is there."""
    assert presence_of(row(text, emoji)).away_at(NOW) == away


def test_a_status_ends_by_itself() -> None:
    """At its expiration, of which Slack sends no event in time."""
    presence = presence_of(row("lunch, away", until=NOON))
    assert presence.away_at(NOW) == "lunch, away"
    assert presence.away_at(datetime.fromtimestamp(NOON, UTC)) == ""


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "U1"},
        {"id": "U1", "profile": None},
        {"id": "U1", "profile": {"status_expiration": "soon", "status_text": None}},
        {"id": "U1", "tz": "Mars/Olympus", "profile": {"status_expiration": 10**30}},
        {"id": "U1", "tz": "../../etc/passwd"},
    ],
)
def test_what_is_left_out_or_odd_says_nothing(broken: dict[str, Any]) -> None:
    """Such a person is there, in UTC."""
    presence = presence_of(broken)
    assert (presence.away_at(NOW), presence.zone) == ("", UTC)


class OnePerson(FakeWebApi):
    """Knows one person, as they are now."""

    def __init__(self, person: dict[str, Any]) -> None:
        super().__init__()
        self.person = person

    def _users_info(self, arguments: Arguments) -> Arguments:
        return {"user": self.person}


def _directory(slack: FakeWebApi) -> Directory:
    return Directory(client=slack, teams=(Team("tech", "T2 Tech", "C1"),), management=Management("ltm"))


async def test_a_status_that_changes_counts_at_once() -> None:
    """By the event; nothing is read again for it."""
    directory = _directory(OnePerson(row()))
    before = await directory.availability("ULENA", NOW)
    assert before.there and before.zone == ZoneInfo("Asia/Kolkata")

    directory.changed(row("Vacationing", ":palm_tree:"))
    assert (await directory.availability("ULENA", NOW)).away == "Vacationing"
    directory.changed(row())
    assert (await directory.availability("ULENA", NOW)).there


@pytest.mark.parametrize("kind", ["deleted", "is_bot", "is_restricted"])
async def test_who_is_nobody_is_gone(kind: str) -> None:
    """Whoever left, an app or a guest is asked by nobody."""
    availability = await _directory(OnePerson(row() | {kind: True})).availability("ULENA", NOW)
    assert availability.gone and not availability.there
