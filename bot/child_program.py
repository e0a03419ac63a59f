"""A Python program of our own beside the bot, for what is too heavy or too strange to be in it: one question, one
answer, and it is gone."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.ended_processes import ended

_KEPT = ("PATH", "LANG", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
"""Of the environment, beside proxies: no token of the bot's is in the other program."""
_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")


async def answer_of(program: Path, asked: bytes, environ: Mapping[str, str], *, deadline_s: float) -> bytes:
    """What it writes to its output, b"" where it failed; it is gone in the end, whatever happens.

    Raises TimeoutError where it takes too long, OSError where it can't be started.
    """
    async with asyncio.timeout(deadline_s):
        return await _run(program, asked, environ)


async def _run(program: Path, asked: bytes, environ: Mapping[str, str]) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(program)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=lesser(environ),
        start_new_session=True,
    )
    try:
        out, _ = await process.communicate(asked)
    finally:
        await ended(process)
    return out


def lesser(environ: Mapping[str, str]) -> dict[str, str]:
    """What the other program is given of the environment."""
    kept = {name: value for name, value in environ.items() if name in _KEPT or name.lower() in _PROXIES}
    return {"PATH": os.defpath, "LANG": "C.UTF-8"} | kept
