"""Tickets that are given from one investigation to another, and how they stood in both before."""

import json
from collections.abc import Sequence

from bot.database import Row, Store
from bot.stored import Stored
from bot.tickets.collection import LinkState, TicketMove

_STAND = "state, decided_by, decided_at, added_by, of_trend, rank, listed_at, moved_to"
_COPIED = """ticket_id, subject, status, url, created_at, says, places, plans, versions, near, shared, tagged_for,
    requester_id"""


_MOVES = Stored[TicketMove](TicketMove, json=("kept", "pasted"))


class PlaceStore(Store):
    """Questions and verbs; transactions are the service's."""

    def move(self, move_id: int) -> TicketMove | None:
        row = self._database.row("SELECT * FROM ticket_moves WHERE id = ?", move_id)
        return _MOVES.row(row) if row else None

    def give(self, number: int, into: int, ticket_ids: Sequence[int], *, by: str) -> TicketMove | None:
        """Those that are on the list of one, or wait to be, are the other one's; None where there is none.

        What was confirmed stays confirmed, by whom it was; what nobody decided, or what was taken off, is named by
        whoever moves it. The first one keeps each as taken off, so that no search brings it back.
        """
        here, there = self._stands(number, ticket_ids), self._stands(into, ticket_ids)
        kept: dict[str, list[Row | None]] = {}
        for ticket_id, stand in here.items():
            if stand["moved_to"]:
                continue
            self._take(number, into, ticket_id, stand, there.get(ticket_id), by)
            self._leave(number, into, ticket_id, by)
            after = self._stands(into, [ticket_id]).get(ticket_id)
            kept[str(ticket_id)] = [stand, there.get(ticket_id), after]
        pasted = self._give_pasted(number, into, ticket_ids)
        if not kept and not pasted:
            return None
        row: Row = {"investigation_id": number, "into_id": into, "at": self._clock(), "by": by}
        return self.move(self._database.insert("ticket_moves", row | {"kept": kept, "pasted": pasted}))

    def take_back(self, move: TicketMove, *, by: str) -> list[int]:
        """Which stand again as they stood in both: what somebody decided since is left as it is."""
        numbers = [int(number) for number in move.kept]
        here, there = self._stands(move.investigation_id, numbers), self._stands(move.into_id, numbers)
        back = []
        for ticket_id in numbers:
            stood, stood_there, after = move.kept[str(ticket_id)]
            now, left = there.get(ticket_id), here.get(ticket_id)
            if not (now and left and after) or left["moved_to"] != move.into_id or _said(now) != _said(after):
                continue
            self._stand(move.investigation_id, ticket_id, stood or {})
            if stood_there:
                self._stand(move.into_id, ticket_id, stood_there)
            else:
                self._off(move.into_id, ticket_id)
            back.append(ticket_id)
        back += self._give_pasted(move.into_id, move.investigation_id, move.pasted)
        self._database.update("ticket_moves", {"id": move.id}, undone_at=self._clock(), undone_by=by)
        return back

    def _stands(self, number: int, ticket_ids: Sequence[int]) -> dict[int, Row]:
        sql = f"""SELECT ticket_id, {_STAND} FROM ticket_links
            WHERE investigation_id = ? AND ticket_id IN (SELECT value FROM json_each(?)) ORDER BY ticket_id"""
        rows = self._database.rows(sql, number, list(ticket_ids))
        return {row["ticket_id"]: {name: row[name] for name in row if name != "ticket_id"} for row in rows}

    def _take(self, number: int, into: int, ticket_id: int, stand: Row, there: Row | None, by: str) -> None:
        """Into the list of the other one; what that has confirmed already stays so."""
        sql = f"""INSERT OR IGNORE INTO ticket_links (investigation_id, state, matches, found_at, {_COPIED})
            SELECT ?, 'suggested', 0, ?, {_COPIED} FROM ticket_links
            WHERE investigation_id = ? AND ticket_id = ?"""
        self._database.run(sql, into, self._clock(), number, ticket_id)
        stays: Row = {"moved_to": None, "unfit": ""}
        if stand["state"] == LinkState.CONFIRMED:
            stays |= {name: stand[name] for name in ("state", "decided_by", "decided_at", "added_by")}
        elif not there or there["state"] == LinkState.REJECTED:
            stays |= {"state": LinkState.SUGGESTED, "decided_by": None, "decided_at": None, "added_by": by}
        self._stand(into, ticket_id, stays)

    def _leave(self, number: int, into: int, ticket_id: int, by: str) -> None:
        left: Row = {"state": LinkState.REJECTED, "decided_by": by, "decided_at": self._clock(), "moved_to": into}
        self._stand(number, ticket_id, left | {"rank": None})

    def _stand(self, number: int, ticket_id: int, columns: Row) -> None:
        """The desk's tag follows what it is."""
        row: Row = {"investigation_id": number, "ticket_id": ticket_id}
        self._database.update("ticket_links", row, **columns)
        sql = """UPDATE ticket_links SET tag_wanted = state = 'confirmed', tag_failure = '', tag_next_at = ?
            WHERE investigation_id = ? AND ticket_id = ?"""
        self._database.run(sql, self._clock(), number, ticket_id)

    def _off(self, number: int, ticket_id: int) -> None:
        """It was not there before; where the desk may have the tag, that goes first."""
        where = "investigation_id = ? AND ticket_id = ?"
        if not self._database.run(f"DELETE FROM ticket_links WHERE {where} AND tagged = 0", number, ticket_id):
            nobody: Row = {"decided_by": None, "decided_at": None, "added_by": "", "rank": None}
            self._stand(number, ticket_id, nobody | {"state": LinkState.REJECTED})

    def _give_pasted(self, number: int, into: int, ticket_ids: Sequence[int]) -> list[int]:
        """Those that were named while the desk was down are read for the other one."""
        sql = """UPDATE OR REPLACE ticket_pastes SET investigation_id = ?
            WHERE investigation_id = ? AND ticket_id IN (SELECT value FROM json_each(?)) RETURNING ticket_id"""
        rows = self._database.rows(sql, into, number, list(ticket_ids))
        return [row["ticket_id"] for row in rows]


def _said(stand: Row) -> str:
    """What people decided, without where it stands in the list."""
    return json.dumps([stand["state"], stand["decided_by"], stand["moved_to"]])
