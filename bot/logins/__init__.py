"""Who may look at the pages: sign-in with Slack, sessions, links of big screens, personal tokens."""
