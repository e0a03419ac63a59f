"""What can have trouble, and how people name it."""
