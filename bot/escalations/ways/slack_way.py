"""In Slack: a direct message, a channel, or management's group in the investigation's thread.

They are owed, never sent: what became of each the outbox says, and `slack_failure` what its refusal means.
"""

from bot.escalations.telling import STEP_VIEW, Asked, message_key
from bot.messages.model import Place, Rank
from bot.messages.owed import Owed


class SlackWay:
    """`in_thread` puts it below the post; else each recipient is a person or a channel of its own."""

    def __init__(self, *, owed: Owed, in_thread: bool = False) -> None:
        self._owed = owed
        self._in_thread = in_thread

    def owe(self, asked: Asked) -> None:
        for recipient in asked.recipients:
            self._owed.post(
                message_key(asked.step_id, recipient),
                view=STEP_VIEW,
                record_id=asked.step_id,
                place=asked.thread if self._in_thread else Place(recipient),
                rank=Rank.URGENT,
            )
