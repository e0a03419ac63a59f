"""The adapter to Alertmanager's API v2 (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml)."""

import asyncio
from collections.abc import Mapping, Sequence, Set
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.clock import Clock
from bot.loose_json import address, instant, items, line, mapping, objects
from bot.status.ask import Asker
from bot.status.matching import LabelMatcher
from bot.status.model import Alert, Labels, SourceReading
from bot.status.source import SilenceOrder, SourceError

_NAME = "alertname"
CLOCKS_DIFFER = timedelta(hours=1)


class Alertmanager:
    """Implements the ports `StatusSource` and `Silencer`. `filters` narrow what is asked for; `token` may be ""."""

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        url: str,
        title: str,
        clock: Clock,
        token: str = "",
        filters: Sequence[LabelMatcher] = (),
    ) -> None:
        self._ask = Asker(session=session, system=title, clock=clock, token=token)
        self._base = url.rstrip("/").removesuffix("/api/v2")
        self._url = f"{self._base}/api/v2"
        self._clock = clock
        self._filters = tuple(map(str, filters))

    async def read(self) -> SourceReading:
        """Silenced and muted alerts too: they are not over. Inhibited ones follow from another alert that is there."""
        filters = {"active": "true", "silenced": "true", "inhibited": "false"}
        payload = await self._listed("alerts", filters | {"unprocessed": "true"})
        if not isinstance(payload, list):
            raise self._ask.failed("its answer is no list of alerts", retry=False)
        muted = await self._muted(filters) if _knows_muting(payload) else frozenset()
        return SourceReading(alerts=await asyncio.to_thread(read_alerts, payload, now=self._clock(), muted=muted))

    async def _muted(self, filters: Mapping[str, str]) -> frozenset[str]:
        """The fingerprints of alerts that a time interval mutes now, on every route that they take.

        Since 0.28 the list of alerts has `mutedBy`, but only the list of groups fills it.
        """
        groups = await self._listed("alerts/groups", {**filters, "muted": "true"}, optional=True)
        muted: dict[str, bool] = {}
        for raw in (alert for group in objects(groups) for alert in objects(group.get("alerts"))):
            fingerprint, by = line(raw.get("fingerprint"), 100), mapping(raw.get("status")).get("mutedBy")
            muted[fingerprint] = muted.get(fingerprint, True) and bool(by)
        return frozenset(fingerprint for fingerprint, always in muted.items() if fingerprint and always)

    async def _listed(self, what: str, filters: Mapping[str, str], *, optional: bool = False) -> object:
        """Returns a list of Alertmanager's; None where it is `optional` and not there."""
        params = [*filters.items(), *(("filter", matcher) for matcher in self._filters)]
        try:
            return (await self._ask.get(f"{self._url}/{what}", params=params)).json()
        except SourceError as error:
            if optional and not error.retry:
                return None
            raise

    async def check(self) -> tuple[str, SourceReading]:
        status = mapping((await self._ask.get(f"{self._url}/status")).json())
        version = line(mapping(status.get("versionInfo")).get("version"), 30) or "of an unknown version"
        reading = await self.read()
        silenced = sum(alert.silenced for alert in reading.alerts)
        return f"ok, Alertmanager {version}: {len(reading.alerts)} firing, {silenced} of them silenced", reading

    async def silence(self, order: SilenceOrder) -> str:
        """An answer may be lost on the way, so what an earlier try made is looked for by its mark first."""
        made = await self._made(order.mark)
        if made:
            return made
        answer = await self._ask.post(f"{self._url}/silences", _silence(order))
        silence_id = line(mapping(answer.json()).get("silenceID"), 100)
        if not silence_id:
            raise self._ask.failed("its answer names no silence")
        return silence_id

    async def lift(self, mark: str) -> None:
        if made := await self._made(mark):
            await self._ask.delete(f"{self._url}/silence/{quote(made, safe='')}")

    def link(self, silence_id: str) -> str:
        return f"{self._base}/#/silences/{silence_id}"

    async def _made(self, mark: str) -> str:
        """The id of the silence with a mark, "" where there is none that has not ended."""
        answer = await self._ask.get(f"{self._url}/silences")
        for silence in map(mapping, items(answer.json())):
            ended = mapping(silence.get("status")).get("state") == "expired"
            if not ended and mark in line(silence.get("comment"), 5000):
                return line(silence.get("id"))
        return ""


def read_alerts(payload: object, *, now: datetime, muted: Set[str] = frozenset()) -> tuple[Alert, ...]:
    """`GET /api/v2/alerts`, oldest first; entries that are no alert are left out, and those that another one inhibits.

    `muted` are fingerprints.
    """
    read = (_alert(raw, now, muted) for raw in objects(payload))
    alerts = {alert.fingerprint: alert for alert in read if alert}
    return tuple(sorted(alerts.values(), key=lambda alert: (alert.began_at, alert.name, alert.fingerprint)))


def _knows_muting(payload: object) -> bool:
    return any("mutedBy" in mapping(alert.get("status")) for alert in objects(payload))


def _alert(raw: Mapping[str, Any], now: datetime, muted: Set[str]) -> Alert | None:
    labels, status, notes = _labels(raw.get("labels")), mapping(raw.get("status")), mapping(raw.get("annotations"))
    if not labels or (status.get("inhibitedBy") and not status.get("silencedBy")):
        return None
    fingerprint = line(raw.get("fingerprint"), 100) or ",".join(f"{key}={value}" for key, value in labels)[:500]
    return Alert(
        fingerprint=fingerprint,
        name=dict(labels).get(_NAME) or "an alert without a name",
        labels=labels,
        began_at=instant(raw.get("startsAt")) or now,
        summary=line(notes.get("summary") or notes.get("description") or notes.get("message")),
        url=address(raw.get("generatorURL")),
        silenced=_held_back(status) or fingerprint in muted,
    )


def _held_back(status: Mapping[str, Any]) -> bool:
    """Alertmanager tells nobody of it: by a silence, at this hour, or for a reason that it does not give."""
    return bool(status.get("silencedBy") or status.get("mutedBy")) or status.get("state") == "suppressed"


def _labels(raw: object) -> Labels:
    """Whole: a silence must match them as they are."""
    return tuple(
        sorted((key, value) for key, value in mapping(raw).items() if isinstance(value, str) and _sound(key + value))
    )


def _sound(text: str) -> bool:
    """Whether it can be stored: half a surrogate pair can't."""
    return text.encode("utf-8", "replace").decode() == text


def _silence(order: SilenceOrder) -> dict[str, Any]:
    """A beginning in the past means at once, also where our clock is ahead of Alertmanager's."""
    return {
        "matchers": [{"name": name, "value": value, "isRegex": False, "isEqual": True} for name, value in order.labels],
        "startsAt": (order.began_at - CLOCKS_DIFFER).astimezone(UTC).isoformat(),
        "endsAt": order.until.astimezone(UTC).isoformat(),
        "createdBy": order.created_by,
        "comment": f"{order.comment} {order.mark}",
    }
