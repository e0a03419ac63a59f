"""`/t2`: status, check; briefing, trends and help have files of their own."""

import difflib

from bot.checked import CheckedPart
from bot.elevations.cards import status_lines as elevation_lines
from bot.errors import BadInput
from bot.known_issues.wording import age
from bot.messages.cards import refusal_line
from bot.messages.model import Block, Content
from bot.releases import cards as release_cards
from bot.releases.model import untold_fixes
from bot.replies import cards as reply_cards
from bot.retention.cards import status_lines as retention_lines
from bot.slack.blocks import fitted, sections
from bot.slack.request import Answer, Request
from bot.slack.text import clock_time, foreign, plural
from bot.status.cards import status_lines
from bot.status.model import page_title
from bot.tickets.stream_cards import stream_lines
from bot.trends.overview_cards import status_lines as trend_lines
from commands import board, briefing, follow, forget, help, maintenance, replies, trends
from commands.investigate import list_live, who_has
from commands.services import Services
from commands.thread import named_anywhere

WORDS = ("status", "briefing", "trends", "board", "maintenance", "follow", "unfollow", "forget", "check", "help")


_MARKS = "`*_.,:;!?\"'"
"""What people type behind a word, or paste around it."""


async def slash(request: Request, services: Services) -> Answer:
    first, rest = (*request.text.split(maxsplit=1), "", "")[:2]
    word = first.lower().strip(_MARKS) or "help"
    longer = {"briefing": briefing.words, "follow": follow.follow, "unfollow": follow.unfollow, "help": help.words}
    longer |= {"board": board.words, "maintenance": maintenance.words, "forget": forget.words}
    if word in longer:
        return await longer[word](request, services, rest)
    number = named_anywhere(rest)[0] if word == "status" else None
    if number:
        return await who_has(services, number)
    answers = {"status": status, "trends": trends.overview, "check": check}
    if word not in answers:
        close = difflib.get_close_matches(word, WORDS, n=1)
        meant = f"Did you mean `/t2 {close[0]}`? " if close else ""
        raise BadInput(f"I don't know /t2 {word[:40]}. {meant}There are: {', '.join(WORDS)}.")
    return await answers[word](services)


async def status(services: Services) -> Answer:
    """What is open, and what could not be done."""
    listed = await list_live(services)
    waiting, refused = services.owed.waiting(), services.owed.refusals()
    lines = [f":hourglass: {plural(waiting, 'message')} waiting for Slack"] if waiting else []
    lines += [refusal_line(message) for message in refused]
    lines += [*await _not_told(services), *await _not_reviewed(services), *_desk(services)]
    lines += stream_lines(services.stream.standing())
    lines += trend_lines(services.trend_record.standing())
    lines += retention_lines(services.retention.shortened())
    lines += elevation_lines(services.elevations.status())
    lines += [f":books: {age(tracker_age)}" for tracker_age in services.known.ages()]
    lines += [f":warning: {foreign(problem, 300)}" for problem in services.directory.problems]
    parts = [*_services_status(services), *sections(lines)]
    return Content(listed.text, fitted([*listed.blocks, *parts]))


async def status_button(request: Request, services: Services) -> Answer:
    return await status(services)


async def check(services: Services) -> Answer:
    parts = await services.checkup.parts()
    lines = [_line(part) for part in parts]
    return Content("\n".join(lines), fitted(sections(lines)))


def _services_status(services: Services) -> list[Block]:
    """What status pages and alerts say of the targets."""
    rows = [
        (page_title(status.page) or services.catalog.named(status.target).title, status)
        for status in services.status.all()
    ]
    lines = status_lines(rows, services.status.sources())
    return sections(["*Service status*", *lines]) if lines else []


async def _not_told(services: Services) -> list[str]:
    """Customers who wait for news of a release; it stands here until there is none."""
    untold = services.releases.untold()
    fixes = untold_fixes(untold)
    links = {fix.round_id: await replies.card_link(services, fix.round_id) for fix in fixes}
    return release_cards.not_told(len({customer.ticket_id for customer in untold}), fixes, links)


async def _not_reviewed(services: Services) -> list[str]:
    """Other answers to customers that nobody has sent, such as corrections, also where they were put off."""
    rounds = [each for each in services.replies.undecided() if each.purpose != "released"]
    shown = [each.id for each in rounds[: reply_cards.LISTED_MAX]]
    return reply_cards.waiting(rounds, {number: await replies.card_link(services, number) for number in shown})


def _desk(services: Services) -> list[str]:
    """What Zendesk does not do now."""
    failing = services.tickets.failing() or services.replies.failing()
    untagged = services.tickets.untagged()
    lines = [f":warning: Zendesk unreachable since {clock_time(failing[0])} ({foreign(failing[1])})"] if failing else []
    return lines + (
        [f":warning: {plural(untagged, 'tag')} not set in Zendesk; the tickets say why"] if untagged else []
    )


def _line(part: CheckedPart) -> str:
    trouble = ":white_circle:" if not part.set_up else ":x:" if part.needed else ":warning:"
    mark = ":white_check_mark:" if part.ok else trouble
    mend = f" {foreign(part.remedy, 300)}" if part.remedy and not part.ok else ""
    return f"{mark} *{part.name}*: {foreign(part.line, 300)}{mend}"
