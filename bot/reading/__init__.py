"""What a ticket says, read as data: pure, without any I/O."""
