"""Asking VPN services for the first step of their handshake: packets built and answers judged, and the probe."""
