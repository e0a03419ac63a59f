"""Texts for customers, filled in. Pure."""

import re
from collections.abc import Mapping

PURPOSES = ("released", "planned", "noted", "corrected")
"""What customers are told of: a release, a plan, that a wish was noted, or that what they were told was wrong.

Each has texts of its own.
"""
PLACEHOLDERS = ("target", "version", "workaround", "eta")
"""What development or support call a thing among themselves is none of them."""
TEXT_MAX = 2900
"""Characters of a text; what Slack's inputs take, with room to spare."""
VALUE_MAX = 800

_PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z_]+)\}(?!\})")
_LIQUID = re.compile(r"\{(?=[{%]|$)")
_EMPTY_LINES = re.compile(r"\n{3,}")


def unknown_placeholders(template: str) -> list[str]:
    """Placeholders that nobody fills in, such as `{versoin}`. Zendesk's own (`{{ticket.id}}`) are left alone."""
    return [name for name in _PLACEHOLDER.findall(template) if name not in PLACEHOLDERS]


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with its placeholders replaced; a line that asks for a value which is not known is left out."""
    lines = [line for line in template.strip().splitlines() if _known(line, values)]
    written = "\n".join(_PLACEHOLDER.sub(lambda hit: inert(values[hit[1]]), line) for line in lines)
    return _ended(_EMPTY_LINES.sub("\n\n", written).strip(), TEXT_MAX)


def to_put_right(opening: str, told: str) -> str:
    """How a correction begins: its own words, and under them what was said, for a person to rewrite."""
    return _ended("\n\n".join(part for part in (opening, told.strip()) if part), TEXT_MAX)


def inert(value: str) -> str:
    """A value from outside, which Zendesk must not read as a placeholder of its own.

    Zendesk fills in `{{ticket.…}}` in comments, the agents' notes included; a tracker's title may hold that.
    """
    return _LIQUID.sub("{\u2060", _ended(value.strip(), VALUE_MAX))


def _ended(text: str, most: int) -> str:
    """A text that is too long ends between two words, and shows that: a person finishes it before it is sent."""
    if len(text) <= most:
        return text
    kept = text[: most - 2]
    return (kept.rsplit(None, 1)[0] if " " in kept.strip() else kept).rstrip() + " …"


def _known(line: str, values: Mapping[str, str]) -> bool:
    return all(values.get(name, "").strip() for name in _PLACEHOLDER.findall(line))
