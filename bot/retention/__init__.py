"""How long what is kept: by kind, and shown before a shorter time takes effect."""
