"""What customers say of their plan."""

import pytest

from bot.tickets.subscription import plans_in


@pytest.mark.parametrize(
    ("text", "plans"),
    [
        ("Our Business plan, 12 seats, app 8.4.1", ("Business",)),
        ("The plan is cancelled. This subscription too.", ()),
        ("Plus plan, Family subscription, Basic plan", ("Plus", "Family")),
        ("", ()),
    ],
)
def test_names_are_read_where_they_are_said(text: str, plans: tuple[str, ...]) -> None:
    """What only looks like one is none; each counts once."""
    assert plans_in(text) == plans
