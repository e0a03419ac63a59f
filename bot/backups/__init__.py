"""The database, copied while the bot runs, and put back."""
