"""From whose ticket a log is, as its message and its name say. Pure."""

import re
from collections.abc import Collection, Mapping

_NUMBER = re.compile(r"(?<![0-9])[0-9]{3,12}(?![0-9])")


def whose(
    files: Mapping[str, str], *, linked: Collection[int], named: Collection[int], listed: Collection[int]
) -> dict[str, int]:
    """The ticket of each file for which there is just one; `files` are names by id.

    A link in the message says it, and `#4711` where that is on the investigation's list; the number in a file's name
    says it for this file alone. Two tickets for one file are none.
    """
    told = {*linked, *(number for number in named if number in listed)}
    sure = {*told, *listed}
    found = {}
    for file_id, name in files.items():
        in_name = {int(number) for number in _NUMBER.findall(name)} & sure
        tickets = in_name or told
        if len(tickets) == 1:
            found[file_id] = next(iter(tickets))
    return found
