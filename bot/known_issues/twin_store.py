"""The tables of what issues name, and of those that are one bug in two trackers."""

from bot.database import Database
from bot.known_issues.model import KnownIssue
from bot.known_issues.twins import mentions, names_of, title_marks

CANDIDATES_MAX = 30
"""A template may name one issue in thousands."""


class TwinStore:
    """Questions and verbs of twins; they join the caller's transaction."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def names(self, found: KnownIssue) -> None:
        """What an issue is called and what it names now."""
        self._database.run("DELETE FROM known_mentions WHERE issue_id = ?", found.id)
        named = (each.name for each in mentions(found.issue))
        for name in dict.fromkeys([*names_of(found.issue), *named, *title_marks(found.issue)]):
            self._database.run("INSERT INTO known_mentions (issue_id, name) VALUES (?, ?)", found.id, name)

    def candidates(self, issue_id: int) -> list[int]:
        """Those that it names, that name it, or that name the same, the newest first."""
        return self._database.column(
            """SELECT DISTINCT b.issue_id FROM known_mentions a JOIN known_mentions b ON b.name = a.name
               WHERE a.issue_id = ?1 AND b.issue_id <> ?1 ORDER BY b.issue_id DESC LIMIT ?2""",
            issue_id,
            CANDIDATES_MAX,
        )

    def twins(self, issue_id: int, twin_ids: list[int]) -> None:
        """These are the same as an issue, and no others."""
        self._database.run("DELETE FROM known_twins WHERE issue_id = ?1 OR twin_id = ?1", issue_id)
        for twin_id in twin_ids:
            self._database.run("INSERT INTO known_twins VALUES (?1, ?2), (?2, ?1)", issue_id, twin_id)
