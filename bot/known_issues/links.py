"""What people decided about investigations and known issues."""

from collections.abc import Collection

from bot.database import Store
from bot.known_issues.model import Link, LinkVerdict
from bot.stored import Stored

_LINKS = Stored[Link](Link)


class IssueLinks(Store):
    """The table of links; everything joins the caller's transaction."""

    def decide(self, investigation_id: int, issue_id: int, verdict: LinkVerdict, *, by: str = "") -> Link:
        """Links them, or decides anew."""
        at = self._clock()
        number = self._database.value(
            """INSERT INTO known_links (investigation_id, issue_id, verdict, by, at) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT DO UPDATE SET verdict = ?3, by = ?4, at = ?5 RETURNING id""",
            investigation_id,
            issue_id,
            verdict,
            by,
            at,
        )
        return Link(investigation_id, issue_id, verdict, by, at, int(number))

    def get(self, link_id: int) -> Link | None:
        return _LINKS.maybe(self._database.row("SELECT * FROM known_links WHERE id = ?", link_id))

    def of(self, investigation_id: int) -> list[Link]:
        """Returns the links of an investigation, oldest first."""
        rows = self._database.rows("SELECT * FROM known_links WHERE investigation_id = ? ORDER BY at", investigation_id)
        return _LINKS.rows(rows)

    def to(self, *issue_ids: int) -> list[Link]:
        """Returns the links to an issue, oldest first; to several, one issue after the other."""
        sql = "SELECT * FROM known_links WHERE issue_id = ? ORDER BY at"
        return [_LINKS.row(row) for issue_id in issue_ids for row in self._database.rows(sql, issue_id)]

    def about(self, issue_ids: Collection[int]) -> list[tuple[int, int]]:
        """(issue, investigation) of what people say is about any of these, for counting many at once."""
        rows = self._database.rows(
            """SELECT issue_id, investigation_id FROM known_links
               WHERE verdict = ? AND issue_id IN (SELECT value FROM json_each(?))""",
            LinkVerdict.IT_IS,
            list(issue_ids),
        )
        return [(row["issue_id"], row["investigation_id"]) for row in rows]

    def issues_of(self, investigation_ids: Collection[int]) -> list[int]:
        """Returns the issues that people say these investigations are about."""
        return self._database.column(
            """SELECT DISTINCT issue_id FROM known_links
               WHERE verdict = ? AND investigation_id IN (SELECT value FROM json_each(?))""",
            LinkVerdict.IT_IS,
            list(investigation_ids),
        )

    def issues(self) -> list[int]:
        """Returns the issues that people say any investigation is about."""
        return self._database.column("SELECT DISTINCT issue_id FROM known_links WHERE verdict = ?", LinkVerdict.IT_IS)

    def investigations(self) -> list[int]:
        """Returns the investigations that people say are about a known issue."""
        return self._database.column("SELECT investigation_id FROM known_links WHERE verdict = ?", LinkVerdict.IT_IS)
