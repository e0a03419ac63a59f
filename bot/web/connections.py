"""Who is connected: so many and no more, and none of them holds all the memory."""

import asyncio
import resource
from dataclasses import dataclass

CONNECTIONS_MAX = 128
"""Slack sends a few requests a second, each on its own connection for some milliseconds."""
SHARE = 8
"""Of the descriptors that the process may have, each server takes at most this part: the rest is for probes."""
BODIES_MAX = 32 * 1024 * 1024
"""What all unfinished bodies together may take."""


@dataclass(slots=True, eq=False)
class OpenConnection:
    """One connection. `reading` while its request is not here to the last byte; `held` are the body's bytes so far."""

    transport: asyncio.WriteTransport
    reading: bool = True
    held: int = 0


def most_connections() -> int:
    """How many connections a server may hold at once in this process."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS_MAX if soft == resource.RLIM_INFINITY else max(4, min(CONNECTIONS_MAX, soft // SHARE))


class OpenConnections:
    """The open connections, in the order in which they came.

    Where there are too many, the one goes that has had the longest to send its request: whoever sends at once is
    served however many only hold connections open.
    """

    def __init__(self, *, most: int, bodies_max: int = BODIES_MAX) -> None:
        self._most = most
        self._bodies_max = bodies_max
        self._here: dict[OpenConnection, None] = {}
        self._held = 0

    def __len__(self) -> int:
        return len(self._here)

    @property
    def full(self) -> bool:
        return len(self._here) >= self._most

    def enter(self, transport: asyncio.WriteTransport) -> OpenConnection | None:
        """Let a connection in; None where all who are here are being answered: then its transport is closed."""
        if self.full:
            oldest = next((connection for connection in self._here if connection.reading), None)
            if not oldest:
                transport.abort()
                return None
            self._drop(oldest)
        visitor = OpenConnection(transport)
        self._here[visitor] = None
        return visitor

    def hold(self, visitor: OpenConnection, size: int) -> None:
        """A connection holds so many bytes more of a body. Who holds most goes when all together hold too much.

        Raises ConnectionAbortedError for one who went already.
        """
        if visitor not in self._here:
            raise ConnectionAbortedError
        visitor.held += size
        self._held += size
        while self._held > self._bodies_max:
            self._drop(max(self._here, key=lambda connection: connection.held))

    def leave(self, visitor: OpenConnection) -> None:
        """A second time changes nothing."""
        if visitor in self._here:
            del self._here[visitor]
            self._held -= visitor.held

    def drop_reading(self) -> None:
        """Close all connections whose request is not here yet."""
        for visitor in [connection for connection in self._here if connection.reading]:
            self._drop(visitor)

    def _drop(self, visitor: OpenConnection) -> None:
        self.leave(visitor)
        visitor.transport.abort()
