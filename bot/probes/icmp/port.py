"""What sweeps, MTRs and their probes need of the ICMP engine."""

from collections.abc import Callable
from typing import Protocol

from bot.probes.icmp.echo import Echo
from bot.probes.icmp.sockets import Access


class Icmp(Protocol):
    """Sends single echo requests; see IcmpEngine."""

    @property
    def drops(self) -> int: ...

    def access(self, address: str = ...) -> Access: ...

    def echo(self, address: str, *, ttl: int = ..., flow: int = ..., on_answer: Callable[[Echo], None]) -> Echo: ...
