"""What `secondline check` and `/t2 check` say of one part."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """One part. `needed` is true where the bot can't do its job without it; `remedy` says how to mend it.

    `set_up` is false for what nobody wanted to have: that is no trouble.
    """

    name: str
    ok: bool
    line: str
    remedy: str = ""
    needed: bool = True
    set_up: bool = True
