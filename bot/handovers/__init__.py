"""Giving an investigation to a colleague: asked and answered, and offered when the owner's day ends."""
