"""Mail that the bot sends: what it is, what became of it, and the server."""
