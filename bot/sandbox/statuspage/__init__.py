"""A Statuspage on loopback: components, incidents and maintenances as /api/v2 has them."""
