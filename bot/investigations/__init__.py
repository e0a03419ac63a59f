"""One trend being looked into: its record, thread and timeline, what those who wait are told, and which team has it."""
