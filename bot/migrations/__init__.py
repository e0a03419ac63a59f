"""The tables, in the order in which they came to be: what stands around investigations after what these need."""

from bot.migrations import around, keeping
from bot.migrations.investigating import migrations

__all__ = ["around", "keeping", "migrations"]
