"""A Zendesk on loopback: OAuth, tickets, search and the rest of what a support bot uses, as strict as the real one."""
