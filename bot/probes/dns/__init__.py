"""Asking name servers: resolvers and the servers of a name's own zone, and what their answers come to."""
