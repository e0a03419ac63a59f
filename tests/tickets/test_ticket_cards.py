"""The list of tickets, and that Slack takes it whatever is in it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.model import Content
from bot.tickets import cards
from bot.tickets.collection import Collected, LinkedTicket, LinkState, ListPart, Receipt, TicketWatch
from tests import hostile
from tests.hostile import ALIVE, NOW
from tests.slack_limits import broken_by_message, mrkdwn_texts, texts

DAY = timedelta(hours=24)
WATCH = TicketWatch(12, (), "packet loss", NOW - DAY, True, NOW, last_ok_at=NOW, total=7, last_hour=4)
_, SAYS, _, NAMED, _, ELSEWHERE = ListPart


def ticket(number: int, **more: Any) -> LinkedTicket:
    """One that is on the list and waits for a decision."""
    url = f"https://desk.test/{number}"
    waits = LinkedTicket(number, LinkState.SUGGESTED, f"ticket {number}", "open", url, NOW, rank=number, listed_at=NOW)
    return replace(waits, **more)


def listed(count: int, **more: Any) -> tuple[LinkedTicket, ...]:
    return tuple(ticket(number, **more) for number in range(count))


def decided(count: int, state: LinkState, by: str = "UKIM", first: int = 100) -> tuple[LinkedTicket, ...]:
    return tuple(ticket(first + n, state=state, decided_by=by, decided_at=NOW) for n in range(count))


def card(collected: Collected, per_page: int = 10) -> Content:
    return cards.card(collected, per_page=per_page)


def text(content: Content) -> str:
    return "\n".join(texts(list(content.blocks)))


def elements(content: Content) -> list[Mapping[str, Any]]:
    return [each for block in content.blocks for each in [*block.get("elements", ()), block.get("accessory", {})]]


def button(content: Content, action_id: str) -> Mapping[str, Any] | None:
    return next((each for each in elements(content) if each.get("action_id") == action_id), None)


def labels(content: Content) -> list[str]:
    return [each["text"]["text"] for each in elements(content) if each.get("type") == "button"]


def options(content: Content) -> list[int]:
    """The tickets that can be ticked, in their order."""
    boxes = [each for each in elements(content) if each.get("type") == "checkboxes"]
    return [int(option["value"]) for box in boxes for option in box["options"]]


def test_ten_tickets_are_ten_check_boxes_and_few_buttons() -> None:
    """Not two buttons each; the links stand in one line above."""
    shown = card(Collected(WATCH, listed(10)))

    assert options(shown) == list(range(10))
    assert labels(shown) == ["Related", "Not Related", "Confirm All 10", "Move…"]
    assert len(shown.blocks) == 4
    assert "<https://desk.test/3|#3>, <https://desk.test/4|#4>" in text(shown)


def test_what_matches_the_words_stands_first_under_a_heading() -> None:
    """Then what people named, what is of the same area, and what another investigation has."""
    here = (ticket(0, listed_as=SAYS, says=True), ticket(1, listed_as=NAMED, added_by="UTOM"), ticket(2))
    shown = card(Collected(WATCH, here, left_out=(ticket(3, listed_as=ELSEWHERE, elsewhere=3),)))
    headings = ["1 with “packet loss”:", "1 named by <@UTOM>:", "1 of the same area:", "1 in another investigation:"]

    assert options(shown) == [0, 1, 2, 3]
    assert sorted(headings, key=text(shown).index) == headings
    assert "\nin INV-3\n" in text(shown)


def test_without_words_there_is_one_part_and_no_heading() -> None:
    """ "Of the same area" says something only beside what is more."""
    assert "same area:" not in text(card(Collected(replace(WATCH, symptom=""), listed(3))))


def test_pages_lead_to_each_other() -> None:
    """The first page has none before it, the last none behind it, and a page that is gone is the last."""
    first, middle, last = (card(Collected(replace(WATCH, page=page), listed(12)), per_page=5) for page in (0, 1, 99))

    assert (options(first), options(middle), options(last)) == ([0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11])
    assert [label for label in labels(first) if label in ("Previous", "Next")] == ["Next"]
    assert [label for label in labels(middle) if label in ("Previous", "Next")] == ["Previous", "Next"]
    assert [label for label in labels(last) if label in ("Previous", "Next")] == ["Previous"]
    assert "Page 3 of 3" in text(last)


def test_tickets_keep_their_page_while_others_are_decided() -> None:
    """Nobody's tick moves; a page on which nothing waits is passed over."""
    tickets = listed(12)
    some = [replace(one, state=LinkState.CONFIRMED) if one.ticket_id in (0, 3) else one for one in tickets]
    page = [replace(one, state=LinkState.CONFIRMED) if one.ticket_id < 5 else one for one in tickets]

    assert options(card(Collected(WATCH, tuple(some)), per_page=5)) == [1, 2, 4]
    assert options(card(Collected(WATCH, tuple(page)), per_page=5)) == [5, 6, 7, 8, 9]
    assert "Page 1 of 2" in text(card(Collected(WATCH, tuple(page)), per_page=5))


