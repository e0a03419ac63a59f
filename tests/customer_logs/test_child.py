"""The program that reads logs, as a process of its own: what it answers, and what ends it."""

import io
import os
import time
import zipfile
import zlib
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.customer_logs.child import WALL_S, CannotRead, LogProgram
from bot.customer_logs.model import Problem
from bot.customer_logs.program import CPU_S
from bot.customer_logs.source import OpenLog
from tests.customer_logs.reading.reading import KEY, NOW

ASKED: dict[str, Any] = {"name": "client.log", "key": KEY, "now": NOW}
LOG = (Path(__file__).parent / "corpus" / "openvpn-udp-blocked.log").read_bytes()


def opened(content: bytes, size: int | None = None) -> OpenLog:
    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(content), 1 << 16):
            yield content[at : at + (1 << 16)]

    return OpenLog("client.log", len(content) if size is None else size, chunks())


def script(code: str) -> tuple[str, ...]:
    return ("-c", code)


async def test_it_reads_a_log() -> None:
    """And says what is new of masks."""
    answer = await LogProgram().read(opened(LOG), ASKED)

    (report,) = answer["reports"]
    assert report["findings"][0]["signature"] == "tls-key-negotiation-failed"
    assert list(answer["masks"].values()) == [1]


async def test_it_has_nothing_of_the_bots_environment() -> None:
    """No token is where hostile text is read."""
    os.environ["SLACK_BOT_TOKEN_OF_TEST"] = "xoxb-secret"
    code = "import os,json,sys; sys.stdin.buffer.read(); print(json.dumps({'env': sorted(os.environ)}))"
    try:
        answer = await LogProgram(program=script(code)).read(opened(LOG), ASKED)
    finally:
        del os.environ["SLACK_BOT_TOKEN_OF_TEST"]

    assert not [name for name in answer["env"] if "SLACK" in name]


def test_a_busy_machine_ends_no_reading_that_a_quiet_one_would_not() -> None:
    """What computes has its limit in processor time; by the clock only what hangs is ended."""
    assert WALL_S >= 6 * CPU_S


def has_children() -> bool:
    try:
        return bool(os.waitpid(-1, os.WNOHANG))
    except ChildProcessError:
        return False


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("import time; time.sleep(600)", Problem.TOO_LONG),
        ("import sys; sys.stdin.buffer.read(); import time; time.sleep(600)", Problem.TOO_LONG),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Problem.TOO_LONG),
        ("import sys; sys.stdin.buffer.read(); print('no json')", Problem.TOO_LONG),
        ("import sys; sys.stdin.buffer.read(); sys.stdout.write('x' * 9_000_000)", Problem.TOO_LONG),
        ("raise SystemExit(3)", Problem.TOO_LONG),
    ],
)
async def test_what_does_not_answer_is_ended(code: str, problem: Problem) -> None:
    """By the clock, or by itself; the bot goes on, and no process is left."""
    with pytest.raises(CannotRead) as refused:
        await LogProgram(program=script(code), wall_s=0.5, fetch_s=1).read(opened(LOG * 200), ASKED)

    assert refused.value.problem is problem
    assert not has_children()


async def test_a_program_that_sleeps_without_reading_is_ended() -> None:
    """The log stands in the pipe, and nobody takes it."""
    began = time.monotonic()
    with pytest.raises(CannotRead):
        program = LogProgram(program=script("import time; time.sleep(600)"), wall_s=0.3, fetch_s=0.5)
        await program.read(opened(b"x" * 10_000_000), ASKED)
    assert time.monotonic() - began < 30


async def test_too_large_is_not_fetched() -> None:
    """As Slack says it, and as it turns out."""
    for log in (opened(b"x", size=26 << 20), opened(b"x" * 3000, size=0)):
        with pytest.raises(CannotRead) as refused:
            await LogProgram(file_max=2000).read(log, ASKED)
        assert refused.value.problem is Problem.TOO_LARGE


@cache
def bombs() -> dict[str, bytes]:
    zeros = zlib.compressobj(9, wbits=31)
    gzip_bomb = b"".join([zeros.compress(b"\0" * (1 << 20)) for _ in range(300)]) + zeros.flush()
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for place in range(8):
            archive.writestr(f"{place}.log", b"2026-11-20 14:00:00 error\n" * 300_000)
    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", plain.getvalue())
        archive.writestr("inner.gz", gzip_bomb)
    text = zlib.compressobj(9, wbits=31)
    lines = b"".join(text.compress(b"a\n" * (1 << 20)) for _ in range(60)) + text.flush()
    return {"zeros": gzip_bomb, "zip": plain.getvalue(), "nested": nested.getvalue(), "lines": lines}


@pytest.mark.parametrize("name", ["zeros", "zip", "nested", "lines"])
async def test_a_bomb_is_read_as_far_as_may_be(name: str) -> None:
    """Hundreds of megabytes in a few kilobytes: an answer or a refusal, in time, and within its memory."""
    try:
        answer = await LogProgram(wall_s=120).read(opened(bombs()[name]), ASKED)
    except CannotRead as refused:
        assert refused.problem is Problem.TOO_LONG
    else:
        assert answer["problem"] or answer["reports"]
