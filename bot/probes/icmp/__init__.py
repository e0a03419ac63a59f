"""ICMP for the whole process: one socket per address family, shared by sweeps and MTRs."""
