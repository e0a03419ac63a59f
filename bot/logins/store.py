"""The table of sessions."""

from datetime import datetime, timedelta

from bot.database import Row, Store
from bot.logins.model import Session, SessionKind
from bot.stored import Stored

_SESSIONS = Stored[Session](Session)
_COLUMNS = "id, kind, user, name, made_at, seen_at, expires_at"
_VALID = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)"


class SessionStore(Store):
    """Knows sessions by the digest of their secret."""

    def begin(self, digest: str, kind: SessionKind, *, user: str, name: str, lasts: timedelta | None) -> int:
        """A new row; raises Taken where the person has a token, or anybody a screen, of that name."""
        now = self._clock()
        row: Row = {"digest": digest, "kind": kind, "user": user, "name": name, "made_at": now, "seen_at": now}
        return self._database.insert("sessions", row | {"expires_at": now + lasts if lasts else None})

    def valid(self, digest: str) -> Session | None:
        """None for one that has ended, was ended, or never was."""
        sql = f"SELECT {_COLUMNS} FROM sessions WHERE digest = ? AND {_VALID}"
        return _SESSIONS.maybe(self._database.row(sql, digest, self._clock()))

    def screens(self) -> list[Session]:
        """Those that are valid, in the order in which they were made."""
        sql = f"SELECT {_COLUMNS} FROM sessions WHERE {_VALID} AND kind = ? ORDER BY id"
        return _SESSIONS.rows(self._database.rows(sql, self._clock(), SessionKind.SCREEN))

    def seen(self, session_id: int) -> None:
        self._database.update("sessions", {"id": session_id}, seen_at=self._clock())

    def revoke(self, session_id: int) -> bool:
        """False where it was before."""
        sql = "UPDATE sessions SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
        return self._database.run(sql, self._clock(), session_id) > 0

    def revoke_of(self, user: str) -> int:
        """Ends every session and token of a person; their screens stay, since they are the team's."""
        sql = "UPDATE sessions SET revoked_at = ? WHERE user = ? AND kind <> 'screen' AND revoked_at IS NULL"
        return self._database.run(sql, self._clock(), user)

    def empty(self, before: datetime) -> int:
        """Lets go of what ended before then; how many."""
        return self._database.run("DELETE FROM sessions WHERE expires_at < ?1 OR revoked_at < ?1", before)
