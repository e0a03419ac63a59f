"""The HTTP server of the bot."""
