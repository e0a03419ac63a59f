"""What goes into a tracker: the story, and nothing of a customer or a colleague."""

from dataclasses import replace
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from bot.exports.tracker_copy import COPY_MAX, NOTHING_FILLED_IN, FilledIn, copy_text
from bot.investigations.model import EventKind
from bot.investigations.overview import Overview
from tests.words.records import COLLECTED, OPEN, PLAYBOOK, RESOLVED, SOURCE, batch, event, overview, run

SECRET = "Bob Smith of 203.0.113.77"
ENDED = replace(OPEN, **RESOLVED)


def text(about: Overview, filled: FilledIn = NOTHING_FILLED_IN) -> str:
    return copy_text(about, filled, UTC)


def test_the_story_is_there() -> None:
    told = [event(EventKind.OPENED), event(EventKind.ESCALATED, 10), event(EventKind.ACKNOWLEDGED, 14)]
    ended = event(EventKind.RESOLVED, 95)
    copy = text(overview(ENDED, *told, ended), FilledIn("Jo saw it first.", "Why no alert?"))

    headings = [line.removeprefix("### ") for line in copy.splitlines() if line.startswith("### ")]
    typed = ["Root cause", "Impact", "Workaround", "What went well", "Open questions"]
    assert headings == [*typed, "Times", "Measured", "Tickets", "Reports"]
    assert "- 2026-11-30 09:24 UTC Escalated" in copy and "- 2026-11-30 10:49 UTC Resolved" in copy
    assert "A router of the transit provider dropped packets." in copy and "Jo saw it first." in copy
    assert "[48500](https://acme.zendesk.test/48500)" in copy and "~~~~text" in copy


def test_nothing_of_customers_and_colleagues_is_in_it() -> None:
    """Not their words, names and addresses, wherever these stand on the record."""
    told = [event(kind, text=SECRET, about="USECRET") for kind in EventKind]
    tickets = tuple(replace(ticket, subject=SECRET) for ticket in COLLECTED.tickets)
    typed = batch(replace(run(9, "ping", lost=10), label="203.0.113.77"), target="", playbook="", title=SECRET)
    about = replace(
        overview(replace(ENDED, source=replace(SOURCE, text=SECRET), helpers=("UJO",)), *told),
        collected=replace(COLLECTED, tickets=tickets),
        batches=(PLAYBOOK, replace(typed, id=2)),
    )
    copy = text(about)

    for word in ("Bob", "203.0.113.77", "UKIM", "USECRET", "UJO", *(ticket.subject for ticket in COLLECTED.tickets)):
        assert word not in copy


def test_mail_addresses_that_somebody_typed_are_left_out() -> None:
    typed = replace(ENDED, symptom="bob.smith+vpn@mail.example.co.uk can't connect", root_cause="see a@b.de")
    copy = text(overview(typed))

    assert "example" not in copy and "a@b" not in copy and copy.count("address left out") == 2


@given(st.text(max_size=200))
def test_words_mention_nobody_and_make_no_markdown(words: str) -> None:
    typed, plain = text(overview(replace(ENDED, symptom=words))), text(overview(replace(ENDED, symptom="x")))

    def headings(copy: str) -> list[str]:
        return [line for line in copy.splitlines() if line.startswith("###")]

    assert headings(typed) == headings(plain)
    first = typed.splitlines()[0]
    assert "@\u200b" in first or "@" not in first
    assert "<" not in first.replace("\\<", "") and "](" not in first


def test_it_is_never_longer_than_a_tracker_takes() -> None:
    """Whole reports are left out, and no list goes on without end."""
    many = tuple(replace(COLLECTED.tickets[0], ticket_id=number) for number in range(3_000))
    long = [replace(one, result=replace(one.result, report="x" * 20_000)) for one in PLAYBOOK.runs if one.result]
    words = "&<# " * 720
    about = replace(
        overview(replace(ENDED, root_cause=words, workaround=words)),
        collected=replace(COLLECTED, tickets=many),
        batches=(replace(PLAYBOOK, runs=tuple(long)),),
    )
    copy = text(about, FilledIn(words, words))

    assert len(copy) <= COPY_MAX and copy.count("~~~~") % 2 == 0 and "- and 2900 more" in copy


def test_times_go_from_the_first_sign_to_the_end() -> None:
    copy = text(overview(ENDED, event(EventKind.OPENED), event(EventKind.PROBE, 1), event(EventKind.RESOLVED, 95)))
    times = copy.split("### Times\n\n")[1].split("\n\n")[0].splitlines()

    assert [line[2:18] for line in times] == sorted(line[2:18] for line in times)
    assert [line[23:] for line in times] == [
        "First sign: the rise of tickets",
        "Opened",
        "First evidence",
        "Resolved",
    ]
