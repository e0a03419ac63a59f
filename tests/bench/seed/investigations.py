"""Investigations as a busy team has them after a year: most are over, some are open, a few wait for management."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.escalations.ladder_model import RunState as LadderState
from bot.escalations.ladder_model import StepState
from bot.escalations.telling import WayKind
from bot.investigations.model import EventKind, State, card_key
from bot.investigations.onset import OnsetSource
from bot.investigations.update_model import Audience, Via
from bot.known_issues.model import LinkVerdict
from bot.messages.model import MessageKind
from bot.probes.batch import RunState, stored_result
from bot.tickets.collection import LinkState
from tests.bench.seed.rows import Row, Rows, stamp
from tests.year import result

YEAR = timedelta(days=365)
DETAILS = timedelta(days=30)
"""Tables and reports of runs are kept so long."""
TICKETS = (3, 8, 12, 20, 57)
"""An investigation has one of these many, twenty on average."""
SYMPTOMS = (
    "packet loss since this morning", "can't connect", "slow downloads", "streams stop after a minute", "login fails",
    "payment declined", "app crashes at start", "DNS does not answer", "certificate warnings", "IPv6 leaks",
)  # fmt: skip
CAUSES = (
    "a line card at the transit provider", "an expired certificate", "a full disk on the gateway", "a wrong route",
    "a release that broke the handshake", "the payment provider was down",
)  # fmt: skip
WORKAROUNDS = ("choose another region", "switch to WireGuard", "install 9.12 again", "pay by another card")
SUBJECTS = (
    "Connection drops every few minutes", "Can't connect since today", "VPN is very slow", "App does not start",
    "My payment was declined", "Netflix says proxy detected",
)  # fmt: skip
PLACES = ("Brisbane", "Berlin", "New York", "Toronto", "Madrid")
HEAVY_ISSUES = 1_500
"""So many known issues have all the investigations that are about a known issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What there is: all of them, those that are open, those that are escalated, on which targets, by whom."""

    investigations: int
    open: int
    escalated: int
    tickets: int
    issues: int
    targets: Sequence[str]
    channels: Sequence[str]
    people: Sequence[str]
    manager: str


@dataclass(frozen=True, slots=True)
class _Story:
    """One investigation, before its rows."""

    number: int
    state: State
    target: str
    channel: str
    owner: str | None
    opened_at: datetime
    closed_at: datetime | None

    @property
    def live(self) -> bool:
        return self.closed_at is None

    @property
    def thread(self) -> str:
        return card_key(self.number)


class Year:
    """Adds a year of investigations, oldest first, with everything that hangs on them."""

    def __init__(self, rows: Rows, shape: Shape, *, now: datetime) -> None:
        self._rows = rows
        self._shape = shape
        self._now = now
        self._chance = random.Random(42)
        self._ticket = 1_000_000
        self._counts = {"messages": 0, "batches": 0, "events": 0, "escalations": 0, "rounds": 0}

    def add(self) -> None:
        counts = [self._chance.choice(TICKETS) for _ in range(self._shape.investigations)]
        counts[-1] += max(0, self._shape.tickets - sum(counts))
        for number, count in enumerate(counts, 1):
            self._add(self._story(number), count)

    def _story(self, number: int) -> _Story:
        """The last ones are live, each about a target of its own; the others are spread over the year."""
        shape, chance = self._shape, self._chance
        first_live = shape.investigations - shape.open - shape.escalated + 1
        if number >= first_live:
            place = number - first_live
            age = timedelta(minutes=4) + (shape.investigations - number) ** 2 * timedelta(minutes=1.6)
            state = State.ESCALATED if place < shape.escalated else State.OPEN
            owner = chance.choice(shape.people) if state is State.ESCALATED or chance.random() < 0.8 else None
            target, opened_at, closed_at = shape.targets[place], self._now - age, None
        else:
            opened_at = self._now - YEAR * (1 - (number - chance.random()) / first_live) - timedelta(minutes=20)
            longest = self._now - opened_at
            closed_at = opened_at + min(timedelta(minutes=20 + chance.expovariate(1 / 240)), longest)
            state = State.RESOLVED if chance.random() < 0.92 else State.DISMISSED
            target, owner = chance.choice(shape.targets), chance.choice(shape.people)
        channel = shape.channels[shape.targets.index(target) % len(shape.channels)]
        return _Story(number, state, target, channel, owner, opened_at, closed_at)

    def _add(self, story: _Story, tickets: int) -> None:
        chance = self._chance
        symptom, resolved = chance.choice(SYMPTOMS), story.state is State.RESOLVED
        cause, workaround = (chance.choice(CAUSES), chance.choice(WORKAROUNDS)) if resolved else ("", "")
        self._rows.add(
            "investigations",
            {
                "id": story.number,
                "target": story.target,
                "symptom": symptom,
                "state": story.state,
                "owner": story.owner,
                "opened_by": story.owner or chance.choice(self._shape.people),
                "opened_at": stamp(story.opened_at),
                "claimed_at": stamp(self._at(story, 3)) if story.owner else None,
                "channel": story.channel,
                "root_cause": cause,
                "workaround": workaround,
                "reason": "not a trend" if story.state is State.DISMISSED else "",
                "closed_by": story.owner if story.closed_at else None,
                "closed_at": stamp(story.closed_at) if story.closed_at else None,
            },
        )
        for user in {chance.choice(self._shape.people) for _ in range(chance.choice((0, 0, 1, 2)))}:
            self._rows.add(
                "helpers", {"investigation_id": story.number, "user": user, "joined_at": stamp(self._at(story, 9))}
            )
        numbers = self._tickets(story, symptom, tickets)
        self._measured(story)
        self._known(story)
        escalated = story.state is State.ESCALATED or (not story.live and chance.random() < 0.12)
        acknowledged = escalated and (not story.live or chance.random() < 0.6)
        self._escalated(story, numbers, acknowledged=acknowledged) if escalated else None
        self._told(story, numbers)
        self._events(story, symptom, cause, escalated=escalated, acknowledged=acknowledged)
        self._messages(story)
        if resolved and story.closed_at:
            self._lesson(story, story.closed_at, symptom, cause, workaround)

    def _at(self, story: _Story, minutes: float) -> datetime:
        """Some minutes after it was opened, and never later than it could be."""
        end = story.closed_at or self._now
        return min(story.opened_at + timedelta(minutes=minutes), end)

    def _tickets(self, story: _Story, symptom: str, count: int) -> list[int]:
        """The numbers of those that are confirmed."""
        chance, confirmed = self._chance, []
        found_at = stamp(self._at(story, 2))
        watch: Row = {"investigation_id": story.number, "phrases": json.dumps([story.target]), "symptom": symptom}
        watch |= {"since": stamp(story.opened_at - timedelta(days=1)), "active": int(story.live)}
        watch |= {"next_at": stamp(self._now + timedelta(hours=1)), "last_ok_at": found_at, "first_ok_at": found_at}
        watch |= {"total": count, "last_hour": count // 3, "hours_before": 1.5, "target": story.target}
        self._rows.add("ticket_watches", watch)
        for place in range(count):
            self._ticket += 1
            state = chance.choice((LinkState.CONFIRMED, LinkState.CONFIRMED, LinkState.SUGGESTED, LinkState.REJECTED))
            if state is LinkState.CONFIRMED:
                confirmed.append(self._ticket)
            decided = state is not LinkState.SUGGESTED
            row: Row = {"investigation_id": story.number, "ticket_id": self._ticket, "state": state}
            row |= {
                "subject": f"{chance.choice(SUBJECTS)} ({self._ticket})",
                "status": "open" if story.live else "solved",
            }
            row |= {"url": f"https://harbor.zendesk.com/agent/tickets/{self._ticket}"}
            row |= {"created_at": stamp(story.opened_at - timedelta(minutes=45) + timedelta(minutes=2 * place))}
            row |= {"found_at": found_at, "decided_by": story.owner if decided else None, "says": int(place % 3 == 0)}
            row |= {
                "tagged": int(decided),
                "tag_wanted": int(decided),
                "matches": 1,
                "requester_id": self._ticket % 90_001,
            }
            row |= {"places": json.dumps([chance.choice(PLACES)] if place % 4 == 0 else [])}
            row |= {"decided_at": stamp(self._at(story, 6)) if decided else None}
            self._rows.add("ticket_links", row)
        receipt: Row = {"investigation_id": story.number, "by": story.owner or "", "at": stamp(self._at(story, 6))}
        receipt |= {"became": LinkState.CONFIRMED, "earlier": json.dumps(dict.fromkeys(map(str, confirmed), ""))}
        self._rows.add("ticket_receipts", receipt)
        return confirmed

    def _measured(self, story: _Story) -> None:
        """A playbook of eight runs, and one probe more."""
        full = self._now - story.opened_at < DETAILS
        subject = json.dumps({"label": story.target, "addresses": ["127.0.50.1"], "trusted": True})
        kept = json.loads(stored_result(result(story.opened_at)))
        if not full:
            kept = {name: value for name, value in kept.items() if name not in ("readings", "report", "columns")}
        text = json.dumps(kept)
        for title, playbook, runs in (("Playbook", "gateway", 8), (f"mtr {story.target}", "", 1)):
            self._counts["batches"] += 1
            batch: Row = {"id": self._counts["batches"], "investigation_id": story.number, "title": title}
            batch |= {"playbook": playbook, "target": story.target, "channel": story.channel}
            batch |= {"thread_key": story.thread, "requested_by": story.owner, "state": RunState.DONE}
            batch |= {"requested_at": stamp(self._at(story, 1)), "finished_at": stamp(self._at(story, 2))}
            self._rows.add("probe_batches", batch | {"on_demand": int(not playbook), "emptied": int(not full)})
            for _ in range(runs):
                row: Row = {"batch_id": self._counts["batches"], "step": "target", "kind": "mtr", "label": story.target}
                row |= {"subject": subject, "state": RunState.DONE, "started_at": stamp(self._at(story, 1))}
                self._rows.add("probe_runs", row | {"finished_at": stamp(self._at(story, 2)), "result": text})

    def _known(self, story: _Story) -> None:
        """A third are about a known issue, and those are few: the same bug comes again."""
        chance = self._chance
        if chance.random() > 0.35:
            return
        among = min(HEAVY_ISSUES, self._shape.issues)
        issue = self._shape.issues - int(among * chance.random() ** 2)
        other = LinkVerdict.SUGGESTED if story.live else LinkVerdict.IT_ISNT
        verdict = LinkVerdict.IT_IS if chance.random() < 0.8 else other
        row: Row = {"investigation_id": story.number, "issue_id": max(1, issue), "verdict": verdict}
        row |= {"by": story.owner or "", "at": stamp(self._at(story, 5))}
        self._rows.add("known_links", row)

    def _escalated(self, story: _Story, tickets: Sequence[int], *, acknowledged: bool) -> None:
        """With its ladder: each step that was needed."""
        self._counts["escalations"] += 1
        number, at = self._counts["escalations"], self._at(story, 25)
        steps = self._chance.choice((1, 1, 2, 3))
        answered_at = stamp(self._at(story, 25 + 10 * steps)) if acknowledged else None
        row: Row = {"id": number, "investigation_id": story.number, "wrong": f"Customers can't use {story.target}."}
        row |= {
            "since": "",
            "affected": f"{len(tickets)} customers",
            "tried": "MTR to all addresses",
            "needed": "a call",
        }
        row |= {"tickets": json.dumps(list(tickets[:5])), "runs": "[]", "mention": "<!subteam^S0LTM>"}
        row |= {"escalated_by": story.owner or self._shape.people[0], "escalated_at": stamp(at)}
        row |= {"acknowledged_by": self._shape.manager if acknowledged else None, "acknowledged_at": answered_at}
        self._rows.add(
            "escalations", row | {"began_at": stamp(story.opened_at), "began_by": OnsetSource.TICKET, "priority": "P1"}
        )
        state = (
            LadderState.STOPPED if story.closed_at else LadderState.ACKNOWLEDGED if acknowledged else LadderState.ENDED
        )
        run: Row = {"id": number, "escalation_id": number, "ladder": "always", "rungs": "[]", "state": state}
        run |= {"started_at": stamp(at), "ended_at": None if story.live and acknowledged else stamp(self._now)}
        self._rows.add("ladder_runs", run)
        rung = json.dumps({"way": WayKind.DM, "wait": 600, "recipients": [self._shape.manager]})
        for place in range(steps):
            told: Row = {"run_id": number, "round": 1, "place": place + 1, "rung": rung, "state": StepState.TOLD}
            told |= {
                "told_at": stamp(self._at(story, 25 + 10 * place)),
                "ended_at": stamp(self._at(story, 30 + 10 * place)),
            }
            self._rows.add("ladder_steps", told)

    def _told(self, story: _Story, tickets: Sequence[int]) -> None:
        """Some customers were told something, some management; a few had an answer by a round."""
        chance = self._chance
        for count in range(chance.choice((0, 1, 1, 2))):
            said: Row = {
                "investigation_id": story.number,
                "at": stamp(self._at(story, 15 + 30 * count)),
                "via": Via.HAND,
            }
            said |= {"author": story.owner, "customers": len(tickets), "source": f"word-{story.number}-{count}"}
            self._rows.add("said", said | {"text": "We are looking into it. Another region works."})
        if chance.random() < 0.4:
            news: Row = {"investigation_id": story.number, "at": stamp(self._at(story, 40)), "audience": Audience.TIER1}
            self._rows.add("updates", news | {"author": story.owner or "", "text": "The provider sees it too."})

    def _events(self, story: _Story, symptom: str, cause: str, *, escalated: bool, acknowledged: bool) -> None:
        owner = story.owner
        lines: list[tuple[float, EventKind, str | None, str]] = [(0, EventKind.OPENED, owner, symptom)]
        lines += [(3, EventKind.CLAIMED, owner, "")] if owner else []
        lines += [
            (2, EventKind.PROBE, None, "the playbook. Loses packets"),
            (6, EventKind.TICKETS, owner, "confirmed #1, #2"),
        ]
        lines += [
            (8 + 2 * n, EventKind.MESSAGE, owner, "It is the same from Berlin, and from a phone.") for n in range(3)
        ]
        lines += [(14, EventKind.NOTE, owner, "customers on 2.4 only"), (15, EventKind.SAID, owner, "We look into it.")]
        lines += [(25, EventKind.ESCALATED, owner, "a call with the provider")] if escalated else []
        lines += [(35, EventKind.ACKNOWLEDGED, self._shape.manager, "")] if acknowledged else []
        lines.sort(key=lambda line: line[0])
        ends = {State.RESOLVED: EventKind.RESOLVED, State.DISMISSED: EventKind.DISMISSED}
        lines += [(1e6, ends[story.state], owner, cause)] if story.state in ends else []
        for minutes, kind, actor, text in lines:
            row: Row = {"investigation_id": story.number, "at": stamp(self._at(story, minutes)), "actor": actor}
            self._rows.add("events", row | {"kind": kind, "text": text})

    def _messages(self, story: _Story) -> None:
        """What stands in its thread, all of it sent."""
        views = (("investigation", story.number), ("tickets", story.number), ("probes", self._counts["batches"]))
        keys = [(f"{view}/{number}", view, number) for view, number in views]
        keys += [(f"told/{story.number}-{count}", "", 0) for count in range(4)]
        for key, view, record in keys:
            self._counts["messages"] += 1
            number = self._counts["messages"]
            ts, card = f"{1_500_000_000 + number}.000100", bool(view)
            row: Row = {"id": number, "key": key, "kind": MessageKind.CARD if card else MessageKind.POST, "view": view}
            row |= {"record_id": record, "channel": story.channel, "state": "sent", "sent": 1, "wanted": 1}
            row |= {"thread_key": None if view == "investigation" else story.thread, "ts": ts}
            row |= {"due_at": stamp(story.opened_at), "created_at": stamp(self._at(story, 1)), "emptied": int(not card)}
            self._rows.add("messages", row)
            self._rows.add("message_places", {"channel": story.channel, "ts": ts, "key": key})

    def _lesson(self, story: _Story, closed_at: datetime, symptom: str, cause: str, workaround: str) -> None:
        row: Row = {"kind": "investigation", "record_id": story.number, "targets": story.target, "at": stamp(closed_at)}
        row |= {"live": 0, "title": cause, "symptom": symptom, "workaround": workaround, "aliases": story.target}
        self._rows.add("known_documents", row)
