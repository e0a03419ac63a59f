"""What changed between two briefings, and what is amended after one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefings.issues import net
from bot.briefings.model import AmendedPart, Issue, Stage, amend, amended
from bot.known_issues.model import Change, ChangeKind

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
VALUED = (ChangeKind.ETA, ChangeKind.PRIORITY, ChangeKind.WORKAROUND, ChangeKind.TITLE)
Key = tuple[int, ChangeKind]
Values = dict[Key, str]


@st.composite
def histories(draw: st.DrawFn) -> tuple[Values, list[Change]]:
    """Some values of some issues, and what happened to them, each change beginning where the one before ended."""
    keys = st.tuples(st.integers(1, 3), st.sampled_from(VALUED))
    start: Values = draw(st.dictionaries(keys, st.sampled_from(["", "a", "b"]), min_size=1, max_size=6))
    values, changes = dict(start), []
    for number in range(draw(st.integers(0, 12))):
        key = draw(st.sampled_from(sorted(start)))
        after = draw(st.sampled_from(["", "a", "b", "c"]))
        moment = NOW + timedelta(minutes=number // 2)
        changes.append(Change(key[0], moment, key[1], values[key], after, number + 1))
        values[key] = after
    return start, changes


issues = st.builds(
    Issue,
    id=st.integers(1, 5),
    title=st.just("t"),
    url=st.just("u"),
    stage=st.sampled_from(Stage),
    workaround=st.sampled_from(["", "restart", "wait"]),
    eta=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 2, 1))),
)


def applied(values: Values, changes: tuple[Change, ...] | list[Change]) -> Values:
    return values | {(change.issue_id, change.kind): change.after for change in changes}


def told(changes: tuple[Change, ...]) -> list[tuple[int, ChangeKind, str, str]]:
    return [(change.issue_id, change.kind, change.before, change.after) for change in changes]


def change(kind: ChangeKind, minute: int, before: str = "", after: str = "", issue_id: int = 1) -> Change:
    return Change(issue_id, NOW + timedelta(minutes=minute), kind, before, after, minute + 1)


@given(histories())
def test_taken_together_it_leads_to_the_same(history: tuple[Values, list[Change]]) -> None:
    """One change each, from what was to what is; what is as it was is not told."""
    start, changes = history
    joined, end = net(changes), applied(start, changes)

    assert applied(start, joined) == end
    assert {(change.issue_id, change.kind) for change in joined} == {key for key in start if start[key] != end[key]}
    assert all(change.before == start[(change.issue_id, change.kind)] for change in joined)


@given(histories(), st.randoms(use_true_random=False), st.integers(0, 12))
def test_neither_order_nor_halves_matter(history: tuple[Values, list[Change]], random: object, at: int) -> None:
    """Shuffled, taken together twice, or in two parts: the same."""
    changes = history[1]
    joined, shuffled = net(changes), list(changes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert net(shuffled) == joined
    assert net(joined) == joined
    assert told(net([*net(changes[:at]), *net(changes[at:])])) == told(joined)


def test_nothing_is_nothing() -> None:
    """No news on a quiet day."""
    assert net([]) == ()


@pytest.mark.parametrize(
    ("kinds", "kinds_told"),
    [
        ("new eta workaround", "new"),
        ("new done released", "released new"),
        ("new gone", ""),
        ("gone back", ""),
        ("gone back gone", "gone"),
        ("in_progress done released", "released"),
        ("done reopened", ""),
        ("reopened", "reopened"),
        ("reopened in_progress done", ""),
        ("reopened released", "released"),
        ("declined", "declined"),
    ],
)
def test_how_an_issue_went_on(kinds: str, kinds_told: str) -> None:
    """Its last word is told, and nothing where it is where it was."""
    changes = [change(ChangeKind(kind), n, "a", "b") for n, kind in enumerate(kinds.split())]

    assert [change.kind for change in net(changes)] == [ChangeKind(kind) for kind in kinds_told.split()]


def test_the_best_news_come_first() -> None:
    """What broke again, then released, fixed, new."""
    changes = [change(kind, n, "a", "b", n + 1) for n, kind in enumerate(ChangeKind)]
    first = [change.kind for change in net(changes)][:4]

    assert first == [ChangeKind.REGRESSED, ChangeKind.RELEASED, ChangeKind.DONE, ChangeKind.NEW]
    assert len(net(changes)) == len(ChangeKind)


@given(issues)
def test_the_same_is_not_amended(issue: Issue) -> None:
    """Nor where only what is not watched has changed."""
    assert amend(issue, replace(issue, tickets=9, title="another"), NOW) == ()


@given(issues, issues, issues)
def test_amended_it_says_what_is(said: Issue, then: Issue, now: Issue) -> None:
    """However often it changed, and every step begins where the one before ended."""
    then, now = replace(then, id=said.id), replace(now, id=said.id)
    first = amend(said, then, NOW)
    second = amend(amended(said, first), now, NOW)
    issue = amended(said, (*first, *second))

    assert (issue.eta, issue.workaround, issue.stage) == (now.eta, now.workaround, now.stage)
    assert amend(issue, now, NOW) == ()
    for part in AmendedPart:
        steps = [(amendment.before, amendment.after) for amendment in (*first, *second) if amendment.part is part]
        assert all(a[1] == b[0] for a, b in pairwise(steps))


@given(issues, issues)
def test_an_amendment_is_of_its_own_issue(said: Issue, other: Issue) -> None:
    """Others stay as they were said."""
    elsewhere = replace(other, id=said.id + 1)

    assert amended(said, amend(replace(said, id=said.id + 1), elsewhere, NOW)) == said
