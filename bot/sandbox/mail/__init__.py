"""A mail server on loopback that keeps what it gets, and a page that shows it."""
