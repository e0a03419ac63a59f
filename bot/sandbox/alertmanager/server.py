"""The Alertmanager sandbox: /api/v2 below any prefix, and what a test or a person can do to it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.alertmanager.matchers import Matcher, all_match, parse
from bot.sandbox.alertmanager.state import Alert, Alerts, InhibitRule, Silence, new_id
from bot.sandbox.alertmanager.wire import (
    RECEIVER,
    alert_json,
    read_alerts,
    read_silence,
    silence_json,
    stamp,
)
from bot.sandbox.faults import Faults
from bot.sandbox.rest.answers import Answer, Call, Endpoint, Json, Refused
from bot.sandbox.rest.server import RestServer

_TRUE = {"true", "1", "t", "yes", "y", "on", "ok", "enabled"}
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
CRITICAL_OVER_WARNING = InhibitRule(
    source=(Matcher("severity", "critical"),), target=(Matcher("severity", "warning"),), equal=("region",)
)


class AlertmanagerSandbox:
    """One Alertmanager with one receiver. It asks for no credentials, as the real one does not.

    `modern` is one of 0.28: label names of any kind, time intervals that can be seen.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        rules: tuple[InhibitRule, ...] = (CRITICAL_OVER_WARNING,),
        morning: bool = False,
        modern: bool = False,
    ) -> None:
        self._clock = clock
        self._modern = modern
        self._began = clock()
        self.state = Alerts(clock, rules)
        if morning:
            _begin_morning(self)
        self.rest = RestServer(
            endpoints=self._endpoints(),
            work=lambda call, endpoint: endpoint.handler(call),
            unknown=lambda call: Refused(404, {"code": 404, "message": f"path {call.path} was not found"}),
            faults=Faults(lambda status: {"code": status, "message": f"status {status}"}),
            acts=self.acts(),
        )
        self.fail_next = self.rest.fail_next
        self.log = self.rest.log

    def _endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/api/v2/status", self._status),
            Endpoint("GET", "/api/v2/receivers", lambda call: Answer([{"name": RECEIVER}])),
            Endpoint("GET", "/api/v2/alerts", self._list_alerts),
            Endpoint("GET", "/api/v2/alerts/groups", self._list_groups),
            Endpoint("POST", "/api/v2/alerts", self._put_alerts),
            Endpoint("GET", "/api/v2/silences", self._list_silences),
            Endpoint("POST", "/api/v2/silences", self._put_silence),
            Endpoint("GET", "/api/v2/silence/{id}", self._show_silence),
            Endpoint("DELETE", "/api/v2/silence/{id}", self._delete_silence),
            Endpoint("GET", "/-/healthy", lambda call: Answer("OK")),
            Endpoint("GET", "/-/ready", lambda call: Answer("OK")),
        ]

    def routes(self) -> web.Application:
        return self.rest.routes()

    def acts(self) -> list[Callable[..., Any]]:
        """Each is also `POST /control/<its name>`."""
        return [self.fire, self.resolve, self.silence, self.mute, self.unmute]

    def fire(
        self,
        labels: dict[str, str],
        annotations: dict[str, str] | None = None,
        minutes_ago: float = 0,
        generator_url: str = "",
    ) -> str:
        """An alert that fires until it is resolved, as if Prometheus sent it all the time; gives its fingerprint."""
        if not labels.get("alertname"):
            raise ValueError("an alert needs the label alertname")
        now = self._clock()
        starts = now - timedelta(minutes=minutes_ago)
        alert = Alert(dict(labels), dict(annotations or {}), starts, now, generator_url=generator_url)
        self.state.put(alert)
        return alert.fingerprint

    def resolve(self, labels: dict[str, str]) -> int:
        """End every alert that has these labels; gives how many. They leave the list."""
        return self.state.resolve(labels)

    def silence(self, labels: dict[str, str], minutes: float = 60, comment: str = "", who: str = "ops") -> str:
        """Silence by equal labels; gives the silence's id."""
        now = self._clock()
        matchers = [Matcher(name, value) for name, value in labels.items()]
        ends = now + timedelta(minutes=minutes)
        return self.state.put_silence(Silence(new_id(), matchers, now, ends, who, comment, now))

    def mute(self, interval: str, labels: dict[str, str]) -> None:
        """A time interval of this name begins: the route of alerts with these labels tells nobody of them."""
        self.state.intervals[interval] = dict(labels)

    def unmute(self, interval: str) -> None:
        """The time interval ends."""
        del self.state.intervals[interval]

    def _status(self, call: Call) -> Answer:
        version = {"branch": "sandbox", "buildDate": "", "buildUser": "", "goVersion": "", "revision": ""}
        return Answer(
            {
                "cluster": {"peers": [], "status": "disabled"},
                "config": {"original": f"route:\n  receiver: {RECEIVER}\nreceivers:\n- name: {RECEIVER}\n"},
                "uptime": stamp(self._began),
                "versionInfo": {**version, "version": "0.28.1" if self._modern else "0.25.0"},
            }
        )

    def _list_alerts(self, call: Call) -> Answer:
        """Only the list of groups knows of time intervals, although this one has a place for them."""
        return Answer([row for _, row in self._shown(call, [] if self._modern else None)])

    def _list_groups(self, call: Call) -> Answer:
        """One group of what a time interval mutes, which stands on its own route, and one of the rest."""
        rows = self._shown(call, [])
        groups = [[row for alert, row in rows if bool(self.state.muted_by(alert)) is muted] for muted in (False, True)]
        if self._modern:
            for alert, row in rows:
                row["status"]["mutedBy"] = self.state.muted_by(alert)
            groups = groups if _flag(call, "muted") else groups[:1]
        else:
            for _, row in rows:
                del row["status"]["mutedBy"]
        return Answer([{"alerts": each, "labels": {}, "receiver": {"name": RECEIVER}} for each in groups if each])

    def _shown(self, call: Call, muted_by: list[str] | None) -> list[tuple[Alert, Json]]:
        matchers = _filters(call, any_name=self._modern)
        receiver = call.query.get("receiver", "")
        if receiver and not _regex(receiver).fullmatch(RECEIVER):
            return []
        shown = {name: _flag(call, name) for name in ("active", "silenced", "inhibited")}
        rows = []
        for alert in self.state.firing():
            written = alert_json(alert, self.state, muted_by=muted_by)
            hidden = (
                (not shown["active"] and written["status"]["state"] == "active")
                or (not shown["silenced"] and written["status"]["silencedBy"])
                or (not shown["inhibited"] and written["status"]["inhibitedBy"])
            )
            if not hidden and all_match(matchers, alert.labels):
                rows.append((alert, written))
        return rows

    def _put_alerts(self, call: Call) -> Answer:
        for alert in read_alerts(call, self._clock()):
            self.state.put(alert)
        return Answer(None)

    def _list_silences(self, call: Call) -> Answer:
        matchers = _filters(call)
        now = self._clock()
        rows = [one for one in self.state.silences.values() if _concerns(one, matchers)]
        order = {"active": 0, "pending": 1, "expired": 2}
        rows.sort(key=lambda one: (order[one.state(now)], one.ends_at))
        return Answer([silence_json(one, now) for one in rows])

    def _put_silence(self, call: Call) -> Answer:
        silence, replaces = read_silence(call, self._clock())
        if replaces and replaces not in self.state.silences:
            raise Refused(404, "silence not found")
        return Answer({"silenceID": self.state.put_silence(silence, replaces)})

    def _show_silence(self, call: Call) -> Answer:
        found = self.state.silences.get(_silence_id(call))
        if found is None:
            raise Refused(404, None)
        return Answer(silence_json(found, self._clock()))

    def _delete_silence(self, call: Call) -> Answer:
        found = self.state.silences.get(_silence_id(call))
        if found is None:
            # 0.25 has this as a mistake of its own; later versions say 404.
            raise Refused(500, "silence not found")
        if found.state(self._clock()) != "expired":
            self.state.expire(found)
        return Answer(None)


