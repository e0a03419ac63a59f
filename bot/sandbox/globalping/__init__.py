"""A Globalping on loopback: the HTTP API of jsdelivr/globalping, with probes in five cities."""