def test_ids_of_check_boxes_survive_an_edit() -> None:
    """Slack keeps what a person has ticked by block and action."""
    before, after = card(Collected(WATCH, listed(10))), card(Collected(WATCH, listed(10)[3:]))
    ids = [[block.get("block_id") for block in shown.blocks if block.get("block_id")] for shown in (before, after)]

    assert ids[0] == ids[1] == ["tickets-0-area"]


def test_newer_tickets_wait_under_the_list() -> None:
    """Nothing moves until somebody asks for them; who named one is told."""
    newer = (ticket(90, rank=None, listed_at=None), ticket(91, rank=None, listed_at=None, added_by="UTOM"))
    shown = card(Collected(WATCH, (*newer, *listed(3))))

    assert options(shown) == [0, 1, 2]
    assert "2 newer tickets, 1 named by <@UTOM>" in text(shown)
    assert button(shown, cards.SHOW)
    assert "Confirm All 3" in labels(shown)


def test_decisions_are_a_record_with_a_way_back() -> None:
    """Who, how many, when; the last one can be undone as a whole."""
    last = Receipt(7, 12, "UKIM", LinkState.CONFIRMED, dict.fromkeys(range(6), "suggested"), False)
    confirmed, rejected = decided(6, LinkState.CONFIRMED), decided(2, LinkState.REJECTED, first=200)
    by_jo = decided(1, LinkState.REJECTED, by="UJO", first=300)
    shown = card(Collected(WATCH, confirmed, (*rejected, *by_jo), last=last))
    undo = button(shown, cards.UNDO_DECISION)

    assert "6 related, 2 not, by <@UKIM> <!date^" in text(shown)
    assert "1 not related, by <@UJO> <!date^" in text(shown)
    assert "Related: <https://desk.test/100|#100>," in text(shown)
    assert undo and (undo["text"]["text"], undo["value"]) == ("Undo 6", "7")
    assert cards.RELATED not in [each.get("action_id") for each in elements(shown)]


def test_growth_is_told_to_who_sees_no_card() -> None:
    """The card above the thread has it, so the message repeats it in its notification only."""
    rising, steady = (Collected(replace(WATCH, total=total, last_hour=hour), ()) for total, hour in ((7, 4), (32, 2)))

    assert card(rising).text.endswith("4 in the last hour, usually one in 8 h")
    assert "last hour" not in text(card(rising)) + card(steady).text


def test_tickets_that_no_search_finds_are_told() -> None:
    """The count is of all, and says why it is more than the search finds."""
    added = ticket(0, state=LinkState.CONFIRMED, matches=False, rank=None)

    assert "*7 matching tickets, 1 added by hand* since" in text(card(Collected(WATCH, (added,))))


