"""Every table is known to hold something of customers or not, and every column of text is accounted for."""

from bot.forgetting.places import CLEAN, FORGOTTEN_GUARDS, HELD, PLAIN_ENDINGS, PLAIN_NAMES
from tests.database import memory_database

DATABASE = memory_database()
TABLES = set(DATABASE.column("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"))


def columns(table: str) -> dict[str, str]:
    rows = DATABASE.rows(f"SELECT name, type FROM pragma_table_info('{table}')")
    return {row["name"]: row["type"] for row in rows}


def test_every_table_is_in_one_of_both() -> None:
    """A new one has to be looked at: whether it may hold something of a customer, and how that is found."""
    held = [each.table for each in HELD]
    assert len(set(held)) == len(held)
    assert not set(held) & CLEAN.keys()
    assert set(held) | CLEAN.keys() == TABLES


def test_every_column_of_text_is_accounted_for() -> None:
    """What people may have written is looked through; the rest is keys, states and times."""
    missing: dict[str, set[str]] = {}
    for held in HELD:
        named = {held.ticket, held.requester, held.hashed, *held.lists, *held.words, *held.plain}
        there = columns(held.table)
        assert not (named - {""}) - there.keys(), held.table
        left = {
            name
            for name, kind in there.items()
            if kind == "TEXT" and name not in named | PLAIN_NAMES and not name.endswith(PLAIN_ENDINGS)
        }
        missing |= {held.table: left} if left else {}
    assert not missing


def test_what_is_said_of_rows_is_right_sql() -> None:
    """The investigation of a row, the columns of what shows it, and a key to find it again."""
    for held in HELD:
        DATABASE.rows(f"SELECT {held.of or 'NULL'} AS found_in FROM {held.table}")
        assert {column for _, column in held.shown} <= columns(held.table).keys(), held.table
        assert DATABASE.rows(f"SELECT 1 FROM pragma_table_info('{held.table}') WHERE pk > 0"), held.table


def test_where_tickets_have_rows_nothing_forgotten_comes_in() -> None:
    """Each table with rows by ticket has its guard."""
    guarded = {each.table for each in HELD if each.ticket} - {"stream_left"}
    assert guarded == set(FORGOTTEN_GUARDS)
    triggers = set(DATABASE.column("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"))
    assert guarded <= triggers
