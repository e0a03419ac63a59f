"""A process beside the bot is ended, whatever it does with its pipes."""

import asyncio
import sys
import time

import pytest

from bot.ended_processes import PATIENCE_S, ended

FLOOD = "import sys\nwhile True: sys.stdout.write('x' * 100_000)"
OTHER = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "


@pytest.mark.parametrize(
    ("code", "writes"),
    [
        (FLOOD, "stdout"),
        (FLOOD.replace("stdout", "stderr"), "stderr"),
        (OTHER + "print('x' * 500_000, flush=True)", "stdout"),
        ("import time; time.sleep(600)", ""),
        ("pass", ""),
    ],
    ids=["floods its output", "floods its errors", "leaves a child with the pipe", "sleeps", "ends by itself"],
)
async def test_it_is_gone_though_nobody_reads_its_pipes(code: str, writes: str) -> None:
    """Also where it wrote more than its reader takes, and waits with the rest."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True, limit=1
    )
    if writes:
        assert await getattr(process, writes).read(1) == b"x"
    began = time.monotonic()
    await asyncio.wait_for(ended(process), 60)

    assert process.returncode is not None
    assert time.monotonic() - began < PATIENCE_S
