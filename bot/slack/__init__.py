"""The border to Slack: sending, people, text."""
