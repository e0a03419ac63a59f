"""Finding the known issues and earlier investigations that a question is about."""
