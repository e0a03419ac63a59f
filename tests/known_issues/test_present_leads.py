"""Who is asked about known issues: the leads of the settings, as long as they are there."""

from bot.app.room_settings import PresentLeads
from bot.slack.directory import Directory, Management, Team
from tests.slack.test_directory import Workspace


async def test_lead_who_left_is_not_written_to() -> None:
    """Another one stands in, else the channel is asked."""
    slack = Workspace()
    slack.people = [{"id": "UMIRA", "name": "mira", "deleted": True}, {"id": "UANA", "name": "ana"}]
    teams, leads = (Team("tech", "T2 Tech", "C1"),), {"tech": "UMIRA", "": "UANA", "cs": "UZOE"}
    directory = Directory(client=slack, teams=teams, management=Management("ltm"), people=list(leads.values()))
    present = PresentLeads(leads, directory)
    before = present.get("tech")
    await directory.managers()

    assert before == "UMIRA"
    assert (present.get("tech"), present.get(""), present.get("cs")) == (None, "UANA", "UZOE")
    assert dict(present) == {"": "UANA", "cs": "UZOE"} and len(present) == 2
