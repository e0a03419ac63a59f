"""A GitHub on loopback: issues, milestones, releases, search, limits and webhooks of a few repositories."""
