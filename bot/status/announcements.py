"""Telling the team of trouble before customers write: once per target, gathered, with silence."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from attrs import define

from bot.errors import BadInput, existing
from bot.messages.model import Place
from bot.records import Service
from bot.signals import Signal
from bot.status.board import StatusBoard
from bot.status.model import Alert
from bot.status.silences import SilenceStore
from bot.status.source import SilenceOrder, SourceError
from bot.status.store import StatusStore
from bot.status.trouble import (
    Announcement,
    ShownAnnouncement,
    Silence,
    SilenceWish,
    TargetTrouble,
    began_at,
    explained,
    gathered,
    trouble_of,
)

logger = logging.getLogger(__name__)

VIEW = "status_announcement"
RETRY_S = 30.0
REFUSED_RETRY_S = 600.0


class TroubleOver(BadInput):
    """What was announced is over, so nothing can be done about it."""

    def __init__(self) -> None:
        super().__init__("That is over. To look into it anyway, type `/investigate`.")


class AlreadySilenced(BadInput):
    """A silence that lasts longer holds already. `by` is whose it is."""

    def __init__(self, by: str) -> None:
        super().__init__("It is already silenced for longer. The message says by whom and until when.")
        self.by = by


def announcement_key(announcement_id: int) -> str:
    return f"{VIEW}/{announcement_id}"


@define(kw_only=True, eq=False, repr=False, slots=False)
class Announcements(Service):
    """Follows the board. One row per target that is not closed decides that there is one message, sent once."""

    _store: StatusStore
    _silences: SilenceStore
    _board: StatusBoard
    _quiet_s: float

    def __attrs_post_init__(self) -> None:
        self.wake = asyncio.Event()
        """Set when something is to be done in Alertmanager."""
        self.ended = Signal[Announcement]()
        """What was announced is over for good, in the transaction that says so."""
        watched = self._board.watched.items()
        self._told_after_s = {name: source.announce_after_s for name, source in watched if source.announce}

    def get(self, announcement_id: int) -> Announcement:
        """Raises NotFound."""
        return existing(self._store.announcement(announcement_id), "That announcement does not exist.")

    def announced(self, announcement_id: int) -> ShownAnnouncement:
        """The announcement with what its card shows. Raises NotFound."""
        announcement = self.get(announcement_id)
        silence = self._silences.holding(announcement.target)
        return ShownAnnouncement(
            announcement, self._trouble(announcement.target), self._linked(silence) if silence else None
        )

    def lately(self, at_most: int = 50) -> list[Announcement]:
        """Trouble that was announced, the newest first."""
        return self._store.lately(at_most)

    def going(self, announcement_id: int) -> ShownAnnouncement:
        """Returns the announcement of trouble that is not over. Raises NotFound, TroubleOver."""
        state = self.announced(announcement_id)
        if state.announcement.over_at:
            raise TroubleOver
        return state

    def due(self) -> list[str]:
        """The targets, and pages as a whole, whose trouble is to be announced now."""
        already = {announcement.target for announcement in self._store.open_announcements()}
        return [subject for subject in self._board.subjects if subject not in already and self._is_due(subject)]

    def judge(self, channels: Mapping[str, str]) -> None:
        """Bring everything up to date with the board; `channels` says where what is wanted is announced."""
        with self._database.transaction():
            for target in self._silences.run_out():
                self.show(target)
            for announcement in self._store.open_announcements():
                self._follow(announcement)
            for target in self.due():
                if target in channels:
                    self._announce(target, channels[target])

    def show(self, target: str, *, human: bool = False) -> None:
        """Owes an edit of the message about a target, in the caller's transaction."""
        for announcement in self._store.open_announcements():
            if announcement.target == target:
                self._owed.changed(announcement_key(announcement.id), human=human)

    async def silence(self, announcement_id: int, *, hours: float, by: str) -> Silence:
        """Hear nothing of the target until then; where allowed Alertmanager tells nobody of these alerts either.

        Raises NotTier2, NotFound, TroubleOver, AlreadySilenced.
        """
        await self._people.require_tier2(by)
        with self._database.transaction():
            announcement = self.going(announcement_id).announcement
            self._silences.run_out()
            until, holding = self._clock() + timedelta(hours=hours), self._silences.holding(announcement.target)
            if holding and holding.until >= until:
                raise AlreadySilenced(holding.by)
            if holding:
                self._silences.lift(holding.id)
            number = self._silences.add(
                announcement.target, by=by, until=until, orders=self._orders(announcement.target)
            )
            self._owed.changed(announcement_key(announcement_id), human=True)
        self.wake.set()
        return self._silence(number)

    async def lift(self, silence_id: int, *, by: str) -> None:
        """End a silence. Raises NotTier2, NotFound, BadInput where it has ended."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            silence = self._silence(silence_id)
            holding = self._silences.holding(silence.target)
            if not holding or holding.id != silence_id:
                raise BadInput("That silence has ended already.")
            self._silences.lift(silence_id)
            self.show(silence.target, human=True)
        self.wake.set()

    async def work(self) -> None:
        """Bring Alertmanager in step with what people silenced and lifted."""
        for order in self._silences.orders_due():
            silence = self._silence(order.silence_id)
            try:
                made = await self._carry_out(order, silence)
            except SourceError as error:
                logger.warning("silence %d: %s", silence.id, error.sentence)
                wait_s = error.retry_after_s or (RETRY_S if error.retry else REFUSED_RETRY_S)
                with self._database.transaction():
                    self._silences.failed(order, error.reason, wait_s)
                    self.show(silence.target)
            else:
                with self._database.transaction():
                    self._silences.done(order, made)
                    self.show(silence.target)

    async def _carry_out(self, order: SilenceWish, silence: Silence) -> str:
        """The silence's id in Alertmanager."""
        watched = self._board.watched.get(order.source)
        if not watched or not watched.silencer:
            raise SourceError("Alertmanager", "the configuration no longer allows to write there", retry=False)
        mark = f"[secondline {silence.id} {order.alert.fingerprint} {silence.at:%Y%m%dT%H%M%S}]"
        if not order.wanted:
            await watched.silencer.lift(mark)
            return order.remote_id
        remote = SilenceOrder(
            mark=mark,
            labels=order.alert.labels,
            began_at=silence.at,
            until=silence.until,
            created_by=f"{silence.by} (Slack, by Second Line)",
            comment=f"{silence.target}: silenced in Slack.",
        )
        return await watched.silencer.silence(remote)

    def _is_due(self, target: str) -> bool:
        trouble = self._trouble(target)
        if not trouble.due_at or trouble.due_at > self._clock() or self._silences.holding(target):
            return False
        return not explained(trouble, self._board.expected.get(target))

    def _announce(self, target: str, channel: str) -> None:
        trouble = self._trouble(target)
        began = began_at(trouble, self._clock())
        number = self._store.announce(target, channel=channel, began_at=began, seen=gathered((), trouble))
        self._owed.card(announcement_key(number), view=VIEW, record_id=number, place=Place(channel), human=False)

    def _follow(self, before: Announcement) -> None:
        """The newest state of an announcement: gathered, over, back again, closed."""
        now, trouble = self._clock(), self._trouble(before.target)
        after = before
        if before.over_at and trouble.on:
            after = replace(before, over_at=None, returns=before.returns + 1)
        elif not before.over_at and not trouble.going:
            after = replace(before, over_at=now)
        if not after.over_at:
            after = replace(after, seen=gathered(after.seen, trouble))
        elif now >= after.over_at + timedelta(seconds=self._quiet_s):
            after = replace(after, closed=True)
        if after != before:
            self._store.update(after)
            if after.closed and not self._board.watched.get(after.target):
                self.ended.tell(after)
            self._owed.changed(announcement_key(after.id), human=False)

    def _trouble(self, target: str) -> TargetTrouble:
        status = self._board.of(target)
        return trouble_of(status, self._told_after_s) if status else TargetTrouble()

    def _orders(self, target: str) -> list[tuple[str, Alert]]:
        """The alerts that fire now, where the bot may silence them at their source."""
        status = self._board.of(target)
        reports = status.reports if status else ()
        allowed = [report for report in reports if self._board.watched[report.source].silencer]
        return [(report.source, alert) for report in allowed for alert in report.firing]

    def _linked(self, silence: Silence) -> Silence:
        """Adds the addresses of what was made in Alertmanager."""
        return replace(silence, orders=tuple(replace(order, link=self._link(order)) for order in silence.orders))

    def _link(self, order: SilenceWish) -> str:
        watched = self._board.watched.get(order.source)
        return watched.silencer.link(order.remote_id) if watched and watched.silencer and order.remote_id else ""

    def _silence(self, silence_id: int) -> Silence:
        return existing(self._silences.get(silence_id), "That silence does not exist.")
