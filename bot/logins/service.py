"""Signing in and out, and who may look now: groups are asked again with every page."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from attrs import define

from bot.errors import BadInput
from bot.logins.model import (
    NAME_MAX,
    BegunElsewhere,
    NoSuchScreen,
    NotLetIn,
    Role,
    Session,
    SessionKind,
    SlackIdentity,
    Visitor,
    derived,
    digest_of,
    new_secret,
    same,
)
from bot.logins.store import SessionStore
from bot.records import Service

logger = logging.getLogger(__name__)

SEEN_EVERY = timedelta(minutes=5)
"""A page that refreshes itself must not write a row each time."""


class IdentityProvider(Protocol):
    """Sign-in by OpenID Connect. Every method raises LoginFailed where the provider can't be asked or refuses."""

    async def authorize_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent; `verifier` is PKCE's (RFC 7636), used where the provider takes it."""

    async def identity(self, *, code: str, nonce: str, verifier: str) -> SlackIdentity:
        """Who came back with this code. What is said of another sign-in than the one with this nonce is refused."""


@dataclass(frozen=True, slots=True)
class LoginSettings:
    """`workspace` is the id of the bot's own, `tier1` the handles of Tier 1's user groups."""

    workspace: str
    lasts: timedelta
    tier1: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: where the browser goes, the state that it comes back with, the secret that it keeps."""

    url: str
    state: str
    secret: str


@define(kw_only=True, eq=False, repr=False, slots=False)
class LoginService(Service):
    """Answers who somebody is to the pages. Nobody is remembered longer than their groups say."""

    _store: SessionStore
    _provider: IdentityProvider
    _settings: LoginSettings

    async def begin(self) -> Begun:
        """Returns where to send the browser, and what it keeps until it comes back.

        State, nonce and PKCE's verifier follow from that secret, so that nothing is stored for strangers, and nobody
        can bring somebody else back (RFC 6749 section 10.12). Raises LoginFailed.
        """
        secret = new_secret()
        state, nonce, verifier = _derived(secret)
        return Begun(await self._provider.authorize_url(state=state, nonce=nonce, verifier=verifier), state, secret)

    async def finish(self, *, secret: str, state: str, code: str) -> str:
        """Returns the secret of a new session. Raises LoginFailed, NotLetIn."""
        expected, nonce, verifier = _derived(secret)
        if not secret or not same(state, expected):
            raise BegunElsewhere
        identity = await self._provider.identity(code=code, nonce=nonce, verifier=verifier)
        if identity.workspace != self._settings.workspace:
            raise NotLetIn("You signed in to another workspace than the team's")
        if not await self.roles(identity.user):
            raise NotLetIn("You are in none of the teams' groups in Slack")
        return self._begin(SessionKind.PERSON, user=identity.user, lasts=self._settings.lasts)

    async def visitor(self, secret: str) -> Visitor | None:
        """Who has this secret, as what they are in Slack now; None for nobody, and who is nobody any more."""
        session = self._store.valid(digest_of(secret)) if secret else None
        if not session:
            return None
        if self._clock() - session.seen_at > SEEN_EVERY:
            self._store.seen(session.id)
        if session.kind is SessionKind.SCREEN:
            return Visitor(session, frozenset((Role.SCREEN,)))
        roles = await self.roles(session.user)
        if not roles:
            if (await self._people.availability(session.user, self._clock())).gone:
                self._store.revoke_of(session.user)
            return None
        return Visitor(session, roles, derived(secret, "forms") if session.kind is SessionKind.PERSON else "")

    def end(self, session: Session) -> None:
        """Signs out; a second time changes nothing."""
        self._store.revoke(session.id)

    def end_all(self, user: str) -> int:
        """Signs a person out everywhere, programs too; from how many places."""
        return self._store.revoke_of(user)

    async def make_screen(self, name: str, *, by: str) -> str:
        """Returns the secret of a new link for a big screen, told this once. Raises NotAllowed, BadInput."""
        await self._people.require_tier2(by)
        name = _named(name)
        if screen := self._screen(name):
            raise BadInput(f"There is a screen called {screen.name!r} already. Take another name, or end that one.")
        return self._begin(SessionKind.SCREEN, user=by, name=name, lasts=None)

    async def end_screen(self, name: str, *, by: str) -> None:
        """Raises NotAllowed, NoSuchScreen."""
        await self._people.require_tier2(by)
        screen = self._screen(name)
        if not screen:
            raise NoSuchScreen(name[:NAME_MAX], tuple(other.name for other in self.screens()))
        self._store.revoke(screen.id)

    def _screen(self, name: str) -> Session | None:
        """The one of a name, however that is capitalised."""
        called = name.strip().casefold()
        return next((screen for screen in self.screens() if screen.name.casefold() == called), None)

    def screens(self) -> Sequence[Session]:
        """The links for big screens that work now."""
        return self._store.screens()

    async def make_token(self, user: str, name: str = "") -> str:
        """Returns a new key for programs, which may read what the person may read. Raises NotLetIn."""
        if not await self.roles(user):
            raise NotLetIn("You are in none of the teams' groups in Slack")
        return self._begin(SessionKind.TOKEN, user=user, name=name[:NAME_MAX], lasts=None)

    def _begin(self, kind: SessionKind, *, user: str, name: str = "", lasts: timedelta | None) -> str:
        secret = new_secret()
        self._store.begin(digest_of(secret), kind, user=user, name=name, lasts=lasts)
        logger.info("%s: a %s may look at the pages", user, kind)
        return secret

    async def roles(self, user: str) -> frozenset[Role]:
        """What somebody is: nothing for who has left, for guests, apps and strangers."""
        if (await self._people.availability(user, self._clock())).gone:
            return frozenset()
        roles = {Role.TIER2} if await self._people.is_tier2(user) else set[Role]()
        roles |= {Role.MANAGEMENT} if user in await self._people.managers() else set()
        groups = [await self._people.group(handle) for handle in self._settings.tier1]
        roles |= {Role.TIER1} if any(user in group.users for group in groups) else set()
        return frozenset(roles)


def _derived(secret: str) -> tuple[str, str, str]:
    """State, nonce and PKCE's verifier of one sign-in."""
    return derived(secret, "state"), derived(secret, "nonce"), derived(secret, "verifier")


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_MAX:
        raise BadInput(f"Name the screen in 1 to {NAME_MAX} characters, such as: `/t2 board link kitchen`")
    return name
