"""What may be measured from other places: what opted in, and is public in every part. Anybody can read such results."""

from collections.abc import Iterable

from bot.errors import BadInput
from bot.probes.host_grammar import is_internal, read_url
from bot.probes.model import Subject
from bot.probes.policy import NoAddress, ProbePolicy


class NotOpened(BadInput):
    """The target has not opted in."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label} isn't measured from other cities, since anybody can read those results. "
            "If it is public, ask your admin to allow it."
        )


class NameNotSent(BadInput):
    """A name that is not to leave this network."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is an internal name: it is not sent to Globalping, whose results anybody can read.")


class PublicOnly:
    """`policy` is one that allows public addresses only."""

    def __init__(self, *, policy: ProbePolicy) -> None:
        self._policy = policy

    async def addresses(self, subject: Subject) -> tuple[str, ...]:
        """All of the subject's. Raises BadInput where there is none or one is not public."""
        self._opened(subject)
        if not subject.addresses and not subject.hosts:
            raise BadInput(f"{subject.label} has no host or address to measure.")
        located = await self._policy.locate(subject)
        if not located.addresses:
            raise BadInput("; ".join(located.missing))
        return located.addresses

    async def urls(self, subject: Subject, limit: int) -> tuple[str, ...]:
        """Returns the first URLs of a subject. Raises BadInput."""
        self._opened(subject)
        if not subject.urls:
            raise BadInput(f"{subject.label} has no URL to ask for.")
        await self._public(dict.fromkeys(read_url(url).host for url in subject.urls), known=False)
        return subject.urls[:limit]

    async def names(self, subject: Subject, limit: int) -> tuple[str, ...]:
        """Returns the first names of a subject. Raises BadInput.

        A configured name may have no address here: whether it has one elsewhere is what is asked.
        """
        self._opened(subject)
        if not subject.names:
            raise BadInput(f"{subject.label} has no name to look up.")
        await self._public(subject.names, known=subject.trusted)
        return subject.names[:limit]

    def _opened(self, subject: Subject) -> None:
        if not subject.remote:
            raise NotOpened(subject.label)

    async def _public(self, hosts: Iterable[str], *, known: bool) -> None:
        for host in hosts:
            if is_internal(host):
                raise NameNotSent(host)
            try:
                await self._policy.addresses_of(host)
            except NoAddress:
                if not known:
                    raise
