"""The port through which a use case owes messages, inside its own transaction."""

from typing import Protocol

from bot.messages.model import Place, Rank, RefusedMessage


class Owed(Protocol):
    """Every call is a row in the same database; sending happens elsewhere, later, and survives a crash.

    `key` is the message's identity for ever ("investigation/12"); owing a key twice owes it once. `human` is true
    where a person waits: it goes out at once; machine changes are gathered.
    """

    def card(
        self, key: str, *, view: str, record_id: int, place: Place, for_user: str = "", human: bool = True
    ) -> None:
        """One message that always shows the newest state of a record."""

    def post(
        self,
        key: str,
        *,
        view: str,
        record_id: int,
        place: Place,
        broadcast: bool = False,
        for_user: str = "",
        after: str = "",
        rank: Rank | None = None,
    ) -> None:
        """A message that is sent exactly once; `broadcast` also shows a thread reply in the channel.

        It waits until the message with the key `after` was sent or refused, so that posts keep their order. `rank` is
        given where its key and its person don't say how urgent it is.
        """

    def text(self, key: str, *, text: str, place: Place, for_user: str = "") -> None:
        """A post of fixed mrkdwn, escaped by the caller."""

    def file(
        self, key: str, *, name: str, title: str, text: str, place: Place, for_user: str = "", after: str = ""
    ) -> None:
        """A text file, shared exactly once; `after` is as in `post`."""

    def picture(
        self, key: str, *, name: str, title: str, png: bytes, alt: str, place: Place, for_user: str = ""
    ) -> None:
        """A PNG file, shared exactly once; `alt` is what a screen reader says, at most 1,000 characters."""

    def reaction(self, key: str, *, channel: str, ts: str, name: str, for_user: str = "") -> None:
        """An emoji on somebody's message; left out where it could not be given within a minute."""

    def changed(self, key: str, *, human: bool) -> None:
        """The record behind a message changed; a key that was never owed is ignored."""

    def all_changed(self, view: str, record_id: int, *, human: bool) -> None:
        """The same for every message that shows a record by one view."""

    def thread_changed(self, key: str, *, human: bool) -> None:
        """The same for every message that hangs in the thread of one."""

    def key_at(self, channel: str, ts: str) -> str | None:
        """Whose message this is; also the root of a thread."""

    def place_of(self, key: str) -> tuple[str, str] | None:
        """Channel and ts of a sent message."""

    def places_of(self, view: str, record_id: int) -> list[Place]:
        """Where a record is shown by one view, sent or not."""

    def file_link(self, key: str) -> str | None:
        """The address of a file that was shared or will be, "" where nobody knows it; None where there is none."""

    def deleted(self, channel: str, ts: str) -> None:
        """Somebody deleted a message in Slack: a card is posted again, everything else stays deleted."""

    def retry_refused(self, channel: str) -> None:
        """The bot was let into a channel: what was refused there is owed again."""

    def refusals(self, limit: int = 10) -> list[RefusedMessage]:
        """The newest messages that Slack will not take, with reasons."""

    def waiting(self) -> int:
        """How many messages are owed now."""
