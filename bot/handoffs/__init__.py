"""Giving an investigation to Tier 3: the tracker's issue with its evidence, priority and lane, and what comes back."""
