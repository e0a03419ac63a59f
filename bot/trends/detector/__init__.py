"""What rises in the desk's stream, judged against what is usual. Pure: no I/O, no clock."""
