"""Things to probe on loopback: gateways, a website, DNS and TLS servers, each with faults on demand."""
