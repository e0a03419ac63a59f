"""The tables, in the order in which they came to be: what stands around investigations after what these need."""

from bot.migrations import around, changes
from bot.migrations.investigating import migrations

__all__ = ["around", "changes", "migrations"]
