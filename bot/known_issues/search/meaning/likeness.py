"""How alike in meaning a question and documents are: what the ranking asks, whoever answers it."""

from collections.abc import Sequence
from typing import Protocol


class Likeness(Protocol):
    """One question, compared with every document."""

    def of(self, document_id: int) -> float:
        """From 0 to 1; 0 for a document that was not compared."""
        ...

    def best(self, limit: int) -> Sequence[int]:
        """Ids of the documents that are most alike."""
        ...


class Meaning(Protocol):
    def compare(self, text: str) -> Likeness | None:
        """None where it can't be said: no model is installed, or it is not read yet."""
        ...


class NoMeaning:
    """The extra is not installed: words alone count."""

    def compare(self, text: str) -> Likeness | None:
        return None
