"""Whatever a ticket is: it is read, quickly, and what doesn't count changes nothing."""

import random
import tracemalloc
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.model import Reading, TicketText
from bot.reading.own_words import compared
from bot.reading.reader import TicketReader
from bot.reading.rows import ticket_text
from bot.targets.model import Catalog, Target
from tests.hostile_shapes import SHAPES
from tests.reading.catalogs import reader
from tests.reading.reports import catalogs, readers, reports
from tests.stalls import busy_s

TEXT_S = 0.02
"""The longest that a text of 100,000 characters may take."""
WORDS = st.sampled_from(
    """
    us east west germany frankfurt singapore works not doesn't and but , . ! : only except i live in switched from to
    tried too fine down slow connect can't geht nicht aber ne marche pas mais funciona no app iphone windows 8.4.1 error
    809 card declined refund - ( ) "quoted" same here others all than like nothing until yesterday server is does yes
    """.split()
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join))
QUOTED = (
    "\n\nOn Tue, 24 Nov 2026 at 10:12, Support <help@example.com> wrote:\n"
    "> US West and Singapore crash on Android 14\n> too",
    "\n\nAm 24.11.2026 um 10:12 schrieb Support:\n> Frankfurt ist langsam unter Windows 11",
    "\n\n-----Original Message-----\nFrom: Support\nSent: Monday\nTo: me\nSubject: US West\n\n"
    "US West is down on iOS 26.2",
    "\n\nFrom: Support <help@example.com>\nSent: Monday, 3 March\nTo: me\nSubject: slow\n\n"
    "Singapore is slow, error 809",
    "\n\nLe 24 nov. 2026 à 10:12, Support a écrit :\n> Singapour est lent",
    "\n-- \nVirginia Woods\nSingapore office\nWindows and Linux",
    "\n\nBest regards,\nVirginia\nSydney",
    "\n\nSent from my iPhone",
    "\n\nMit freundlichen Grüßen\nVirginia Singapur",
)


def said(reading: Reading) -> tuple[object, ...]:
    """All that it says, without the words that say so."""
    keys = [[each.key for each in group] for group in (reading.affected, reading.elsewhere)]
    ones = [each and each.key for each in (reading.symptom, reading.wish, reading.platform)]
    return (*keys, *ones, reading.versions, reading.codes, reading.terms)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_any_text_is_read(subject: str, description: str) -> None:
    """Targets are of the catalog and in one of both lists, terms are few, and the words are the ticket's."""
    reading = reader().read(TicketText(subject, description))
    affected, elsewhere = ({each.key for each in group} for group in (reading.affected, reading.elsewhere))
    written = "".join(char for char in compared(f"{subject}\n{description}") if char.isalnum())

    assert not affected & elsewhere
    assert len(reading.terms) <= 40
    for each in (*reading.affected, *reading.elsewhere, reading.symptom, reading.platform, reading.wish):
        for words in each.words if each else ():
            assert "".join(char for char in words if char.isalnum()) in written


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, min_size=3, max_size=30).map(" ".join), st.sampled_from(QUOTED))
def test_quoted_history_and_signatures_change_nothing(text: str, more: str) -> None:
    text = f"hello team, {text}."

    assert said(reader().read(TicketText("vpn", text + more))) == said(reader().read(TicketText("vpn", text)))


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_case_and_unicode_change_nothing(text: str) -> None:
    plain = said(reader().read(TicketText(text, text)))
    wide = text.replace(" ", "\u00a0").replace("'", "’")

    assert said(reader().read(TicketText(text.upper(), text.upper()))) == plain
    assert said(reader().read(TicketText(wide, wide))) == plain
    assert said(reader().read(TicketText(text.replace(" ", "  "), text))) == plain


@pytest.mark.parametrize("number", [5, 44, 64, 92, 167])
def test_decomposed_letters_are_the_same(number: int) -> None:
    """As some systems write "ü": a "u" with a mark behind it."""
    [report] = [report for report in reports() if report.number == number]
    ticket = report.ticket
    subject, description = (unicodedata.normalize("NFD", text) for text in (ticket.subject, ticket.description))
    apart = TicketText(subject, description)

    assert readers()[report.catalog].read(apart) == readers()[report.catalog].read(report.ticket)


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_no_text_takes_long(shape: str) -> None:
    ticket, own = TicketText(SHAPES[shape], SHAPES[shape]), reader()

    assert busy_s(lambda: own.read(ticket)) <= TEXT_S


@pytest.mark.parametrize(
    "parts",
    [("us", " "), ("not ", "us east "), ("us east, ",), ("can't ",), ("a:\n",), ("<b>",), ("&lt;",), ("from: x\n",)],
)
def test_no_words_take_long(parts: tuple[str, ...]) -> None:
    """What begins a name, a phrase, a quotation, again and again."""
    text, own = ("".join(parts) * 100_000)[:100_000], reader()

    assert busy_s(lambda: own.read(TicketText(text, text))) <= TEXT_S


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["subject", "description", "tags", "custom_fields", "raw_subject"]),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "value"]), inner, max_size=2)
            ),
            max_leaves=6,
        ),
    )
)
def test_any_row_is_taken(row: dict[str, object]) -> None:
    reader().read(ticket_text(row, {"1": "platform", "2": "target", "3": "version", "4": "symptom", "5": "language"}))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=12), st.text(max_size=20)), max_size=6))
def test_any_catalog_is_taken(names: list[tuple[str, str]]) -> None:
    catalog = Catalog(
        tuple(Target(f"t{place}", title, "gateway", aliases=(alias,)) for place, (title, alias) in enumerate(names))
    )

    TicketReader(catalog=catalog).read(TicketText("x is down", "it is"))


def test_a_reader_remembers_no_more_than_it_should() -> None:
    """Words that never come again don't fill the memory."""
    chance = random.Random(3)
    own = TicketReader(catalog=catalogs()["fifty"])
    for _ in range(120):
        own.read(TicketText("x", " ".join(f"w{chance.random()}" for _ in range(300))))

    assert own.words_known < 7_000


def test_a_reader_is_small() -> None:
    """The bot has some megabytes left, with fifty gateways too."""
    readers(), catalogs()
    tracemalloc.start()
    own = TicketReader(catalog=catalogs()["fifty"])
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert own.symptoms
    assert taken < 6_000_000
