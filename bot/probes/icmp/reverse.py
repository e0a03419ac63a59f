"""Reverse names of addresses, looked up beside a running trace and never waited for."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Iterable

import dns.asyncresolver
import dns.exception

_LIFETIME_S = 1.0
_REMEMBERED = 4096
HOST_NAME = re.compile(r"\A[A-Za-z0-9_-]{1,63}(?>(?:\.[A-Za-z0-9_-]{1,63})*)\Z")


class ReverseNames:
    """Names by address. `known` gives what is there and starts looking up the rest.

    A dnspython query can be given up at once, where getnameinfo holds a thread until the system's own timeout.
    """

    def __init__(self, *, resolver: dns.asyncresolver.Resolver) -> None:
        self._resolver = resolver
        self._names: OrderedDict[str, str] = OrderedDict()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def known(self, addresses: Iterable[str]) -> tuple[tuple[str, str], ...]:
        unique = list(dict.fromkeys(addresses))
        for address in unique:
            if address not in self._names and address not in self._tasks:
                self._begin(address)
        return tuple((address, self._names[address]) for address in unique if self._names.get(address))

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, address: str) -> None:
        task = asyncio.create_task(self._look_up(address), name=f"reverse name {address}")
        self._tasks[address] = task
        task.add_done_callback(lambda _task: self._tasks.pop(address, None))

    async def _look_up(self, address: str) -> None:
        name = ""
        try:
            answer = await self._resolver.resolve_address(address, lifetime=_LIFETIME_S)
            name = str(answer[0].target).rstrip(".")
        except (dns.exception.DNSException, OSError):
            pass
        self._names[address] = name if len(name) <= 253 and HOST_NAME.match(name) else ""
        while len(self._names) > _REMEMBERED:
            self._names.popitem(last=False)
