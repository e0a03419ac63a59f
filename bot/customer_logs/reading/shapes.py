"""What is the same in lines that differ in numbers only. Pure."""

import re

_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_NUMBER = re.compile(rb"0[0-9A-Fa-f:.\-x]*+|\b[0-9A-Fa-f]{1,40}0[0-9A-Fa-f:.\-]*+")
_LONG = re.compile(rb"[A-Za-z0-9+/=_-]{24,}+")
_SPACES = re.compile(rb"\s{2,}+")


def rough(message: bytes) -> bytes:
    """Its digits as zeros: quick, and what is left of a hundred thousand lines are thousands."""
    return message.translate(_ZEROS)


def shape(rough_message: bytes) -> bytes:
    """Every number, address, id and key of a rough message as one mark."""
    return _SPACES.sub(b" ", _LONG.sub(b"#", _NUMBER.sub(b"#", rough_message))).strip()
