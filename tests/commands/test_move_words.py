"""move, in the thread, in the menu, and what an old thread says; and the form that moves tickets."""

from dataclasses import replace

import pytest

from bot.errors import BadInput
from bot.investigations.move_cards import NOTE, TEAM
from bot.investigations.teams import TeamName
from bot.messages.model import Content
from bot.slack.request import Request
from bot.tickets.forms import INTO, TICKETS
from commands import moving, placing
from tests.commands.test_mention import Thread, thread
from tests.world import APP, US_EAST

__all__ = ["thread"]


async def test_word_moves_it_and_the_old_thread_leads_on(thread: Thread) -> None:
    """A note may follow; what is said in the old thread is done, and says where it goes on."""
    moved = await thread.mention("move T2 Tech: it is ours")
    services = replace(thread.services, workspace_url="https://acme.slack.test/")
    thread.world.sent("investigation/1", "5.5")
    thread.services = services
    noted = await thread.mention("note still about the same")
    events = thread.world.evidence.overview(1).events

    assert isinstance(moved, Content) and moved.text == ":arrow_right: INV-1 The app goes on in <#CTECH>."
    assert isinstance(noted, Content)
    assert noted.text.endswith("goes on in <#CTECH>. <https://acme.slack.test/archives/CTECH/p55|Open it there>")
    assert [event.text for event in events[-2:]] == ["to T2 Tech: it is ours", "still about the same"]


async def test_thread_of_now_leads_nowhere(thread: Thread) -> None:
    assert await thread.mention("note here") is None


async def test_name_of_the_only_other_team_may_be_left_out(thread: Thread) -> None:
    await thread.mention("move it is theirs")

    assert thread.world.investigations.get(1).team == "tech"
    assert thread.world.evidence.overview(1).events[-1].text == "to T2 Tech: it is theirs"


@pytest.mark.parametrize("slip", ["move T9", "move to T9 it is theirs", "move tehc"])
async def test_slip_in_the_name_of_a_team_moves_nothing(thread: Thread, slip: str) -> None:
    before = thread.world.investigations.get(1).team
    with pytest.raises(BadInput, match=r"Say which team takes it: `move T2 Tech`\."):
        await thread.mention(slip)

    assert thread.world.investigations.get(1).team == before


async def test_of_several_teams_one_must_be_named(thread: Thread) -> None:
    thread.world.moves.teams = (*thread.world.moves.teams, TeamName("web", "Web"))
    with pytest.raises(BadInput, match="`move T2 Tech` or `move Web`"):
        await thread.mention("move somewhere")

    form = Request(user="UKIM", private_metadata="1 ", values={TEAM: "web", NOTE: "yours"})
    await moving.moved(form, thread.services)
    assert thread.world.investigations.get(1).team == "web"


async def test_where_there_is_one_team_nothing_moves(thread: Thread) -> None:
    thread.world.moves.teams = thread.world.moves.teams[1:]
    with pytest.raises(BadInput, match="only one team"):
        await thread.mention("move")
    with pytest.raises(BadInput, match="only one team"):
        await moving.move_button(Request(user="UKIM", value="1"), thread.services)


async def test_pin_in_the_old_thread_is_read(thread: Thread) -> None:
    """Its root is one of the roots of what is being investigated."""
    await thread.mention("move T2 Tech")
    thread.world.sent("investigation/1", "5.5")

    assert ("C1", "1.1") in thread.world.owed.roots_of("investigation/1")
    assert (await thread.world.investigations.open(APP, symptom="", by="UKIM", channel="C1")).created is False


async def test_form_in_which_no_ticket_is_ticked_says_what_to_do(thread: Thread) -> None:
    await thread.world.opened(US_EAST)
    form = Request(user="UKIM", private_metadata="1", values={INTO: "2", TICKETS: []})

    with pytest.raises(BadInput, match="Tick the tickets"):
        await placing.submitted(form, thread.services)
