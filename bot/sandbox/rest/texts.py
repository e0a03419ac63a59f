"""Seeds as text files: `@@ title`, then `key: value` lines, an empty line, and a body until the next title."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    title: str
    values: dict[str, str]
    body: str

    def listed(self, key: str) -> tuple[str, ...]:
        """A value of parts between commas."""
        return tuple(part.strip() for part in self.values.get(key, "").split(",") if part.strip())

    def number(self, key: str, otherwise: float) -> float:
        return float(self.values.get(key, otherwise))


def entries(text: str) -> Iterator[Entry]:
    for part in f"\n{text}".split("\n@@ ")[1:]:
        title, _, rest = part.partition("\n")
        head, _, body = f"\n{rest}".partition("\n\n")
        values = dict(line.split(": ", 1) for line in head.splitlines() if line)
        yield Entry(title.strip(), values, body.strip())
