"""How the bot and what it depends on are doing, as lines for people."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `needed` is true where the bot can't do its job without it; `remedy` says how to mend it.

    `set_up` is false for what nobody wanted to have: that is no trouble.
    """

    name: str
    ok: bool
    line: str
    remedy: str = ""
    needed: bool = True
    set_up: bool = True


class Health(Protocol):
    async def parts(self) -> tuple[Part, ...]:
        """Every part, checked now."""
