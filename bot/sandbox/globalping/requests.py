"""Checking a request as strictly as the real API: what is wrong, by parameter."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.globalping.probes import LOCATION_KEYS

TYPES = ("ping", "traceroute", "dns", "mtr", "http")
_KEYS = frozenset({"type", "target", "measurementOptions", "timeout", "locations", "limit", "inProgressUpdates"})
_OPTIONS: Mapping[str, frozenset[str]] = {
    "ping": frozenset({"packets", "protocol", "port", "ipVersion"}),
    "mtr": frozenset({"packets", "protocol", "port", "ipVersion"}),
    "traceroute": frozenset({"protocol", "port", "ipVersion"}),
    "dns": frozenset({"query", "resolver", "protocol", "port", "ipVersion", "trace"}),
    "http": frozenset({"request", "resolver", "protocol", "port", "ipVersion"}),
}
_PROTOCOLS: Mapping[str, tuple[str, ...]] = {
    "ping": ("ICMP", "TCP"),
    "mtr": ("ICMP", "TCP", "UDP"),
    "traceroute": ("ICMP", "TCP", "UDP"),
    "dns": ("TCP", "UDP"),
    "http": ("HTTP", "HTTPS", "HTTP2"),
}
_REQUEST = frozenset({"method", "path", "query", "host", "headers"})
_HOST = re.compile(r"\A(?=.{1,253}\Z)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_-]{1,63})+\.?\Z")

Problems = dict[str, str]


def problems(body: object, *, largest: int, ours: Callable[[str], bool]) -> Problems:
    """What is wrong, by parameter; nothing for a good request.

    `largest` is how many probes one measurement may have. Private addresses are refused but for those that are `ours`.
    """
    if not isinstance(body, dict):
        return {"value": '"value" must be of type object'}
    found = {key: f'"{key}" is not allowed' for key in body.keys() - _KEYS}
    if body.get("type") not in TYPES:
        return found | {"type": f'"type" must be one of [{", ".join(TYPES)}]'}
    found |= _target(body.get("target"), ours)
    found |= _whole("timeout", body.get("timeout", 5), 5, 30) | _whole("limit", body.get("limit", 1), 1, largest)
    if not isinstance(body.get("inProgressUpdates", False), bool):
        found["inProgressUpdates"] = '"inProgressUpdates" must be a boolean'
    return found | _locations(body, largest) | _options(body["type"], body.get("measurementOptions", {}))


def _target(target: object, ours: Callable[[str], bool]) -> Problems:
    if not isinstance(target, str) or not target:
        return {"target": '"target" is required'}
    try:
        address = ipaddress.ip_address(target)
    except ValueError:
        good = bool(_HOST.match(target)) and not target.rstrip(".").rsplit(".", 1)[-1].isdigit()
        return {} if good else {"target": '"target" does not match any of the allowed types'}
    if ours(target) or address.is_global:
        return {}
    return {"target": "Private IP ranges are not allowed."}


def _locations(body: Mapping[str, Any], largest: int) -> Problems:
    locations = body.get("locations", [])
    if isinstance(locations, str):
        return {}
    if not isinstance(locations, list) or not all(isinstance(each, dict) for each in locations):
        return {"locations": '"locations" must be an array'}
    found: Problems = {}
    for place, location in enumerate(locations):
        name = f"locations[{place}]"
        found |= {f"{name}.{key}": f'"{name}.{key}" is not allowed' for key in location.keys() - LOCATION_KEYS}
        found |= _whole(f"{name}.limit", location.get("limit", 1), 1, largest)
        if not isinstance(location.get("magic", "x"), str) or not location.get("magic", "x"):
            found[f"{name}.magic"] = f'"{name}.magic" must be a string'
        if "limit" in location and "limit" in body:
            found["limit"] = "limit per location is not allowed when a global limit is set"
    return found


def _options(kind: str, options: object) -> Problems:
    if not isinstance(options, dict):
        return {"measurementOptions": '"measurementOptions" must be of type object'}
    found = {key: f'"measurementOptions.{key}" is not allowed' for key in options.keys() - _OPTIONS[kind]}
    found |= _whole("packets", options.get("packets", 3), 1, 16) | _whole("port", options.get("port", 80), 0, 65535)
    if options.get("protocol", _PROTOCOLS[kind][0]) not in _PROTOCOLS[kind]:
        found["protocol"] = f'"measurementOptions.protocol" must be one of [{", ".join(_PROTOCOLS[kind])}]'
    request = options.get("request", {})
    if not isinstance(request, dict) or request.keys() - _REQUEST:
        found["request"] = '"measurementOptions.request" is not allowed'
    elif request.get("method", "HEAD") not in ("HEAD", "GET", "OPTIONS"):
        found["request.method"] = '"measurementOptions.request.method" must be one of [HEAD, GET, OPTIONS]'
    query = options.get("query", {})
    if not isinstance(query, dict) or query.keys() - {"type"} or not isinstance(query.get("type", "A"), str):
        found["query"] = '"measurementOptions.query" is not allowed'
    return found


def _whole(name: str, value: object, least: int, most: int) -> Problems:
    good = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    return {} if good else {name: f'"{name}" must be a whole number from {least} to {most}'}
