"""Every check of `make test`, in two lanes at once: what computes fills the cores, and gives way to what waits.

Run with NAME=COMMAND for each step; a name that begins with "+" is in the lane of what waits for other processes.
With `--again=NAME` those tests of a step that failed are tried once more at the end, where nothing else runs: what
times something on a full machine times the machine.
"""

import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from tempfile import TemporaryFile

AGAIN = "--again="
GIVES_WAY = 10
"""How nice the computing lane is: deadlines of the other one are met although no core is ever idle."""


@dataclass(frozen=True)
class Step:
    name: str
    command: Sequence[str]
    waits: bool

    @classmethod
    def read(cls, text: str) -> "Step":
        name, _, command = text.partition("=")
        return cls(name.removeprefix("+"), shlex.split(command), waits=name.startswith("+"))


@dataclass(frozen=True)
class Done:
    step: Step
    status: int
    wall_s: float
    cpu_s: float

    @property
    def line(self) -> str:
        state = "ok    " if self.status == 0 else "FAILED"
        return f"  {state}  {self.step.name:<10} {minutes(self.wall_s)}, of the processors {minutes(self.cpu_s)}"


def minutes(seconds: float) -> str:
    return f"{seconds // 60:.0f}:{seconds % 60:02.0f}"


class Checks:
    """Runs steps, each after the one before it in its lane, and prints what a step said when it has ended."""

    def __init__(self) -> None:
        self.done: list[Done] = []
        self._printing = threading.Lock()

    def run(self, steps: Sequence[Step]) -> None:
        lanes = [[step for step in steps if step.waits is waits] for waits in (False, True)]
        threads = [threading.Thread(target=self._lane, args=(lane,)) for lane in lanes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _lane(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._step(step)

    def _step(self, step: Step) -> None:
        began = time.monotonic()
        niceness = 0 if step.waits else GIVES_WAY
        command = ["nice", "-n", str(niceness), *step.command]
        with TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall_s, cpu_s = time.monotonic() - began, used.ru_utime + used.ru_stime
            said.seek(0)
            with self._printing:
                self.done.append(Done(step, process.returncode, wall_s, cpu_s))
                print(f"\n== {step.name}: {shlex.join(step.command)}\n{said.read()}", flush=True)


def main(words: Sequence[str]) -> int:
    """The exit status: 1 where a step failed."""
    began = time.monotonic()
    checks, again = Checks(), {word.removeprefix(AGAIN) for word in words if word.startswith(AGAIN)}
    checks.run([Step.read(word) for word in words if not word.startswith(AGAIN)])
    for done in [done for done in checks.done if done.status and done.step.name in again]:
        alone = (*done.step.command, "--last-failed", "--last-failed-no-failures", "none")
        checks.done.remove(done)
        checks.run([replace(done.step, name=f"{done.step.name}, alone", command=alone)])
    print("\n== summary", *(done.line for done in checks.done), sep="\n")
    failed = any(done.status for done in checks.done)
    print("some checks failed: their output is above" if failed else "all checks passed", end="")
    print(f", in {minutes(time.monotonic() - began)}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
