"""How a room tells the rooms above it what happened; bot/app/hears.py says who hears of what."""

from collections.abc import Callable
from typing import Generic, TypeVarTuple

What = TypeVarTuple("What")


class Signal(Generic[*What]):
    """One kind of event. Calls its hearers at once, in turn and in the caller's transaction."""

    def __init__(self) -> None:
        self.hearers: list[Callable[[*What], None]] = []

    def heard_by(self, *hearers: Callable[[*What], None]) -> None:
        self.hearers.extend(hearers)

    def tell(self, *what: *What) -> None:
        """Raises what a hearer raises: then nothing of the transaction is kept."""
        for hearer in self.hearers:
            hearer(*what)
