"""Since when a customer waits for a reply, by the comments of their ticket."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.tickets.waiting import ON_AGENTS, TicketComment, Wait, wait_of
from tests.fake_desk import ticket

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
TICKET = replace(ticket(1, NOW - timedelta(minutes=60)), updated_at=NOW - timedelta(minutes=60))


def at(minutes_ago: float) -> datetime:
    return NOW - timedelta(minutes=minutes_ago)


def customer(minutes_ago: float, *, public: bool = True) -> TicketComment:
    return TicketComment(by_agent=False, public=public, at=at(minutes_ago))


def agent(minutes_ago: float, *, public: bool = True) -> TicketComment:
    return TicketComment(by_agent=True, public=public, at=at(minutes_ago))


def test_nobody_has_said_anything() -> None:
    assert wait_of(TICKET, [customer(60)], whole=True) == Wait(at(60))


def test_an_agent_has_replied() -> None:
    assert wait_of(TICKET, [agent(5), customer(60)], whole=True) is None


def test_the_first_words_without_an_answer_count() -> None:
    said = [customer(3), customer(20), agent(40), customer(60)]
    assert wait_of(TICKET, said, whole=True) == Wait(at(20))


def test_a_note_is_a_touch_and_no_answer() -> None:
    assert wait_of(TICKET, [agent(10, public=False), customer(60)], whole=True) == Wait(at(60), at(10))
    assert wait_of(TICKET, [customer(5), agent(10, public=False)], whole=False) == Wait(at(5))


def test_what_an_agent_typed_for_a_customer_is_the_customers() -> None:
    """Only the comment that opened the ticket, so all of them must be known."""
    assert wait_of(TICKET, [agent(60)], whole=True) == Wait(at(60))
    assert wait_of(TICKET, [agent(60)], whole=False) is None
    assert wait_of(TICKET, [agent(60, public=False)], whole=True) is None


def test_a_change_of_a_ticket_that_somebody_has_is_a_touch() -> None:
    """Without an assignee nobody knows who changed it: it may have been a trigger."""
    changed = replace(TICKET, updated_at=at(4))
    assert wait_of(changed, [customer(60)], whole=True) == Wait(at(60))
    assert wait_of(replace(changed, assignee_id=7), [customer(60)], whole=True) == Wait(at(60), at(4))
    said = [customer(4), customer(60)]
    assert wait_of(replace(changed, assignee_id=7), said, whole=True) == Wait(at(60))


def test_statuses_that_wait_for_somebody_else() -> None:
    for status in ("pending", "hold", "solved", "closed", "deleted"):
        assert wait_of(replace(TICKET, status=status), [customer(60)], whole=True) is None
    assert wait_of(TICKET, [], whole=True) is None


@given(
    st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8),
    st.booleans(),
    st.sampled_from(["new", "open", "pending", "solved"]),
)
def test_nobody_waits_after_a_reply(said: list[tuple[bool, bool]], whole: bool, status: str) -> None:
    """Whatever else was said: who waits wrote after every public reply, and no later than the last words."""
    comments = [TicketComment(by_agent, public, at(place)) for place, (by_agent, public) in enumerate(said)]
    wait = wait_of(replace(TICKET, status=status), comments, whole=whole)
    replies = [each.at for each in comments[: len(comments) - whole] if each.by_agent and each.public]

    if wait:
        assert status in ON_AGENTS and all(reply < wait.since for reply in replies)
        assert not wait.touched_at or wait.touched_at > wait.since
    elif status in ON_AGENTS and comments and not comments[0].by_agent:
        assert not comments[0].public
