"""What changed between two briefings, taken together: who was away reads one line per thing. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from bot.known_issues.model import Change, ChangeKind

_PROGRESS = (
    ChangeKind.IN_PROGRESS,
    ChangeKind.DONE,
    ChangeKind.DECLINED,
    ChangeKind.RELEASED,
    ChangeKind.REOPENED,
)
_PRESENCE = (ChangeKind.GONE, ChangeKind.BACK)
_ORDER = (
    ChangeKind.RELEASED,
    ChangeKind.DONE,
    ChangeKind.NEW,
    ChangeKind.ETA,
    ChangeKind.WORKAROUND,
    ChangeKind.PRIORITY,
    ChangeKind.REOPENED,
    ChangeKind.IN_PROGRESS,
    ChangeKind.FIX_VERSION,
    ChangeKind.ASSIGNED,
    ChangeKind.DECLINED,
    ChangeKind.MOVED,
    ChangeKind.TITLE,
    ChangeKind.SYMPTOM,
    ChangeKind.GONE,
    ChangeKind.BACK,
)
"""What support wants to hear first."""


def net(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Several changes as one per issue and matter, from what was first to what is last.

    What came back to where it was is no change. A new issue is new and nothing else, unless it is closed already. The
    order in which the changes are given does not matter: their times and ids do.
    """
    threads: dict[tuple[int, str], list[Change]] = {}
    for change in sorted(changes, key=lambda each: (each.at, each.id)):
        threads.setdefault((change.issue_id, _matter(change.kind)), []).append(change)
    found = [joined for thread in threads.values() if (joined := _joined(thread))]
    new = {change.issue_id for change in found if change.kind is ChangeKind.NEW}
    gone = {change.issue_id for change in found if change.kind is ChangeKind.GONE}
    kept = [change for change in found if change.issue_id not in new or _told_of_new(change, gone)]
    return tuple(sorted(kept, key=lambda each: (_ORDER.index(each.kind), each.issue_id)))


def _matter(kind: ChangeKind) -> str:
    """Changes of one matter follow each other: the latest of them says how things are."""
    return "progress" if kind in _PROGRESS else "presence" if kind in _PRESENCE else kind.value


def _joined(thread: list[Change]) -> Change | None:
    first, last = thread[0], thread[-1]
    if first.kind in _PRESENCE:
        return last if len(thread) % 2 else None
    if first.kind is ChangeKind.NEW:
        return first
    if first.kind in _PROGRESS:
        was_closed, is_open = first.kind is ChangeKind.REOPENED, last.kind is ChangeKind.REOPENED
        same = (is_open and not was_closed) or (was_closed and last.kind in (ChangeKind.DONE, ChangeKind.DECLINED))
        return None if same else replace(last, before=first.before)
    if first.before == last.after:
        return None
    return replace(last, before=first.before)


def _told_of_new(change: Change, gone: set[int]) -> bool:
    """Of an issue that is new: nothing where it is gone again, else that it is new, and how it ended."""
    if change.issue_id in gone:
        return False
    return change.kind in (ChangeKind.NEW, ChangeKind.DONE, ChangeKind.RELEASED, ChangeKind.DECLINED)
