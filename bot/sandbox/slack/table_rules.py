"""Tables (https://docs.slack.dev/reference/block-kit/blocks/table-block and …/data-table-block)."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.findings import Findings
from bot.sandbox.slack.rich_text_rules import ANY_LENGTH, rich_text

TABLES = ("table", "data_table")


def table(block: Json, at: str, found: Findings) -> None:
    found.only(block, ("type", "block_id", "rows", "column_settings"), at)
    _rows(block, at, found, most=limits.TABLE_ROWS, least=1)
    settings = found.items(block, "column_settings", at, most=limits.TABLE_COLUMNS, least=0, required=False)
    for index, setting in enumerate(settings):
        place = f"{at}/column_settings/{index}"
        if setting is None:
            continue
        if not isinstance(setting, dict) or setting.get("align") not in (None, "left", "center", "right"):
            found.add("must be a valid column setting", place)
        else:
            found.flag(setting, "is_wrapped", place)


def data_table(block: Json, at: str, found: Findings) -> None:
    """Its header is text alone, and every row is as long as that."""
    found.only(block, ("type", "block_id", "caption", "rows", "page_size", "row_header_column_index"), at)
    found.string(block, "caption", at, most=ANY_LENGTH)
    rows = _rows(block, at, found, most=limits.DATA_TABLE_ROWS, least=2)
    if len({len(row) for row in rows if isinstance(row, list)}) > 1:
        found.add("rows must have the same number of cells", f"{at}/rows")
    for column, cell in enumerate(rows[0] if rows and isinstance(rows[0], list) else ()):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            found.add("rich_text is not allowed in the header", f"{at}/rows/0/{column}")
    for key, least, most in (
        ("page_size", 1, limits.DATA_TABLE_PAGE),
        ("row_header_column_index", 0, limits.TABLE_COLUMNS - 1),
    ):
        value = block.get(key, least)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            found.add(f"must be from {least} to {most}", f"{at}/{key}")


def tables_together(blocks: list[Json], found: Findings) -> None:
    """All text in the cells of a message has a limit."""
    tables = [(place, block) for place, block in enumerate(blocks) if block["type"] in TABLES]
    if sum(len(text) for _, block in tables for text in _texts(block["rows"])) > limits.TABLE_CHARS:
        found.add(f"no more than {limits.TABLE_CHARS} characters allowed", f"/blocks/{tables[-1][0]}/rows")


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)


def _rows(block: Json, at: str, found: Findings, *, most: int, least: int) -> list[Any]:
    rows = found.items(block, "rows", at, most=most, least=least)
    for index, row in enumerate(rows):
        place = f"{at}/rows/{index}"
        for column, cell in enumerate(found.items({"row": row}, "row", place, most=limits.TABLE_COLUMNS)):
            _cell(cell, f"{place}/{column}", found)
    return rows


def _cell(cell: Any, at: str, found: Findings) -> None:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if kind == "rich_text":
        rich_text(cell, at, found)
    elif kind == "raw_text":
        found.string(cell, "text", at, most=ANY_LENGTH)
    elif kind == "raw_number":
        number = cell.get("value")
        if not isinstance(number, int | float) or isinstance(number, bool):
            found.add("must be a number", f"{at}/value")
    else:
        found.add(f"unsupported type: {kind}", f"{at}/type")
