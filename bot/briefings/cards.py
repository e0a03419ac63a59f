"""A briefing as Slack shows it: one message, and in its thread what does not fit. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.briefings.lines import BriefingLine, lines, worded
from bot.briefings.model import AmendedPart, Amendment, BriefingOverview, Doubt
from bot.briefings.schedule import PlannedBriefing, render
from bot.investigations import cards as investigation_cards
from bot.messages.model import Block, Content
from bot.names import few_named
from bot.slack.blocks import MESSAGE_CHARS, actions, button, context, fitted, header, section
from bot.slack.text import SECTION_MAX, at, clock_time, foreign, person, plural

READ = "briefing_read"
JOIN = "briefing_join"
CLAIM = "briefing_claim"

_PAGE_CHARS = MESSAGE_CHARS - 4_500
"""What is left for lines beside headings, amendments and buttons."""
_PAGE_LINES = 30
_AMENDMENTS = 8
_LATE = timedelta(minutes=5)


def pages(overview: BriefingOverview) -> int:
    """Over how many messages a briefing goes; amendments do not change it."""
    return max(_laid_out(lines(replace(overview, amendments=(), now={}))), default=0) + 1


def page(overview: BriefingOverview, number: int) -> Content:
    """One message of a briefing: 0 is the one in the channel, the others follow in its thread."""
    listed = lines(overview)
    places = _laid_out(listed)
    here = [line for line, where in zip(listed, places, strict=True) if where == number]
    if not listed:
        return _quiet(overview)
    blocks = list(_blocks(here, overview.briefing.id))
    if number:
        return Content(f"{_title(overview.briefing.day)}, part {number + 1}", fitted(blocks))
    first = [header(_title(overview.briefing.day)), *_notes(overview)]
    return Content(_summary(overview), fitted([*first, *blocks], last=_last(overview, max(places))))


def read_by(readers: Sequence[str]) -> str:
    """Says who has read it."""
    return f"Read by {few_named(readers, 40, name=person)}."


def planned(planned: PlannedBriefing) -> str:
    """What a channel's schedule means, and when the next briefing comes."""
    following = f"The next one comes {at(planned.next_at)}." if planned.next_at else "All its days are holidays."
    by = f"{person(planned.set_by)} set it" if planned.set_by else "It is the team's default"
    return f"This channel's briefing: `{render(planned.schedule)}`. {by}. {following}"


def read_value(value: str) -> tuple[int, int]:
    """The briefing and the investigation of a button."""
    briefing, _, investigation = value.partition(" ")
    return int(briefing), int(investigation)


def _title(day: date) -> str:
    return f"Briefing of {day:%A}, {day.day} {day:%B}"


def _quiet(overview: BriefingOverview) -> Content:
    said = overview.briefing.said
    since = f"since {at(said.since)}" if said.since else "in the last 24 hours"
    doubts = "".join(f"\n{_doubt(doubt)}" for doubt in said.doubts[:5])
    return Content(f":sunny: Nothing is open, and nothing changed {since}. {_title(overview.briefing.day)}.{doubts}")


def _summary(overview: BriefingOverview) -> str:
    """What a notification shows."""
    said = overview.briefing.said
    counts = (
        (len(said.investigations), "open investigation"),
        (len(said.issues), "known issue"),
        (len(said.news) + len(said.ended), "change"),
        (len(said.follow_ups), "follow-up"),
    )
    counted = ", ".join(plural(count, what) for count, what in counts if count)
    not_told = f"{plural(said.customers_not_told, 'customer')} not told" if said.customers_not_told else ""
    counted = ", ".join(part for part in (not_told, counted) if part)
    return f"{_title(overview.briefing.day)}" + (f": {counted}" if counted else "")


def _notes(overview: BriefingOverview) -> Iterator[Block]:
    """Above everything else: what is no longer as it was said, and what the briefing could not know."""
    if overview.amendments:
        older = len(overview.amendments) - _AMENDMENTS
        newest = overview.amendments[::-1][:_AMENDMENTS]
        lines = [_amendment(amendment, overview.briefing.day) for amendment in newest]
        yield context("\n".join([*lines, *([f"_and {plural(older, 'earlier change')}_"] if older > 0 else [])]))
    if overview.briefing.said.doubts:
        yield context("\n".join(map(_doubt, overview.briefing.said.doubts[:5])))


def _doubt(doubt: Doubt) -> str:
    as_of = f"What it says here is as of {at(doubt.as_of)}." if doubt.as_of else "Nothing of it is in here."
    reason = f" ({foreign(doubt.reason, 120)})" if doubt.reason else ""
    return f":warning: {foreign(doubt.title, 100)} unreachable since {at(doubt.failing_since)}{reason}. {as_of}"


def _amendment(amendment: Amendment, day: date) -> str:
    name, when = f"KI-{amendment.issue_id}", clock_time(amendment.at)
    if amendment.part is AmendedPart.WORKAROUND:
        now = foreign(amendment.after, 120) if amendment.after else "none any more"
        return f"_{when}, {name} has a new workaround:_ {now}" if amendment.after else f"_{when}, {name} has_ {now}"
    before, after = worded(amendment.before, day), worded(amendment.after, day)
    return f"_{when}, {name}: {amendment.part} is now *{after}*, was {before}_"


def _last(overview: BriefingOverview, more: int) -> list[Block]:
    briefing = overview.briefing
    said_at = at(briefing.said.at)
    late = f", due at {clock_time(briefing.due_at)}" if briefing.said.at - briefing.due_at > _LATE else ""
    small = [f"As of {said_at}{late}"]
    parts = f"{plural(more, 'more part')} in the thread" if briefing.id else f"in {plural(more + 1, 'part')}"
    small += [parts] if more else []
    small += [f"Read by {len(overview.readers)}"] if overview.readers else []
    last = [context(" · ".join(small))]
    return [*last, actions(button("Mark as Read", READ, str(briefing.id)))] if briefing.id else last


def _laid_out(listed: Sequence[BriefingLine]) -> list[int]:
    """The page of each line, by the room that it may need at most."""
    places, number, room, count = [], 0, _PAGE_CHARS, 0
    for line in listed:
        if count == _PAGE_LINES or line.room > room:
            number, room, count = number + 1, _PAGE_CHARS, 0
        room, count = room - line.room, count + 1
        places.append(number)
    return places


def _blocks(listed: Sequence[BriefingLine], briefing_id: int) -> Iterator[Block]:
    """The blocks of lines, each heading once; a line with a button is a block of its own, the others share blocks."""
    heading, open_text = "", ""
    for line in listed:
        starts = line.heading != heading
        text = f"*{line.heading}*\n{line.text}" if starts else line.text
        heading = line.heading
        apart = starts or line.joins is not None or len(open_text) + len(text) >= SECTION_MAX - 100
        if open_text and apart:
            yield section(open_text)
            open_text = ""
        if line.joins:
            yield section(text, accessory=_button(briefing_id, *line.joins))
        else:
            open_text = f"{open_text}\n{text}" if open_text else text
    if open_text:
        yield section(open_text)


def _button(briefing_id: int, investigation_id: int, claim: bool) -> Block:
    """Join or Claim. A message for one person alone can't be edited: it has the investigation's own button."""
    label = "Claim" if claim else "Join"
    if not briefing_id:
        own = investigation_cards.CLAIM if claim else investigation_cards.JOIN
        return button(label, own, str(investigation_id))
    return button(label, CLAIM if claim else JOIN, f"{briefing_id} {investigation_id}")
