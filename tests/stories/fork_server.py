"""A process that has imported the bot, and built nothing, and forks for each start. See forked_bots.py.

Run with the number of an open listening socket. A JSON line from whoever connects starts a bot; "born pid 0" and
"gone pid status" are the answers. When the connection ends, so do its bots.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from typing import Any


def serve(listening: socket.socket) -> None:
    """One connection after the other, for ever."""
    gc.disable()  # as bot/__main__.py does; a fork that searched all of it would have to copy it
    __import__("bot.program")
    __import__("tests.stories.own_clock")
    gc.freeze()
    gc.enable()
    heard, told = socket.socketpair()
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        connection, _ = listening.accept()
        with connection, io.FileIO(connection.fileno(), closefd=False) as orders:
            _Nest(connection, orders, heard).work()


class _Nest:
    """The bots of one connection."""

    def __init__(self, connection: socket.socket, orders: io.FileIO, heard: socket.socket) -> None:
        self._connection = connection
        self._orders = orders
        self._heard = heard
        self._living: set[int] = set()

    def work(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._connection, selectors.EVENT_READ)
            selector.register(self._heard, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self._heard:
                        self._heard.recv(4096)
                        self._bury()
                    elif line := self._orders.readline():
                        self._bear(json.loads(line))
                    else:
                        self._end()
                        return

    def _bear(self, order: dict[str, Any]) -> None:
        pid = os.fork()
        if not pid:
            _live(order)
        self._living.add(pid)
        self._tell("born", pid, 0)

    def _bury(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._living.discard(ended[0])
                self._tell("gone", ended[0], os.waitstatus_to_exitcode(ended[1]))

    def _end(self) -> None:
        for pid in self._living:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _tell(self, word: str, pid: int, status: int) -> None:
        with contextlib.suppress(OSError):
            self._connection.sendall(f"{word} {pid} {status}\n".encode())


def _live(order: dict[str, Any]) -> None:
    """Be the bot, to its end; never returns."""
    status = 70
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        output = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for new, old in ((os.open(os.devnull, os.O_RDONLY), 0), (output, 1), (output, 2)):
            os.dup2(new, old)
        os.environ.clear()
        os.environ.update(order["environment"])
        status = int(_main(order["words"]))
    finally:
        if sys.exc_info()[0]:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _main(words: list[str]) -> int:
    """The bot's own program, by the clock of its town."""
    clock_of = importlib.import_module("tests.stories.own_clock").clock_of
    return int(sys.modules["bot.program"].main(words, clock=clock_of(os.environ)))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
