"""Records as they stand in the database: rows, or JSON in a column, read by the types of their fields."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


class Stored(Generic[T]):
    """One kind of record, a frozen dataclass or a tuple of them.

    What an older version of the bot wrote is read too: a field that it did not have has its default, and one that
    exists no more is left out. A default never changes, as what has it is not written. Times are ISO 8601. `json` names
    the columns of its rows that hold JSON, "" for nothing.
    """

    def __init__(self, kind: Any, *, json: Sequence[str] = ()) -> None:
        self._kind = kind
        self._json = frozenset(json)

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        """Built when it is first used: all of them together would keep the start waiting."""
        return TypeAdapter(self._kind)

    def row(self, row: Mapping[str, Any], **more: object) -> T:
        """Returns the record of a row. `more` are fields that are no column, or not as they stand there."""
        if not self._json:
            return self._adapter.validate_python({**row, **more})
        fields = {name: value for name, value in row.items() if name not in self._json}
        lists = {name: json.loads(row[name]) if row[name] != "[]" else () for name in self._json if row[name]}
        return self._adapter.validate_python({**fields, **lists, **more})

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> list[T]:
        """Returns the records of many rows."""
        return [self.row(row) for row in rows]

    def maybe(self, row: Mapping[str, Any] | None) -> T | None:
        """Returns the record of a row that may be missing."""
        return self.row(row) if row else None

    def read(self, text: str) -> T:
        """Returns the record that `write` wrote."""
        return self._adapter.validate_json(text)

    def write(self, record: T) -> str:
        """Returns JSON, also of nested records, without what has its default."""
        return self._adapter.dump_json(record, exclude_defaults=True).decode()
