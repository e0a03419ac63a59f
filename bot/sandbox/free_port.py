"""Ports that are written into settings before the program that listens on them is there to choose."""

import socket
import sys

_HELD: list[socket.socket] = []


def free_port() -> int:
    """A port of 127.0.0.1 for a server of our own, which may end and listen again.

    It is held until this process ends: between two starts of that server a connection that anybody opens could get it.
    Who sets SO_REUSEADDR, as servers do, can listen on it all the same; that is so on Linux alone.
    """
    with socket.socket() as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
        if sys.platform == "linux":
            _HELD.append(found.dup())
        return port
