"""`/t2`: status, briefing, check, help."""

import difflib

from bot.check import CheckedPart
from bot.errors import BadInput
from bot.known_issues.wording import age
from bot.messages.cards import refusal_line
from bot.messages.model import Block, Content
from bot.releases import cards as release_cards
from bot.releases.model import untold_fixes
from bot.slack.blocks import fitted, section, sections
from bot.slack.request import Answer, Request
from bot.slack.text import clock_time, escape, foreign, plural
from bot.status.cards import status_lines
from bot.status.model import page_title
from commands import briefing, follow, replies
from commands.grammar import EXAMPLES
from commands.investigate import list_live, who_has
from commands.services import Services
from commands.thread import named_anywhere

SLASH = {
    "/investigate <target> [what people see]": "opens an investigation or shows who has it; alone it lists",
    "/probe <kind> <target|host> [from <place>]": ("measures {kinds}, or a playbook; from other places too"),
    "/known [words|KI-31]": "what is known: symptoms, workarounds, ETAs; alone: what affects most",
    "/t2 status": "what is open, how services do, and what Slack or Zendesk would not take",
    "/t2 briefing": "the briefing as it is now, for you alone",
    "/t2 briefing at <time> [zone] [days]": (
        "gives this channel one: `at 09:00 Europe/Berlin weekdays`; `when` says when, `off` ends it"
    ),
    "/t2 follow [tracker|KI-31]": "tells this channel of releases, or you of one known issue; `unfollow` ends it",
    "/t2 check": "whether everything that the bot needs works",
    "/t2 help": "every word it understands",
}
MORE_PROBES = ("probe mtr from customers", "probe playbook")
"""From the places that the tickets of the investigation name; all that opening it measured, again."""
WORDS = ("status", "briefing", "follow", "unfollow", "check", "help")


async def slash(request: Request, services: Services) -> Answer:
    first, _, rest = request.text.strip().partition(" ")
    word = first.lower() or "help"
    longer = {"briefing": briefing.words, "follow": follow.follow, "unfollow": follow.unfollow}
    if word in longer:
        return await longer[word](request, services, rest)
    number = named_anywhere(rest)[0] if word == "status" else None
    if number:
        return await who_has(services, number)
    answers = {"status": status, "check": check, "help": help_text}
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
    lines += [*await _not_told(services), *_desk(services)]
    lines += [f":books: {age(tracker_age)}" for tracker_age in services.known.ages()]
    lines += [f":warning: {foreign(problem, 300)}" for problem in services.directory.problems]
    parts = [*_services_status(services), *sections(lines)]
    return Content(listed.text, fitted([*listed.blocks, *parts]))


async def check(services: Services) -> Answer:
    parts = await services.checkup.parts()
    lines = [_line(part) for part in parts]
    return Content("\n".join(lines), fitted(sections(lines)))


async def help_text(services: Services) -> Answer:
    kinds = ", ".join(services.probes.measured)
    commands = "\n".join(f"`{escape(usage)}` {what.format(kinds=kinds)}" for usage, what in SLASH.items())
    words = "\n".join(f"`@{escape(services.bot_name)} {example}`" for example in (*EXAMPLES.values(), *MORE_PROBES))
    where = "*In the thread of an investigation, or anywhere with its name: `claim INV-3`*"
    return Content("What Second Line understands", (section(f"*Anywhere*\n{commands}"), *sections([where, words])))


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
