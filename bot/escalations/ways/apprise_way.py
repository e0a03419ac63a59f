"""Anything that Apprise can reach: pagers, phone calls, text messages, push, chats of others.

Apprise runs as a program of its own for each telling. Its 180 services stay out of the process that has Slack's tokens
and of its memory (22 MB); a service that takes a connection and never answers is ended with its process, where a thread
could only be left behind. It costs half a second of one core a telling.

What it can't tell: whether a message arrived, or somebody looked at it. A service took it or did not, and the why
stands in its log only (apprise_child.py). So no outcome of this way is sure. It has no key either by which a service
would know a message again: where the bot dies while it tells, the step is told twice.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import define

from bot.child_program import answer_of
from bot.escalations.telling import Failure, FailureKind, NotTellable, Telling, TellingOutcome
from bot.escalations.ways.outcomes import of_status, together
from bot.escalations.ways.texts import sms, subject, text
from bot.loose_json import mapping, parsed

CHILD = Path(__file__).with_name("apprise_child.py")
DEADLINE_S = 25.0
"""Most services answer within a second; one address may stand for several phones, one after the other."""
TURN_S = 30.0
"""How long a telling waits until others are done: all of it stays below a minute."""
AT_ONCE = 4
"""Each takes 50 MB while it runs."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class AppriseWay:
    """`environ` has the addresses by the names of their variables."""

    _environ: Mapping[str, str]
    _deadline_s: float = DEADLINE_S
    _turn_s: float = TURN_S
    _program: Path = CHILD

    def __attrs_post_init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def tell(self, recipients: Sequence[str], telling: Telling) -> TellingOutcome:
        return together(await asyncio.gather(*(self._tell(name, telling) for name in recipients)))

    async def _tell(self, name: str, telling: Telling) -> TellingOutcome:
        url = self._environ.get(name, "").strip()
        if not url:
            return _failed(FailureKind.NOT_CONFIGURED, f"{name} is not set")
        asked = {"url": url, "title": subject(telling), "text": text(telling), "short": sms(telling)}
        return _outcome(name, await self._answer(asked))

    async def check(self, name: str) -> str:
        """Which service the address of a variable belongs to ("Twilio"). Nothing is sent. Raises NotTellable."""
        url = self._environ.get(name, "").strip()
        if not url:
            raise NotTellable(f"{name} is not set")
        answer = await self._answer({"url": url, "check": True})
        if answer.get("outcome") != "known":
            failure = _outcome(name, answer).failure
            raise NotTellable(failure.detail if failure else "")
        return str(answer.get("service") or "Apprise")[:60]

    async def _answer(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the other program says, or what kept it from saying anything."""
        try:
            async with asyncio.timeout(self._turn_s):
                await self._turns.acquire()
        except TimeoutError:
            return {"outcome": "busy"}
        try:
            out = await answer_of(self._program, json.dumps(asked).encode(), self._environ, deadline_s=self._deadline_s)
            return mapping(parsed(out))
        except TimeoutError:
            return {"outcome": "late", "after_s": self._deadline_s}
        except OSError:
            return {"outcome": "no start"}
        except ValueError:
            return {}
        finally:
            self._turns.release()


def _outcome(name: str, answer: Mapping[str, Any]) -> TellingOutcome:
    match answer.get("outcome"):
        case "told":
            return TellingOutcome((name,), sure=False)
        case "no address":
            return _failed(FailureKind.NOT_CONFIGURED, f"{name} holds no address that Apprise can use")
        case "refused":
            return _refused(answer)
        case "late":
            return _failed(FailureKind.UNREACHABLE, f"no answer within {answer['after_s']:g} s")
        case "busy":
            return _failed(FailureKind.UNREACHABLE, "the services before it did not answer")
        case "no start":
            return _failed(FailureKind.UNKNOWN, "Apprise can't be started")
    return _failed(FailureKind.UNKNOWN, "Apprise ended without an answer")


def _refused(answer: Mapping[str, Any]) -> TellingOutcome:
    status = answer.get("status")
    if isinstance(status, int) and status:
        return TellingOutcome(failure=of_status(status), sure=False)
    if answer.get("no_connection"):
        return _failed(FailureKind.UNREACHABLE, "no connection")
    return _failed(FailureKind.REFUSED, "the service did not take it")


def _failed(kind: FailureKind, detail: str) -> TellingOutcome:
    return TellingOutcome(failure=Failure(kind, detail), sure=False)
