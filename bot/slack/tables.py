"""Tables as Slack's own blocks, and as plain lines where a workspace does not take these. Pure.

Limits: https://docs.slack.dev/reference/block-kit/blocks/table-block and …/data-table-block. Both stand in messages
only, never in forms, and one message holds one of them.
"""

import textwrap
from collections.abc import Collection, Sequence

from bot.columns import aligned, one_line
from bot.messages.model import Block
from bot.slack.blocks import context, section
from bot.slack.text import clean, cut, plural, preformatted

TABLE, DATA_TABLE = "table", "data_table"
KINDS = (DATA_TABLE, TABLE)
"""What a workspace learned last comes first: it is given up first."""

ROWS_MAX = 100
"""With the header, of either block; newer documents allow a data_table more."""
COLUMNS_MAX = 20
CHARS_MAX = 9_500
"""Slack takes 10,000 over all cells of a message's tables."""
CELL_MAX = 120
PAGE_ROWS = 10

PLAIN_WIDTH = 34
"""Characters of a row in a fixed-width font: what a thread shows on a phone of 390 px without wrapping."""
PLAIN_MAX = 2_800
"""Characters of a plain table: a little less than a section takes."""
PLAIN_ROWS = 40
EMPTY = ("", "-")

Row = Sequence[str]


def table(columns: Row, rows: Sequence[Row]) -> Block:
    """Rows that are read in their order, all at once. The first column stands left, the others right."""
    settings = [{"align": "right" if place else "left", "is_wrapped": not place} for place in range(len(columns))]
    return {"type": TABLE, "rows": _cells(columns, rows), "column_settings": settings}


def data_table(caption: str, columns: Row, rows: Sequence[Row]) -> Block:
    """Many rows of which a reader looks for some: Slack sorts, filters and turns its pages."""
    block: Block = {"type": DATA_TABLE, "caption": cut(clean(caption), 150) or "Table", "page_size": PAGE_ROWS}
    return block | {"rows": _cells(columns, rows)}


def room_for(columns: Row, rows: Sequence[Row]) -> int:
    """How many of the rows one block holds, from the first."""
    count, chars = 0, _chars(columns)
    for row in rows[: ROWS_MAX - 1]:
        chars += _chars(row)
        if chars > CHARS_MAX:
            break
        count += 1
    return count


def kinds_in(blocks: Sequence[Block]) -> list[str]:
    """The kinds of tables that a message has, the newest first."""
    there = {block.get("type") for block in blocks}
    return [kind for kind in KINDS if kind in there]


def without(blocks: Sequence[Block], refused: Collection[str]) -> list[Block]:
    """The same message for a workspace that takes some kinds not: an older table, else plain rows."""
    kept: list[Block] = []
    for block in blocks:
        if block.get("type") not in refused:
            kept.append(block)
        elif block["type"] == DATA_TABLE and TABLE not in refused:
            columns, *rows = _texts(block)
            kept.append(table(columns, rows))
        else:
            kept += plain(*_texts(block))
    return kept


def plain(columns: Row, *rows: Row) -> list[Block]:
    """Rows of at most PLAIN_WIDTH characters in a code block, and how many of them are left out."""
    count = min(len(rows), PLAIN_ROWS)
    while count > 1 and len(plain_text(columns, rows[:count])) > PLAIN_MAX:
        count -= 1
    left = len(rows) - count
    more = [context(f"{plural(left, 'more row')}: Get Files has all of them.")] if left else []
    return [section(preformatted(plain_text(columns, rows[:count]))), *more]


def plain_text(columns: Row, rows: Sequence[Row]) -> str:
    """Columns below each other where they fit, else a short paragraph a row, without empty cells."""
    cells = [[one_line(cell) for cell in row] for row in (columns, *rows)]
    text = aligned(cells)
    if max(map(len, text.splitlines()), default=0) <= PLAIN_WIDTH:
        return text
    return "\n".join(line for row in cells[1:] for line in _paragraph(cells[0], row))


def _paragraph(columns: Row, row: Row) -> list[str]:
    named = zip(columns[1:], row[1:], strict=True)
    parts = ", ".join(f"{column.lower()} {cell}" for column, cell in named if cell not in EMPTY)
    head = textwrap.wrap(row[0], PLAIN_WIDTH, subsequent_indent=" ") or ["-"]
    return [*head, *textwrap.wrap(parts, PLAIN_WIDTH, initial_indent="  ", subsequent_indent="  ")]


def _cells(columns: Row, rows: Sequence[Row]) -> list[list[Block]]:
    """Nothing in a raw_text is parsed, and none may be empty."""
    return [[{"type": "raw_text", "text": _cell(cell)} for cell in row[:COLUMNS_MAX]] for row in (columns, *rows)]


def _cell(text: str) -> str:
    return cut(clean(text), CELL_MAX) or "-"


def _chars(row: Row) -> int:
    return sum(len(_cell(cell)) for cell in row[:COLUMNS_MAX])


def _texts(block: Block) -> list[list[str]]:
    return [[str(cell.get("text") or cell.get("value") or "") for cell in row] for row in block["rows"]]
