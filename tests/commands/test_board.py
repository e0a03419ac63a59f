"""`/t2 board`: told to whoever typed it alone."""

import re
from dataclasses import replace

import pytest

from bot.errors import BadInput
from bot.logins.model import NoSuchScreen, NotLetIn
from bot.messages.model import Content
from bot.people import NotTier2
from bot.slack.request import Request
from commands import t2
from commands.services import Pages
from tests.commands.test_mention import Thread
from tests.logins.door import Door
from tests.world import World

URL = "https://t2.example"


async def menu(user: str) -> tuple[tuple[str, str], ...]:
    return (("Board", f"{URL}/board"), *((("Numbers", f"{URL}/numbers"),) if user == "UKIM" else ()))


class Desk:
    """Somebody who types, in a workspace whose bot has pages."""

    def __init__(self) -> None:
        self.door = Door()
        self.services = replace(Thread(World()).services, pages=Pages(URL, self.door.service, menu))

    async def types(self, text: str, *, user: str = "UKIM") -> str:
        answer = await t2.slash(Request(user=user, channel="C9", text=f"board {text}"), self.services)
        assert isinstance(answer, Content)
        return str(answer.blocks)


async def test_it_says_where_the_board_is_and_which_screens_there_are() -> None:
    desk = Desk()
    await desk.types("link the &lt;kitchen&gt;")
    told = await desk.types("")

    assert f"<{URL}/board|Open the board>" in told and f"Other pages: <{URL}/numbers|Numbers>" in told
    other = await desk.types("", user="UTOM")
    assert "Other pages" not in other and "kitchen" not in other and "/t2 board token" in other
    assert "“the &lt;kitchen&gt;”, made by <@UKIM>" in told and "/screen/" not in told


async def test_a_link_for_a_screen_works_until_it_is_ended() -> None:
    desk = Desk()
    secret = re.search(r"/screen/([\w-]+)", await desk.types("link kitchen"))
    assert secret and await desk.door.service.visitor(secret[1])
    await desk.types("end kitchen")

    assert await desk.door.service.visitor(secret[1]) is None


async def test_screens_are_tier_2_s_business() -> None:
    desk = Desk()
    for text in ("link kitchen", "end kitchen"):
        with pytest.raises(NotTier2):
            await desk.types(text, user="UTOM")
    with pytest.raises(NoSuchScreen):
        await desk.types("end kitchen")


async def test_a_key_for_programs_is_its_person_s() -> None:
    desk = Desk()
    secret = re.search(r"Bearer ([\w-]+)", await desk.types("token", user="ULENA"))
    visitor = await desk.door.service.visitor(secret[1] if secret else "")
    assert visitor and visitor.user == "ULENA"

    assert "signed out everywhere" in await desk.types("out", user="ULENA")
    assert "weren't signed in" in await desk.types("out", user="ULENA")
    with pytest.raises(NotLetIn):
        await desk.types("token", user="UEVE")


async def test_without_pages_it_says_what_is_missing() -> None:
    desk = Desk()
    desk.services = Thread(World()).services
    with pytest.raises(BadInput, match="aren't set up"):
        await desk.types("")


async def test_an_unknown_word_names_those_that_there_are() -> None:
    with pytest.raises(BadInput, match="There are: `/t2 board`"):
        await Desk().types("lnik kitchen")
