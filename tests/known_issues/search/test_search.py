"""Questions: what is looked for, and that nothing in them is syntax."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known_issues.search.query import distance, nearest, question, rank, slips, words_of
from bot.targets.model import Catalog, Target
from tests.database import memory_database

CATALOG = Catalog((Target("us-east", "U.S. East", "gateway", aliases=("virginia",)),))
WORDS = {"can't connect": ("connection refused", "tunnel fails")}
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def said(text: str) -> list[str]:
    return [group.said for group in question(text, WORDS, CATALOG).groups]


def test_words_that_say_nothing_are_left_out() -> None:
    """Unless there are no others."""
    assert said("The app is not starting, please help") == ["app", "starting", "help"]
    assert said("what is this") == ["what", "is", "this"]


@pytest.mark.parametrize("text", ["can't connect", "cant connect", "Connection REFUSED", "tunnel fails"])
def test_each_way_to_say_it_leads_to_all(text: str) -> None:
    """Customers have other words than development."""
    (group,) = question(text, WORDS, CATALOG).groups

    assert {"can t connect", "cant connect", "connection refused", "tunnel fails"} == {
        " ".join(form) for form in group.forms
    }


def test_a_target_in_the_words_is_one_thing() -> None:
    """By any of its names, all of which are looked for; and it is what the question is about."""
    asked = question("packet loss in us-east", WORDS, CATALOG)

    assert asked.target == "us-east"
    assert [group.said for group in asked.groups] == ["packet", "loss", "us east"]
    assert ("virginia",) in asked.groups[-1].forms


def test_a_word_counts_once_and_a_novel_does_not_count() -> None:
    """A pasted log has thousands of words."""
    assert said("crash crash Crash") == ["crash"]
    assert len(question(" ".join(f"word{n}" for n in range(9999)), WORDS, CATALOG).groups) <= 48


@given(st.text(max_size=100))
def test_nothing_in_a_question_is_syntax(text: str) -> None:
    """Whatever people type, FTS5 takes the query."""
    database = memory_database()
    for group in question(text, WORDS, CATALOG).groups:
        assert database.rows("SELECT rowid FROM known_search WHERE known_search MATCH ?", group.query) == []


def test_accents_and_case_don_t_matter() -> None:
    """As in the index."""
    assert words_of("Él NIÑO  naïve, 5G!") == ("el", "nino", "naive", "5g")


@pytest.mark.parametrize(
    ("one", "other", "far"), [("tunnel", "tunel", 1), ("fails", "fials", 1), ("same", "same", 0), ("abc", "xyz", 3)]
)
def test_distance_counts_slips(one: str, other: str, far: int) -> None:
    """A swap is one slip."""
    assert distance(one, other) == distance(other, one) == far


@given(
    st.text("abcdef", min_size=4, max_size=10), st.integers(0, 9), st.sampled_from(["drop", "add", "swap", "replace"])
)
def test_one_slip_is_found_by_what_both_share(word: str, at: int, kind: str) -> None:
    """The index keeps words under what is left of them; any single slip leads to a common rest."""
    at = at % len(word)
    head, tail = word[:at], word[at:]
    wrong = {
        "drop": head + tail[1:],
        "add": head + "z" + tail,
        "swap": head + tail[1:2] + tail[:1] + tail[2:],
        "replace": head + "z" + tail[1:],
    }[kind]
    if len(wrong) >= 4:
        assert set(slips(word)) & set(slips(wrong))
        assert nearest(wrong, [word, "unrelated"]) == (word,)


def test_a_short_word_allows_one_slip_only() -> None:
    """ "ping" is not "ring" and "pong" at once, and never "mtr"."""
    assert nearest("pign", ["ping", "mtr"]) == ("ping",)
    assert nearest("pxxg", ["ping"]) == ()


def test_target_state_and_age_decide_between_equals() -> None:
    """And none of them makes a poor hit a good one."""
    plain = {"same_target": False, "live": False, "at": NOW - timedelta(days=700), "now": NOW}
    base = rank(10.0, **plain)  # type: ignore[arg-type]

    assert rank(10.0, **plain | {"same_target": True}) > base  # type: ignore[arg-type]
    assert rank(10.0, **plain | {"live": True}) > base  # type: ignore[arg-type]
    assert rank(10.0, **plain | {"at": NOW}) > base  # type: ignore[arg-type]
    assert rank(5.0, same_target=True, live=True, at=NOW, now=NOW) < base
