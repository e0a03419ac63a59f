"""The tables of silences: people's, and what is wanted of Alertmanager for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.database import Row, Store
from bot.status.model import Alert, SourceReading
from bot.status.store import READINGS
from bot.status.trouble import Silence, SilenceWish
from bot.stored import Stored

_ORDERS, _SILENCES = Stored[SilenceWish](SilenceWish), Stored[Silence](Silence)


class SilenceStore(Store):
    """Questions and verbs of silences; transactions are the service's."""

    def add(self, target: str, *, by: str, until: datetime, orders: Sequence[tuple[str, Alert]]) -> int:
        """`orders` are sources with the alert to silence there. Raises Taken while another silence holds."""
        now = self._clock()
        number = self._database.insert("status_silences", {"target": target, "by": by, "at": now, "until": until})
        for source, alert in orders:
            row: Row = {"silence_id": number, "source": source, "fingerprint": alert.fingerprint, "next_at": now}
            self._database.insert(
                "status_silence_orders", row | {"alert": READINGS.write(SourceReading(alerts=(alert,)))}
            )
        return number

    def get(self, silence_id: int) -> Silence | None:
        row = self._database.row("SELECT * FROM status_silences WHERE id = ?", silence_id)
        return self._silence(row) if row else None

    def holding(self, target: str) -> Silence | None:
        """The silence that holds now."""
        row = self._database.row(
            "SELECT * FROM status_silences WHERE target = ? AND ended = 0 AND until > ?", target, self._clock()
        )
        return self._silence(row) if row else None

    def run_out(self) -> list[str]:
        """The targets whose silence has run out since this was asked last."""
        now = self._clock()
        over = "status_silences WHERE ended = 0 AND until <= ?"
        rows = self._database.rows(f"SELECT target FROM {over}", now)
        self._database.run(
            f"UPDATE status_silence_orders SET done = 1 WHERE wanted = 1 AND silence_id IN (SELECT id FROM {over})", now
        )
        self._database.run("UPDATE status_silences SET ended = 1 WHERE ended = 0 AND until <= ?", now)
        return [row["target"] for row in rows]

    def lift(self, silence_id: int) -> None:
        """End it before its time, in Alertmanager too."""
        now = self._clock()
        self._database.run("UPDATE status_silences SET ended = 1, until = ? WHERE id = ?", now, silence_id)
        self._database.run(
            "UPDATE status_silence_orders SET wanted = 0, done = 0, failure = '', next_at = ? WHERE silence_id = ?",
            now,
            silence_id,
        )

    def orders_due(self) -> list[SilenceWish]:
        """Returns what Alertmanager does not have yet; new silences before old ones end, so that there is no gap."""
        rows = self._database.rows(
            """SELECT * FROM status_silence_orders WHERE done = 0 AND next_at <= ?
               ORDER BY wanted DESC, next_at LIMIT 50""",
            self._clock(),
        )
        return [_order(row) for row in rows]

    def done(self, order: SilenceWish, remote_id: str) -> None:
        """Alertmanager has it as `order` wants it; a person may want it otherwise meanwhile."""
        self._database.run(
            """UPDATE status_silence_orders SET remote_id = ?, done = (wanted = ?), failure = ''
               WHERE silence_id = ? AND source = ? AND fingerprint = ?""",
            remote_id,
            int(order.wanted),
            *_key(order).values(),
        )

    def failed(self, order: SilenceWish, reason: str, wait_s: float) -> None:
        next_at = self._clock() + timedelta(seconds=wait_s)
        self._database.update("status_silence_orders", _key(order), failure=reason, next_at=next_at)

    def _silence(self, row: Row) -> Silence:
        orders = self._database.rows("SELECT * FROM status_silence_orders WHERE silence_id = ?", row["id"])
        return _SILENCES.row(row, orders=tuple(map(_order, orders)))


def _key(order: SilenceWish) -> Row:
    return {"silence_id": order.silence_id, "source": order.source, "fingerprint": order.alert.fingerprint}


def _order(row: Row) -> SilenceWish:
    return _ORDERS.row(row, alert=READINGS.read(row["alert"]).alerts[0])
