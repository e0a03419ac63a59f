"""The tables of runs and of their steps. A column `next_at` moves along where the machine's clock is set back."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from bot.database import Database
from bot.escalations.ladder_model import Ladder, LadderRun, Rung, RunState, Step
from bot.escalations.telling import Failure
from bot.stored import Stored

_RUNGS = Stored[tuple[Rung, ...]](tuple[Rung, ...])
_RUNG = Stored[Rung](Rung)
_RUNS = Stored[LadderRun](LadderRun, json=("rungs",))
_STEPS = Stored[Step](Step, json=("rung", "recipients", "members", "waiting", "reached", "failure"))


class LadderStore:
    """Questions and verbs of ladders. Every verb is called in a transaction of a service."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def begin(self, escalation_id: int, ladder: Ladder, listed: Sequence[Rung], now: datetime) -> int:
        """A new run; its number."""
        row = {"escalation_id": escalation_id, "ladder": ladder.name, "rungs": _RUNGS.write(tuple(listed))}
        row |= {"state": RunState.RUNNING, "started_at": now, "repeat_from": ladder.repeat_from}
        row |= {"repeats": ladder.repeats, "repeats_left": ladder.repeats}
        return self._database.insert("ladder_runs", row | {"asks_outside_hours": int(ladder.asks_outside_hours)})

    def plan(self, run: LadderRun, rung: Rung, next_at: datetime, *, postponed: str = "") -> int:
        """One more step behind all others of its run."""
        place = self._database.value("SELECT coalesce(max(place), 0) + 1 FROM ladder_steps WHERE run_id = ?", run.id)
        row = {"run_id": run.id, "round": run.round, "place": place, "rung": _RUNG.write(rung), "next_at": next_at}
        return self._database.insert("ladder_steps", row | {"postponed": postponed})

    def put_off(self, step: Step, why: str) -> None:
        """Behind all others."""
        last = "(SELECT max(place) + 1 FROM ladder_steps WHERE run_id = ?)"
        sql = f"UPDATE ladder_steps SET place = {last}, postponed = ? WHERE id = ?"
        self._database.run(sql, step.run_id, why, step.id)

    def claim(self, step_id: int, now: datetime, *, late: bool) -> bool:
        """Whether it is told now: not where it was already, or the run goes on no more. The statement decides."""
        sql = """UPDATE ladder_steps SET state = 'telling', told_at = ?, late = ? WHERE id = ? AND state = 'planned'
                 AND (SELECT state FROM ladder_runs WHERE id = run_id) = 'running'"""
        return self._database.run(sql, now, int(late), step_id) > 0

    def step_became(self, step_id: int, **columns: object) -> None:
        self._database.update("ladder_steps", {"id": step_id}, **columns)

    def failed_with(self, step_id: int, failure: Failure | None) -> None:
        """The first failure of a step stays; None is none."""
        if failure:
            sql = "UPDATE ladder_steps SET failure = ? WHERE id = ? AND failure IS NULL"
            self._database.run(sql, asdict(failure), step_id)

    def no_longer_held(self, step_id: int) -> None:
        """It was limited, and went out after all."""
        held = "failure LIKE '%\"rate_limited\"%'"
        self._database.run(f"UPDATE ladder_steps SET failure = NULL WHERE id = ? AND {held}", step_id)

    def run_became(self, run_id: int, **columns: object) -> None:
        self._database.update("ladder_runs", {"id": run_id}, **columns)

    def moved(self, run_id: int, before: RunState, after: RunState) -> bool:
        """Whether the run was in the state `before`, and is in `after` now."""
        return self._database.update("ladder_runs", {"id": run_id, "state": before}, state=after) > 0

    def run(self, run_id: int) -> LadderRun:
        row = self._database.row("SELECT * FROM ladder_runs WHERE id = ?", run_id)
        assert row, run_id
        return self._read(row)

    def of(self, escalation_id: int) -> LadderRun | None:
        """None for an escalation of a version that had no ladders."""
        row = self._database.row("SELECT * FROM ladder_runs WHERE escalation_id = ?", escalation_id)
        return self._read(row) if row else None

    def step(self, step_id: int) -> Step | None:
        return _STEPS.maybe(self._database.row("SELECT * FROM ladder_steps WHERE id = ?", step_id))

    def due_runs(self, now: datetime) -> list[int]:
        """Those with something to do, what waits longest first."""
        steps = "SELECT run_id AS id, next_at FROM ladder_steps WHERE state = 'planned' AND next_at <= ?1"
        runs = "SELECT id, next_at FROM ladder_runs WHERE next_at <= ?1"
        running = "SELECT id FROM ladder_runs WHERE id = due.id AND (state = 'running' OR next_at <= ?1)"
        due = f"({steps} UNION ALL {runs}) due WHERE EXISTS ({running})"
        return self._database.column(f"SELECT id FROM {due} GROUP BY id ORDER BY min(next_at)", now)

    def next_at(self) -> datetime | None:
        """When anything is due again."""
        running = "JOIN ladder_runs r ON r.id = s.run_id AND r.state = 'running'"
        steps = f"SELECT min(s.next_at) AS at FROM ladder_steps s {running} WHERE s.state = 'planned'"
        return self._database.time(f"SELECT min(at) FROM ({steps} UNION ALL SELECT min(next_at) FROM ladder_runs)")

    def waiting(self) -> list[Step]:
        """The next step of every run that goes on, and what is being told."""
        sql = """SELECT s.* FROM ladder_steps s JOIN ladder_runs r ON r.id = s.run_id AND r.state = 'running'
            WHERE s.state = 'telling' OR (s.state = 'planned'
              AND s.place = (SELECT min(place) FROM ladder_steps WHERE run_id = r.id AND state = 'planned'))"""
        return _STEPS.rows(self._database.rows(sql))

    def telling(self) -> list[Step]:
        """What is being told, also what a crash interrupted."""
        return _STEPS.rows(self._database.rows("SELECT * FROM ladder_steps WHERE state = 'telling'"))

    def _read(self, row: dict[str, object]) -> LadderRun:
        steps = self._database.rows("SELECT * FROM ladder_steps WHERE run_id = ? ORDER BY id", row["id"])
        return _RUNS.row(row, steps=tuple(map(_STEPS.row, steps)))
