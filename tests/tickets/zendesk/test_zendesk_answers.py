"""The adapter against the sandbox's Zendesk over the wire: answers, problems, macros."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from bot.sandbox.zendesk.seed import Limits, Seed, SeedReply, SeedTicket
from bot.tickets.answering import RefusalKind
from bot.tickets.desk import DeskError, OutcomeUnknown, TicketChanged, TicketRefused
from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.login import OAuthToken
from tests.sandbox.zendesk.desk_on_loopback import Running, running

NOTE = SeedReply("INTERNAL: the cause is our own mistake", 5, public=False)
SEED = Seed(
    tickets=(
        SeedTicket(
            "Can't connect",
            "help",
            60,
            name="Mina Lee",
            email="mina@example.com",
            replies=(NOTE,),
            assignee_id=4_000_002,
        ),
        SeedTicket("Geht nicht", "Hilfe", 50, name="Uwe Ott", email="uwe@example.com", locale="de", tags=("vip",)),
        SeedTicket(
            "Already happy", "ok", 40, name="Al", email="al@example.com", status="solved", assignee_id=4_000_002
        ),
        SeedTicket("Long ago", "old", 30, name="Bo", email="bo@example.com", status="closed"),
    ),
)
FIRST, GERMAN, SOLVED, CLOSED = 48_201, 48_202, 48_203, 48_204
STAMP = "secondline-0a1b2c"
TEXT = "It works again."


@pytest.fixture
def zendesk() -> Iterator[Running]:
    with running(SEED) as sandbox:
        yield sandbox


@pytest.fixture
async def desk(zendesk: Running) -> AsyncIterator[ZendeskDesk]:
    desk = ZendeskDesk(url=zendesk.url, credentials=OAuthToken(SEED.oauth_token), clock=zendesk.clock)
    yield desk
    await desk.close()


def public(zendesk: Running, ticket_id: int) -> list[str]:
    """The public comments after the customer's own."""
    ticket_row = zendesk.control(f"tickets/{ticket_id}")
    return [comment["body"] for comment in ticket_row["comments"][1:] if comment["public"]]


def row(zendesk: Running, ticket_id: int) -> dict[str, object]:
    ticket_row: dict[str, object] = zendesk.control(f"tickets/{ticket_id}")["ticket"]
    return ticket_row


def puts(zendesk: Running) -> list[dict[str, object]]:
    return [each["json"]["ticket"] for each in zendesk.control("log")["requests"] if each["method"] == "PUT"]


async def test_an_answer_is_public_solves_and_is_stamped_in_one_request(zendesk: Running, desk: ZendeskDesk) -> None:
    """The last comment was an internal note, which `public` would follow if it were left out; other tags stay."""
    await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP)
    await desk.answer(GERMAN, TEXT, status="", stamp=STAMP)

    first, german = row(zendesk, FIRST), row(zendesk, GERMAN)
    assert public(zendesk, FIRST) == public(zendesk, GERMAN) == [TEXT]
    assert (first["status"], german["status"]) == ("solved", "new")
    assert german["tags"] == ["vip", STAMP]
    assert len(puts(zendesk)) == 2 and all(put["comment"]["public"] is True for put in puts(zendesk))  # type: ignore[index]


async def test_the_same_stamp_answers_once(zendesk: Running, desk: ZendeskDesk) -> None:
    """A second call finds the stamp and sends nothing; another stamp is another answer."""
    for stamp in (STAMP, STAMP, "secondline-other"):
        await desk.answer(FIRST, TEXT, status="solved", stamp=stamp)

    assert public(zendesk, FIRST) == [TEXT, TEXT] and len(puts(zendesk)) == 2


@pytest.mark.parametrize("fault", [{"lose_answer": True}, {"status": 503, "acts": True}, {"status": 502, "acts": True}])
async def test_an_answer_that_was_done_and_lost(zendesk: Running, desk: ZendeskDesk, fault: dict[str, object]) -> None:
    """Nothing is repeated by itself, the outcome is called unknown, and looking for it finds it."""
    zendesk.control("fault", {"match": f"/tickets/{FIRST}", "method": "PUT", **fault})
    with pytest.raises(OutcomeUnknown):
        await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP)

    assert await desk.answered(FIRST, stamp=STAMP)
    await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP, again=True)
    assert public(zendesk, FIRST) == [TEXT]


