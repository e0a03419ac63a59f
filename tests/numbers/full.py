"""A quarter of a year in which everything happened that numbers are made of."""

import random
from datetime import timedelta

from bot.database import Database, Row
from tests.numbers.counted import Counted

CASES, DAYS = 120, 80


def fill(counted: Counted) -> None:
    """Investigations with tickets and what was done about them, escalations, rises, elevations, issues, briefings."""
    quarter = _Quarter(counted)
    with counted.world.database.transaction():
        for number in range(1, CASES + 1):
            quarter.case(number)
        quarter.issues()
        for day in range(DAYS):
            quarter.day(day)


class _Quarter:
    def __init__(self, counted: Counted) -> None:
        self._database: Database = counted.world.database
        self._now = counted.world.clock()
        self._chance = random.Random(3)

    def _at(self, days: float) -> str:
        return (self._now - timedelta(days=days)).isoformat(timespec="microseconds")

    def case(self, number: int) -> None:
        chance, days = self._chance, DAYS * (1 - number / CASES)
        row: Row = {"id": number, "target": chance.choice(("us-east", "us-west", "app")), "opened_by": "UKIM"}
        row |= {"state": "dismissed" if number % 9 == 0 else "resolved", "channel": "C1", "opened_at": self._at(days)}
        self._database.insert("investigations", row | {"closed_at": self._at(days - chance.uniform(0.1, 0.9))})
        steps = {"claimed": 0.02, "probe": 0.01, "escalated": 0.08, "acknowledged": 0.1, "told": 0.3, "reopened": 0.5}
        for kind, after in steps.items():
            if kind in ("claimed", "probe") or chance.random() < 0.4:
                at = self._at(days - chance.uniform(0.2, 2) * after)
                self._database.insert("events", {"investigation_id": number, "at": at, "kind": kind})
        for ticket in range(chance.randint(0, 9)):
            link: Row = {"investigation_id": number, "ticket_id": number * 10 + ticket, "state": "confirmed", "url": ""}
            link |= {
                "subject": "",
                "status": "open",
                "found_at": "",
                "created_at": self._at(days + chance.uniform(0, 0.2)),
            }
            self._database.insert("ticket_links", link)
        if number % 4 == 0:
            self._escalated(number, self._at(days))
        if number % 5 == 0:
            self._rise(number, days)

    def _escalated(self, number: int, at: str) -> None:
        row: Row = dict.fromkeys(("wrong", "since", "affected", "tried", "needed", "tickets", "runs", "mention"), "")
        row |= {"investigation_id": number, "escalated_by": "UKIM", "escalated_at": at}
        row |= {"acknowledged_at": at if number % 8 else None}
        escalation = self._database.insert("escalations", row)
        run: Row = {"escalation_id": escalation, "ladder": "default", "rungs": "[]", "state": "ended", "started_at": at}
        run_id = self._database.insert("ladder_runs", run)
        for place in range(self._chance.randint(1, 4)):
            step: Row = {"run_id": run_id, "round": 1, "place": place, "rung": "{}", "told_at": at}
            self._database.insert("ladder_steps", step)

    def _rise(self, number: int, days: float) -> None:
        at = self._at(days + 0.01)
        row: Row = dict.fromkeys(("words", "symptom", "snoozed_by", "dismissed_by", "reason"), "")
        row |= dict.fromkeys(("fleet", "sharing", "shadow", "dismissed_customers"), 0)
        row |= dict.fromkeys(("window_h", "most_window_h", "dismissed_window_h", "expected"), 1)
        row |= {"series": {"target": "us-east"}, "state": "over", "team": "tech", "channel": "C1", "about": "us-east"}
        row |= {"began_at": at, "noticed_at": at, "last_at": at, "said_at": at, "customers": 9, "most": 9}
        row |= {"ticket_ids": "[]", "investigation_id": number if number % 2 else None}
        self._database.insert("trends", row)

    def issues(self) -> None:
        titles = ("Calls stutter on Android 14 after the update, and the speaker stays silent", "Refunds come twice")
        for issue, title in enumerate(titles, start=1):
            row: Row = {"id": issue, "tracker": "app", "uid": f"{issue}", "key": f"APP-{issue}", "url": "", "known": 1}
            row |= dict.fromkeys(("updated_at", "first_seen_at", "checked_at"), self._at(1))
            row |= {"state": "open", "marked": 0, "reading": "{}", "issue": {"title": title}}
            self._database.insert("known_issues", row)
            for number in range(issue, CASES, 3 * issue):
                link: Row = {"investigation_id": number, "issue_id": issue, "verdict": "it_is", "by": "UKIM"}
                self._database.insert("known_links", link | {"at": self._at(1)})

    def day(self, day: int) -> None:
        at = self._at(day)
        row: Row = {"channel": "C1", "day": at[:10], "due_at": at, "said_at": at, "said": "{}"}
        briefing = self._database.insert("briefings", row)
        for reader in range(self._chance.randint(0, 7)):
            read = {"briefing_id": briefing, "user": f"U{reader}", "read_at": at}
            self._database.insert("briefing_readers", read)
        for ticket in range(day % 5):
            elevated: Row = {
                "ticket_id": day * 10 + ticket,
                "state": "elevated",
                "subject": "",
                "url": "",
                "team": "cs",
            }
            elevated |= dict.fromkeys(("updated_at", "seen_at", "next_at", "elevated_at"), at)
            self._database.insert("elevations", elevated | {"team": "cs", "taken": "assigned" if ticket % 2 else ""})
