"""The program that reads logs: started by the bot for each file, with limits, and ended with it.

On stdin comes one line of JSON that says how, then the file; on stdout goes one JSON object, masked.
"""

import contextlib
import gc
import json
import os
import resource
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.customer_logs.reading.knowledge import Knowledge, knowledge
from bot.customer_logs.reading.masking import Masker
from bot.customer_logs.reading.own import own_signatures
from bot.customer_logs.reading.reader import Asked, read_log
from bot.customer_logs.reading.unpacking import Unpacked, unpacked

MEMORY = 1 << 30
"""Bytes of address space; 30 MB of text take a third of it."""
CPU_S = 12


def main() -> None:
    """What it makes lives until it ends: nothing is collected, and nothing is taken apart at the end."""
    gc.disable()
    _limit_itself()
    asked = json.loads(sys.stdin.buffer.readline())
    own, refused = own_signatures(asked.get("own") or [])
    known = knowledge(own)  # while the log is still on its way
    content = sys.stdin.buffer.read()
    json.dump(read_file(asked, content, known) | {"refused": refused}, sys.stdout)
    sys.stdout.flush()
    os._exit(0)


def read_file(asked: Mapping[str, Any], content: bytes, known: Knowledge) -> dict[str, Any]:
    """What is answered: a report for each log of the file, or why there is none, and the masks that are new."""
    file = unpacked(str(asked.get("name") or ""), content)
    masker = Masker(key=bytes.fromhex(asked["key"]), known=asked.get("masks") or {}, ours=asked.get("ours") or [])
    now = datetime.fromisoformat(asked["now"])
    reading = Asked(known, masker, now, pasted=bool(asked.get("pasted")))
    reports = [asdict(each) for each in _reports(file, reading)]
    return {"problem": file.problem, "reports": reports, "masks": masker.new}


def _reports(file: Unpacked, reading: Asked) -> Iterable[Any]:
    for place, packed in enumerate(file.logs):
        yield read_log(packed, reading, left_out=file.left_out if place == 0 else 0)


def _limit_itself() -> None:
    """No more memory and time than these; nothing is written, and no memory is on disk after a crash.

    Some systems don't know all of these; the bot ends this program in any case.
    """
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
