"""Which addresses from outside a browser may be led to. Pure."""


def web_address(url: str) -> str:
    """An address that a browser may be led to; "" for any other scheme."""
    return url if url.startswith(("https://", "http://")) else ""
