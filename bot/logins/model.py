"""Who looks at a page, and as what."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import BadInput, NotAllowed, SecondLineError

SECRET_BYTES = 32
NAME_MAX = 40


class Role(StrEnum):
    """What a person may see is what their groups in Slack say; a screen is nobody."""

    TIER1 = "tier1"
    TIER2 = "tier2"
    MANAGEMENT = "management"
    SCREEN = "screen"


EVERYBODY = frozenset(Role)
PEOPLE = frozenset((Role.TIER1, Role.TIER2, Role.MANAGEMENT))


class SessionKind(StrEnum):
    """`person` is a browser in which somebody has signed in, `screen` a link for a big screen, `token` a person's own
    key for programs."""

    PERSON = "person"
    SCREEN = "screen"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Session:
    """`user` is whose it is, for a screen who made it; `name` what people call a screen or a token."""

    id: int
    kind: SessionKind
    user: str
    name: str
    made_at: datetime
    seen_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page now. `csrf` goes with every form; "" for a screen and for a program, which send none."""

    session: Session
    roles: frozenset[Role]
    csrf: str = ""

    @property
    def user(self) -> str:
        """The person's id in Slack; "" for a screen."""
        return "" if self.session.kind is SessionKind.SCREEN else self.session.user

    def is_any_of(self, roles: frozenset[Role]) -> bool:
        return bool(self.roles & roles)

    @property
    def tier2(self) -> bool:
        """Whether customers' names and words may be shown."""
        return Role.TIER2 in self.roles


@dataclass(frozen=True, slots=True)
class SlackIdentity:
    """Whom Slack says that it is."""

    user: str
    workspace: str


class LoginFailed(SecondLineError):
    """Somebody could not sign in; the sentence is for them."""


class BegunElsewhere(LoginFailed):
    """Slack answers a sign-in that this browser did not begin, has ended, or let wait too long."""

    def __init__(self) -> None:
        super().__init__("This sign-in was begun elsewhere, or too long ago. Begin again.")


class NotLetIn(NotAllowed):
    """Slack says who it is, and they are not one of those who may look."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}, so these pages are not open to you. Ask your team's lead, or look at Slack.")


class NoSuchScreen(BadInput):
    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        there = f"There is {', '.join(known)}." if known else "There is none."
        super().__init__(f"There is no screen called {name!r}. {there}")


def new_secret() -> str:
    """A text that nobody guesses, which fits into an address or a cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> str:
    """What is stored of a secret: whoever reads the database can't be anybody."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def derived(secret: str, purpose: str) -> str:
    """Another secret that follows from one, and does not tell it."""
    mac = hmac.new(secret.encode("utf-8", "surrogatepass"), purpose.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(mac).rstrip(b"=").decode()


def same(one: str, other: str) -> bool:
    """Compares in constant time; texts that are not ASCII are equal to none of ours."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
