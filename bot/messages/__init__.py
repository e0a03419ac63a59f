"""The messages that the bot owes to Slack, as records."""
