"""Rises of customers who write about the same, seen in the desk's stream before people see them."""
