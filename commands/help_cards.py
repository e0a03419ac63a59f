"""Help as people see it: six things to do, each with its button, and everything else on request. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from bot.investigations.cards import NEW
from bot.messages.model import Block, Content
from bot.slack.blocks import actions, button, fitted, header, section, sections
from bot.slack.text import escape

PROBES = "help_probes"
KNOWN = "help_known"
THREAD = "help_thread"
OTHERS = "help_others"
STATUS = "help_status"
EVERYTHING = "help_everything"

_THREAD_WORDS = ("claim", "join", "tickets", "note", "correct", "remind", "handover", "move", "release", "timeline")
_OTHERS_WORDS = ("escalate", "ack", "update", "tell", "said", "handoff", "resolve", "dismiss", "reopen")
EARLIER = "note at 14:05 the provider confirmed it"
TO_VENDOR = "handoff vendor telia"
"""`handoff` alone is to Tier 3."""
_PROBES = ("probe mtr us-east", "probe ping us-east from Berlin", "probe http example.com", "probe smoke all")


def six(bot_name: str) -> Content:
    """What most people want, each with an example to type and a button."""
    at_bot = f"@{bot_name}"
    verbs = (
        ("Investigate", "/investigate us-east packet loss", button("Open a Form", NEW, "new", style="primary")),
        ("Measure", "/probe mtr us-east from Berlin", button("Show Probes", PROBES, "help")),
        ("Find a workaround", "/known cannot connect on Android", button("Show Known Issues", KNOWN, "help")),
        ("Add to an investigation", f"{at_bot} tickets 4711", button("Show Words", THREAD, "help")),
        ("Escalate, hand off, resolve", f"{at_bot} escalate", button("Show Steps", OTHERS, "help")),
        ("See what is open", "/t2 status", button("Show Status", STATUS, "help")),
    )
    rows = [section(f"*{verb}*\n`{escape(example)}`", accessory=shows) for verb, example, shows in verbs]
    every = actions(button("All Commands", EVERYTHING, "help"))
    return Content("Six things you can do with Second Line", (header("What do you want to do?"), *rows, every))


def probes(bot_name: str, kinds: Sequence[str]) -> Content:
    """What can be measured, and how to ask for it."""
    examples = [f"`/{example}`" for example in _PROBES]
    examples.append(f"`@{escape(bot_name)} probe mtr from customers` in a thread: from the places in its tickets")
    lines = ["*Measure a target or a public host*", f"Kinds: {', '.join(kinds)}, playbook, smoke", *examples]
    return Content(f"What you can measure: {', '.join(kinds)}", tuple(sections(lines)))


def thread_words(bot_name: str, examples: Mapping[str, str]) -> Content:
    """What people say to the bot while they look into something."""
    words = [*(examples[word] for word in _THREAD_WORDS), EARLIER]
    return _words("In the thread of an investigation, say", bot_name, words)


def others(bot_name: str, examples: Mapping[str, str]) -> Content:
    """How others are asked for help, and how it ends."""
    return _words(
        "Buttons on the card do these too", bot_name, [*(examples[word] for word in _OTHERS_WORDS), TO_VENDOR]
    )


def everything(bot_name: str, usages: Mapping[str, str], words: Iterable[str]) -> Content:
    """Every command and every word."""
    commands = [f"`{escape(usage)}` {what}" for usage, what in usages.items()]
    listed = _lines(bot_name, words)
    where = "*In the thread of an investigation, or anywhere with its name: `claim INV-3`*"
    blocks: list[Block] = [*sections(["*Anywhere*", *commands]), *sections([where, *listed])]
    return Content("Everything that Second Line understands", fitted(blocks))


def _words(heading: str, bot_name: str, words: Iterable[str]) -> Content:
    return Content(heading, tuple(sections([f"*{heading}*", *_lines(bot_name, words)])))


def _lines(bot_name: str, words: Iterable[str]) -> list[str]:
    return [f"`@{escape(bot_name)} {escape(word)}`" for word in words]
