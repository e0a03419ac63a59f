"""A Slack, a Zendesk and targets on loopback, to try and to test the bot without accounts."""
