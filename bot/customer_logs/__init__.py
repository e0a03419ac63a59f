"""Logs that customers sent: read in a process of their own, masked, and told in the investigation's thread."""
