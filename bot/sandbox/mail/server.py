"""SMTP as far as a client needs it that sends mail (RFC 5321), strict where real servers are."""

import asyncio
import re

from bot.sandbox.mail.box import Box, Mood

LINE_MAX = 1000
"""RFC 5321 §4.5.3.1: a line of text with its end; many servers refuse longer ones."""
SIZE_MAX = 25 * 1024 * 1024
IDLE_S = 300.0
_PATH = re.compile(r"(?:FROM|TO):<([^<>\s]{0,320})>(?: .*)?", re.IGNORECASE)


class Disconnected(Exception):
    """The client is gone, or said what ends a session."""


class MailServer:
    """Listens on a free port of loopback; `port` is known once it has begun."""

    def __init__(self, *, box: Box) -> None:
        self._box = box
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=2 * LINE_MAX)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def close(self) -> None:
        if self._server:
            self._server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self._box, reader, writer)
        try:
            await session.run()
        except (Disconnected, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass  # whoever hangs up is gone
        finally:
            writer.close()


class Session:
    """One connection."""

    def __init__(self, box: Box, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._box = box
        self._reader = reader
        self._writer = writer
        self._greeted = False
        self._sender: str | None = None
        self._to: list[str] = []
        self._commands = {
            "EHLO": self._ehlo,
            "HELO": self._ehlo,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": self._noop,
            "QUIT": self._quit,
        }

    async def run(self) -> None:
        await self._say("220 mail.sandbox ESMTP")
        while True:
            line = (await self._line()).decode("utf-8", "replace").rstrip("\r\n")
            verb, _, rest = line.partition(" ")
            command = self._commands.get(verb.upper())
            if command is None:
                await self._say("500 5.5.1 Unknown command")
            elif not self._greeted and verb.upper() in ("MAIL", "RCPT", "DATA"):
                await self._say("503 5.5.1 Say EHLO first")
            else:
                await command(rest)

    async def _ehlo(self, rest: str) -> None:
        if not rest.strip():
            await self._say("501 5.5.4 Say who you are")
            return
        self._greeted = True
        await self._say(f"250-mail.sandbox\r\n250-SIZE {SIZE_MAX}\r\n250 8BITMIME")

    async def _mail(self, rest: str) -> None:
        path = _PATH.fullmatch(rest)
        if not path:
            await self._say("501 5.5.4 MAIL FROM:<address>")
            return
        self._sender, self._to = path[1], []
        await self._say("250 2.1.0 OK")

    async def _rcpt(self, rest: str) -> None:
        path = _PATH.fullmatch(rest)
        if self._sender is None:
            await self._say("503 5.5.1 MAIL first")
        elif not path or "@" not in path[1]:
            await self._say("501 5.1.3 RCPT TO:<address>")
        elif self._box.mood is Mood.LATER:
            await self._say("450 4.2.0 Greylisted, come back in a few minutes")
        elif self._box.mood is Mood.REFUSES:
            await self._say("550 5.1.1 User unknown")
        else:
            self._to.append(path[1])
            await self._say("250 2.1.5 OK")

    async def _data(self, rest: str) -> None:
        if not self._to:
            await self._say("503 5.5.1 RCPT first")
            return
        await self._say("354 End with a line that has one full stop")
        content = await self._content()
        if content is None:
            await self._say("552 5.3.4 Too large, or a line is too long or ends without CR LF")
            return
        self._box.keep(self._sender or "", tuple(self._to), content)
        self._sender, self._to = None, []
        if self._box.loses_answer:
            self._box.loses_answer = False
            raise Disconnected
        await self._say("250 2.0.0 Taken")

    async def _content(self) -> bytes | None:
        """The mail without the full stops that were doubled; None where it is none."""
        lines, size, good = [], 0, True
        while (line := await self._line()) != b".\r\n":
            size += len(line)
            good = good and line.endswith(b"\r\n") and len(line) <= LINE_MAX and size <= SIZE_MAX
            if good:
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines) if good else None

    async def _rset(self, rest: str) -> None:
        self._sender, self._to = None, []
        await self._say("250 2.0.0 OK")

    async def _noop(self, rest: str) -> None:
        await self._say("250 2.0.0 OK")

    async def _quit(self, rest: str) -> None:
        await self._say("221 2.0.0 Bye")
        raise Disconnected

    async def _line(self) -> bytes:
        async with asyncio.timeout(IDLE_S):
            line = await self._reader.readline()
        if not line:
            raise Disconnected
        return line

    async def _say(self, line: str) -> None:
        self._writer.write(f"{line}\r\n".encode())
        await self._writer.drain()
