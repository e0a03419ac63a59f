"""The rules of the voice (every sentence) and Slack's own design rules (blocks), as far as a machine can hold them.

A rule is a function from one message to what is wrong with it. Slack's rules: https://docs.slack.dev/concepts/designing-with-blocks
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.messages.model import Content
from tests.words.plain import Json, Message, lines_of, readable, rendered

HEADLINE_MAX = 12
"""Words."""
ROW_MAX = 34
"""Characters of a row of a table in plain form: more wrap in the thread's pane and on a phone."""
SAME_WORDS = 5
"""A sentence of so many words must not stand twice in one message."""
BANNED = (
    "is well",
    "are well",
    "hangs on",
    "hang on",
    "says status page",
    "hear of it",
    "hears of it",
    "counts more than",
    "is no problem ticket",
    "nobody is on it",
    "from here",
    "goes on to the end",
    "in en",
    "please",
)
_BANNED = re.compile(rf"\b(?:{'|'.join(BANNED)})\b", re.IGNORECASE)
_EMOJI = re.compile(r":[a-z0-9_+-]+:|[\U0001f300-\U0001faff\u2600-\u27bf]")
_KEY = re.compile(r"\b[a-z]+_[a-z_]+\b")
_UNSPACED = re.compile(r"\b\d+(?:\.\d+)?(?:ms|kB|MB|GB)\b")
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[a-z)”\d][.!?])\s+(?=[A-Z@“*:])|\n")
_COLOURS = re.compile(r"^:(?:large_green|large_yellow|red|white)_circle:|^:(?:white_check_mark|warning|x):")
SMALL_WORDS = frozenset("a an and as at but by for from in it's of on or the to with".split())
NAMES = frozenset(
    "Tier Telia PayNow Slack Zendesk GitHub Jira Alertmanager Globalping Second Line App Home U.S. East West Android"
    " Pixel English German French".split()
)
"""Words that are written with a capital wherever they stand."""


def of_message(message: Message) -> Iterator[tuple[str, str]]:
    """What is wrong with one message: the name of the rule, and the words in question."""
    for name, rule in RULES.items():
        for words in rule(message):
            yield name, words


