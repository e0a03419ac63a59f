"""Giving an investigation to a vendor, and noting what the vendor says: `handoff vendor`, `vendor`, `reference`."""

from bot.errors import BadInput
from bot.slack.request import Answer, Request
from bot.vendors import cards, forms
from bot.vendors.assembly import with_fields
from bot.vendors.model import FIELDS_MAX, LetterDraft, NoVendor
from commands.inputs import missing, refused, said, too_long
from commands.services import Services
from commands.thread import meant

_NAME_WORDS = 8
"""A vendor's name has at most so many words."""
_MARKS = ",:.!"
_SAYS = {"note": False, "said": False, "says": False, "asks": True, "asked": True}
"""What goes before their words, and whether they wait for us."""


async def handoff_words(request: Request, services: Services, rest: str) -> Answer:
    """`handoff vendor telia`: Slack opens forms for presses only, so a mention is answered by the button."""
    number, words = meant(request, services, rest)
    await services.people.require_tier2(request.user)
    services.vendors.check(number)
    name = words.strip()
    if not name and services.vendors.vendors:
        return cards.choice(number, services.vendors.vendors)
    return cards.choice(number, [services.vendors.named(name)])


async def menu_chosen(request: Request, services: Services) -> Answer:
    """With one vendor the form, else the question which."""
    number, vendors = int(request.value), services.vendors.vendors
    await services.people.require_tier2(request.user)
    services.vendors.check(number)
    if len(vendors) != 1:
        return cards.choice(number, vendors)
    return await _open(request, services, number, vendors[0].key)


async def open_button(request: Request, services: Services) -> Answer:
    number, vendor = request.value.split()
    return await _open(request, services, int(number), vendor)


async def _open(request: Request, services: Services, number: int, vendor: str) -> Answer:
    ready = await services.vendors.prepare(number, vendor, by=request.user)
    await services.conversation.open_form(request, forms.letter_form(ready))
    return None


async def written(request: Request, services: Services) -> Answer:
    number, vendor, _ = _about(request)
    await services.vendors.write(number, vendor, read_draft(request, services), by=request.user)
    return None


def check(request: Request, services: Services) -> dict[str, str]:
    """What was written stays in the form where it can't be sent."""
    needed = {forms.SUBJECT: "Say in a few words what is wrong.", forms.TEXT: "Write what they should look at."}
    if wrong := missing(request, needed) or too_long(request, forms.TEXT):
        return wrong
    number, vendor, _ = _about(request)
    return refused(forms.TEXT, lambda: services.vendors.check(number, vendor, read_draft(request, services)))


def read_draft(request: Request, services: Services) -> LetterDraft:
    """The form as it was sent, with what the vendor wants to know besides below the text."""
    _, vendor, after = _about(request)
    values = [request.typed(f"{forms.FIELD}{place}") for place in range(FIELDS_MAX)]
    text = with_fields(request.typed(forms.TEXT), services.vendors.named(vendor), values)
    subject = " ".join(request.typed(forms.SUBJECT).split())
    return LetterDraft(subject, text.strip(), request.chosen(forms.RUNS), after)


async def words(request: Request, services: Services, rest: str) -> Answer:
    """`vendor note they see it too`, with the vendor's name before it where there are several; `vendor done`."""
    number, words = meant(request, services, rest)
    vendor, verb, text = _parted(words, services)
    case = services.vendors.meant(number, vendor)
    if verb == "done":
        await services.vendors.end(case.id, by=request.user)
    elif verb == "reference":
        await services.vendors.refer(case.id, await said(text, services), by=request.user)
    else:
        await services.vendors.note(case.id, await said(text, services), by=request.user, ours=_SAYS[verb])
    return None


async def reference_words(request: Request, services: Services, rest: str) -> Answer:
    """`reference ABC-123`, or `reference telia ABC-123` where there are several."""
    number, words = meant(request, services, rest)
    await services.people.require_tier2(request.user)
    text = await said(words.strip(), services)
    first, _, others = text.partition(" ")
    if others and (vendor := _called(first, services)):
        case, text = services.vendors.meant(number, vendor), others
    else:
        case = services.vendors.meant(number)
    await services.vendors.refer(case.id, text, by=request.user)
    return None


def _about(request: Request) -> tuple[int, str, int]:
    """The investigation, the vendor and the last letter that the form's writer knew."""
    number, vendor, after = request.private_metadata.split()
    return int(number), vendor, int(after)


def _parted(words: str, services: Services) -> tuple[str, str, str]:
    """The vendor that is named first, "" for none, what was said of them, and in which words."""
    known = (*_SAYS, "done", "reference")
    first, rest = (*words.split(maxsplit=1), "", "")[:2]
    if first.lower().strip(_MARKS) in known:
        return "", first.lower().strip(_MARKS), rest.strip()
    listed = words.split()[:_NAME_WORDS]
    for at, word in enumerate(listed[1:], 1):
        if word.lower().strip(_MARKS) in known:
            vendor = services.vendors.named(" ".join(listed[:at])).key
            return vendor, word.lower().strip(_MARKS), "".join(words.split(maxsplit=at + 1)[at + 1 :]).strip()
    raise BadInput("Say what the vendor said: `vendor note they see it too`, `vendor asks …` or `vendor done`.")


def _called(text: str, services: Services) -> str:
    try:
        return services.vendors.named(text).key
    except NoVendor:
        return ""


async def note_button(request: Request, services: Services) -> Answer:
    await services.people.require_tier2(request.user)
    await services.conversation.open_form(request, forms.answer_form(services.vendors.overview(int(request.value))))
    return None


async def noted(request: Request, services: Services) -> Answer:
    case, text, reference = int(request.private_metadata), request.typed(forms.ANSWER), request.typed(forms.REFERENCE)
    if reference.strip():
        await services.vendors.refer(case, reference, by=request.user)
    if text.strip():
        await services.vendors.note(case, text, by=request.user, ours=bool(request.values.get(forms.OURS)))
    return None


def note_check(request: Request, services: Services) -> dict[str, str]:
    """Something was said, and a reference looks like theirs."""
    reference = request.typed(forms.REFERENCE)
    if not reference.strip() and not request.typed(forms.ANSWER).strip():
        return {forms.ANSWER: "Write what they said, or their reference."}
    vendor = services.vendors.overview(int(request.private_metadata)).vendor
    unlike = refused(forms.REFERENCE, lambda: vendor.reference_in(reference)) if reference.strip() else {}
    return unlike or too_long(request, forms.ANSWER)


async def show_button(request: Request, services: Services) -> Answer:
    return cards.letters(services.vendors.overview(int(request.value)))
