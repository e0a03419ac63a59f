"""A Slack on loopback: Web API, Socket Mode, people who act, as strict as the real one."""
