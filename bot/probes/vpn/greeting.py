"""The first packet to a VPN service and what its answer means: what the kinds have in common. Pure."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service's answer means. `ok`: it is the kind of service that was asked; `words` for people."""

    ok: bool
    words: str


class Greeting(Protocol):
    """One attempt to greet one service.

    `packet` is made anew for a repeat; `judge` takes any bytes and gives the answer's meaning, to any packet so far.
    """

    silence: str
    """What no answer at all may mean, as the end of a sentence."""

    def packet(self) -> bytes: ...

    def judge(self, data: bytes) -> Answer: ...
