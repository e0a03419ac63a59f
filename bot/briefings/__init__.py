"""The scheduled summary of a channel: what is open, what is known, what changed, what is due."""
