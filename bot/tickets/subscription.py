"""Which plan and which version of the app a customer writes of. Pure."""

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
_VERSION = re.compile(
    r"\b(?:app|version|ver\.?|v|updated?(?: to)?(?: version)?) ?(\d{1,3}(?:\.\d{1,4}){1,3})\b", re.IGNORECASE
)


def plans_in(text: str) -> tuple[str, ...]:
    """Names of plans, as in "our Business plan"; each once."""
    names = [name for name in _PLAN.findall(text[:TEXT_MAX]) if name.lower() not in _NO_PLANS]
    return tuple(dict.fromkeys(names))[:PER_TICKET]


def versions_in(text: str) -> tuple[str, ...]:
    """Versions of the app, as in "since the update to 8.4.1"; those of systems and protocols are none."""
    return tuple(dict.fromkeys(_VERSION.findall(text[:TEXT_MAX])))[:PER_TICKET]
