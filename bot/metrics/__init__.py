"""The bot's own figures, for Prometheus: what waits, what is late, what fails."""
