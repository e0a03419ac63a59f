"""Comparing known issues by meaning, where `secondline[semantic]` is installed."""

from bot.database import Database
from bot.known_issues.search.meaning.mini_lm import NAME, MiniLm, installed
from bot.known_issues.search.meaning.vectors import Vectors


def build_meaning(database: Database) -> Vectors | None:
    """Nothing of the extra is imported before its loop runs."""
    return Vectors(database=database, make=MiniLm, name=NAME) if installed() else None
