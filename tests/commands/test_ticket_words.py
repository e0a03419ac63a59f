"""Which tickets people name."""

import pytest

from bot.errors import BadInput
from commands.tickets import named_ids, pasted_ids, require_each_named

HOSTS = frozenset({"desk.test"})


@pytest.mark.parametrize(
    ("text", "tickets"),
    [
        ("see #4711 and #4712", (4711, 4712)),
        ("#4711: same here", (4711,)),
        ("fixed by PR #1234, see #4711", (4711,)),
        ("issues #1234, #1235 and #1236", ()),
        ("GH-#1234", ()),
        ("#1234 on GitHub is the same", ()),
        ("room #1234", ()),
        ("the tissue #4711", (4711,)),
    ],
)
def test_numbers_of_trackers_are_no_tickets(text: str, tickets: tuple[int, ...]) -> None:
    """Nobody's ticket joins an investigation because somebody wrote of a pull request."""
    assert pasted_ids(text, HOSTS) == tickets


@pytest.mark.parametrize("text", ["4711-4715", "4711 – 4715", "#4711-#4715", "4711 to 4715", "4711..4715"])
def test_tickets_between_two_are_not_guessed(text: str) -> None:
    """Both ends alone are not what was said either."""
    with pytest.raises(BadInput, match="Name each ticket: `tickets 4711 4715`"):
        require_each_named(text)


def test_a_number_in_groups_is_asked_about() -> None:
    with pytest.raises(BadInput, match="Is 4,711 one ticket or two"):
        require_each_named("4,711")


@pytest.mark.parametrize(
    ("text", "tickets"),
    [
        ("4711, 4712", (4711, 4712)),
        ("4711,4712", (4711, 4712)),
        ("100,200,300", (100, 200, 300)),
        ("#4711 10 to 20 customers", (4711,)),
        ("https://desk.test/agent/tickets/4711 4715", (4711, 4715)),
    ],
)
def test_tickets_that_are_listed_are_taken(text: str, tickets: tuple[int, ...]) -> None:
    require_each_named(text)

    assert named_ids(text, HOSTS)[0] == tickets
