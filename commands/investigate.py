"""`/investigate`, its form and its shortcut: open an investigation, or show who has it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.errors import BadInput
from bot.field_limits import beginning
from bot.investigations import cards
from bot.investigations.cards import existing, listing, opened_elsewhere
from bot.investigations.forms import SYMPTOM, TARGET, open_form
from bot.investigations.model import Earlier, Investigation, OpenedInvestigation, SourceMessage, card_key
from bot.investigations.relation_cards import bonds_line
from bot.messages.model import Content
from bot.pasted_logs import without_log
from bot.slack.answers import SlackError
from bot.slack.request import Answer, Request
from bot.slack.text import cut
from bot.slack_marks import without_emoji
from bot.targets.model import Target
from commands.carried_message import packed, unpacked
from commands.inputs import said, too_long
from commands.services import Services

SHORTCUT = "investigate_message"
FORM_SHORTCUT = "investigate_form"

_AND = ("and", "&", "+", "/", "und", "plus")
QUOTED_MAX = 300
"""Of a message that somebody else wrote: the card links the whole of it."""


async def slash(request: Request, services: Services) -> Answer:
    """`/investigate <target> [what people see]`; alone it lists what is open."""
    text = without_emoji(await said(request.text, services)).strip()
    if not text:
        return await list_live(services)
    target, rest = services.catalog.longest_prefix(text.split())
    if not target:
        await _ask(request, services, text, None)
        return None
    several, symptom = also_named(services, text.split(), target)
    if len(several) > 1:
        await _ask(request, services, symptom, None, named=several)
        return None
    return await _open(request, services, target, " ".join(rest), None)


async def words(request: Request, services: Services, text: str) -> Answer:
    """Open by mention: there is no form to open, so the target must be known."""
    plain = without_emoji(await said(text, services)).strip()
    if not plain:
        return await list_live(services)
    target, rest = services.catalog.longest_prefix(plain.split())
    if not target:
        raise NoTargetNamed(plain, services)
    several, symptom = also_named(services, plain.split(), target)
    if len(several) > 1:
        example = f"investigate {target.key} {symptom[:40]}".strip()
        raise BadInput(f"That names {_titles(several)}. Open one after the other: `{example}`.")
    return await _open(request, services, target, " ".join(rest), None)


def also_named(services: Services, listed: Sequence[str], first: Target) -> tuple[list[Target], str]:
    """The targets of "us-east and us-west: packet loss", each once, and what people see behind them.

    A second name may also belong to what people see: "us-east app does not connect", "us-east, app crashes".
    """
    named, rest = [first], services.catalog.longest_prefix(listed)[1]
    while rest:
        spoken = listed[-len(rest) - 1]
        joined = 1 if rest[0].lower() in _AND else 0
        if not joined and not spoken.endswith((",", ";", "+")):
            break
        target, behind = services.catalog.longest_prefix(rest[joined:])
        if not target or (not joined and target.kind != first.kind):
            break
        named, rest = [*named, target], behind
    return list({target.key: target for target in named}.values()), " ".join(rest)


async def from_message(request: Request, services: Services) -> Answer:
    """The shortcut *Investigate this*: the message and its author are kept."""
    source = await read_source(request, services)
    plain = source.text
    named = _named(plain, services)
    if len(named) != 1:
        await _ask(request, services, plain, source, named=named)
        return None
    source = await linked(source, services)
    return await _open(request, services, named[0], cut(" ".join(plain.split()), 200), source)


async def form_shortcut(request: Request, services: Services) -> Answer:
    await services.conversation.open_form(request, _form(services, "", "", None))
    return None


async def ask_target(request: Request, services: Services, symptom: str, *, channel: str) -> None:
    """Ask for the target by a form, with what people see filled in; `channel` is where its answer is shown."""
    came_from = packed(None, channel=channel)
    form = open_form(list(services.catalog), symptom=symptom, trouble="", nearest="", came_from=came_from)
    await services.conversation.open_form(request, form)


def check(request: Request, services: Services) -> dict[str, str]:
    """What was written stays in the form where it is too much for the card."""
    return too_long(request, SYMPTOM)


async def submitted(request: Request, services: Services) -> Answer:
    """The form that asked for the target."""
    source, channel = unpacked(request.private_metadata)
    target = services.catalog.get(str(request.values[TARGET]))
    if not target:
        raise BadInput("That target is no longer configured. Open the form again.")
    source = await linked(source, services) if source else None
    asked = Request(user=request.user, channel=channel, trigger_id=request.trigger_id)
    answer = await _open(asked, services, target, request.typed(SYMPTOM), source)
    if answer:
        await services.conversation.answer(asked, answer)
    return None


async def read_source(request: Request, services: Services) -> SourceMessage:
    """The message that a shortcut was used on, without its permalink: a form must open before Slack is asked."""
    message = request.message
    return SourceMessage(
        channel=request.channel,
        ts=request.ts,
        author=str(message.get("user") or ""),
        text=without_log(await said(str(message.get("text") or ""), services)),
        thread_ts=str(message.get("thread_ts") or ""),
    )


async def linked(source: SourceMessage, services: Services) -> SourceMessage:
    """Adds the address of the message for people."""
    return replace(source, permalink=await services.conversation.permalink(source.channel, source.ts))


async def who_has(services: Services, number: int) -> Content:
    """One investigation as it stands. Raises NotFound."""
    investigation = services.investigations.survivor(number)
    number = investigation.id
    if not investigation.live:
        return cards.answer(services.evidence.overview(number))
    target, permalink = services.catalog.named(investigation.target), await card_link(services, number)
    return existing(investigation, target, permalink, bonds=bonds_line(services.evidence.neighbours(number)))


async def list_live(services: Services) -> Content:
    rows = await live_rows(services)
    neighbours = services.evidence.neighbours
    return listing(rows, {investigation.id: bonds_line(neighbours(investigation.id)) for investigation, _, _ in rows})


async def live_rows(services: Services) -> list[tuple[Investigation, Target, str]]:
    """What is open, with its target and the permalink of its card."""
    live = services.investigations.live()
    links = await asyncio.gather(*(card_link(services, investigation.id) for investigation in live))
    targets = [services.catalog.named(investigation.target) for investigation in live]
    return list(zip(live, targets, links, strict=True))


async def card_link(services: Services, investigation_id: int) -> str:
    """The permalink of an investigation's card, "" while it is not sent."""
    sent = services.owed.place_of(card_key(investigation_id))
    return await services.conversation.permalink(*sent) if sent else ""


