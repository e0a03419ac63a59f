"""A process that has imported the bot, and forks for each start. See forked_bots.py.

Run with the number of an open listening socket. A JSON line from whoever connects starts a bot; "born pid 0" and
"gone pid status" are the answers. When a connection ends, so do its bots.
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
    """Whoever connects, for ever."""
    gc.disable()  # as bot/program.py does; a fork that searched all of it would have to copy it
    __import__("bot.run_program")
    __import__("bot.program")
    made = importlib.import_module("tests.stories.made_before").MadeBefore(listening.getsockname())
    gc.freeze()
    gc.enable()
    heard, told = socket.socketpair()
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    _Nest(listening, heard, made).work()


class _Parent:
    """Whoever is connected, with the bots that it ordered."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.orders = io.FileIO(connection.fileno(), closefd=False)
        self.living: set[int] = set()

    def tell(self, word: str, pid: int, status: int) -> None:
        with contextlib.suppress(OSError):
            self.connection.sendall(f"{word} {pid} {status}\n".encode())

    def end(self) -> None:
        for pid in self.living:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self.connection.close()


class _Nest:
    """All parents. `made` is an object of made_before.py."""

    def __init__(self, listening: socket.socket, heard: socket.socket, made: Any) -> None:
        self._listening = listening
        self._heard = heard
        self._made = made
        self._selector = selectors.DefaultSelector()
        self._parents: dict[int, _Parent] = {}

    def work(self) -> None:
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._selector.register(self._heard, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._heard:
                    self._heard.recv(4096)
                    self._bury()
                elif key.fileobj is self._listening:
                    self._welcome()
                else:
                    self._obey(self._parents[key.fd])

    def _welcome(self) -> None:
        connection, _ = self._listening.accept()
        self._parents[connection.fileno()] = _Parent(connection)
        self._selector.register(connection, selectors.EVENT_READ)

    def _obey(self, parent: _Parent) -> None:
        if line := parent.orders.readline():
            self._bear(parent, json.loads(line))
        else:
            self._selector.unregister(parent.connection)
            del self._parents[parent.connection.fileno()]
            parent.end()

    def _bear(self, parent: _Parent, order: dict[str, Any]) -> None:
        self._made.make(order["environment"])
        pid = os.fork()
        if not pid:
            self._let_go()
            self._made.lay(order["words"], order["environment"])
            _live(order)
        parent.living.add(pid)
        parent.tell("born", pid, 0)

    def _let_go(self) -> None:
        """What only the nest needs: whoever holds a connection keeps its other end from hearing that it ended."""
        self._selector.close()
        for each in (self._listening, self._heard, *(parent.connection for parent in self._parents.values())):
            each.close()

    def _bury(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                for parent in self._parents.values():
                    if ended[0] in parent.living:
                        parent.living.discard(ended[0])
                        parent.tell("gone", ended[0], os.waitstatus_to_exitcode(ended[1]))


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
