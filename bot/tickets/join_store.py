"""Tickets of an investigation that goes on in another one: they are on its list too, and go back with it."""

from collections.abc import Sequence

from bot.database import Store
from bot.tickets.collection import LinkState

_COPIED = """ticket_id, state, decided_by, decided_at, added_by, subject, status, url, created_at, says, places, plans,
    versions, near, shared, tagged_for, requester_id"""


class JoinStore(Store):
    """Questions and verbs; transactions are the service's."""

    def bring(self, number: int, into: int) -> int:
        """What one has on its list and the other has not, as people decided about it; how many.

        They count as those of a trend do: no search of the other one names them.
        """
        sql = f"""INSERT OR IGNORE INTO ticket_links
              (investigation_id, came_from, of_trend, found_at, tag_wanted, tag_next_at, {_COPIED})
            SELECT ?1, ?2, 1, ?3, state = 'confirmed', ?3, {_COPIED} FROM ticket_links
            WHERE investigation_id = ?2 AND unfit = '' AND moved_to IS NULL"""
        return self._database.run(sql, into, number, self._clock())

    def decided_there(self, number: int, into: int) -> list[tuple[int, LinkState, str, bool]]:
        """What waits on the list of one and was decided for the other: the ticket, how, by whom, whether it came."""
        sql = """SELECT l.ticket_id, f.state, f.decided_by, l.came_from FROM ticket_links l
            JOIN ticket_links f ON f.ticket_id = l.ticket_id AND f.investigation_id = ?1
            WHERE l.investigation_id = ?2 AND l.state = 'suggested' AND f.moved_to IS NULL
              AND (f.state = 'confirmed' OR f.state = 'rejected' AND f.decided_by IS NOT NULL)"""
        rows = self._database.rows(sql, number, into)
        return [
            (row["ticket_id"], LinkState(row["state"]), row["decided_by"] or "", row["came_from"] is not None)
            for row in rows
        ]

    def decided_since(self, number: int, into: int) -> list[tuple[int, LinkState, str]]:
        """What came from one and was decided otherwise in the other: the ticket, how, and by whom."""
        sql = """SELECT l.ticket_id, l.state, l.decided_by FROM ticket_links l
            JOIN ticket_links f ON f.ticket_id = l.ticket_id AND f.investigation_id = ?1
            WHERE l.investigation_id = ?2 AND l.came_from = ?1 AND l.state <> f.state
              AND l.decided_by IS NOT NULL"""
        rows = self._database.rows(sql, number, into)
        return [(row["ticket_id"], LinkState(row["state"]), row["decided_by"]) for row in rows]

    def still_decided(self, number: int, into: int, ticket_ids: Sequence[int]) -> list[int]:
        """Those that stand as they were decided with the other one, by the same person."""
        sql = """SELECT l.ticket_id FROM ticket_links l
            JOIN ticket_links f ON f.ticket_id = l.ticket_id AND f.investigation_id = ?1
            WHERE l.investigation_id = ?2 AND l.state = f.state AND l.state <> 'suggested'
              AND l.decided_by IS f.decided_by
              AND l.ticket_id IN (SELECT value FROM json_each(?3))"""
        return self._database.column(sql, number, into, list(ticket_ids))

    def take_out(self, number: int, into: int) -> None:
        """What came from one is off the list of the other; where the desk may have its tag, that goes first."""
        came = "investigation_id = ? AND came_from = ?"
        self._database.run(f"DELETE FROM ticket_links WHERE {came} AND tagged = 0", into, number)
        sql = f"""UPDATE ticket_links SET state = 'rejected', tag_wanted = 0, tag_failure = '', rank = NULL,
            came_from = NULL, tag_next_at = ? WHERE {came}"""
        self._database.run(sql, self._clock(), into, number)
