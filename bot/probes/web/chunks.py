"""The chunked transfer coding undone, part by part (RFC 9112 section 7.1). Pure."""

import re

LINE_MAX = 65_536
"""So long may the line before a chunk be, with its extensions."""
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")


class Chunks:
    """Takes what the network brought, however it is cut, and gives the body in it: a byte a chunk costs no more
    than a pass over the bytes."""

    def __init__(self) -> None:
        self.ended = False
        """Whether the chunk that ends a body was there."""
        self._left = 0
        self._closing = False
        self._line = bytearray()

    def feed(self, data: bytes) -> bytes:
        """The part of the body that `data` has. Raises ValueError for what is no chunk."""
        body, at = [], 0
        while at < len(data) and not self.ended:
            if self._left:
                part = data[at : at + self._left]
                body.append(part)
                at += len(part)
                self._left -= len(part)
                self._closing = not self._left
                continue
            end = data.find(b"\n", at)
            self._line += data[at : end if end >= 0 else len(data)]
            if len(self._line) > LINE_MAX:
                raise ValueError("a chunk's line without an end")
            if end < 0:
                break
            at = end + 1
            self._end_line()
        return b"".join(body)

    def _end_line(self) -> None:
        """The line behind a chunk says nothing, the one before it how long it is."""
        number, self._line = self._line.split(b";", 1)[0].strip(), bytearray()
        if self._closing:
            self._closing = False
        elif _SIZE.fullmatch(number):
            self._left = int(number, 16)
            self.ended = not self._left
        else:
            raise ValueError("a chunk without a size")
