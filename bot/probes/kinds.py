"""The kinds of probes as words that people type, and what they get for another word. Pure."""

import difflib
from collections.abc import Collection

from bot.errors import BadInput

SMOKE = "smoke"
"""Not a kind of its own: one sweep of everything behind a target, or behind all gateways, after maintenance."""
PLAYBOOK = "playbook"
"""All that the kind of a target gets when an investigation opens."""


class UnknownProbe(BadInput):
    """There is no such kind of probe. `known` are the kinds, `nearest` those that may be meant."""

    def __init__(self, kind: str, known: Collection[str]) -> None:
        listed = ", ".join(sorted(known))
        self.nearest = tuple(difflib.get_close_matches(kind.lower(), sorted(known), n=3, cutoff=0.5))
        meant = f"Did you mean {' or '.join(self.nearest)}? " if self.nearest else ""
        super().__init__(f"There is no probe {kind[:40]!r}. {meant}There are: {listed}. Example: `/probe mtr us-east`.")
        self.known = known