@pytest.mark.parametrize("fault", [{"cut": True}, {"status": 503}])
async def test_an_answer_that_was_not_done(zendesk: Running, desk: ZendeskDesk, fault: dict[str, object]) -> None:
    """Unknown too; looking for it finds nothing, and it is sent again."""
    zendesk.control("fault", {"match": f"/tickets/{FIRST}", "method": "PUT", **fault})
    with pytest.raises(OutcomeUnknown):
        await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP)

    assert not await desk.answered(FIRST, stamp=STAMP)
    await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP, again=True)
    assert public(zendesk, FIRST) == [TEXT]


async def test_a_stamp_whose_tag_was_taken_off_is_found_in_the_comment(zendesk: Running, desk: ZendeskDesk) -> None:
    """Agents and triggers change tags; what a comment carries stays."""
    await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP)
    zendesk.control(f"tickets/{FIRST}", {"tags": []})

    assert await desk.answered(FIRST, stamp=STAMP)
    await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP, again=True)
    assert public(zendesk, FIRST) == [TEXT]


async def test_an_answer_never_runs_over_what_somebody_just_wrote(zendesk: Running, desk: ZendeskDesk) -> None:
    """A 409 leads to another read; a ticket that never rests is given up without an answer."""
    zendesk.control("fault", {"match": f"/tickets/{FIRST}", "method": "PUT", "status": 409})
    await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP)
    zendesk.control("fault", {"match": f"/tickets/{GERMAN}", "method": "PUT", "status": 409, "times": 4})
    with pytest.raises(TicketChanged):
        await desk.answer(GERMAN, TEXT, status="solved", stamp=STAMP)

    assert public(zendesk, FIRST) == [TEXT] and public(zendesk, GERMAN) == []


async def test_a_request_on_its_way_and_its_repetition_are_done_once(zendesk: Running, desk: ZendeskDesk) -> None:
    """The one that comes second was made for a ticket that has changed since, and is refused."""
    stale = row(zendesk, FIRST)["updated_at"]
    zendesk.clock.advance(seconds=20)
    await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP)
    body = {"comment": {"body": TEXT, "public": True}, "updated_stamp": stale, "safe_update": "true"}
    late = zendesk.api("PUT", f"/tickets/{FIRST}.json", json={"ticket": body})

    assert late.status_code == 409 and public(zendesk, FIRST) == [TEXT]


async def test_a_solved_ticket_gets_the_news_and_stays_solved(zendesk: Running, desk: ZendeskDesk) -> None:
    await desk.answer(SOLVED, TEXT, status="", stamp=STAMP)

    assert public(zendesk, SOLVED) == [TEXT] and row(zendesk, SOLVED)["status"] == "solved"


async def test_tickets_that_nobody_can_answer(zendesk: Running, desk: ZendeskDesk) -> None:
    """Each with its own reason, none of them by a request that changes something."""
    zendesk.control(f"tickets/{GERMAN}", {"merged_into": FIRST})
    zendesk.control(f"tickets/{SOLVED}", {"deleted": True})
    kinds = {}
    for ticket_id in (GERMAN, SOLVED, CLOSED, 77):
        with pytest.raises(TicketRefused) as caught:
            await desk.answer(ticket_id, TEXT, status="solved", stamp=STAMP)
        kinds[ticket_id] = caught.value.kind

    assert kinds == {
        GERMAN: RefusalKind.MERGED,
        SOLVED: RefusalKind.GONE,
        CLOSED: RefusalKind.CLOSED,
        77: RefusalKind.GONE,
    }
    assert puts(zendesk) == []


async def test_what_zendesk_declines_concerns_this_ticket_only(zendesk: Running, desk: ZendeskDesk) -> None:
    """422 is the ticket's, with Zendesk's words; 401 and 429 are the desk's."""
    zendesk.control("fault", {"match": f"/tickets/{FIRST}", "method": "PUT", "status": 422})
    with pytest.raises(TicketRefused, match="told to answer 422"):
        await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP)
    for status in (401, 429):
        zendesk.control("fault", {"match": f"/tickets/{FIRST}", "method": "PUT", "status": status, "retry_after": 7})
        with pytest.raises(DeskError) as caught:
            await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP)
        assert not isinstance(caught.value, TicketRefused | OutcomeUnknown)


