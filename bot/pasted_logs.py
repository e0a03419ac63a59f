"""Whether a message is a log that somebody pasted. Pure."""

import re

TIMED = re.compile(
    r"^.{0,20}?(?:\b\d{1,2}:\d\d:\d\d\b|\b\d{4}-\d\d-\d\d\b)|^[\[(]?1[0-9]{9}(?:\d{3})?[.\]) ]|^\w{0,40}\(\S{4,60}\) - "
)
TELLING = re.compile(
    r"(?i)\b(?:error|failed|failure|timeout|timed out|refused|warning|unreachable|handshake|exception)\b"
)
_FENCE = re.compile(r"```\n?(.{1,40000}?)(?:```|\Z)", re.DOTALL)
FENCED_LINES, PLAIN_LINES = 2, 5
LINES_LOOKED_AT = 400


def pasted_log(text: str) -> str:
    """The lines of a log in a message, "" for none: in a code block, or five and more with times."""
    blocks = [block for block in _FENCE.findall(text) if _is_log(block, FENCED_LINES, share=0.3, telling=True)]
    if blocks:
        return "\n".join(block.strip("\n") for block in blocks)
    return text if _is_log(text, PLAIN_LINES, share=0.6, telling=False) else ""


def without_log(text: str) -> str:
    """What a person says around a log that they paste: the log itself is not for a record."""
    kept = _FENCE.sub(
        lambda hit: _left_out(hit[1]) if _is_log(hit[1], FENCED_LINES, 0.3, telling=True) else hit[0], text
    )
    return kept if not _is_log(kept, PLAIN_LINES, share=0.6, telling=False) else _left_out(kept)


def _left_out(log: str) -> str:
    return f"[a log of {len(log.strip().splitlines())} lines]"


def _is_log(text: str, least: int, share: float, *, telling: bool) -> bool:
    lines = [line for line in text.splitlines()[:LINES_LOOKED_AT] if line.strip()]
    if len(lines) < least:
        return False
    timed = sum(bool(TIMED.search(line[:200])) for line in lines)
    return timed >= share * len(lines) or (telling and any(TELLING.search(line[:400]) for line in lines))
