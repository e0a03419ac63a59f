"""Comparing texts by meaning with a small language model: an optional extra, `secondline[semantic]`."""
