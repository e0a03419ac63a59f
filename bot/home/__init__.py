"""The App Home: what one person has, what waits for them, and what changed since they looked."""
