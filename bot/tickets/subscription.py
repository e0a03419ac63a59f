"""Which plan a customer writes of. Pure."""

import re

PER_TICKET = 2
TEXT_MAX = 4_000
"""Characters that are read; a mail's history below names anything."""

_PLAN = re.compile(r"\b([A-Z][A-Za-z+-]{2,19})[ -](?:plan|subscription)\b")
# fmt: off
_NO_PLANS = frozenset((
    "the", "this", "that", "these", "any", "another", "current", "each", "every", "his", "her", "its", "my", "new",
    "old", "our", "their", "your",
))
# fmt: on


def plans_in(text: str) -> tuple[str, ...]:
    """Names of plans, as in "our Business plan"; each once."""
    names = [name for name in _PLAN.findall(text[:TEXT_MAX]) if name.lower() not in _NO_PLANS]
    return tuple(dict.fromkeys(names))[:PER_TICKET]
