"""Memory that was freed goes back to the system."""

import platform
import subprocess
import sys

import pytest

_PROGRAM = """
import sys
from bot.memory import give_back_freed_memory

def resident_kb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

if sys.argv[1] == "set":
    assert give_back_freed_memory()
large = bytearray(30_000_000)
del large  # from here on glibc keeps up to 60 MB, unless it was told otherwise
before = resident_kb()
many = [bytes(4096) for _ in range(5000)]
del many
print(resident_kb() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps it")
@pytest.mark.parametrize(("how", "kept"), [("left", range(15_000, 30_000)), ("set", range(-2_000, 3_000))])
def test_what_was_freed_is_kept_only_where_nobody_said_otherwise(how: str, kept: range) -> None:
    kept_kb = subprocess.run([sys.executable, "-c", _PROGRAM, how], capture_output=True, text=True, check=True).stdout

    assert int(kept_kb) in kept
