"""VPN services on loopback that answer the first step of their handshakes, as far as a probe sees them."""
