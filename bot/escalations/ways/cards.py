"""What a step says in Slack. Pure."""

from bot.escalations.cards import ACKNOWLEDGE, NEED_MORE
from bot.escalations.telling import Asked, Telling, WayKind
from bot.investigations.cards import OPEN_LINK
from bot.messages.model import Block, Content
from bot.slack.blocks import actions, button, context, fitted, link_button, section, written
from bot.slack.text import clock_time, cut, foreign, paragraph, person

FACT_MAX = 300
LATE = "This is late: the bot was away when it was due."


def asked(step: Asked) -> Content:
    """In the thread one line, as the post stands above it; to people and in channels what is asked of them."""
    below = step.way is WayKind.GROUP
    return Content(_notification(step), fitted(_below(step) if below else _whole(step), last=_answer(step)))


def _notification(step: Asked) -> str:
    telling = step.telling
    if step.answer:
        return f"{telling.name}: {step.answer}"
    return cut(f"{_mention(step)}{telling.name} needs an answer: {paragraph(telling.request)}", 1500)


def _below(step: Asked) -> list[Block]:
    waits = f"{step.waits[:1].upper()}{step.waits[1:]}"
    return [] if step.answer else [section(f"{_mention(step)}*{waits}.*"), *_late(step)]


def _whole(step: Asked) -> list[Block]:
    telling = step.telling
    by = f"by {person(step.escalated_by)} {clock_time(step.escalated_at)}"
    waits = "" if step.answer else step.waits
    return [
        *written(telling.request, before=_mention(step)),
        section("\n".join(_facts(telling))),
        *_late(step),
        context(" · ".join(part for part in (telling.priority, telling.name, by, waits) if part)),
    ]


def _facts(telling: Telling) -> list[str]:
    """What a manager on a phone decides by; the post has all of it."""
    impact = foreign(_in_a_line(telling.impact), FACT_MAX)
    wrong = f"*What is wrong:* {foreign(_in_a_line(telling.wrong or telling.title), FACT_MAX)}"
    return [*([f"*Impact:* {impact}"] if impact.strip() else []), wrong]


def _in_a_line(text: str) -> str:
    """Lines of a form stay apart."""
    return " · ".join(line.strip() for line in text.splitlines() if line.strip())


def _mention(step: Asked) -> str:
    return f"{step.mention} " if step.mention else ""


def _late(step: Asked) -> list[Block]:
    return [context(LATE)] if step.late and not step.answer else []


def _answer(step: Asked) -> list[Block]:
    """The way to the post stays: whoever acknowledged goes on there."""
    value, url = str(step.telling.escalation_id), step.telling.post_url
    there = [link_button("Open", OPEN_LINK, url)] if url and step.way is not WayKind.GROUP else []
    if step.answer:
        return [section(step.answer, accessory=there[0] if there else None)]
    return [
        actions(
            button("Acknowledge", ACKNOWLEDGE, value, style="primary"),
            button("Need More", NEED_MORE, value),
            *there,
        )
    ]
