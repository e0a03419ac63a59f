"""One trend being looked into: its record, its thread, its timeline."""
