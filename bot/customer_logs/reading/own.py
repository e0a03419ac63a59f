"""A team's own signatures, as secondline.toml has them or a person has written them. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.customer_logs.model import Role
from bot.customer_logs.reading.signatures import Signature
from bot.customer_logs.reading.toml_texts import BadFile, Table


def own_signatures(values: Sequence[Mapping[str, Any]]) -> tuple[list[Signature], list[str]]:
    """Those that can be used, and why others can't."""
    signatures, refused = [], []
    for value in values:
        try:
            signatures.append(own_signature(value))
        except BadFile as error:
            refused.append(str(error))
    return signatures, refused


def own_signature(value: Mapping[str, Any]) -> Signature:
    """One of them: less of it has to be said than of those that are shipped. Raises BadFile."""
    table = Table(str(value.get("id") or "signature"), value)
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
