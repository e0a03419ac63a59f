"""Tier 1 tickets that nobody answered in time, given to the right Tier 2 group."""
