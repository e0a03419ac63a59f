"""A long answer is read as it arrives, however it is cut into pieces."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import ProtocolError

from bot.tickets.desk import DeskError
from bot.tickets.zendesk.row_by_row import VALUE_CHARS, RowByRow
from bot.tickets.zendesk.workers import ARRIVES_S, arrived

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def pieces(text: str, size: int) -> Iterator[bytes]:
    raw = text.encode()
    return (raw[at : at + size] for at in range(0, len(raw), size))


def read(text: str, size: int = 7) -> tuple[list[Any], dict[str, Any]]:
    answer = RowByRow(pieces(text, size), key="tickets")
    return list(answer.rows()), answer.rest


@given(
    rows=st.lists(VALUES, max_size=5),
    rest=st.dictionaries(st.text(max_size=4).filter(lambda key: key != "tickets"), VALUES, max_size=3),
    size=st.integers(1, 40),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 1]),
    first=st.booleans(),
)
def test_whatever_the_pieces_it_is_what_json_says(
    rows: list[Any], rest: dict[str, Any], size: int, ascii_only: bool, indent: int | None, first: bool
) -> None:
    body = {"tickets": rows, **rest} if first else {**rest, "tickets": rows}
    text = json.dumps(body, ensure_ascii=ascii_only, indent=indent)

    assert read(text, size) == (rows, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "nothing",
        "{}",
        '{"tickets": {}}',
        '{"tickets": null}',
        '{"tickets": [{"id": 1}',
        '{"tickets": [{"id": 1} {"id": 2}]}',
        '{"tickets": [{"id": 1},]}',
        '{"tickets" [1]}',
        "{1: 2}",
        '{"results": []}',
        '{"tickets": [' + "[" * 100_000 + "]}",
    ],
)
def test_anything_else_is_said_to_be_no_answer(text: str) -> None:
    with pytest.raises(DeskError, match="unexpected answer"):
        read(text)


def test_rows_that_came_whole_are_given_before_the_answer_breaks_off() -> None:
    rows = RowByRow(pieces('{"tickets": [{"id": 1}, {"id": 2', 4), key="tickets").rows()

    assert next(rows) == {"id": 1}
    with pytest.raises(DeskError):
        next(rows)


@dataclass
class Dripping:
    """A body of which a byte comes every `every_s`, until it breaks."""

    every_s: float = 1.0
    breaks: Exception | None = None
    now_s: float = 0.0

    def read1(self, amt: int, /, *, decode_content: bool) -> bytes:
        self.now_s += self.every_s
        if self.breaks and self.now_s > 10:
            raise self.breaks
        return b" "


def test_a_body_that_drips_for_ever_is_given_up() -> None:
    body = Dripping()

    with pytest.raises(DeskError, match="timed out after 120 s"):
        list(arrived(body, seconds=lambda: body.now_s))
    assert body.now_s == ARRIVES_S + 1


def test_a_body_that_breaks_off_is_a_lost_connection() -> None:
    body = Dripping(breaks=ProtocolError("reset"))

    with pytest.raises(requests.ConnectionError):
        list(arrived(body, seconds=lambda: body.now_s))


def test_a_value_without_an_end_is_not_kept_for_ever() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield b'{"tickets": ["'
        while True:
            taken += 65_536
            yield b"x" * 65_536

    with pytest.raises(DeskError):
        list(RowByRow(endless(), key="tickets").rows())
    assert taken < 3 * VALUE_CHARS
