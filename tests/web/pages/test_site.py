"""Every page against every kind of person, and what strangers try."""

import asyncio
import re
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.app.pages import numbers_pages
from bot.logins.model import PEOPLE
from bot.web.pages.investigation_list import InvestigationList, ListedInvestigation
from bot.web.pages.page import Page, PageRequest, PageRoute
from tests.stalls import STALL_S, Stalls
from tests.web.pages.front import served
from tests.web.pages.test_tell import Teller
from tests.web.raw import sent
from tests.world import World

NOBODY, KIM, LENA, TOM, EVE = "", "UKIM", "ULENA", "UTOM", "UEVE"
MAY = {
    "/board": {KIM, LENA, TOM, "screen"},
    "/people": {KIM, LENA, TOM},
    "/things/4": {KIM},
    "/money": {LENA},
    "/numbers": {KIM, LENA},
    "/tell": {KIM, LENA, TOM},
}


def real() -> list[PageRoute]:
    """Pages of the bot's own, beside those of the test."""
    return [*numbers_pages(World().rooms, UTC), Teller().page.route]


async def status_of(session: aiohttp.ClientSession, path: str) -> int:
    async with session.get(path, allow_redirects=False) as answer:
        return answer.status


@pytest.mark.parametrize("who", [KIM, LENA, TOM, "screen", NOBODY])
async def test_each_page_is_open_to_whom_it_should_be(who: str) -> None:
    """As a page and as JSON: 200, 403 to who is somebody, to the sign-in or 401 for strangers."""
    async with served(routes=real()) as there, there.browser("" if who == "screen" else who) as session:
        if who == "screen":
            secret = await there.door.service.make_screen("kitchen", by=KIM)
            assert await status_of(session, f"/screen/{secret}") == 303
        for path, people in MAY.items():
            expected = (200, 200) if who in people else (303, 401) if who == NOBODY else (403, 403)
            assert (await status_of(session, path), await status_of(session, f"{path}.json")) == expected, path


async def test_no_route_answers_a_stranger() -> None:
    """Each that there is, whatever it is for: but for the sign-in, and files that say nothing."""
    open_to_all = {"/", "/login", "/login/back", "/logout", "/static/{name}", "/screen/{secret}"}
    async with served(routes=real()) as there, there.browser() as session:
        runner = there.pages._runner
        resources = {resource.canonical for resource in runner.app.router.resources()}
        assert open_to_all < resources and "/live" in resources
        for path in resources - open_to_all:
            filled = re.sub(r"{\w+}", "4", path)
            for method in ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"):
                async with session.request(method, filled, allow_redirects=False) as answer:
                    body = await answer.text()
                    assert answer.status in (303, 401, 405), (method, path)
                    assert "hello" not in body


async def test_what_slack_shows_of_a_link_says_nothing_of_the_page() -> None:
    """Slackbot, which fetches what people post, is nobody."""
    async with served(routes=real()) as there:
        there.front.text = "U.S. East is down"
        secret = await there.door.service.make_screen("kitchen", by=KIM)
        for path in (*MAY, f"/screen/{secret}", "/nothing"):
            async with there.browser() as slackbot, slackbot.get(path, allow_redirects=False) as answer:
                assert answer.status in (303, 404) and "U.S. East" not in await answer.text(), path
        async with there.browser(KIM) as session, session.get("/board") as page:
            head = (await page.text()).partition("</head>")[0]
    described = re.findall(r'<meta (?:property|name)="(?:og:|twitter:|description)[^>]*>', head)
    assert [re.sub(r'.*content="([^"]*)".*', r"\1", each) for each in described] == [
        "Second Line",
        "Sign in with Slack to see this page.",
    ]


