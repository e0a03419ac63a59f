"""The list of tickets, and that Slack takes it whatever is in it."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.model import Content
from bot.tickets import cards
from bot.tickets.collection import Collected, LinkedTicket, LinkState, Watch
from tests import hostile
from tests.hostile import ALIVE, NOW
from tests.slack_limits import broken_by_message, mrkdwn_texts, texts

DAY = timedelta(hours=24)
WATCH = Watch(12, (), "", NOW - DAY, True, NOW, last_ok_at=NOW, total=7, last_hour=4)


def listed(count: int, state: LinkState = LinkState.SUGGESTED) -> tuple[LinkedTicket, ...]:
    return tuple(LinkedTicket(n, state, f"ticket {n}", "open", f"https://desk.test/{n}", NOW) for n in range(count))


def text(content: Content) -> str:
    return "\n".join(texts(list(content.blocks)))


def actions(content: Content) -> set[str]:
    return {e["action_id"] for block in content.blocks if block["type"] == "actions" for e in block["elements"]}


def test_pages_lead_to_each_other() -> None:
    """The first page has no newer one, the last no older one, and a page that is gone is the last."""
    first, middle, last = (
        cards.card(Collected(replace(WATCH, page=page), listed(12)), per_page=5) for page in (0, 1, 99)
    )

    assert (cards.OLDER in actions(first), cards.NEWER in actions(first)) == (True, False)
    assert {cards.OLDER, cards.NEWER} <= actions(middle)
    assert (cards.OLDER in actions(last), cards.NEWER in actions(last)) == (False, True)
    assert "page 3 of 3" in text(last)


def test_growth_is_told_where_it_is_more_than_chance() -> None:
    """Else the number alone: 4 after 3 in 23 hours is a rise, 2 after 30 is not."""
    rising, steady = (Collected(replace(WATCH, total=total, last_hour=hour), ()) for total, hour in ((7, 4), (32, 2)))

    assert "4 in the last hour, usually one in 8 h" in text(cards.card(rising, per_page=5))
    assert "2 in the last hour" in text(cards.card(steady, per_page=5))
    assert "usually" not in text(cards.card(steady, per_page=5))


def test_tickets_that_no_search_finds_are_told() -> None:
    """The count is of all, and says why it is more than the search finds."""
    added = replace(listed(1, LinkState.CONFIRMED)[0], matches=False)
    card = text(cards.card(Collected(WATCH, (added,)), per_page=5))

    assert "*7 matching tickets, 1 added by hand* since" in card


def test_confirm_all_is_offered_for_several() -> None:
    """It says how many; for one ticket its own button is enough."""
    assert "Confirm all 3" in text(cards.card(Collected(WATCH, listed(3)), per_page=5))
    assert cards.CONFIRM_ALL not in actions(cards.card(Collected(WATCH, listed(1)), per_page=5))


def test_confirm_all_carries_what_was_shown() -> None:
    """The value names the search whose tickets the person has before them."""
    assert cards.read_confirm_all_value(cards.confirm_all_value(WATCH)) == (12, NOW)


def test_confirmed_ticket_can_still_be_rejected() -> None:
    """A wrong press is undone in the same place."""
    card = cards.card(Collected(WATCH, listed(1, LinkState.CONFIRMED)), per_page=5)
    (accessory,) = [block["accessory"] for block in card.blocks if "accessory" in block]

    assert accessory["action_id"] == cards.REJECT
    assert cards.read_ticket_value(accessory["value"]) == (12, 0)


def test_desk_that_is_down_says_since_when() -> None:
    """What is known stays listed below."""
    watch = replace(WATCH, failing_since=NOW, failure="401, the token was refused")
    card = text(cards.card(Collected(watch, listed(1)), per_page=5))

    assert "Zendesk unreachable since" in card
    assert "401, the token was refused" in card
    assert "#0 ticket 0" in card


@settings(max_examples=40)
@given(hostile.collections, st.integers(1, 10))
def test_every_list_keeps_slack_s_limits(collected: Collected, per_page: int) -> None:
    """However long the subjects are; the controls are always there."""
    card = cards.card(collected, per_page=per_page)

    assert broken_by_message(card) == []
    assert not [text for text in mrkdwn_texts(card) if ALIVE.search(text)]
    assert (len(collected.suggested) > 1) == (cards.CONFIRM_ALL in actions(card))
    assert "page" in text(card)


@given(st.integers(0, 10**9), st.integers(0, 10**12))
def test_button_values_come_back(investigation_id: int, ticket_id: int) -> None:
    """What a button carries is what its press says."""
    value = cards.ticket_value(investigation_id, ticket_id)

    assert cards.read_ticket_value(value) == (investigation_id, ticket_id)
