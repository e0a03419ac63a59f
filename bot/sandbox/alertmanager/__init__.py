"""A Prometheus Alertmanager on loopback: its API v2 with alerts and silences."""
