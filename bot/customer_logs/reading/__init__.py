"""What a log says. Pure; imported only by the process that reads logs, and by tests."""
