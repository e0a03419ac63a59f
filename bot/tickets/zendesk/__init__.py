"""Zendesk as the help desk."""