def of_text(text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a sentence that stands by itself."""
    for name in ("banned", "units"):
        for words in RULES[name](text):
            yield name, words


def headline(message: Message) -> Iterator[str]:
    """The header, or the first sentence of the first line."""
    text = first_words(message)
    words = [word for word in _EMOJI.sub("", text).replace("*", "").split() if any(map(str.isalnum, word))]
    if len(words) > HEADLINE_MAX:
        yield " ".join(words)


def first_words(message: Message) -> str:
    """What a hurried person reads: without code, which they copy, and without whom it calls."""
    if isinstance(message, Content) and message.blocks and message.blocks[0]["type"] == "header":
        return readable(message.blocks[0]["text"]["text"])
    if not isinstance(message, Content):
        return ""
    lines = list(lines_of(message.blocks)) or [readable(message.text)]
    return _sentences(lines[0])[0]


def rows(message: Message) -> Iterator[str]:
    """Each row of a table in a code block."""
    for text in _texts(_blocks(message)):
        for block in re.findall(r"```(.*?)```", text, re.DOTALL):
            yield from (row for row in readable(block).strip("\n").splitlines() if len(row) > ROW_MAX)


def twice(message: Message) -> Iterator[str]:
    """A sentence that a message says two times; notifications repeat what they are about."""
    if not isinstance(message, Content):
        return
    said: set[str] = set()
    for sentence in _sentences("\n".join(lines_of(message.blocks))):
        plain = " ".join(_EMOJI.sub("", sentence).replace("*", "").strip(" .·").split()).lower()
        if len(plain.split()) >= SAME_WORDS and plain in said:
            yield plain
        said.add(plain)


def banned(message: Message) -> Iterator[str]:
    """Phrases that nobody says aloud."""
    yield from (found[0] for found in _BANNED.finditer(rendered(message)))


def keys(message: Message) -> Iterator[str]:
    """Names of settings and states as the code has them."""
    text = _EMOJI.sub("", _CODE.sub("", rendered(message)))
    yield from (found[0] for found in _KEY.finditer(re.sub(r"https?://\S+", "", text)))


def units(message: Message) -> Iterator[str]:
    """A number and its unit have a space between them."""
    yield from (found[0] for found in _UNSPACED.finditer(_CODE.sub("", rendered(message))))


def primary(message: Message) -> Iterator[str]:
    """One step stands out, or none."""
    labels = [each["text"]["text"] for each in _buttons(message) if each.get("style") == "primary"]
    if len(labels) > 1:
        yield ", ".join(labels)


def title_case(message: Message) -> Iterator[str]:
    """Buttons, also those of forms and of questions."""
    for label in labels(message):
        words = [word for word in re.split(r"[\s-]+", label.rstrip("…")) if word]
        wrong = [word for word in words[1:] if word[0].islower() and word not in SMALL_WORDS and "." not in word]
        if wrong or words[0][0].islower():
            yield label


def labels(message: Message) -> list[str]:
    """What stands on every button."""
    texts = [each["text"]["text"] for each in _buttons(message)]
    for each in _objects(_blocks(message)):
        if "confirm" in each and isinstance(each["confirm"], Mapping) and "deny" in each["confirm"]:
            texts += [each["confirm"][name]["text"] for name in ("confirm", "deny")]
    if isinstance(message, Mapping):
        texts += [message[name]["text"] for name in ("submit", "close") if name in message]
    return texts


def sentence_case(message: Message) -> Iterator[str]:
    """Headings, titles of forms, labels, options: a capital where a sentence has one."""
    for text in (*headings(message), *_labels_of_inputs(message)):
        words = re.split(r"(?<=[.:?!])\s+|[\s(]+", text)
        wrong = [word for word in text.split()[1:] if word[:1].isupper() and not _named(word)]
        begins = [part.split()[0] for part in re.split(r"[.:?!]\s+", text)[1:] if part.split()]
        if [word for word in wrong if word not in begins] or words[0][:1].islower():
            yield text


def headings(message: Message) -> list[str]:
    """Headers, titles of forms and of questions."""
    texts = [readable(block["text"]["text"]) for block in _blocks(message) if block.get("type") == "header"]
    if isinstance(message, Mapping) and "title" in message:
        texts.append(message["title"]["text"])
    return texts + [each["title"]["text"] for each in _objects(_blocks(message)) if "deny" in each]


def emoji(message: Message) -> Iterator[str]:
    """None in buttons and headings."""
    yield from (text for text in (*labels(message), *headings(message)) if _EMOJI.search(text))


def full_stop(message: Message) -> Iterator[str]:
    """None at the end of headings and buttons."""
    yield from (text for text in (*labels(message), *headings(message)) if text.endswith("."))


def fallback(message: Message) -> Iterator[str]:
    """A notification says the point: some words, and more than a name."""
    if isinstance(message, Content) and len(_EMOJI.sub("", readable(message.text)).split()) < 3:
        yield message.text or "(nothing)"


def level_in_words(message: Message) -> Iterator[str]:
    """Behind a colour or a mark stands what it means."""
    for line in rendered(message).splitlines():
        if _COLOURS.match(line.strip()) and len(_EMOJI.sub("", line).split()) < 2:
            yield line.strip()


RULES: Mapping[str, Callable[[Message], Iterator[str]]] = {
    "headline": headline,
    "rows": rows,
    "twice": twice,
    "banned": banned,
    "keys": keys,
    "units": units,
    "primary": primary,
    "title case": title_case,
    "sentence case": sentence_case,
    "emoji": emoji,
    "full stop": full_stop,
    "fallback": fallback,
    "level in words": level_in_words,
}


def _named(word: str) -> bool:
    bare = word.strip("“”()…?.,:*'")
    return bare in NAMES or any(map(str.isdigit, bare)) or bare.isupper() or not bare.isascii()


def _sentences(text: str) -> list[str]:
    return _SENTENCE.split(text)


def _blocks(message: Message) -> list[Json]:
    if isinstance(message, Content):
        return list(message.blocks)
    if isinstance(message, str):
        return []
    if isinstance(message, Mapping):
        return list(message.get("blocks", [message]))
    return [each for each in message if isinstance(each, Mapping)]


def _buttons(message: Message) -> list[Json]:
    return [each for each in _objects(_blocks(message)) if each.get("type") == "button"]


def _labels_of_inputs(message: Message) -> list[str]:
    return [block["label"]["text"] for block in _blocks(message) if block.get("type") == "input"]


def _texts(value: object) -> Iterator[str]:
    for each in _objects(value):
        if isinstance(each.get("text"), str):
            yield each["text"]


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from _objects(each)