def _begin_morning(alertmanager: AlertmanagerSandbox) -> None:
    """Two alerts about U.S. East, which began before customers wrote."""
    alertmanager.fire(
        {"alertname": "GatewayPacketLoss", "region": "us-east", "gateway": "us-east-2", "severity": "warning"},
        {
            "summary": "us-east-2 loses packets",
            "description": "Packet loss is above 5 % since 10 minutes; customers will notice it in calls.",
        },
        minutes_ago=46,
        generator_url="http://prometheus.example/graph?g0.expr=gateway_packet_loss",
    )
    alertmanager.fire(
        {"alertname": "HandshakeLatencyHigh", "region": "us-east", "gateway": "us-east-2", "severity": "warning"},
        {"summary": "Handshakes on us-east-2 take longer than 5 s", "description": "p95 is 7.4 s."},
        minutes_ago=41,
        generator_url="http://prometheus.example/graph?g0.expr=handshake_seconds",
    )


def _filters(call: Call, *, any_name: bool = False) -> list[Matcher]:
    try:
        return [parse(text, any_name=any_name) for text in call.query.getall("filter", [])]
    except ValueError as error:
        raise Refused(400, str(error)) from error


def _flag(call: Call, name: str) -> bool:
    """True unless it is given; a word that is not one of the true ones is false, without an error."""
    return call.query.get(name, "true").lower() in _TRUE


def _regex(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise Refused(400, f"failed to parse receiver param: error parsing regexp: {error}: `^(?:{text})$`") from error


def _concerns(silence: Silence, matchers: list[Matcher]) -> bool:
    """The values of a silence's own matchers are what a filter of silences looks at."""
    return all_match(matchers, {matcher.name: matcher.value for matcher in silence.matchers})


def _silence_id(call: Call) -> str:
    asked = call.params["id"]
    if _ID.fullmatch(asked) is None:
        message = f'silenceID in path must be of type uuid: "{asked}"'
        raise Refused(422, {"code": 601, "message": message})
    return asked
