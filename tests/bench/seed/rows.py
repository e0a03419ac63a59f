"""Rows by table, written in order and by the thousands: a year of them one by one would take an hour."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from bot.database import Database

Row = dict[str, Any]
AT_ONCE = 20_000


def stamp(moment: datetime) -> str:
    """A time as `bot.database` stores it, for rows that are written in bulk."""
    return moment.isoformat(timespec="microseconds")


class Rows:
    """Gathers rows of many tables. All rows of a table have the same columns; tables are written in the order in which
    they were first met, so that parents come first."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._columns: dict[str, tuple[str, ...]] = {}
        self._count = 0

    def add(self, table: str, row: Row) -> None:
        columns = self._columns.setdefault(table, tuple(row))
        assert columns == tuple(row), f"{table}: {columns} and {tuple(row)}"
        self._waiting[table].append(tuple(row.values()))
        self._count += 1
        if self._count >= AT_ONCE:
            self.write()

    def write(self) -> None:
        """Store what waits."""
        with self._database.transaction():
            for table, columns in self._columns.items():
                named, marks = ", ".join(f'"{column}"' for column in columns), ", ".join("?" * len(columns))
                self._database.run_many(f"INSERT INTO {table} ({named}) VALUES ({marks})", self._waiting.pop(table, []))
        self._count = 0
