"""tickets: the buttons of the list, and links or numbers that people paste."""

import re

from bot.errors import BadInput
from bot.slack.request import Answer, Request
from bot.tickets.cards import TICKS, read_confirm_all_value, read_ticket_value, receipt, undone
from bot.tickets.collection import LinkState
from bot.tickets.links import ticket_ids
from commands.services import Services
from commands.thread import meant

DONE = "white_check_mark"
"""The sign on a message that did what it says, where the list shows the rest."""
SMALLEST = 100
"""A "#2" in a message is an answer, not a ticket."""
REMOVING = re.compile(r"\A\s*+(?:remove|delete|drop|without|not)\b[\s:,]*", re.IGNORECASE)
_AROUND = re.compile(
    r"<[^<>]*+>|(?<![^\s<>])[^\s<>/]++/[^\s<>]++|[#\d\s.,;:&+!-]|\b(?:and|or|plus|also|too|please|from|to|for|tickets?|nr|no|numbers?)\b",
    re.IGNORECASE,
)
"""What stands around the numbers of tickets where these are all that is said."""
_MARKED = re.compile(r"(?<![\w&#/])#\d{1,12}\b")
_ELSEWHERE = re.compile(
    r"\b(?:prs?|mrs?|(?:pull|merge)[\s-]?requests?|pulls?|issues?|gh|github|gitlab|builds?|jobs?|runs?|bugs?|ki|commits?"
    r"|room|step|hop)[\s:-]{0,2}(?:#\d+(?:,\s?|\s?(?:and|&)\s?)?){1,9}|#\d+(?=\s(?:of|on|in|at)\sgit(?:hub|lab)\b)",
    re.IGNORECASE,
)
"""Numbers of a tracker, and of rooms: "fixed by PR #1234" is about no customer."""
_RANGE = re.compile(
    r"(?<![\d/-])#?(\d{2,12})(?:\s?[-‐‑–—]\s?|\s?\.{2,3}\s?|\s(?:to|until|till|through)\s)#?(\d{2,12})(?![\d/-])"
)
_GROUPED = re.compile(r"(?<![\d,.#/])\d{1,2}(?:,\d{3})+(?![\d,])")
_IN_BRACKETS = re.compile(r"<[^<>]*>")


async def tickets_words(request: Request, services: Services, rest: str) -> Answer:
    """`tickets <links or numbers>` adds them to the investigation, `tickets remove <…>` takes them off."""
    investigation_id, words = meant(request, services, rest)
    removing = REMOVING.match(words)
    words = words[removing.end() :] if removing else words
    require_each_named(words)
    numbers, loose = named_ids(words, services.link_hosts)
    if not numbers:
        sentence = "Paste links or numbers of tickets: `tickets 4711 4712`."
        raise BadInput(f"{sentence} In a sentence write #{loose[0]}." if loose else sentence)
    work = services.evidence.remove_tickets if removing else services.evidence.add_tickets
    named = await work(investigation_id, numbers, by=request.user)
    if named.whole and (named.confirmed or removing) and not loose:
        return None  # the list shows it, with a way back
    return receipt(named, investigation_id, loose=loose, removed=bool(removing))


async def pasted(request: Request, services: Services) -> Answer:
    """A message in an investigation's thread with links to tickets or their numbers in it."""
    numbers = pasted_ids(request.text, services.link_hosts)
    if not numbers:
        return None
    investigation_id, _ = meant(request, services, "")
    named = await services.evidence.add_tickets(investigation_id, numbers, by=request.user)
    if named.whole and named.confirmed:
        key = f"done/{request.channel}/{request.ts}"
        services.owed.reaction(key, channel=request.channel, ts=request.ts, name=DONE, for_user=request.user)
        return None
    return receipt(named, investigation_id)


async def undo(request: Request, services: Services) -> Answer:
    return undone(*await services.evidence.undo_tickets(int(request.value), by=request.user))


async def undo_decision(request: Request, services: Services) -> Answer:
    """The list shows that it was undone; only what could not be undone needs words."""
    back, left = await services.evidence.undo_tickets(int(request.value), by=request.user)
    return undone(back, left) if left else None


async def ticked(request: Request, services: Services) -> Answer:
    """A tick counts when a button is pressed; until then it is the person's own."""
    return None


async def related(request: Request, services: Services) -> Answer:
    return await _decide(request, services, LinkState.CONFIRMED)


async def unrelated(request: Request, services: Services) -> Answer:
    return await _decide(request, services, LinkState.REJECTED)


async def confirm_all(request: Request, services: Services) -> Answer:
    investigation_id, shown_at = read_confirm_all_value(request.value)
    await services.evidence.confirm_all(investigation_id, shown_at=shown_at, by=request.user)
    return None


async def show_newer(request: Request, services: Services) -> Answer:
    services.tickets.show_newer(int(request.value))
    return None


async def turn_page(request: Request, services: Services) -> Answer:
    investigation_id, page = read_ticket_value(request.value)
    services.tickets.turn_page(investigation_id, page)
    return None


def pasted_ids(text: str, hosts: frozenset[str]) -> tuple[int, ...]:
    """Links, and `#4711`; a bare number in what people write is no ticket."""
    marked = " ".join(_MARKED.findall(_ELSEWHERE.sub(" ", _IN_BRACKETS.sub(" ", text))))
    named = [number for number in ticket_ids(marked, hosts=hosts, bare=True) if number >= SMALLEST]
    return tuple(dict.fromkeys([*ticket_ids(text, hosts=hosts), *named]))


_DASHES = str.maketrans("‐‑–—", "----")


def require_each_named(text: str) -> None:
    """Raises BadInput for "4711-4715", whose tickets between may be anybody's, and for "4,711".

    In a sentence they are something else: "10 to 20 customers".
    """
    plain = _IN_BRACKETS.sub(" ", text)
    if _AROUND.sub("", plain.translate(_DASHES)):
        return
    if through := _RANGE.search(plain):
        first, last = through.groups()
        raise BadInput(f"Name each ticket: `tickets {first} {last}`. Those between them may be about something else.")
    if grouped := _GROUPED.search(plain):
        raise BadInput(f"Is {grouped[0]} one ticket or two? Write `{grouped[0].replace(',', '')}` or put a space.")


def named_ids(text: str, hosts: frozenset[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The tickets that `tickets` is followed by, and numbers that may be something else.

    "4711 and 4712" are tickets; in "4711 of 20 customers" that is nobody's guess.
    """
    every = ticket_ids(text, hosts=hosts, bare=True)
    if not _AROUND.sub("", text):
        return every, ()
    marked = " ".join(_MARKED.findall(_IN_BRACKETS.sub(" ", text)))
    sure = {*ticket_ids(text, hosts=hosts), *ticket_ids(marked, hosts=hosts, bare=True)}
    return tuple(number for number in every if number in sure), tuple(number for number in every if number not in sure)


async def _decide(request: Request, services: Services, state: LinkState) -> Answer:
    """What the person has ticked on their own screen, whatever the message shows by now."""
    blocks = [block for block in request.values if block.startswith(TICKS)]
    ticket_ids = [number for block in blocks for number in request.chosen(block)]
    if not ticket_ids:
        raise BadInput("No ticket is ticked. Tick some, then press again.")
    await services.evidence.decide(int(request.value), ticket_ids, state, by=request.user)
    return None
