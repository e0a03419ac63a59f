"""Search text for Zendesk, and how many tickets several searches find together."""

import asyncio
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tickets.model import TicketQuery
from bot.tickets.zendesk.query import MAX_PHRASE_CHARS, clean_phrase, phrases_of, search_text
from bot.tickets.zendesk.search import MAX_OVERLAP_COUNTS, Overlap, union_size

SINCE = datetime(2026, 3, 2, 8, 30, 15, 999, tzinfo=UTC)
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=())) | st.lists(
    st.sampled_from(
        ['"', "\\", "-", "type:user", "organization:", "status<closed", "*", "“", "＂", "\n", "\0", "us", " "]
    )
).map("".join)


def tokens(text: str) -> list[str]:
    """Search text as a strict reader splits it: quoted phrases, and words up to a blank."""
    words = re.findall(r'"[^"]*"|[^\s"]+|"', text)
    assert re.sub(r"\s+", "", text) == re.sub(r"\s+", "", "".join(words))
    return words


def test_a_phrase_becomes_one_quoted_term() -> None:
    """Type, time and phrase, nothing else."""
    query = TicketQuery(("us east",), SINCE)

    assert (
        search_text(query, phrases_of(query))
        == 'type:ticket -tags:secondline-problem created>2026-03-02T08:30:15Z "us east"'
    )


def test_unsolved_and_several_phrases() -> None:
    """Several phrases in one text are all wanted; unsolved means below solved."""
    query = TicketQuery(("us east", "vpn"), SINCE, unsolved_only=True)

    assert search_text(query, phrases_of(query)).endswith('Z status<solved "us east" "vpn"')


def test_the_time_is_sent_as_utc() -> None:
    """Zendesk compares in UTC, so another zone is converted."""
    query = TicketQuery(("x",), datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=2))))

    assert "created>2026-03-02T08:00:00Z" in search_text(query, ["x"])


def test_a_time_without_zone_is_refused() -> None:
    """A naive time would be read as the zone of the machine."""
    with pytest.raises(ValueError, match="zone"):
        search_text(TicketQuery(("x",), datetime(2026, 3, 2)), ["x"])  # noqa: DTZ001


@given(text=ANY_TEXT)
def test_text_never_becomes_an_operator(text: str) -> None:
    """Any text gives exactly our operators and one quoted phrase, which can be sent as UTF-8."""
    query = TicketQuery((text,), SINCE, unsolved_only=True)

    for phrase in phrases_of(query):
        made = search_text(query, [phrase])
        *ours, quoted = tokens(made)
        assert ours == ["type:ticket", "-tags:secondline-problem", "created>2026-03-02T08:30:15Z", "status<solved"]
        assert re.fullmatch(r'"[^"\\*\x00-\x1f]+"', quoted)
        assert quoted[1].isprintable()
        assert not re.match(r"[-+<>=:~!( ]", quoted[1:])
        assert len(phrase) <= MAX_PHRASE_CHARS
        assert made.encode()


@given(text=ANY_TEXT)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """A cleaned phrase is already clean."""
    assert clean_phrase(clean_phrase(text)) == clean_phrase(text)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ('us east" organization:"evil', "us east organization: evil"),
        ("-tags:vip", "tags:vip"),
        ("us\\east", "us east"),
        ("can’t connect", "can’t connect"),
        ("  us \n east\t", "us east"),
        ("us​east‮", "us east"),
        ("10.1.2.3:443", "10.1.2.3:443"),
        ("2001:db8::1", "2001:db8::1"),
        ("支払い エラー", "支払い エラー"),
        ("＂quoted＂", "quoted"),
        ("\ud800lone", "lone"),
        ('"*-"', ""),
        ("", ""),
    ],
)
def test_phrases_keep_what_can_be_searched(text: str, phrase: str) -> None:
    """Words, addresses and other scripts stay; what could steer the search goes."""
    assert clean_phrase(text) == phrase


@pytest.mark.parametrize(
    ("phrases", "left"),
    [
        (("us east", "US East", "us  east"), ("us  east".replace("  ", " "),)),
        (("us east", "us east gateway"), ("us east",)),
        (("us east", "us eastern"), ("us east", "us eastern")),
        (("", '"'), ()),
    ],
)
def test_phrases_that_can_find_nothing_new_are_left_out(phrases: tuple[str, ...], left: tuple[str, ...]) -> None:
    """Repeated phrases and longer forms of another one cost a request for nothing."""
    assert phrases_of(TicketQuery(phrases, SINCE)) == left


@given(sets=st.lists(st.frozensets(st.integers(0, 12)), max_size=4))
def test_up_to_four_phrases_are_counted_exactly(sets: list[frozenset[int]]) -> None:
    """Counts of overlaps give the true size of the union, and no overlap with an empty part is asked for."""
    asked: list[Overlap] = []

    async def count_overlap(overlap: Overlap) -> int:
        asked.append(overlap)
        return len(frozenset.intersection(*(sets[index] for index in overlap)))

    size = asyncio.run(union_size([len(one) for one in sets], count_overlap))

    assert size == len(frozenset().union(*sets))
    assert len(asked) <= 11
    assert all(sets[index] for overlap in asked for index in overlap)


async def test_many_overlapping_phrases_give_a_lower_bound() -> None:
    """The number of requests is bounded; then the largest single count is what is known for sure."""
    asked: list[Overlap] = []

    async def count_overlap(overlap: Overlap) -> int:
        asked.append(overlap)
        return 3

    assert await union_size([5, 9, 4, 4, 4, 4], count_overlap) == 9
    assert len(asked) <= MAX_OVERLAP_COUNTS


async def test_counts_that_contradict_each_other_stay_possible() -> None:
    """Tickets that arrive between two counts never make the union smaller than a part or larger than all."""

    async def count_overlap(overlap: Overlap) -> int:
        return 50

    assert await union_size([5, 9], count_overlap) == 9
