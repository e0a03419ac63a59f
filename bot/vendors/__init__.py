"""Tier 4: giving an investigation to an outside vendor, and what the vendor says."""
