"""Forgetting a customer: what is stored of somebody goes from every table, from the file, and from Slack."""
