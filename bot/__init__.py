"""Second Line: a Slack chat-ops bot for Tier 2 support teams."""

__version__ = "0.1.0"
