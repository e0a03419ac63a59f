"""A Jira Cloud on loopback: issues with ADF texts, JQL, versions, transitions, properties and webhooks."""
