"""The story as a document: whole, and inert whatever stands in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.exports.model import (
    Measured,
    Report,
    SaidToCustomers,
    TicketLine,
    TimelineLine,
    WholeInvestigation,
    document,
)

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


def story(words: str = "packet loss", *, report: str = "hop 1", root_cause: str = "") -> WholeInvestigation:
    return WholeInvestigation(
        number=4,
        name="INV-4",
        title=words,
        state="open",
        headline=words,
        owner="kim",
        helpers=("jo",),
        opened_at=NOW,
        closed_at=None,
        root_cause=root_cause,
        workaround="",
        reason="",
        slack="",
        known=(("KI-31", 31),),
        tickets=33,
        confirmed=6,
        timeline=(TimelineLine(NOW, words),),
        listed=(TicketLine(4711, "confirmed", NOW, "https://desk.test/4711", words),),
        measured=(Measured("Playbook", NOW, words, (Report("mtr", report),)),),
        said=(SaidToCustomers(NOW, words, 6),),
    )


def test_what_only_people_know_is_left_to_fill_in() -> None:
    text = document(story(), UTC)

    for heading in ("Root cause", "Impact", "Workaround", "What went well", "Open questions", "Timeline", "Tickets"):
        assert f"\n## {heading}\n" in text
    assert text.count("_To be filled in._") == 4
    assert "33 tickets matched, 6 confirmed." in text
    assert "- 2026-11-20 09:12 UTC packet loss" in text
    assert "[#4711](https://desk.test/4711)" in text


def test_what_customers_heard_is_struck_out_where_they_know_that_it_was_wrong() -> None:
    later = NOW + timedelta(minutes=30)
    whole = replace(
        story(),
        said=(
            SaidToCustomers(NOW, "It works *again*.", 6, later, 6, wrong=True),
            SaidToCustomers(NOW, "Use U.S. West.", 6, later, 2),
            SaidToCustomers(NOW, "We look.", 0, later),
            SaidToCustomers(later, "It doesn't work yet.", 6),
        ),
    )
    lines = document(whole, UTC).partition("## Said to customers\n")[2].strip().splitlines()[:4]

    assert lines == [
        "- 2026-11-20 09:12 UTC ~~It works \\*again\\*.~~ (corrected 2026-11-20 09:42 UTC)",
        "- 2026-11-20 09:12 UTC Use U.S. West. (corrected 2026-11-20 09:42 UTC for 2 of 6 customers)",
        "- 2026-11-20 09:12 UTC We look. (corrected 2026-11-20 09:42 UTC)",
        "- 2026-11-20 09:42 UTC It doesn't work yet.",
    ]


def test_a_cause_that_is_known_is_there() -> None:
    assert document(story(root_cause="the transit provider"), UTC).count("_To be filled in._") == 3


@given(st.text(max_size=200))
def test_no_words_make_headings_links_or_html(words: str) -> None:
    """Nor more lines than there are: each stays in its own."""
    told, plain = document(story(words), UTC), document(story("x"), UTC)

    headings = [line for line in plain.splitlines() if line.startswith("##")]
    assert [line for line in told.splitlines() if line.startswith("##")] == headings
    assert "<" not in told.replace("\\<", "")


def test_nothing_in_the_document_turns_the_line_that_it_stands_in() -> None:
    """Also a report, which stands there as it is."""
    told = document(story("\u202ecod.exe\u200f", report="from \u2066evil\u061c host"), UTC)

    assert "from evil host" in told and "cod.exe" in told
    assert not set(told) & set("\u202e\u2066\u200f\u061c")


@given(st.text(alphabet="`\nab", max_size=60))
def test_a_report_does_not_end_its_fence(report: str) -> None:
    lines = document(story(report=report), UTC).split("### mtr\n\n")[1].split("\n")
    fence = lines[0]

    assert set(fence) == {"`"} and len(fence) >= 3
    assert lines[1:].index(fence) == len(lines) - 3
