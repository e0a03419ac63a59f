"""What an open page hears: server-sent events, made once and sent to all who see the same. Pure.

See https://html.spec.whatwg.org/multipage/server-sent-events.html. A stream is compressed without a state of its own:
each event is a run of whole blocks (RFC 1951) that refer to nothing before them, so that the same bytes go on in every
stream that began with the head of a gzip file (RFC 1952) and never ends.
"""

import json
import zlib
from dataclasses import dataclass

GZIP_HEAD = bytes.fromhex("1f8b08000000000000ff")
LEVEL = 5
"""Half of what the best costs, and a tenth more bytes."""


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One event, as it is and compressed."""

    plain: bytes
    packed: bytes

    def bytes_for(self, *, packed: bool) -> bytes:
        return self.packed if packed else self.plain


def event(name: str, data: str, *, number: str = "", retry_ms: int = 0) -> LiveEvent:
    """`data` is one line. A browser that comes back says which `number` it has heard last."""
    lines = [f"retry: {retry_ms}"] if retry_ms else []
    lines += [f"event: {name}", *([f"id: {number}"] if number else []), f"data: {data}", "", ""]
    plain = "\n".join(lines).encode("utf-8", "replace")
    return LiveEvent(plain, _packed(plain))


def page_event(digest: str, *, title: str = "", main: str = "") -> LiveEvent:
    """A page shows something else: its content, or nothing of it where each reader has to ask for their own."""
    shown = {"title": title, "main": main} if main else {}
    return event("page", json.dumps(shown, ensure_ascii=False), number=digest)


def _packed(plain: bytes) -> bytes:
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packing.compress(plain) + packing.flush(zlib.Z_SYNC_FLUSH)
