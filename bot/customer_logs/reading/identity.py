"""Which program wrote a log, in which version, on which system. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.customer_logs.reading.knowledge import Knowledge
from bot.customer_logs.reading.pages import ENOUGH, MARK, SYSTEM, VERSION, Page
from bot.customer_logs.reading.scanning import captured
from bot.customer_logs.reading.systems import system_of

BESIDE = 0.2
"""Another client with this share of the first one's lines wrote in the log too."""
SURE = 2
"""So many lines of a program in a log that is longer than `FEW`."""
FEW = 30
QUIET_LINES = 15


@dataclass(frozen=True, slots=True)
class Identity:
    """`clients` are all that wrote in it, the first of them with the most lines."""

    clients: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()
    program: str = ""
    title: str = ""
    version: str = ""
    platform: str = ""
    system: str = ""
    quiet: str = ""
    """What to ask the customer for, where the log says too little."""

    def may_write(self, programs: tuple[str, ...], clients: frozenset[str]) -> bool:
        """Whether a line of these programs may be in it: of clients only what wrote it, if that is known."""
        if not programs or not self.clients:
            return True
        return any(program in self.clients or program not in clients for program in programs)


def identify(page: Page, known: Knowledge) -> Identity:
    counts = Counter({name: places.count for name, places in page.found(MARK)})
    least = SURE if len(page.lines) > FEW else 1
    there = [(count, key) for key, count in counts.items() if count >= least]
    kinds = {key: program.kind for key, program in known.programs.items()}
    clients = sorted(((count, key) for count, key in there if kinds[key] == "client"), reverse=True)
    most = clients[0][0] if clients else 0
    wrote = tuple(key for count, key in clients if count >= most * BESIDE)
    others = frozenset(key for _, key in there if kinds[key] != "client")
    program = wrote[0] if wrote else max(((counts[key], key) for key in others), default=(0, ""))[1]
    platform, system = _system(page)
    return Identity(
        clients=wrote,
        others=others,
        program=program,
        title=known.programs[program].title if program else "",
        version=_version(page, known, program),
        platform=platform,
        system=system,
        quiet=_quiet(page, known, program),
    )


def _version(page: Page, known: Knowledge, program: str) -> str:
    """The newest that the log names: an app may have been updated in it."""
    if not program:
        return ""
    lines = page.samples(VERSION, program)
    return next(
        filter(None, (captured(known.programs[program].versions, line).get("version", "") for line in lines)), ""
    )


def _system(page: Page) -> tuple[str, str]:
    counts = Counter({name: places.count for name, places in page.found(SYSTEM)})
    lines: Mapping[str, list[str]] = {name: page.samples(SYSTEM, name) for name in counts}
    return system_of(dict(lines), counts)


def _quiet(page: Page, known: Knowledge, program: str) -> str:
    enough = known.programs[program].enough if program else None
    if enough is None or len(page.lines) < QUIET_LINES or (ENOUGH, program) in page.places:
        return ""
    return enough.tell
