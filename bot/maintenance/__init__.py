"""Planned times in which trouble is expected, and the check of everything when they end."""