class NoTargetNamed(BadInput):
    """No configured target begins the text. `nearest` are those it resembles."""

    def __init__(self, text: str, services: Services) -> None:
        self.nearest = services.catalog.nearest(" ".join(text.split()[:2])) or list(services.catalog)[:5]
        listed = ", ".join(target.key for target in self.nearest)
        super().__init__(f"I don't know a target in {text[:60]!r}. Is it one of these: {listed}?")


async def _open(
    request: Request, services: Services, target: Target, symptom: str, source: SourceMessage | None
) -> Answer:
    channel = await _channel(request, services, target)
    opened = await services.investigations.open(
        target, symptom=symptom, by=request.user, channel=channel, source=source
    )
    return await _opened_answer(request, services, opened, target)


async def _opened_answer(request: Request, services: Services, opened: OpenedInvestigation, target: Target) -> Answer:
    """The card is the answer where the person sees it."""
    investigation = opened.investigation
    if not opened.created:
        return await who_has_it(services, investigation, target)
    visible_here = investigation.source or investigation.channel == request.channel
    return None if visible_here else opened_elsewhere(investigation, request.user, earlier_of(services, investigation))


async def opened_by_button(request: Request, services: Services, opened: OpenedInvestigation, target: Target) -> Answer:
    """Who has it already, or where the new card is, for whoever does not see that."""
    investigation = opened.investigation
    if not opened.created:
        return await who_has_it(services, investigation, target)
    return None if investigation.channel == request.channel else opened_elsewhere(investigation, request.user)


async def who_has_it(services: Services, investigation: Investigation, target: Target) -> Content:
    """With where its card is, and the last one of the same target; one in which the `target`'s own goes on may be
    about another."""
    link = await card_link(services, investigation.id)
    return existing(investigation, target, link, earlier_of(services, investigation))


def earlier_of(services: Services, investigation: Investigation) -> Earlier | None:
    """The last one of the same target that was resolved."""
    before = services.investigations.resolved_before(investigation)
    return Earlier(before, services.clock()) if before else None


async def _channel(request: Request, services: Services, target: Target) -> str:
    """The channel of the card: that of the target's team, whoever opens it wherever."""
    return await services.directory.team_channel(target.team or await services.directory.team_of(request.user))


async def _ask(
    request: Request, services: Services, text: str, source: SourceMessage | None, named: Sequence[Target] = ()
) -> None:
    """Ask by a form; where none opens, the targets that come into question are listed instead."""
    unknown = NoTargetNamed(text, services)
    titles = _titles(named)
    which = f"It names {titles}. Which is it about?" if named else "Which target is this message about?"
    both = f"That names {titles}. Choose one, and open the other after it." if named else ""
    trouble = which if source else both or unknown.sentence
    seen = _seen(services, text, _meant(services, text))
    if not source and beginning(seen) != seen:
        trouble += f" What you typed is too long: only its first {len(beginning(seen)):,} characters are below."
    form = _form(services, text, trouble, source, request.channel, named)
    try:
        await services.conversation.open_form(request, form)
    except SlackError as error:
        if source:
            raise
        raise unknown from error


def _form(
    services: Services,
    text: str,
    trouble: str,
    source: SourceMessage | None,
    channel: str = "",
    named: Sequence[Target] = (),
) -> dict[str, object]:
    """A misspelt name is chosen already where one target alone is meant by it; of several that are named none is."""
    near = None if source else _meant(services, text)
    targets = [*named, *(target for target in services.catalog if target not in named)]
    key, came_from = near.key if near else "", packed(source, channel=channel)
    symptom = cut(text, QUOTED_MAX) if source else beginning(_seen(services, text, near))
    return open_form(targets, symptom=symptom, trouble=trouble, nearest=key, came_from=came_from)


def _titles(named: Sequence[Target]) -> str:
    return " and ".join(target.title for target in named[:5])


def _meant(services: Services, text: str) -> Target | None:
    words = text.split()[:3]
    return services.catalog.likeliest(*(" ".join(words[: i + 1]) for i in range(len(words))))


def _seen(services: Services, text: str, near: Target | None) -> str:
    """What people see: a first word that is a misspelt name is none of it."""
    first, *rest = text.split(maxsplit=1) or [""]
    return " ".join(rest) if near and services.catalog.likeliest(first) == near else text


def _named(text: str, services: Services) -> list[Target]:
    """The targets that a message names anywhere, in order, each once."""
    listed = text.split()
    hits = (services.catalog.longest_prefix(listed[i:])[0] for i in range(min(len(listed), 60)))
    return list({hit.key: hit for hit in hits if hit}.values())
