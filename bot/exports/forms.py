"""The form that says what goes into a tracker before it goes. Pure."""

from bot.exports.tracker_copy import CopyForm
from bot.known_issues.model import KnownIssue
from bot.messages.model import Block
from bot.slack.blocks import context, divider, field, modal, section, select, text_input, verbatim
from bot.slack.text import cut, foreign, link

COPY_FORM = "story_copy_form"
ISSUE, WENT_WELL, OPEN_QUESTIONS = "issue", "went_well", "open_questions"
_WHAT_GOES_OUT = (
    "Trackers can be public. It names no customers and no colleagues, and quotes nothing that a customer wrote: tickets"
    " are numbers with links. What was typed as symptom, root cause and workaround goes out as it is, but for mail"
    " addresses."
)
SHOWN_MAX = 2_800
_INPUT = "input"


def what_goes_out() -> str:
    """What is in a copy and what is not, for whoever is about to send it."""
    return _WHAT_GOES_OUT


def copy_form(form: CopyForm) -> Block:
    """All of the text is in it, so that whoever sends it has seen it."""
    name, issues = form.overview.investigation.name, form.issues
    first = issues[0].issue
    where = f"A comment on *{link(first.url, first.key)}* in {foreign(form.titles.get(first.tracker, first.tracker))}."
    blocks = [
        *([section(where)] if len(issues) == 1 else [_choice(form)]),
        context(what_goes_out()),
        field(WENT_WELL, "What went well", text_input(_INPUT, multiline=True), optional=True),
        field(OPEN_QUESTIONS, "Open questions", text_input(_INPUT, multiline=True), optional=True),
        divider(),
        *map(verbatim, _parts(form.text)),
    ]
    metadata = f"{form.overview.investigation.id} {issues[0].id}"
    return modal(COPY_FORM, f"The story of {name}", "Send", blocks, private_metadata=metadata)


def _choice(form: CopyForm) -> Block:
    options = [(_option(issue, form.titles), str(issue.id)) for issue in form.issues]
    return field(ISSUE, "A comment on", select(_INPUT, options, initial=str(form.issues[0].id)))


def _option(issue: KnownIssue, titles: dict[str, str]) -> str:
    return cut(f"{issue.issue.key} {issue.issue.title} ({titles.get(issue.issue.tracker, issue.issue.tracker)})", 75)


def _parts(text: str) -> list[str]:
    """The text in pieces that a section takes, between lines where there are any."""
    lines = [line[at : at + SHOWN_MAX] for line in text.split("\n") for at in range(0, max(len(line), 1), SHOWN_MAX)]
    parts = [""]
    for line in lines:
        if len(parts[-1]) + len(line) >= SHOWN_MAX:
            parts.append("")
        parts[-1] += f"{line}\n"
    return [part.strip("\n") for part in parts if part.strip()]
