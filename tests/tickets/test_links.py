"""Ticket ids from pasted links and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tickets.links import ticket_ids

HOSTS = frozenset({"acme.zendesk.com", "help.acme.example", "127.0.0.1:8787"})
FORMS = (
    "/agent/tickets/{id}",
    "/agent/#/tickets/{id}",
    "/tickets/{id}",
    "/hc/en-us/requests/{id}",
    "/hc/requests/{id}",
    "/requests/{id}",
    "/api/v2/tickets/{id}.json",
    "/agent/tickets/{id}?brand_id=3",
    "/agent/tickets/{id}/events",
    "/hc/en-us/requests/{id}#comment_12",
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("host", sorted(HOSTS))
def test_every_link_form_of_an_allowed_host_is_read(form: str, host: str) -> None:
    """All addresses under which Zendesk shows a ticket name it."""
    link = f"https://{host}{form.format(id=4711)}"

    assert ticket_ids(f"see {link}", hosts=HOSTS) == (4711,)
    assert ticket_ids(f"<{link}>", hosts=HOSTS) == (4711,)
    assert ticket_ids(f"<{link}|the ticket>", hosts=HOSTS) == (4711,)


@given(
    links=st.lists(
        st.tuples(
            st.integers(1, 10**12 - 1),
            st.sampled_from(FORMS),
            st.sampled_from(sorted(HOSTS)),
            st.sampled_from(
                ("http://{}", "https://{}", "<https://{}>", "<https://{}|label #5>", "{}", "({}),", "HTTPS://{}")
            ),
        ),
        max_size=6,
    ),
    between=st.sampled_from((" ", "\n", ", ", " and ", " | ")),
)
def test_any_id_in_any_form_is_found_again(links: list[tuple[int, str, str, str]], between: str) -> None:
    """Writing ids as links and reading them back gives the same ids, in order, each once."""
    text = between.join(shape.format(host + form.format(id=number)) for number, form, host, shape in links)

    assert ticket_ids(text, hosts=HOSTS) == tuple(dict.fromkeys(number for number, *_ in links))


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/agent/tickets/5",
        "https://acme.zendesk.com.evil.example/agent/tickets/5",
        "https://acme.zendesk.com@evil.example/agent/tickets/5",
        "https://evil.example/https://acme.zendesk.com/agent/tickets/5",
        "<https://evil.example/|https://acme.zendesk.com/agent/tickets/5>",
        "https://127.0.0.1:9999/agent/tickets/5",
        "https://acme.zendesk.com/search?q=/tickets/5",
        "https://acme.zendesk.com/hc/en-us/articles/5",
        "https://acme.zendesk.com/agent/tickets/5x",
        "https://acme.zendesk.com/agent/tickets/0",
        "https://acme.zendesk.com/agent/tickets/",
        "https://[oops/agent/tickets/5",
        "https://acme.zendesk.com:port/tickets/5",
        "#5 and 5",
        "",
    ],
)
def test_what_is_no_ticket_of_ours_is_left_out(text: str) -> None:
    """Other hosts, other pages and bare numbers are not tickets."""
    assert ticket_ids(text, hosts=HOSTS) == ()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("12345", (12345,)),
        ("#12345", (12345,)),
        ("tickets #5, 6,7 and (8).", (5, 6, 7, 8)),
        ("5 #5 005", (5,)),
        ("#9 https://acme.zendesk.com/agent/tickets/7 <https://acme.zendesk.com/tickets/8|#99>", (9, 7, 8)),
        ("INV-12 10.1.2.3 09:12 2025-11-22 50% v2 1.5 <@U123> <#C12|34> #1a 1/2", ()),
        ("1234567890123", ()),
        ("\u0661\u0662", ()),
    ],
)
def test_bare_numbers_count_where_asked(text: str, ids: tuple[int, ...]) -> None:
    """Numbers that stand alone are tickets; parts of addresses, times and names are not."""
    assert ticket_ids(text, hosts=HOSTS, bare=True) == ids


@given(text=st.text(), bare=st.booleans())
def test_any_text_is_read_without_an_error(text: str, bare: bool) -> None:
    """Whatever is pasted, the answer is a tuple of positive ids, each once."""
    ids = ticket_ids(text, hosts=HOSTS, bare=bare)

    assert len(set(ids)) == len(ids)
    assert all(0 < number < 10**12 for number in ids)
