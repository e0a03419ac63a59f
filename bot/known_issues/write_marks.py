"""The mark in what we wrote at a tracker, by which it is found again before it is written twice. Pure."""

import re

_ANY = re.compile(r"<!--\s*secondline:.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_LAST = re.compile(r"<!-- secondline: (?P<stamp>[!-=?-~]+) -->\s*\Z")


def stamped(body: str, stamp: str) -> str:
    """`body` with the stamp as an HTML comment at its end; one that it holds already, perhaps forged, is taken out."""
    return f"{without_stamps(body)}\n\n<!-- secondline: {stamp} -->"


def stamp_of(body: str) -> str:
    """The stamp at the very end, "" where there is none: what people quote from elsewhere does not count."""
    found = _LAST.search(body)
    return found["stamp"] if found else ""


def without_stamps(body: str) -> str:
    return _ANY.sub("", body).rstrip() if "secondline" in body.casefold() else body
