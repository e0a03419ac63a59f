"""Gateways that break and are mended: health check, losses seen from other places, alerts, status page."""

import asyncio

from bot.sandbox.alertmanager.server import AlertmanagerSandbox
from bot.sandbox.globalping.landscape import Landscape
from bot.sandbox.lab import Lab
from bot.sandbox.statuspage.server import StatuspageSandbox
from bot.sandbox.targets.places import Region
from bot.sandbox.targets.server import TargetsSandbox
from bot.sandbox.targets.settings_file import LOSSY_REGION

BROKEN, WELL = "503", "ok"
_WORK, _WORKED_ON = "New network cards in EU Central", "EU Central"


class Gateways:
    """The second of each region is the one that breaks. `lab` has the routers of U.S. East, where there are any."""

    def __init__(
        self,
        *,
        targets: TargetsSandbox,
        landscape: Landscape,
        alertmanager: AlertmanagerSandbox,
        statuspage: StatuspageSandbox,
        lab: Lab | None = None,
    ) -> None:
        self._targets = targets
        self._landscape = landscape
        self._alertmanager = alertmanager
        self._statuspage = statuspage
        self.lab = lab

    def broken(self, region: Region) -> bool:
        return self._targets.endpoint(gateway_of(region)).mode != WELL

    async def break_(self, region: Region) -> str:
        """Its health check fails, customers overseas lose packets, and an alert fires; says so."""
        name = gateway_of(region)
        await self._targets.endpoint(name).set_mode(BROKEN)
        await self._lose(region, on=True)
        self._alertmanager.fire(
            {"alertname": "GatewayDown", "region": region.key, "gateway": name, "severity": "critical"},
            {"summary": f"{name} fails its health check", "description": "Its health check has answered 503 twice."},
        )
        return f"{name} is broken: its health check answers 503, an alert fires."

    async def mend(self, region: Region) -> str:
        """All of it is fine again, alerts and status page included; says so."""
        name = gateway_of(region)
        await self._targets.endpoint(name).set_mode(WELL)
        await self._lose(region, on=False)
        self._alertmanager.resolve({"region": region.key})
        component = region.title.replace(".", "")
        for incident in self._statuspage.board.unresolved():
            if any(one.name == component for one in incident.components):
                self._statuspage.resolve_incident(incident.id)
        self._statuspage.set_component(component, "operational")
        return f"{name} is mended: health check, packets, alerts and status page are fine again."

    @property
    def under_work(self) -> bool:
        """Whether the status page says that a maintenance goes on."""
        return any(work.status == "in_progress" for work in self._statuspage.board.maintenances())

    async def begin_work(self) -> str:
        """One of EU Central for an hour, on the status page, and an alert that it brings fires; says so."""
        number = self._statuspage.schedule_maintenance(_WORK, 0, 60, [_WORKED_ON])
        self._statuspage.move_maintenance(number, "in_progress", "We have begun.")
        self._statuspage.set_component(_WORKED_ON, "under_maintenance")
        self._alertmanager.fire(
            {"alertname": "TunnelRestarts", "region": "eu-central", "severity": "warning"},
            {"summary": "Tunnels of EU Central restart", "description": "As they do while a kernel is updated."},
        )
        return "The maintenance of EU Central has begun: the status page says so, and an alert fires."

    async def end_work(self) -> str:
        """It is over, and the alert with it; says so."""
        for work in self._statuspage.board.maintenances():
            if work.status == "in_progress":
                self._statuspage.move_maintenance(work.id, "completed", "All is done.")
        self._statuspage.set_component(_WORKED_ON, "operational")
        self._alertmanager.resolve({"region": "eu-central", "alertname": "TunnelRestarts"})
        return "The maintenance of EU Central is over: the bot checks it."

    async def _lose(self, region: Region, *, on: bool) -> None:
        self._landscape.set_trouble(region.key, on=on)
        if self.lab and region.key == LOSSY_REGION:
            await asyncio.to_thread(self.lab.lose, on)


def gateway_of(region: Region) -> str:
    return f"{region.key}-2"