async def test_the_limit_of_the_account_says_how_long_to_wait() -> None:
    """The sandbox counts updates as Zendesk does; the adapter hands Retry-After on and does not sleep."""
    with running(replace(SEED, limits=Limits(tickets_update=(1, 60)))) as zendesk:
        desk = ZendeskDesk(url=zendesk.url, credentials=OAuthToken(SEED.oauth_token), clock=zendesk.clock)
        await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP)
        with pytest.raises(DeskError) as caught:
            await desk.answer(GERMAN, TEXT, status="solved", stamp=STAMP)
        await desk.close()

    assert caught.value.retry_after_s == 60


async def test_customers_have_a_language(desk: ZendeskDesk) -> None:
    """In the order that was asked for; missing tickets are left out."""
    customers = await desk.customers([GERMAN, 77, FIRST])

    assert [(customer.ticket.id, customer.locale) for customer in customers] == [(GERMAN, "de"), (FIRST, "en-US")]


async def test_without_the_right_to_read_users_languages_are_unknown(zendesk: Running) -> None:
    """The tickets can be answered all the same."""
    token = zendesk.token(scope="tickets:read tickets:write")
    desk = ZendeskDesk(url=zendesk.url, credentials=OAuthToken(token), clock=zendesk.clock)
    customers = await desk.customers([GERMAN])
    await desk.close()

    assert [customer.locale for customer in customers] == [""]


async def test_macros_are_listed_and_previewed_per_ticket(zendesk: Running, desk: ZendeskDesk) -> None:
    """Only active ones; a preview is filled in for its own customer and changes nothing."""
    titles = {macro.title: macro.id for macro in await desk.macros()}
    german = await desk.macro_effect(titles["Behoben, bitte erneut versuchen"], GERMAN)
    private = await desk.macro_effect(titles["Note for the night shift"], GERMAN)
    silent = await desk.macro_effect(titles["Take it"], GERMAN)

    assert len(titles) == 6 and "Last year's apology" not in titles
    assert (german.text, german.public, german.status) == ("Hallo Uwe, es geht wieder.", True, "solved")
    assert not private.public and silent.text == ""
    assert row(zendesk, GERMAN)["status"] == "new" and public(zendesk, GERMAN) == []
    with pytest.raises(TicketRefused):
        await desk.macro_effect(999, GERMAN)


@pytest.mark.parametrize("fault", [{"lose_answer": True}, {"status": 503, "acts": True}, {"cut": True}])
async def test_a_problem_is_made_once(zendesk: Running, desk: ZendeskDesk, fault: dict[str, object]) -> None:
    """After a lost answer the stamp is looked up; the note is for agents only."""
    zendesk.control("fault", {"match": "/tickets.json", "method": "POST", **fault})
    with pytest.raises(OutcomeUnknown):
        await desk.open_problem("secondline/KI-31", subject="Logins fail", note="Tracked as KI-31.")
    made = await desk.open_problem("secondline/KI-31", subject="Logins fail", note="Tracked as KI-31.")
    again = await desk.open_problem("secondline/KI-31", subject="Logins fail", note="Tracked as KI-31.")
    ticket_row = zendesk.control(f"tickets/{made.id}")

    assert made.id == again.id == 48_205
    assert (ticket_row["ticket"]["type"], ticket_row["ticket"]["is_public"]) == ("problem", False)
    assert [comment["public"] for comment in ticket_row["comments"]] == [False]


async def test_tickets_hang_on_one_problem(zendesk: Running, desk: ZendeskDesk) -> None:
    """One row for each: what hangs elsewhere is told and not moved, what is closed or gone has its reason."""
    problem = await desk.open_problem("a", subject="A", note="a")
    other = await desk.open_problem("b", subject="B", note="b")
    await desk.hang(other.id, [GERMAN])
    done = await desk.hang(problem.id, [FIRST, GERMAN, CLOSED, 77, other.id, FIRST])

    assert [(hung.ticket_id, hung.problem_id, hung.done) for hung in done] == [
        (FIRST, problem.id, True),
        (GERMAN, other.id, False),
        (CLOSED, None, False),
        (77, None, False),
        (other.id, None, False),
    ]
    assert f"#{other.id} already" in done[1].reason
    assert (row(zendesk, FIRST)["type"], row(zendesk, FIRST)["problem_id"]) == ("incident", problem.id)
    assert row(zendesk, GERMAN)["problem_id"] == other.id
    assert all("comment" not in put and "safe_update" in put for put in puts(zendesk))


