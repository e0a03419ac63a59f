"""Measurements of a target: what they are, how they run, what they found."""
