"""The `@ltm` post of an investigation and its acknowledgement."""
