"""Pages for people: what each shows, and to whom."""
