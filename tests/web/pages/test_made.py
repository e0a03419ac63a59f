"""Pages that many have open are made once, and everybody sees their own."""

import asyncio
import re
from dataclasses import dataclass, field

from bot.errors import NotAllowed
from bot.logins.model import PEOPLE, Role
from bot.web.pages.page import Page, PageRequest, PageRoute
from tests.eventually import eventually, eventually_asked
from tests.web.pages.front import Served, Words, served

KIM, JO, TOM = "UKIM", "UJO", "UTOM"


@dataclass
class Counted:
    """A page that counts how often it is made, and can be held up."""

    made: int = 0
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def show(self, asked: PageRequest) -> Page:
        self.made += 1
        await self.go.wait()
        return Page("failed.html", "Counted", Words(f"made {self.made}"))

    async def own(self, asked: PageRequest) -> Page:
        if asked.visitor.user == JO:
            raise NotAllowed("This is not open to you. It did not come from a message of yours.")
        return Page("failed.html", "Own", Words(f"for {asked.visitor.user}"))

    def routes(self, same_for: frozenset[Role] = PEOPLE) -> list[PageRoute]:
        return [
            PageRoute("/counted", self.show, live=True, same_for=same_for),
            PageRoute("/own", self.own, live=True),
        ]


async def text_of(there: Served, user: str, path: str) -> str:
    async with there.browser(user) as session, session.get(path) as page:
        return await page.text()


async def test_many_who_load_it_at_once_are_shown_one() -> None:
    page = Counted()
    async with served(routes=page.routes()) as there:
        loads = [asyncio.create_task(text_of(there, user, "/counted")) for user in (KIM, JO, TOM) * 5]
        await eventually(lambda: page.made == 1)
        page.go.set()
        texts = await asyncio.gather(*loads)

    assert page.made == 1 and all("made 1" in text for text in texts)


async def test_the_form_in_it_is_each_readers_own() -> None:
    """What proves that a form was sent from one's own page never stands in somebody else's."""
    page = Counted()
    page.go.set()
    async with served(routes=page.routes()) as there, there.browser(KIM) as kim, there.browser(KIM) as again:
        keys = []
        for session in (kim, again, kim):
            async with session.get("/counted") as shown:
                keys += re.findall(r'name="csrf" value="([^"]+)"', await shown.text())
        async with kim.post("/logout", data={"csrf": keys[0]}) as left:
            assert left.status == 200

    assert page.made == 1 and len(keys) == 3 and keys[0] == keys[2] != keys[1]


async def test_what_two_people_of_the_same_roles_see_differently_is_made_for_each() -> None:
    """One may see it and the other may not, whoever comes first."""
    page = Counted()
    async with served(routes=page.routes()) as there:
        first = await text_of(there, KIM, "/own")
        async with there.browser(JO) as session, session.get("/own") as second:
            assert second.status == 403 and "for UKIM" not in await second.text()

    assert "for UKIM" in first


async def test_who_reads_the_same_in_another_role_has_their_own_menu() -> None:
    """The data is made once, the page around it for each kind of reader."""
    page = Counted()
    page.go.set()
    async with served(routes=page.routes()) as there:
        lena, tom = await text_of(there, "ULENA", "/counted"), await text_of(there, TOM, "/counted")

    assert page.made == 1 and ">Money<" in lena and ">Money<" not in tom


async def test_it_is_made_anew_for_who_comes_later() -> None:
    """One of before a change is shown for two seconds at most."""
    page = Counted()
    page.go.set()
    async with served(routes=page.routes()) as there:
        await text_of(there, KIM, "/counted")

        async def later() -> bool:
            there.door.database.run("UPDATE sessions SET name = name")
            return "made 2" in await text_of(there, KIM, "/counted")

        await eventually_asked(later)


async def test_who_loads_one_that_may_be_old_waits_for_nothing() -> None:
    """They are shown what there is, and the next one is shown a new one."""
    page = Counted()
    page.go.set()
    route = PageRoute("/counted", page.show, same_for=PEOPLE, usable_s=60)
    async with served(routes=[route]) as there, there.browser(KIM) as session:

        async def loaded() -> str:
            there.door.database.run("UPDATE sessions SET name = name")
            async with session.get("/counted") as shown:
                return await shown.text()

        first = await loaded()
        assert "made 1" in first and "data-live" not in first
        page.go.clear()
        looks = list[asyncio.Task[None]]()

        async def is_made_again() -> bool:
            assert "made 1" in await loaded()
            looks.append(asyncio.create_task(there.live.look()))
            return page.made == 2

        await eventually_asked(is_made_again)
        assert "made 1" in await loaded()
        page.go.set()
        await asyncio.gather(*looks)
        assert "made 2" in await loaded()


async def test_a_program_that_reads_one_is_not_given_an_old_one() -> None:
    """Nothing tells it later what changed."""
    page = Counted()
    page.go.set()
    route = PageRoute("/counted", page.show, same_for=PEOPLE, usable_s=60)
    async with served(routes=[route]) as there, there.browser(KIM) as session:

        async def loaded(path: str) -> str:
            there.door.database.run("UPDATE sessions SET name = name")
            async with session.get(path) as shown:
                return await shown.text()

        async def newer() -> bool:
            return "made 1" in await loaded("/counted") and "made 2" in await loaded("/counted.json")

        await loaded("/counted")
        await eventually_asked(newer)


async def test_few_are_kept() -> None:
    """Whoever asks for many of them does not fill the memory."""
    page = Counted()
    page.go.set()
    async with served(routes=page.routes()) as there, there.browser(KIM) as session:
        for number in range(100):
            async with session.get(f"/counted?page={number}") as shown:
                assert shown.status == 200

        assert len(there.live.made) < 30
