"""Running traces and sweeps on the first host of a lab."""

import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.netlab.lab import Lab

Record = dict[str, Any]

MODES = ["raw", "ping socket"]
# An ordinary user without any capability, who can't get one.
NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--bounding-set=-all", "--no-new-privs")


def job(kind: str, mode: str, *addresses: str, count: int | list[int] = 40, interval_s: float = 0.02) -> Record:
    """A "trace" or a "sweep"; with several counts a trace ends at each, and goes on."""
    counts = count if isinstance(count, list) else [count]
    return {"kind": kind, "mode": mode, "addresses": addresses, "counts": counts, "interval_s": interval_s}


def traced(
    lab: Lab, *jobs: Record, by: tuple[str, ...] = (), at: Mapping[int, Callable[[], object]] | None = None
) -> Record:
    """What one process finds, all jobs at once. After a cycle `at` is done; `done_at` are the wall times of that."""
    command = (*by, sys.executable, "-m", "tests.netlab.tracer", json.dumps(jobs))
    done_at: dict[int, float] = {}
    with lab.started(0, *command) as lines:
        for line in lines:
            said = json.loads(line)
            if "results" in said:
                return {**said, "done_at": done_at}
            if act := (at or {}).get(said["cycle"]):
                act()
                done_at[said["cycle"]] = time.time()
    raise AssertionError("the tracer ended without a result")


def by_mode(lab: Lab, *, count: int = 40, interval_s: float = 0.02) -> list[Record]:
    """A trace to the target by each kind of socket, at once."""
    jobs = [job("trace", mode, lab.target, count=count, interval_s=interval_s) for mode in MODES]
    results: list[Record] = traced(lab, *jobs)["results"]
    return results


def hosts(found: Record) -> list[str]:
    return [row["host"] for row in found["rows"]]


def lost(found: Record) -> list[int]:
    return [row["lost"] for row in found["rows"]]


def sent(found: Record) -> list[int]:
    return [row["sent"] for row in found["rows"]]


def behind(counted: Mapping[tuple[str, int], int], router: int, target: str, found: Record) -> list[int]:
    """What a router counted of the probes for each hop: one for hop h passes it with TTL h - router left."""
    return [counted.get((target, row["ttl"] - router), 0) for row in found["rows"]]
