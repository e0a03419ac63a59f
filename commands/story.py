"""The story of an investigation: as a file in its thread, and as a comment on a tracker's issue."""

from bot.exports import forms
from bot.exports.tracker_copy import FilledIn
from bot.investigations.cards import STORY
from bot.slack.blocks import actions, button, message
from bot.slack.request import Answer, Request
from bot.slack.text import link
from commands.inputs import too_long
from commands.services import Services
from commands.thread import meant

TRACKERS = frozenset(("tracker", "issue", "github", "jira", "development", "tier"))


async def words(request: Request, services: Services, rest: str) -> Answer:
    """A file in the thread; `export tracker` is answered by a button, as Slack opens forms for presses only."""
    number, said = meant(request, services, rest)
    if TRACKERS & set(said.lower().replace(",", " ").split()):
        form = await services.copies.prepare(number, by=request.user)
        where = " or ".join(link(issue.issue.url, issue.issue.key) for issue in form.issues)
        line = f"The story of {form.overview.investigation.name} can go to {where}. The form shows all of it."
        return message(line, actions(button("Read and Send", STORY, str(number), style="primary")))
    if not services.stories:
        return None
    new = await services.stories.share(number, by=request.user)
    return None if new else f"The thread has that file already: nothing has changed since in INV-{number}."


async def button_pressed(request: Request, services: Services) -> Answer:
    form = await services.copies.prepare(int(request.value), by=request.user)
    await services.conversation.open_form(request, forms.copy_form(form))
    return None


async def sent(request: Request, services: Services) -> Answer:
    number, first = map(int, request.private_metadata.split())
    chosen = request.typed(forms.ISSUE)
    filled = FilledIn(request.typed(forms.WENT_WELL), request.typed(forms.OPEN_QUESTIONS))
    await services.copies.send(number, int(chosen) if chosen.isdigit() else first, filled, by=request.user)
    return None


def check(request: Request, services: Services) -> dict[str, str]:
    return too_long(request, forms.WENT_WELL, forms.OPEN_QUESTIONS)
