"""Asking web servers: connections, TLS handshakes and HTTP requests, phase by phase."""
