"""Hosts that people type: what is one, who may measure those of somebody else, and how often."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil

from bot.errors import BadInput
from bot.people import NotTier2, People, TeamsUnknown
from bot.probes.batch import Caps, HostFull
from bot.probes.host_grammar import is_internal
from bot.probes.model import Subject
from bot.probes.policy import ProbePolicy, ProbeRefused
from bot.probes.store import ProbeStore
from bot.targets.model import Catalog, Target

HOUR = timedelta(hours=1)


class NoSuchTarget(BadInput):
    """A name that is no target's, and can't be that of a public host; `nearest` are those that may be meant."""

    def __init__(self, what: str, nearest: Sequence[Target], known: Sequence[Target]) -> None:
        meant = f"Did you mean {' or '.join(target.key for target in nearest)}?"
        listed = f"Targets: {', '.join(target.key for target in known[:5])}."
        super().__init__(f"I don't know {what[:60]!r}. {meant if nearest else listed}")
        self.nearest = tuple(nearest)


class OnlyTargets(NotTier2):
    """Hosts of somebody else are measured by Tier 2 alone."""

    def __init__(self, user: str, example: str) -> None:
        sentence = "Only Tier 2 can measure a host that is no target. Everybody can measure targets"
        super(NotTier2, self).__init__(f"{sentence}: `/probe mtr {example}`.")
        self.user = user


class TypedHosts:
    """Anybody may measure targets and what is theirs; the rest belongs to somebody else."""

    def __init__(self, *, store: ProbeStore, people: People, policy: ProbePolicy, catalog: Catalog, caps: Caps) -> None:
        self._store = store
        self._people = people
        self._policy = policy
        self._catalog = catalog
        self._caps = caps

    async def permit(self, what: str, *, by: str) -> None:
        """Targets everybody, hosts of somebody else Tier 2. Raises OnlyTargets, TeamsUnknown.

        What can't be measured at all is not for here to say.
        """
        try:
            foreign = not self._catalog.find(what) and what.lower() != "all" and self.foreign(self.typed(what))
        except BadInput:
            return
        if foreign:
            await self._require_tier2(by)

    async def permit_again(self, batch_id: int, *, by: str) -> None:
        """Permits what was measured once. Raises OnlyTargets, TeamsUnknown."""
        if self._store.host_of(batch_id):
            await self._require_tier2(by)

    def meant_by(self, what: str) -> tuple[Target, ...] | None:
        """Returns the targets that may be meant, None for a host of whatever owner."""
        try:
            self.typed(what)
        except NoSuchTarget as slip:
            return slip.nearest
        except BadInput:
            return ()
        return None

    def typed(self, what: str) -> Subject:
        """A host of a target stays that target's, however it is written. Raises NoSuchTarget for a slip of a name."""
        near = self._catalog.nearest(what)
        try:
            subject = self._policy.subject_from_text(what)
        except ProbeRefused:
            raise
        except BadInput as error:
            raise (NoSuchTarget(what, near, tuple(self._catalog)) if near else error) from error
        targets = [self._catalog.find(host) for host in (*subject.hosts, *subject.addresses)]
        if not any(targets):
            self._check_typed(what, subject, near)
        self._policy.check_port(int(subject.ports[0]))
        return replace(subject, remote=all(target.remote for target in targets if target))

    def _check_typed(self, what: str, subject: Subject, near: Sequence[Target]) -> None:
        """One word alone is a name of ours: no public host has such a name, and some inside ones may."""
        alone = any(is_internal(host) and "." not in host for host in subject.hosts)
        if alone and (near or not self._policy.allows_networks):
            raise NoSuchTarget(what, near, tuple(self._catalog))
        for host in subject.hosts:
            self._policy.check_name(host)

    def foreign(self, subject: Subject) -> str:
        """The host of somebody else that a subject is, "" for targets and what is theirs."""
        if subject.trusted:
            return ""
        hosts = [*subject.hosts, *subject.addresses]
        return "" if any(map(self._catalog.find, hosts)) else hosts[0]

    def leave_in_peace(self, host: str, runs: int) -> None:
        """Raises HostFull where somebody else's host was measured often enough."""
        if not host:
            return
        ages, most = self._store.measured(host, within=HOUR), self._caps.per_host_and_hour
        over = len(ages) + runs - most
        if over > 0:
            wait = HOUR - ages[min(over, len(ages)) - 1] if ages else HOUR
            raise HostFull(host, len(ages), max(1, ceil(wait / timedelta(minutes=1))))

    async def _require_tier2(self, user: str) -> None:
        try:
            await self._people.require_tier2(user)
        except TeamsUnknown:
            raise
        except NotTier2 as error:
            raise OnlyTargets(user, self._catalog.example) from error
