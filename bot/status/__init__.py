"""What status pages and Alertmanagers say about targets, and what is announced of it."""
