"""What the messages of a maintenance and of a smoke sweep show, with the names of targets. Pure."""

from dataclasses import dataclass

from bot.maintenance.model import Maintenance
from bot.maintenance.sweep_model import SmokeSweep


@dataclass(frozen=True, slots=True)
class ShownMaintenance:
    """`titles` are those of its targets; `sweep` is the check after it."""

    maintenance: Maintenance
    titles: tuple[str, ...]
    sweep: "ShownSweep | None" = None
    late: bool = False
    """Its planned time is over, and its page says that it goes on."""


@dataclass(frozen=True, slots=True)
class ShownSweep:
    """`done` of `asked` playbooks have ended."""

    sweep: SmokeSweep
    titles: tuple[str, ...]
    asked: int = 0
    done: int = 0
