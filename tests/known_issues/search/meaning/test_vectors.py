"""Vectors of documents, kept by their text; run where numpy is installed, as the extra brings it."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.known_issues.search.meaning.vectors import Vectors
from tests.database import memory_database
from tests.fake_tracker import issue
from tests.world import World

numpy = pytest.importorskip("numpy")


class FakeModel:
    """A text points where its length says; `read` are the texts that it was given."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def vector(self, text: str) -> Any:
        angle = len(text) / 100
        return numpy.array([numpy.cos(angle), numpy.sin(angle)], dtype=numpy.float32)

    def vectors(self, texts: Sequence[str]) -> list[bytes]:
        self.read += texts
        return [self.vector(text).tobytes() for text in texts]


async def ready(world: World, model: FakeModel) -> Vectors:
    vectors = Vectors(database=world.database, make=lambda: model, name="fake")
    assert await vectors.begin()
    return vectors


async def test_documents_are_compared_once_they_are_read() -> None:
    world, model = World(), FakeModel()
    world.known.intake.applied("app", [issue(n, "x" * (n + 3)) for n in range(1, 40)], cursor="1")
    vectors = await ready(world, model)
    likeness = vectors.compare("x" * 8 + ". ")

    assert likeness
    assert likeness.of(5) == pytest.approx(1.0)
    assert likeness.best(3)[0] == 5
    assert likeness.of(99) == 0.0


async def test_a_text_that_was_read_before_is_not_read_again() -> None:
    """Nor after a start."""
    world, first, second = World(), FakeModel(), FakeModel()
    world.known.intake.applied("app", [issue(1, "one"), issue(2, "two")], cursor="1")
    await ready(world, first)
    world.known.intake.applied("app", [issue(2, "two", assignees=("kim",)), issue(3, "three")], cursor="2")
    await ready(world, second)

    assert (first.read, second.read) == (["one. ", "two. "], ["three. "])


async def test_a_model_that_cannot_be_read_leaves_words() -> None:
    def broken() -> FakeModel:
        raise ValueError("other weights")

    vectors = Vectors(database=memory_database(), make=broken, name="fake")
    await vectors.run()

    assert vectors.compare("x") is None
