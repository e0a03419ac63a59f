"""What customers say of their plan and of their app."""

import pytest

from bot.tickets.subscription import plans_in, versions_in


@pytest.mark.parametrize(
    ("text", "plans", "versions"),
    [
        ("Our Business plan, 12 seats, app 8.4.1", ("Business",), ("8.4.1",)),
        ("The plan is cancelled. This subscription too.", (), ()),
        ("crash after update 8.4 on Android 15 and iOS 18.1", (), ("8.4",)),
        ("OpenVPN 2.6, mtr to 10.1.2.3, since v8.4.1, Version 8.4.1", (), ("8.4.1",)),
        ("Plus plan, Family subscription, Basic plan", ("Plus", "Family"), ()),
        ("", (), ()),
    ],
)
def test_names_are_read_where_they_are_said(text: str, plans: tuple[str, ...], versions: tuple[str, ...]) -> None:
    """What only looks like one is none; each counts once."""
    assert (plans_in(text), versions_in(text)) == (plans, versions)
