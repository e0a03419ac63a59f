"""How long customers waited, and what became of trends, in numbers."""
