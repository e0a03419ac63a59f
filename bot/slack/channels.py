"""Which channel a configured name means: one that is renamed stays the same channel. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ListedChannel:
    """`previous` are names that it had before, `member` whether the bot is in it."""

    id: str
    name: str
    previous: tuple[str, ...] = ()
    archived: bool = False
    member: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.previous)


def read_channels(rows: Iterable[Mapping[str, Any]]) -> tuple[ListedChannel, ...]:
    """Reads conversations.list (https://docs.slack.dev/reference/objects/conversation-object)."""
    return tuple(
        ListedChannel(
            str(row.get("id") or ""),
            str(row.get("name") or "").lower(),
            tuple(str(name).lower() for name in row.get("previous_names") or []),
            bool(row.get("is_archived")),
            bool(row.get("is_member", True)),
        )
        for row in rows
    )


def channel_named(listed: Iterable[ListedChannel], name: str, *, known_id: str = "") -> ListedChannel | None:
    """The channel that a name or id means. `known_id` is the one that it meant before.

    Several can have had a name. One that is archived comes last; then the one that was meant before; then one that the
    bot is in; then the one that has the name now.
    """
    plain = name.removeprefix("#").lower()
    same = [channel for channel in listed if channel.id == name or plain in channel.names]
    return _best(same, name, known_id) if same else None


def ids_by_name(listed: Iterable[ListedChannel], before: Mapping[str, str]) -> dict[str, str]:
    """Every name that is or was one, with the channel's id. `before` is the same of an earlier list."""
    by_name: dict[str, list[ListedChannel]] = defaultdict(list)
    for channel in listed:
        for name in dict.fromkeys(channel.names):
            by_name[name].append(channel)
    return {name: _best(channels, name, before.get(name, "")).id for name, channels in by_name.items()}


def _best(channels: Sequence[ListedChannel], name: str, known_id: str) -> ListedChannel:
    plain = name.removeprefix("#").lower()

    def rank(channel: ListedChannel) -> tuple[bool, bool, bool, bool]:
        exact = channel.name == plain or channel.id == name
        return (channel.archived, channel.id != known_id, not channel.member, not exact)

    return min(channels, key=rank)
