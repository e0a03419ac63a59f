"""What status pages announce, beside what is known of it: new, moved, longer, over, called off. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.maintenance.model import PAGE_GOING, Change, ChangeKind, Maintenance, Phase
from bot.status.model import PlannedWork

USUAL = timedelta(hours=2)
"""What a page does not say an end of lasts so long."""
_OVER = ("completed", "resolved", "postmortem")
_WHY_MAX = 200


def news_of(works: Sequence[PlannedWork], known: Sequence[Maintenance], now: datetime) -> Iterator[Maintenance]:
    """Those that are different from now on, without an id where they are new.

    `works` are all that a page says now, `known` what was known of it: what it leaves out is over, or called off.
    """
    by_id = {each.page_id: each for each in known}
    for work in works:
        before = by_id.pop(work.incident.id, None)
        over = work.incident.stage in _OVER
        if before:
            after = _ended(before, now) if over else _changed(before, work, now)
            if after != before:
                yield after
        elif not over and (fresh := _new(work, now)):
            yield fresh
    for gone in by_id.values():
        yield _ended(gone, now)


def _ended(before: Maintenance, now: datetime) -> Maintenance:
    if before.stage not in PAGE_GOING and before.begins_at > now:
        return replace(before, phase=Phase.CANCELLED)
    early = (Change(ChangeKind.ENDED, now),) if now < before.ends_at else ()
    return replace(before, phase=Phase.OVER, changes=(*before.changes, *early))


def _new(work: PlannedWork, now: datetime) -> Maintenance | None:
    """None where nobody knows when it is, or its time is over."""
    begins, ends = _times(work, now)
    going = work.incident.stage in PAGE_GOING
    if not work.targets or not begins or not ends or (ends <= now and not going):
        return None
    return Maintenance(
        id=0,
        targets=work.targets,
        phase=Phase.GOING if going or begins <= now else Phase.PLANNED,
        begins_at=begins,
        ends_at=ends,
        channel="",
        created_at=now,
        why=work.incident.title[:_WHY_MAX],
        page=work.page,
        page_id=work.incident.id,
        stage=work.incident.stage,
        url=work.incident.url,
    )


def _changed(before: Maintenance, work: PlannedWork, now: datetime) -> Maintenance:
    begins, ends = _times(work, now)
    if before.phase is Phase.GOING and before.stage in PAGE_GOING:
        begins = before.begins_at
    after = replace(
        before,
        targets=work.targets or before.targets,
        begins_at=begins or before.begins_at,
        ends_at=ends or before.ends_at,
        why=work.incident.title[:_WHY_MAX],
        stage=work.incident.stage,
        url=work.incident.url,
    )
    if after.stage in PAGE_GOING:
        # It may begin before the time that was told.
        after = replace(after, phase=Phase.GOING, begins_at=min(after.begins_at, now))
    elif after.begins_at > now:
        after = replace(after, phase=Phase.PLANNED)
    kinds = _kinds(before, after)
    return replace(after, changes=(*before.changes, *(Change(kind, now, until=after.ends_at) for kind in kinds)))


def _kinds(before: Maintenance, after: Maintenance) -> list[ChangeKind]:
    if before.begins_at != after.begins_at and after.phase is Phase.PLANNED:
        return [ChangeKind.MOVED]
    if before.ends_at != after.ends_at:
        return [ChangeKind.LONGER if after.ends_at > before.ends_at else ChangeKind.SHORTER]
    return [ChangeKind.TARGETS] if set(before.targets) != set(after.targets) else []


def _times(work: PlannedWork, now: datetime) -> tuple[datetime | None, datetime | None]:
    begins, ends = work.incident.began_at, work.incident.ends_at
    if not begins and work.incident.stage in PAGE_GOING:
        begins = now
    if begins and not ends:
        ends = begins + USUAL
    return begins, ends
