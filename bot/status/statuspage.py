"""The adapter to status pages with Statuspage's API v2, and to those that speak like it."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.clock import Clock
from bot.loose_json import address, instant, line, mapping, objects
from bot.status.ask import Asker
from bot.status.model import BAD, Component, Incident, Level, SourceReading

_PATH = "/api/v2/summary.json"

# https://support.atlassian.com/statuspage/docs/show-service-status-with-components/
LEVELS = {
    "operational": Level.OPERATIONAL,
    "under_maintenance": Level.MAINTENANCE,
    "degraded_performance": Level.DEGRADED,
    "partial_outage": Level.PARTIAL_OUTAGE,
    "major_outage": Level.MAJOR_OUTAGE,
}
IMPACTS = {
    "none": Level.OPERATIONAL,
    "maintenance": Level.MAINTENANCE,
    "minor": Level.DEGRADED,
    "major": Level.PARTIAL_OUTAGE,
    "critical": Level.MAJOR_OUTAGE,
}


class Statuspage:
    """Implements the port `StatusSource`. `url` is the page's own address."""

    def __init__(self, *, session: aiohttp.ClientSession, url: str, title: str, clock: Clock) -> None:
        self._ask = Asker(session=session, system=title, clock=clock, redirects=True)
        self._url = url.rstrip("/").removesuffix(_PATH) + _PATH
        self._etag = ""
        self._last: Mapping[str, Any] = {}

    async def read(self) -> SourceReading:
        return await asyncio.to_thread(read_summary, await self._summary())

    async def check(self) -> tuple[str, SourceReading]:
        summary = await self._summary()
        reading = read_summary(summary)
        count = len(reading.components)
        unwell = sum(component.level in BAD for component in reading.components)
        unknown = sum(component.level is Level.UNKNOWN for component in reading.components)
        name = line(mapping(summary.get("page")).get("name"), 80) or "the page"
        parts = [f"{count} component{'' if count == 1 else 's'}", f"{unwell} in trouble"]
        parts += [f"{unknown} with an unknown state"] if unknown else []
        return f"ok, {name}: {', '.join(parts)}", reading

    async def _summary(self) -> Mapping[str, Any]:
        answer = await self._ask.get(self._url, etag=self._etag)
        if answer.status == HTTPStatus.NOT_MODIFIED and self._last:
            return self._last
        summary = mapping(answer.json())
        if not isinstance(summary.get("components"), list):
            raise self._ask.failed("its answer is no summary.json of a status page", retry=False)
        self._last, self._etag = summary, answer.headers.get("etag", "")
        return summary


def read_summary(payload: object) -> SourceReading:
    """`summary.json` as a Reading; entries that can't be read are left out, unknown words are unknown."""
    summary = mapping(payload)
    listed = objects(summary.get("components"))
    groups = {line(raw.get("id")): line(raw.get("name")) for raw in listed if raw.get("group") is True}
    planned = objects(summary.get("scheduled_maintenances"))
    return SourceReading(
        components=tuple(_component(raw, groups) for raw in listed if raw.get("group") is not True),
        incidents=(
            *(_incident(raw) for raw in objects(summary.get("incidents"))),
            *(_maintenance(raw) for raw in planned),
        ),
    )


def _component(raw: Mapping[str, Any], groups: Mapping[str, str]) -> Component:
    word = line(raw.get("status"), 60)
    return Component(
        id=line(raw.get("id")),
        name=line(raw.get("name")),
        level=LEVELS.get(word, Level.UNKNOWN),
        word=word,
        group=groups.get(line(raw.get("group_id")), ""),
        changed_at=instant(raw.get("updated_at")),
        group_id=line(raw.get("group_id")),
    )


def _incident(raw: Mapping[str, Any]) -> Incident:
    updates = objects(raw.get("incident_updates"))
    newest = max(updates, key=lambda update: line(update.get("display_at") or update.get("created_at")), default={})
    return Incident(
        id=line(raw.get("id")),
        title=line(raw.get("name")),
        stage=line(raw.get("status"), 60),
        level=IMPACTS.get(line(raw.get("impact")), Level.UNKNOWN),
        began_at=instant(raw.get("started_at")) or instant(raw.get("created_at")),
        components=_about(raw),
        update=line(newest.get("body"), 1000),
        url=address(raw.get("shortlink")),
    )


def _maintenance(raw: Mapping[str, Any]) -> Incident:
    return Incident(
        id=line(raw.get("id")),
        title=line(raw.get("name")),
        stage=line(raw.get("status"), 60),
        level=Level.MAINTENANCE,
        began_at=instant(raw.get("scheduled_for")),
        ends_at=instant(raw.get("scheduled_until")),
        planned=True,
        components=_about(raw),
        url=address(raw.get("shortlink")),
    )


def _about(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids and names of the components that an incident names, also those that only its updates name."""
    updates = objects(raw.get("incident_updates"))
    affected = [part for update in updates for part in objects(update.get("affected_components"))]
    named = [line(part.get(key)) for part in objects(raw.get("components")) for key in ("id", "name")]
    named += [line(part.get("code")) for part in affected]
    return tuple(dict.fromkeys(name for name in named if name))
