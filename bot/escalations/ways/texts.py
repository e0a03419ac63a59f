"""What a step says outside Slack: short, what is wrong, what to do, and where to acknowledge. Pure.

Plain text: whoever shows it knows no marks of Slack's. The link stands before the long part, as a phone shows the
beginning.
"""

from bot.escalations.telling import Telling

SUBJECT_MAX = 120
TEXT_MAX = 6_000
SMS_MAX = 160
"""One text message, while all of its characters are in GSM's alphabet."""
SMS_REQUEST_MIN = 20
"""Fewer characters of the request than this say nothing."""
_IN_GSM = str.maketrans(
    {"…": "...", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "\u00a0": " ", "•": "-"}
)
_NO_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def subject(telling: Telling) -> str:
    """ "P1 INV-12 needs an answer: U.S. East, packet loss"."""
    return cut(f"{_name(telling)} needs an answer: {_line(telling.title)}", SUBJECT_MAX)


def text(telling: Telling) -> str:
    """For a mail, a push message, a page of a pager."""
    parts = [_where(telling), _clean(telling.body) or f"{_clean(telling.request)}\n{_clean(telling.title)}"]
    return cut("\n\n".join(parts), TEXT_MAX)


def sms(telling: Telling) -> str:
    """For a text message, and for what is read aloud; the request is cut, the link never."""
    where = f"Ack: {telling.acknowledge_url}" if telling.acknowledge_url else "Answer in Slack."
    first = f"{_name(telling)}: {_plain(telling.title)}."
    room = SMS_MAX - len(where) - 1
    if len(first) + SMS_REQUEST_MIN < room:
        request = cut(f"{_plain(telling.request)}.", room - len(first) - 1, more="...")
        return f"{first} {request} {where}"
    return f"{cut(first, max(room, len(_name(telling))), more='...')} {where}"


def cut(text: str, longest: int, *, more: str = "…") -> str:
    return text if len(text) <= longest else text[: max(longest - len(more), 0)].rstrip() + more


def _where(telling: Telling) -> str:
    places = [("Acknowledge", telling.acknowledge_url), ("In Slack", telling.post_url)]
    lines = [f"{name}: {address}" for name, address in places if address]
    return "\n".join(lines) or f"Answer {telling.name} in Slack."


def _name(telling: Telling) -> str:
    return f"{telling.priority} {telling.name}".strip()


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _plain(text: str) -> str:
    return _line(text).translate(_IN_GSM).rstrip(".")


def _clean(text: str) -> str:
    """Without characters that no mail and no JSON of somebody else's should have to bear."""
    whole = text.encode("utf-8", "replace").decode()
    return whole.translate(_NO_CONTROLS).strip()
