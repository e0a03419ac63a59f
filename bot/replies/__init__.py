"""Rounds of replies: many customers who wait for the same news are answered, each exactly once."""
