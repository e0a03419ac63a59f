"""Whatever a customer left: afterwards no byte of it is in the database's file, also where the program dies."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.database import Database, Row
from bot.forgetting.model import Customer, Kind, OrderState, Scope, Sought
from bot.forgetting.places import HELD, Held
from bot.forgetting.runner import ForgettingRunner
from bot.forgetting.seal import NOTES
from bot.investigations.model import EventKind
from bot.investigations.service import InvestigationService
from bot.tickets.model import Requester
from tests.database import memory_database
from tests.fake_desk import Killed, ticket
from tests.world import World

LENA = "ULENA"
WORDS = st.text("abcdefghijklmnopqrstuvwxyzäöüßéñłøčàşżćžабвгдежзийклмн", min_size=4, max_size=9).map(str.title)


@dataclass(frozen=True)
class Person:
    """Somebody with all the words by which they may be found, none of which anybody else has."""

    name: str
    email: str
    subject: str
    ticket: int

    @property
    def strings(self) -> tuple[str, ...]:
        return (self.name, self.email, self.subject, f"#{self.ticket}", f"tickets/{self.ticket}")


@st.composite
def people(draw: st.DrawFn) -> Person:
    first, last = draw(WORDS), draw(WORDS)
    words = draw(st.lists(WORDS, min_size=4, max_size=7))
    sign = draw(st.sampled_from(["'", '"', "<b>", "&", "\\", " – ", "日本"]))
    number = draw(st.integers(10_000, 99_999_999))
    return Person(f"Q{first} Z{last}", f"q.{number}@mail.test", f"Xq{sign.join(words)} {' '.join(words)}", number)


def seed(database: Database, person: Person) -> None:
    """A row in every table that may hold something of a customer, with all of it in each place."""
    database.run("PRAGMA foreign_keys=OFF")
    for held in HELD:
        row = {name: value for name, value in _row(database, held, person).items() if value is not None}
        database.insert(held.table, {f'"{name}"': value for name, value in row.items()})
    database.run("PRAGMA foreign_keys=ON")


def _row(database: Database, held: Held, person: Person) -> Row:
    numbers = f"#{person.ticket} https://d.test/agent/tickets/{person.ticket}"
    said = f"{person.name} <{person.email}> “{person.subject}” {numbers} ok"
    row: Row = {}
    for column in database.rows(f"SELECT * FROM pragma_table_info('{held.table}')"):
        name, needed = column["name"], column["notnull"] and column["dflt_value"] is None
        if name == held.ticket:
            row[name] = person.ticket
        elif name == held.requester:
            row[name] = 901
        elif name == held.hashed:
            row[name] = 77
        elif name in held.lists:
            row[name] = json.dumps({"kept": [person.ticket, 5]} if name in held.words else [person.ticket, 5])
        elif name in held.words:
            row[name] = json.dumps({"text": [said]}) if len(name) % 2 else said
        elif needed or column["pk"]:
            row[name] = "2026-11-20T09:00:00+00:00" if name.endswith("at") else "x" if column["type"] == "TEXT" else 1
    return row


@dataclass
class Dies:
    """Between two steps, after so many of them."""

    after: int
    steps: int = field(default=0)

    async def __call__(self) -> None:
        self.steps += 1
        if self.steps > self.after:
            raise Killed


class NoTimeline(InvestigationService):
    """The rows are made up: nothing reads them as records."""

    def __init__(self) -> None:
        pass

    def record_event(self, investigation_id: int, kind: EventKind, **_: object) -> int:
        return 0


def ordered(database: Database, person: Person) -> None:
    """Somebody has confirmed it."""
    customer = Customer((person.ticket,), (901,), (77,), (person.name, person.email, person.subject))
    world = World(database=database, desk=None)
    store = world.rooms.forgetting.runner._store
    number = store.order("", by=LENA)
    store.set(number, state=OrderState.WANTED, scope=Scope.CUSTOMER, sought=Sought(customer=customer))


def runner(database: Database, dies: Dies) -> ForgettingRunner:
    made = World(database=database, desk=None).rooms.forgetting.runner
    made._pause = dies
    made._investigations = NoTimeline()
    return made


async def forget(path: Path, person: Person, *, every: int) -> int:
    """Runs until it is done, dying after `every` steps and beginning anew with one more; how often it died."""
    deaths, after = 0, every
    while True:
        database = Database(path)
        working = runner(database, Dies(after))
        try:
            while await working.step():
                pass
        except Killed:
            deaths, after = deaths + 1, after + every
            database._connection.close()
            continue
        state = database.value("SELECT state FROM forget_orders")
        assert state == OrderState.DONE, state
        _nothing_left(path, person)
        database.close()
        _nothing_left(path, person)
        return deaths


def _nothing_left(path: Path, person: Person) -> None:
    for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + NOTES)):
        content = each.read_bytes() if each.exists() else b""
        for form in _forms(person):
            assert form not in content, (each.name, form)


def _forms(person: Person) -> Iterator[bytes]:
    for string in person.strings:
        yield string.encode()
        yield json.dumps(string)[1:-1].encode()


def _template(path: Path) -> None:
    made = Database(path)
    memory_database().tables.conn.backup(made.tables.conn)
    made.close()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(person=people(), every=st.integers(3, 60))
def test_no_byte_is_left(tmp_path_factory: pytest.TempPathFactory, person: Person, every: int) -> None:
    """Seeded everywhere, killed every few steps, taken up again."""
    path = tmp_path_factory.mktemp("file") / "secondline.db"
    _template(path)
    database = Database(path)
    seed(database, person)
    ordered(database, person)
    database.close()
    asyncio.run(forget(path, person, every=every))


def test_killed_between_each_two_steps(tmp_path: Path) -> None:
    """After the first one, then after two, and so on to the end."""
    person = Person("Qora Zandt", "q.1@mail.test", "Xq the tunnel drops when the cat walks by", 4_821_300)
    path = tmp_path / "secondline.db"
    _template(path)
    database = Database(path)
    seed(database, person)
    ordered(database, person)
    database.close()
    assert asyncio.run(forget(path, person, every=1)) > 30


def test_a_restored_backup_is_cleaned(tmp_path: Path) -> None:
    """It knows nothing of the order; the file beside it does, without saying whom."""
    person = Person("Qora Zandt", "q.1@mail.test", "Xq the tunnel drops when the cat walks by", 4_821_300)
    path, backup = tmp_path / "secondline.db", tmp_path / "backup.db"
    _template(path)
    database = Database(path)
    seed(database, person)
    database.write_back()
    backup.write_bytes(path.read_bytes())
    ordered(database, person)
    database.close()
    asyncio.run(forget(path, person, every=10_000))

    path.write_bytes(backup.read_bytes())
    database = Database(path)
    again = runner(database, Dies(10_000))
    again.take_up()

    async def work() -> None:
        while await again.step():
            pass

    asyncio.run(work())
    again.take_up()
    assert database.value("SELECT count(*) FROM forget_orders") == 1
    _nothing_left(path, person)
    database.close()


async def test_the_ticket_of_a_customer_of_the_desk(tmp_path: Path) -> None:
    """What the desk alone knows, the name, is found in what people wrote."""
    path = tmp_path / "secondline.db"
    _template(path)
    world = World(database=Database(path))
    assert world.desk
    world.desk.people[901] = Requester(901, "Qora Zandt", "q.1@mail.test")
    world.desk.hidden.append(ticket(48213, world.clock(), "Xq the tunnel drops when the cat walks by"))
    world.desk.set(48213, requester_id=901)
    investigation = await world.opened()
    world.evidence.note(investigation.id, "Qora Zandt (q.1@mail.test) called", by="UKIM")
    order = await world.rooms.forgetting.service.ask("48213", by=LENA)
    working = world.rooms.forgetting.runner
    while await working.step():
        pass
    await world.rooms.forgetting.service.confirm(order.id, Scope.CUSTOMER, by=LENA)
    while await working.step():
        pass
    assert not world.rooms.forgetting.service.get(order.id).leftover
    _nothing_left(path, Person("Qora Zandt", "q.1@mail.test", "Xq the tunnel drops when the cat walks by", 48213))
    world.database.close()


def _index_alone(database: Database, person: Person) -> None:
    """No row of a known issue has anything of the person any more; the parts of the index have."""
    database.run("PRAGMA foreign_keys=OFF")
    database.run("DELETE FROM known_documents WHERE id = 1")
    for table in [held.table for held in HELD if held.kind == Kind.KNOWN and held.table != "known_documents"]:
        database.run(f"DELETE FROM {table}")
    database.run("PRAGMA foreign_keys=ON")
    database.run("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.parametrize("went_before", [False, True])
def test_no_single_word_is_left_in_the_index(tmp_path: Path, went_before: bool) -> None:
    """Words that nobody else has: an index keeps each by itself, and those of rows that went in its old parts.

    Also where the row was written anew before anybody asked, so that no row has the words any more.
    """
    person = Person(
        "Qoratsch Zandtwick", "qoramail.4@zandthost.test", "Xqplumb the tunnel frobnicates twiddlewise", 4_821_300
    )
    rare = (b"qoratsch", b"zandtwick", b"qoramail", b"zandthost", b"xqplumb", b"frobnicates", b"twiddlewise")
    path = tmp_path / "secondline.db"
    _template(path)
    database = Database(path)
    for number in range(300):
        row: Row = {
            "id": number + 2,
            "kind": "issue",
            "record_id": number,
            "targets": "[]",
            "at": "2026-11-20",
            "live": 1,
        }
        row |= {"title": f"tunnel {number} drops", "symptom": "the tunnel drops", "workaround": "", "aliases": ""}
        database.insert("known_documents", row)
    seed(database, person)
    ordered(database, person)
    database.write_back()
    assert all(word in path.read_bytes().lower() for word in rare)
    if went_before:
        _index_alone(database, person)
    database.close()
    asyncio.run(forget(path, person, every=10_000))

    content = path.read_bytes().lower()
    assert [word for word in rare if word in content] == []
