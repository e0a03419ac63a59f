"""`python -m tests.bench.export_server`: a Zendesk that exports four weeks of tickets, as a process of its own.

Prints its port. Every page is there before the first one is asked for, so that what is measured is the bot.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.zendesk.history import history

DAYS, A_DAY, PAGE_ROWS = 28, 1_800, 1_000
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
CUSTOMERS = 20_000
RARE_WORDS = 12
"""What customers write beside what all of them write: names, devices, cities, by Zipf's law over 30,000 words."""
FILLING = [{"id": 360_000_000_000 + number, "value": None if number % 3 else "a value of it"} for number in range(25)]
"""Custom fields, of which most desks have too many."""


def pages() -> list[bytes]:
    """In the order of the tickets' changes, each as Zendesk writes it."""
    rows = list(_rows())
    count = len(rows) // PAGE_ROWS + 1
    return [_page(rows[at * PAGE_ROWS : (at + 1) * PAGE_ROWS], at + 1, last=at + 1 == count) for at in range(count)]


def _page(rows: list[dict[str, Any]], following: int, *, last: bool) -> bytes:
    body = {"tickets": rows, "after_cursor": str(following), "end_of_stream": last}
    return json.dumps(body).encode()


def _rows() -> Iterator[dict[str, Any]]:
    chance, written = random.Random(13), history(7, NOW)
    words = ["".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(3)) for _ in range(30_000)]
    total = DAYS * A_DAY
    for number in range(total):
        text, at = chance.choice(written), NOW - timedelta(days=DAYS) * (1 - number / total) + timedelta(minutes=1)
        rare = " ".join(words[int(len(words) ** chance.random()) - 1] for _ in range(RARE_WORDS))
        yield _row(48_000 + number, text.subject, f"{text.description[:8_000]} {rare}", at, chance.randrange(CUSTOMERS))


def _row(number: int, subject: str, description: str, at: datetime, customer: int) -> dict[str, Any]:
    moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "url": f"https://harbor.zendesk.com/api/v2/tickets/{number}.json",
        "id": number,
        "external_id": None,
        "via": {"channel": "email", "source": {"from": {"address": f"c{customer}@example.com"}, "to": {}, "rel": None}},
        "created_at": moment,
        "updated_at": moment,
        "generated_timestamp": int(at.timestamp()),
        "type": None,
        "subject": subject,
        "raw_subject": subject,
        "description": description,
        "priority": "normal",
        "status": "closed",
        "requester_id": 5_000_000 + customer,
        "submitter_id": 5_000_000 + customer,
        "assignee_id": 4_000_000 + number % 30,
        "group_id": 360_001,
        "tags": ["email", "tier_1", "english"],
        "custom_fields": FILLING,
        "fields": FILLING,
        "followup_ids": [],
        "collaborator_ids": [],
        "satisfaction_rating": {"score": "unoffered"},
        "sharing_agreement_ids": [],
        "brand_id": 360_001,
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pages: list[bytes]

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        at = int(query.get("cursor", ["0"])[-1])
        body = self.pages[at] if at < len(self.pages) else _page([], at, last=True)
        self.send_response(200)
        self.send_header("content-type", "application/json; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return None


if __name__ == "__main__":
    _Handler.pages = pages()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(server.server_address[1], sum(map(len, _Handler.pages)), flush=True)
    server.serve_forever()