async def test_hanging_stops_where_the_desk_stops_answering(zendesk: Running, desk: ZendeskDesk) -> None:
    """The rest is told to be tried later, without asking for each; doing it again is harmless."""
    problem = await desk.open_problem("a", subject="A", note="a")
    zendesk.control("fault", {"match": f"/tickets/{GERMAN}", "method": "PUT", "status": 429, "retry_after": 30})
    first = await desk.hang(problem.id, [FIRST, GERMAN, SOLVED])
    second = await desk.hang(problem.id, [FIRST, GERMAN, SOLVED])

    assert [(hung.done, hung.retry, hung.retry_after_s) for hung in first] == [
        (True, False, None),
        (False, True, 30),
        (False, True, 30),
    ]
    assert all(hung.done for hung in second)


async def test_only_a_problem_can_be_hung_on(desk: ZendeskDesk) -> None:
    with pytest.raises(DeskError, match="isn't a problem ticket"):
        await desk.hang(FIRST, [GERMAN])


async def test_a_problem_is_solved_after_its_incidents_and_without_a_comment(
    zendesk: Running, desk: ZendeskDesk
) -> None:
    """While a customer has no answer it stays open; nothing is ever copied onto their tickets."""
    problem = await desk.open_problem("a", subject="A", note="INTERNAL: our own mistake")
    await desk.hang(problem.id, [FIRST, GERMAN])
    await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP)
    early = await desk.solve_problem(problem.id)
    untouched = (row(zendesk, problem.id)["status"], row(zendesk, GERMAN)["status"], public(zendesk, GERMAN))
    await desk.answer(GERMAN, TEXT, status="solved", stamp=STAMP)
    late = await desk.solve_problem(problem.id)

    assert (early, late) == ([GERMAN], []) and untouched == ("new", "new", [])
    assert row(zendesk, problem.id)["status"] == "solved"
    assert public(zendesk, FIRST) == public(zendesk, GERMAN) == [TEXT]
    assert await desk.solve_problem(problem.id) == []
    with pytest.raises(TicketRefused):
        await desk.solve_problem(77)


async def test_more_incidents_than_fit_on_a_page(zendesk: Running, desk: ZendeskDesk) -> None:
    """All of them are looked at."""
    problem = await desk.open_problem("a", subject="A", note="a")
    for number in range(101):
        made = zendesk.control("ticket", {"subject": "Me too", "description": "x", "type": "incident"})["id"]
        zendesk.sandbox.desk.ticket(made).problem_id = problem.id
        zendesk.sandbox.desk.ticket(made).status = "open" if number == 100 else "solved"

    assert await desk.solve_problem(problem.id) == [made]


async def test_a_solved_problem_is_opened_again_for_one_who_still_waits(zendesk: Running, desk: ZendeskDesk) -> None:
    """Without a comment and without opening those who were answered; one who is answered already opens nothing."""
    problem = await desk.open_problem("a", subject="A", note="INTERNAL")
    await desk.hang(problem.id, [FIRST])
    await desk.answer(FIRST, TEXT, status="solved", stamp=STAMP)
    assert await desk.solve_problem(problem.id) == []
    await desk.hang(problem.id, [SOLVED])
    before = row(zendesk, problem.id)["status"]
    zendesk.control("fault", {"match": f"/tickets/{problem.id}", "method": "PUT", "status": 409})
    await desk.hang(problem.id, [GERMAN])

    assert (before, row(zendesk, problem.id)["status"]) == ("solved", "open")
    assert [row(zendesk, number)["status"] for number in (FIRST, SOLVED, GERMAN)] == ["solved", "solved", "new"]
    assert len(zendesk.control(f"tickets/{problem.id}")["comments"]) == 1 and public(zendesk, GERMAN) == []


@pytest.mark.parametrize(
    ("over", "kind"), [({"closed": True}, RefusalKind.CLOSED), ({"deleted": True}, RefusalKind.GONE)]
)
async def test_a_problem_that_is_over_for_good_says_so(
    zendesk: Running, desk: ZendeskDesk, over: dict[str, bool], kind: RefusalKind
) -> None:
    """Then another one can be made."""
    problem = await desk.open_problem("a", subject="A", note="a")
    zendesk.control(f"tickets/{problem.id}", over)
    with pytest.raises(TicketRefused) as refused:
        await desk.hang(problem.id, [FIRST])

    assert refused.value.kind is kind and row(zendesk, FIRST)["problem_id"] is None
