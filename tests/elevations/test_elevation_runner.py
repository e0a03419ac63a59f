"""Tickets that nobody answered are moved once, and others are left alone."""

from tests.elevations.desk_day import DeskDay


async def test_a_ticket_past_its_time_goes_to_the_team_of_its_target() -> None:
    """With one note that says why, and one message for several tickets."""
    day = DeskDay()
    day.ticket(101)
    day.ticket(102, "The app crashes", minutes_ago=30)
    day.ticket(103, minutes_ago=5)
    await day.works(3)

    assert day.moved() == [101, 102]
    assert [ticket.group_id for ticket in day.desk.hidden] == [2, 3, 1]
    assert len(day.notes(101)) == 1 and "No one has replied for 2" in day.notes(101)[0]
    assert "from Tier 1 to T2 Tech. It is about U.S. East." in day.notes(101)[0]
    assert len(day.messages()) == 2
    print(day.said(1), day.said(2), day.notes(102))
    await day.works(20)
    assert day.moved() == [101, 102, 103]
    assert len(day.messages()) == 2
