"""Other programs that do the same, run in the same minute: mtr and fping."""

import asyncio
import resource
import shutil
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spent:
    """What something took; `cpu_ms` is of all its processes."""

    wall_s: float
    cpu_ms: float
    output: str = ""


def path_of(name: str) -> str:
    """Where a program is; "" where it is not installed. Debian keeps some of them in sbin."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin") or ""


async def run(*commands: list[str]) -> Spent | None:
    """All commands at once, to the end of the last; None where one could not do its work (rights, options)."""
    began, used = time.monotonic(), _children_cpu_s()
    ended = await asyncio.gather(*(_ended(command) for command in commands))
    spent = Spent(time.monotonic() - began, 1000 * (_children_cpu_s() - used), "".join(output for _, output in ended))
    return spent if all(status == 0 for status, _ in ended) else None


async def _ended(command: list[str]) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode("utf-8", "replace")


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
