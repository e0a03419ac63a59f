"""How many issues are read and stored without a pause. Pure."""

from collections.abc import Iterable, Sequence

from bot.known_issues.model import TrackerIssue

PORTION, PORTION_SIZE = 25, 10_000
"""So many issues of at most this size together are taken in at once; then others have their turn."""
_LINE = 5
"""What reading a line costs beside its characters, counted in characters."""


def size_of(issue: TrackerIssue) -> int:
    """What reading an issue costs, counted in characters: those of its body and of its fields, and their lines."""
    return sum(len(text) + _LINE * text.count("\n") for text in (issue.title, issue.body, *issue.fields.values()))


def portions(issues: Sequence[TrackerIssue]) -> list[list[TrackerIssue]]:
    """All of them in order, in parts that are read and stored without a pause; one, perhaps empty, at least."""
    found: list[list[TrackerIssue]] = [[]]
    rest = list(issues)
    while rest:
        count = at_once(rest)
        found.append(rest[:count])
        rest = rest[count:]
    return found[1:] or found


def at_once(issues: Iterable[TrackerIssue]) -> int:
    """How many of the first ones make a portion: one at least, where there is one."""
    count, size = 0, 0
    for issue in issues:
        size += size_of(issue)
        if count == PORTION or (count and size > PORTION_SIZE):
            break
        count += 1
    return count
