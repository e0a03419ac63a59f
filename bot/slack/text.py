"""Where text becomes Slack text: escaped, cut, dated, linked. Pure."""

import re
from datetime import datetime, timedelta

from bot.slack_marks import readable, straight

SECTION_MAX = 3000
HEADER_MAX = 150
BUTTON_MAX = 75
VALUE_MAX = 2000
OPTION_MAX = 75
NEAR = timedelta(hours=12)
"""So far from now a time of day says which day's it is."""

_ENTITY_TAIL = re.compile(r"&[a-z]{0,4}$")
_MARKUP_TAIL = re.compile(r"<[^<>]*$")
_FORMATTING = re.compile(r"(?<=[*~`])|(?<=_)(?:(?<!\w_)|(?!\w))|(?<=:)(?=[\w+-]+:)")
"""Behind what would start bold, strike, code, italics or an emoji."""

_AS_OF = re.compile(r"as of <!date\^\d+\^\{time\}\|[^<>]*+>")
_NAMED = re.compile(r"<[@#!][^<>|]{1,200}\|[^<>]{1,200}>|<!(?!subteam)[^<>|]{1,200}>")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_WORDS_AND_GAPS = re.compile(r"\n|[^\S\n]+|\S+")
_ENTITY_MAX = 5
"""Characters of "&amp;", the longest of Slack's three."""
_LINKED = re.compile(r"<(?:mailto:)?([^<>|@#!][^<>|]*)(?:\|([^<>]*))?>")
_USER_ID = re.compile(r"[UW][A-Z0-9]+")
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]+")


def cut(text: str, limit: int) -> str:
    """Cuts to at most `limit` characters with "…" at the end, never inside an entity like `&amp;`."""
    if len(text) <= limit:
        return text
    return _ENTITY_TAIL.sub("", text[: limit - 1]) + "…"


def cut_markup(text: str, limit: int) -> str:
    """Cuts mrkdwn with links, mentions and dates of our own, and leaves none of them open."""
    if len(text) <= limit:
        return text
    return _MARKUP_TAIL.sub("", cut(text, limit).removesuffix("…")) + "…"


def clean(text: str) -> str:
    """Foreign text as one line without control characters and direction marks."""
    visible = straight(text)
    return " ".join(_CONTROL.sub(" ", visible).split())


def escape(text: str) -> str:
    """Slack's three entities, `&` first (https://docs.slack.dev/messaging/formatting-message-text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def foreign(text: str, limit: int = 150) -> str:
    """Text from outside inside mrkdwn: one line, inert, short.

    Entities stop mentions and links; a word joiner stops `*bold*`, backticks and `:emoji:`, which Slack has no
    escape for.
    """
    inert = _FORMATTING.sub("\u2060", clean(text)[: 2 * limit])  # what is behind it is cut off in any case
    return cut(escape(inert), limit)


def paragraph(text: str, limit: int = SECTION_MAX) -> str:
    """A person's own words in mrkdwn: lines and formatting kept, mentions and links inert."""
    visible = straight(text).replace("\r", "")
    return cut(escape(visible), limit)


def pieces(text: str, limit: int = SECTION_MAX, *, newline: str = "\n") -> list[str]:
    """Splits a text into pieces of at most `limit` characters, between words where there are any; nothing is lost.

    `newline` stands for each line's end: a quotation needs a mark after it.
    """
    visible = straight(text).replace("\r", "").strip()
    parts = [""]
    for word in _WORDS_AND_GAPS.findall(visible):
        for part in _parted(newline if word == "\n" else escape(word), limit):
            if len(parts[-1]) + len(part) > limit:
                parts.append("")
            parts[-1] += part if parts[-1] or not word.isspace() else ""
    return [piece for piece in parts if piece.strip()]


def one_line(text: str, limit: int = SECTION_MAX) -> list[str]:
    """`foreign`, whole, in as many pieces as `limit` makes of it; none of nothing."""
    inert = escape(_FORMATTING.sub("\u2060", clean(text)))
    parts = [""]
    for word in inert.split(" "):
        for part in _parted(word, limit):
            if parts[-1] and len(parts[-1]) + len(part) + 1 > limit:
                parts.append("")
            parts[-1] += f" {part}" if parts[-1] else part
    return parts


def _parted(word: str, limit: int) -> list[str]:
    """A word that is longer than a piece, never cut inside an entity."""
    parts, at = [], 0
    while len(word) - at > limit:
        end = at + limit
        entity = word.rfind("&", max(at + 1, end - _ENTITY_MAX + 1), end)
        if entity > 0 and word.find(";", entity, entity + _ENTITY_MAX) >= end:
            end = entity
        parts.append(word[at:end])
        at = end
    return [*parts, word[at:]]


def unescape(text: str) -> str:
    """Slack text as it was typed: entities and `<http://x|x>` undone, mentions by the names that they came with."""
    named = _NAMED.sub(lambda hit: readable(hit[0], {}), text)
    plain = _LINKED.sub(lambda hit: hit[2] or hit[1], named)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def preformatted(text: str, limit: int = SECTION_MAX) -> str:
    """A code block; backticks inside would end it."""
    return "```" + cut(escape(text.replace("`", "'")), limit - 6) + "```"


def link(url: str, label: str) -> str:
    """A link; `label` is foreign text."""
    target = url.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"<{target}|{foreign(label).replace('|', '¦')}>"


def is_user_id(text: str) -> bool:
    """Whether it is the id of a person."""
    return _USER_ID.fullmatch(text) is not None


def person(user: str) -> str:
    """A mention of a person, which notifies."""
    return f"<@{user}>"


def place(channel: str) -> str:
    """A link to a channel, or to the person whose direct messages are meant; a name that has no id stays a name."""
    if is_user_id(channel):
        return person(channel)
    return f"<#{channel}>" if _CHANNEL_ID.fullmatch(channel) else escape(channel)


def at(moment: datetime) -> str:
    """A time of day in the reader's own zone, with the day where it is not today's."""
    stamp, fallback = int(moment.timestamp()), moment.strftime("%H:%M UTC")
    return f"<!date^{stamp}^{{date_short_pretty}} {{time}}|{fallback}>"


def clock_time(moment: datetime) -> str:
    """The time of day in the reader's own zone."""
    return f"<!date^{int(moment.timestamp())}^{{time}}|{moment.strftime('%H:%M UTC')}>"


def at_or_near(moment: datetime, now: datetime) -> str:
    """The time of day alone where it is read as the last or the next one, else with its day."""
    return clock_time(moment) if abs(now - moment) < NEAR else at(moment)


def as_of(moment: datetime) -> str:
    """ "as of 09:14": when it was known last. A message that differs in nothing else is not edited for it."""
    return f"as of {clock_time(moment)}"


def undated(text: str) -> str:
    """A text that a message shows, without what `as_of` said in it."""
    return _AS_OF.sub("as of", text)


def capitalized(text: str) -> str:
    """The same words as they begin a line."""
    return text[:1].upper() + text[1:]


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 ticket", "2 tickets"."""
    return f"{count} {one if count == 1 else many or one + 's'}"
