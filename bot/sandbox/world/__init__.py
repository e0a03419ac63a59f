"""What happens outside Slack: development, gateways, customers, Tier 1 and the time, by a menu on the page."""
