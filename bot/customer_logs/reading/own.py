"""A team's own signatures, as secondline.toml has them or a person has written them. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import re2

from bot.customer_logs.model import Role
from bot.customer_logs.reading.signatures import Signature
from bot.customer_logs.reading.toml_texts import OPTIONS, BadFile, Table

STEPS_MAX = 200_000
"""Of all patterns of a team together: so many are ready in a third of a second."""


def own_signatures(values: Sequence[Mapping[str, Any]]) -> tuple[list[Signature], list[str]]:
    """Those that can be used, and why others can't."""
    signatures, refused, steps = [], [], 0
    for value in values:
        try:
            signature = own_signature(value)
        except BadFile as error:
            refused.append(str(error))
            continue
        here = sum(re2.compile(line, OPTIONS).programsize for line in signature.lines)
        if steps + here > STEPS_MAX:
            refused.append(
                f"{signature.id}: lines take too much memory beside those of the others: write .* for .{{1,200}}"
            )
            continue
        steps += here
        signatures.append(signature)
    return signatures, refused


def own_signature(value: Mapping[str, Any]) -> Signature:
    """One of them: less of it has to be said than of those that are shipped. Raises BadFile."""
    table = Table(str(value.get("id") or "signature"), {key: _tidy(key, each) for key, each in value.items()})
    return Signature(
        id=table.text("id", 80),
        title=table.text("title", 60),
        programs=(),
        role=Role(table.one_of("role", tuple(Role))),
        meaning=table.text("meaning", 400, needed=False),
        likely=table.text("likely", 400, needed=False),
        tries=table.texts("tries", 400, most=4),
        tell=table.text("tell", 400, needed=False),
        source=(),
        lines=table.patterns("lines"),
        known=table.text("known", 120, needed=False),
        own=True,
    )


def _tidy(key: str, value: Any) -> Any:
    """People write a meaning in several lines, and the same advice twice; patterns stay as they are."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return list(dict.fromkeys(value if key == "lines" else [" ".join(each.split()) for each in value]))
    return value
