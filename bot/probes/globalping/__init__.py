"""Globalping (https://globalping.io): the same probes, run from other places."""
