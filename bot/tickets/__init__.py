"""Zendesk tickets that belong to an investigation."""