async def test_a_stranger_is_sent_to_slack_and_comes_back_to_the_page() -> None:
    async with served() as there, there.browser() as session:
        async with session.get("/things/4?x=1", allow_redirects=False) as answer:
            login = answer.headers["Location"]
        assert login == "/login?back=%2Fthings%2F4%3Fx%3D1"
        async with session.get(login, allow_redirects=False) as answer:
            state = answer.headers["Location"].partition("state=")[2]
        back = f"/login/back?state={state}&code=code-of-UKIM"
        async with session.get(back, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/things/4?x=1")
        assert await status_of(session, "/things/4") == 200
        async with there.browser() as other, other.get(back, allow_redirects=False) as again:
            assert again.status == 400


async def test_tabs_that_sign_in_together_each_come_back_to_their_page() -> None:
    """And so many of them fit into what a browser sends."""
    async with served() as there, there.browser() as session:
        states = []
        for number in range(45):
            async with session.get("/login", params={"back": f"/things/{number}"}, allow_redirects=False) as answer:
                states.append(answer.headers["Location"].partition("state=")[2])
        assert len(session.cookie_jar) <= 20
        for number in (44, 43):
            path = f"/login/back?state={states[number]}&code=code-of-UKIM"
            async with session.get(path, allow_redirects=False) as answer:
                assert (answer.status, answer.headers.get("Location")) == (303, f"/things/{number}")


async def test_slacks_answer_once_more_is_no_mistake_of_whoever_is_signed_in() -> None:
    """The browser's back button, or a second tab that began its own sign-in."""
    async with served() as there, there.browser(KIM) as session:
        for path in ("/login/back?state=old&code=code-of-UKIM", "/login/back"):
            async with session.get(path, allow_redirects=False) as answer:
                assert (answer.status, answer.headers.get("Location")) == (303, "/board"), path


async def test_who_may_not_see_a_page_has_the_menu_of_those_that_they_may_see() -> None:
    """As the sentence says; and nobody who is signed in is told to sign in."""
    async with served() as there, there.browser(TOM) as session:
        for path, status in (("/money", 403), ("/nothing", 404)):
            async with session.get(path) as answer:
                text = await answer.text()
            assert answer.status == status and 'href="/people">People</a>' in text and "Money" not in text
            assert "Back to the board" in text and "Sign in with Slack</a>" not in text


async def test_a_form_sent_after_the_session_ended_says_that_nothing_was_sent() -> None:
    """In words, with the way back to the form; programs read JSON as ever."""
    sent_from = {"Referer": "http://127.0.0.1/t2/things/4?x=1"}
    async with served(public_url="http://127.0.0.1/t2") as there, there.browser() as session:
        async with session.post("/things", data={"text": "x"}, headers=sent_from) as answer:
            text = await answer.text()
        assert (answer.status, answer.content_type) == (401, "text/html")
        assert "nothing was sent" in text and 'href="/t2/login?back=%2Fthings%2F4%3Fx%3D1"' in text
        async with session.post("/things", headers={"Authorization": "Bearer x"}) as answer:
            assert (answer.status, answer.content_type) == (401, "application/json")
    assert not there.front.forms


@pytest.mark.parametrize("page", ["http://evil.example/things", "http://127.0.0.1.evil.example/things", "/things"])
async def test_a_form_that_is_not_taken_leads_nowhere_else(page: str) -> None:
    async with served() as there, there.browser(KIM) as session:
        for sent_from, link in ((page, False), ("http://127.0.0.1/things/4", True)):
            async with session.post("/things", data={"text": "x"}, headers={"Referer": sent_from}) as answer:
                text = await answer.text()
            assert answer.status == 403 and "evil" not in text
            assert ('href="/things/4">Open the form again</a>' in text) == link


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil.example", "/\nx", "evil", "/é"])
async def test_a_sign_in_leads_nowhere_else(back: str) -> None:
    async with served() as there, there.browser() as session:
        async with session.get("/login", params={"back": back}, allow_redirects=False) as answer:
            state = answer.headers["Location"].partition("state=")[2]
        async with session.get(f"/login/back?state={state}&code=code-of-UKIM", allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/board"


async def test_who_says_no_to_slack_is_told_so() -> None:
    async with (
        served() as there,
        there.browser() as session,
        session.get("/login/back?error=access_denied", allow_redirects=False) as answer,
    ):
        assert answer.status == 403 and "You did not let Slack say who you are." in await answer.text()


async def test_cookies_are_for_this_host_and_no_script() -> None:
    """Behind TLS; without it browsers would refuse the prefix."""
    async with (
        served(public_url="https://t2.example") as there,
        there.browser() as session,
        session.get("/login", allow_redirects=False) as answer,
    ):
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-secondline_login_")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


async def test_behind_a_base_path_links_and_cookies_have_it() -> None:
    """Whether the proxy leaves it in front of the path or takes it off."""
    async with served(public_url="https://example.com/t2") as there, there.browser() as session:
        for path in ("/board", "/t2/board"):
            async with session.get(path, allow_redirects=False) as answer:
                assert answer.headers["Location"] == "/t2/login?back=%2Fboard"
        async with session.get("/t2/login", allow_redirects=False) as answer:
            assert "Path=/t2" in answer.headers["Set-Cookie"]
        assert await status_of(session, "/t2") == 303
        assert await status_of(session, "/t2x/board") == 404


async def test_a_form_needs_the_token_of_its_own_page() -> None:
    async with served() as there, there.browser(KIM) as session:
        async with session.get("/board") as page:
            csrf = re.search(r'name="csrf" value="([\w-]+)"', await page.text())
        assert csrf
        for data, headers, status in (
            ({"text": "x"}, {}, 403),
            ({"text": "x", "csrf": csrf[1][:-1]}, {}, 403),
            ({"text": "x", "csrf": csrf[1]}, {"Sec-Fetch-Site": "cross-site"}, 403),
            ({"text": "x", "csrf": csrf[1]}, {"Sec-Fetch-Site": "same-origin"}, 303),
            ({"text": "bad", "csrf": csrf[1]}, {}, 400),
        ):
            async with session.post("/things", data=data, headers=headers, allow_redirects=False) as answer:
                assert answer.status == status
    assert [form["text"] for form in there.front.forms] == ["x"]


async def test_another_persons_token_opens_no_form() -> None:
    async with served() as there, there.browser("UJO") as jo, there.browser(KIM) as kim:
        async with jo.get("/board") as page:
            csrf = re.search(r'name="csrf" value="([\w-]+)"', await page.text())
        assert csrf
        async with kim.post("/things", data={"csrf": csrf[1]}, allow_redirects=False) as answer:
            assert answer.status == 403


async def test_signing_out_ends_the_session() -> None:
    async with served() as there, there.browser(KIM) as session:
        async with session.get("/board") as page:
            csrf = re.search(r'name="csrf" value="([\w-]+)"', await page.text())
        assert csrf
        async with session.post("/logout", data={"csrf": csrf[1]}) as answer:
            assert answer.status == 200 and "You have signed out" in await answer.text()
        assert await status_of(session, "/board") == 303


async def test_a_program_reads_json_with_its_own_token_and_no_form_takes_it() -> None:
    async with served() as there, there.browser() as session:
        token = await there.door.service.make_token(KIM, "numbers")
        headers = {"Authorization": f"Bearer {token}"}
        async with session.get("/things/4.json", headers=headers) as answer:
            assert (answer.status, await answer.json()) == (200, {"text": "hello"})
        async with session.post("/things", data={"text": "x"}, headers=headers, allow_redirects=False) as answer:
            assert answer.status == 403
        session.cookie_jar.update_cookies({"secondline": token})
        assert await status_of(session, "/board") == 303, "a token is no cookie"


async def test_every_answer_says_what_it_may_load() -> None:
    async with served() as there, there.browser(KIM) as session:
        for path in ("/board", "/nothing", "/money", "/board.json", "/static/pages.css", "/login"):
            async with session.get(path, allow_redirects=False) as answer:
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                kept = answer.headers["Cache-Control"]
                assert kept == "no-store" if not path.startswith("/static") else "no-cache"


async def test_hostile_words_are_inert() -> None:
    async with served() as there, there.browser(KIM) as session:
        there.front.text = "</h1><script>alert(1)</script><img src=x onerror=alert(1)>&{{7*7}}"
        async with session.get("/board") as page:
            text = await page.text()
    assert "<script>alert" not in text and "<img" not in text and "49" not in text


async def test_nobodys_words_turn_the_line_that_they_stand_in() -> None:
    """U+202E shows "cod.exe" as "exe.doc"; right-to-left writing itself stays. As JSON too, which people read."""
    now = datetime(2026, 11, 30, 9, tzinfo=UTC)
    row = ListedInvestigation(1, "INV-1", "\u202ecod.exe\u2066 שלום 😀 é\u200f", "open", "kim", now, None)

    async def show(asked: PageRequest) -> Page:
        return Page("investigations.html", "Some", InvestigationList((row,), ()))

    async with (
        served(routes=[PageRoute("/some", show)]) as there,
        there.browser(KIM) as session,
        session.get("/some") as page,
        session.get("/some.json") as answer,
    ):
        text, (listed,) = await page.text(), (await answer.json())["live"]
    assert "cod.exe שלום 😀 é<" in text
    assert listed["title"] == "cod.exe שלום 😀 é"


async def test_mistakes_are_said_to_people_and_programs() -> None:
    async with served() as there, there.browser(KIM) as session:
        there.front.text = "missing"
        async with session.get("/board") as page:
            assert page.status == 404 and "There is no such thing." in await page.text()
        async with session.get("/board.json") as answer:
            assert await answer.json() == {"error": "There is no such thing. Look at the board."}
        there.front.text = "broken"
        async with session.get("/board") as page:
            text = await page.text()
            assert page.status == 500 and "a mistake of ours" not in text and "Something went wrong" in text


async def test_a_form_that_is_too_long_is_not_read() -> None:
    async with served() as there:
        head = b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n"
        heard = await sent(there.server.port, head, b"x" * 70_000)
    assert heard.status == 413


async def test_whoever_comes_while_a_long_page_is_written_has_a_turn() -> None:
    """Templates are asked in parts, and once for several who want the same."""
    now = datetime(2026, 11, 30, 9, tzinfo=UTC)
    rows = tuple(ListedInvestigation(n, f"INV-{n}", "U.S. East", "open", "kim", now, None) for n in range(20_000))

    async def show(asked: PageRequest) -> Page:
        return Page("investigations.html", "Many", InvestigationList(rows, ()))

    async def text(session: aiohttp.ClientSession) -> str:
        async with session.get("/many") as answer:
            return await answer.text()

    many = PageRoute("/many", show, live=True, same_for=PEOPLE)
    async with served(routes=[many]) as there, there.browser(KIM) as session:
        async with session.get("/many.json") as answer:
            assert answer.status == 200
        with Stalls() as stalls:
            texts = await asyncio.gather(text(session), text(session))

    assert "INV-19999" in texts[0] and texts[0] == texts[1]
    assert stalls.busiest_s <= STALL_S
