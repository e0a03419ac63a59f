"""The port to who says who somebody is."""

from typing import Protocol

from bot.logins.model import SlackIdentity


class IdentityProvider(Protocol):
    """Sign-in by OpenID Connect. Every method raises LoginFailed where the provider can't be asked or refuses."""

    async def authorize_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent; `verifier` is PKCE's (RFC 7636), used where the provider takes it."""

    async def identity(self, *, code: str, nonce: str, verifier: str) -> SlackIdentity:
        """Who came back with this code. What is said of another sign-in than the one with this nonce is refused."""