def test_what_is_not_listed_is_told() -> None:
    """A long list ends somewhere, and what can't be meant is left out with the reason."""
    unfit = (ticket(50, unfit="platform"), ticket(51, unfit="platform"))

    assert "The newest 3 of 300 were read" in text(card(Collected(replace(WATCH, total=300), listed(3))))
    assert "Not listed: 2 about another platform" in text(card(Collected(replace(WATCH, total=2), (), left_out=unfit)))
    for count, words in ((1, "1 that only mentions it"), (2, "2 that only mention it")):
        mentions = tuple(ticket(52 + n, unfit="mention") for n in range(count))
        assert words in text(card(Collected(replace(WATCH, total=count), (), left_out=mentions)))


def test_tags_that_are_missing_are_told() -> None:
    """With the desk's own reason, once."""
    tickets = tuple(replace(one, tag_failure="it does not answer") for one in decided(2, LinkState.CONFIRMED))

    assert "2 tags not set in Zendesk: it does not answer" in text(card(Collected(WATCH, tickets)))


def test_confirm_all_asks_with_the_number_and_what_it_covers() -> None:
    """For one ticket a tick is enough."""
    elsewhere, newer = ticket(80, elsewhere=3), ticket(90, rank=None)
    says = tuple(replace(one, listed_as=SAYS, says=True) for one in listed(3))
    shown = card(Collected(WATCH, (*listed(12)[3:], *says, newer), left_out=(elsewhere,)))
    every = button(shown, cards.CONFIRM_ALL)

    assert every and every["text"]["text"] == "Confirm All 12"
    assert (every["confirm"]["title"]["text"], every["confirm"]["confirm"]["text"]) == ("Confirm all 12?", "Confirm 12")
    assert every["confirm"]["text"]["text"] == (
        "3 with “packet loss”, 9 of the same area, on 2 pages. Without the 1 newer and 1 in another investigation. "
        "Each gets the tag inv-12 in Zendesk. You can undo it."
    )
    assert button(card(Collected(WATCH, listed(1))), cards.CONFIRM_ALL) is None


def test_confirm_all_carries_what_was_shown() -> None:
    """What comes onto the list after the press is not meant."""
    later = ticket(50, listed_at=NOW + DAY)
    before, after = Collected(WATCH, listed(2)), Collected(WATCH, (*listed(2), later))
    number, moment = cards.read_confirm_all_value(cards.confirm_all_value(before))

    assert number == 12
    assert [each.ticket_id for each in after.suggested_by(moment)] == [0, 1]


def test_desk_that_is_down_says_since_when() -> None:
    """What is known stays listed below."""
    watch = replace(WATCH, failing_since=NOW, failure="401, the token was refused")
    shown = card(Collected(watch, listed(1)))

    assert "Zendesk unreachable since" in text(shown)
    assert "401, the token was refused" in text(shown)
    assert options(shown) == [0]


@pytest.mark.parametrize(("total", "words"), [(None, "Searching Zendesk for tickets…"), (0, "No matching tickets")])
def test_nothing_yet_is_said(total: int | None, words: str) -> None:
    """No buttons for nothing."""
    shown = card(Collected(replace(WATCH, total=total), ()))

    assert words in text(shown)
    assert labels(shown) == []


@settings(max_examples=40)
@given(hostile.collections, st.integers(1, 10))
def test_every_list_keeps_slack_s_limits(collected: Collected, per_page: int) -> None:
    """However long the subjects are; the buttons are always there."""
    shown = card(collected, per_page)

    assert broken_by_message(shown) == []
    assert not [text for text in mrkdwn_texts(shown) if ALIVE.search(text)]
    assert len(options(shown)) <= per_page
    assert bool(options(shown)) == bool(collected.waiting) == bool(button(shown, cards.RELATED))
    assert bool(collected.newer) == bool(button(shown, cards.SHOW))


@given(st.integers(0, 10**9), st.integers(0, 10**12))
def test_button_values_come_back(investigation_id: int, number: int) -> None:
    """What a button carries is what its press says."""
    assert cards.read_ticket_value(cards.ticket_value(investigation_id, number)) == (investigation_id, number)
