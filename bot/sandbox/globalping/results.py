"""What a probe of the sandbox answers, shaped as in the API's specification."""

import statistics
from collections.abc import Sequence
from typing import Any

from bot.sandbox.globalping.landscape import Landscape, Router, Way, lost, rtts_ms, way
from bot.sandbox.globalping.probes import Probe

Json = dict[str, Any]
UNKNOWN = "The sandbox's Globalping has no way to this target: it knows the harbor.example gateways and website only."


def tested(probe: Probe, request: Json, landscape: Landscape, share: float) -> Json:
    """The result of one probe; `share` from 0 to 1 is how much of the test is over."""
    done = share >= 1.0
    if not done and not request.get("inProgressUpdates"):
        return {"status": "in-progress", "rawOutput": ""}
    found = _test(probe, request, landscape, min(share, 1.0))
    return found if done or found["status"] == "failed" else found | {"status": "in-progress"}


def duration_s(request: Json) -> float:
    """About as long as the real ones take: mtr and ping send two packets a second."""
    packets = int(request.get("measurementOptions", {}).get("packets", 3))
    return {"mtr": 1.0 + packets * 0.5, "ping": packets * 0.5, "traceroute": 2.5}.get(request["type"], 0.8)


def _test(probe: Probe, request: Json, landscape: Landscape, share: float) -> Json:
    kind, options, target = request["type"], request.get("measurementOptions", {}), request["target"].rstrip(".")
    if kind == "dns":
        return _dns(probe, target, options.get("query", {}).get("type", "A"), landscape)
    address = next(iter(landscape.records.get(target.lower(), (target,))))
    found = way(probe, address, landscape)
    if found is None:
        return {"status": "failed", "rawOutput": UNKNOWN}
    if kind == "http":
        return _http(address, options, found)
    packets = 2 if kind == "traceroute" else options.get("packets", 3)
    sent = max(1, round(packets * share))
    where = {"resolvedAddress": address, "resolvedHostname": target}
    if kind == "ping":
        return _ping(probe, address, found, packets, sent) | where
    hops = [_hop(probe, address, router, found, packets, sent, full=kind == "mtr") for router in found.routers]
    raw = "\n".join(f"{n:2d}  {hop['resolvedHostname']} ({hop['resolvedAddress']})" for n, hop in enumerate(hops, 1))
    return {"status": "finished", "rawOutput": raw, "hops": hops} | where


def _ping(probe: Probe, address: str, found: Way, packets: int, sent: int) -> Json:
    rtts = _received(probe, address, found, found.routers[-1], packets)[:sent]
    timings = [{"ttl": 52, "rtt": rtt} for rtt in rtts if rtt is not None]
    lines = [f"64 bytes from {address}: icmp_seq={n} ttl=52 time={rtt} ms" for n, rtt in enumerate(rtts, 1) if rtt]
    raw = "\n".join([f"PING {address} ({address}) 56(84) bytes of data.", *lines])
    return {"status": "finished", "rawOutput": raw, "timings": timings, "stats": _stats(rtts, empty=None)}


def _hop(probe: Probe, address: str, router: Router, found: Way, packets: int, sent: int, *, full: bool) -> Json:
    rtts = _received(probe, address, found, router, packets)[:sent]
    head = {"resolvedAddress": router.address, "resolvedHostname": router.name or router.address}
    if not full:
        return head | {"timings": [{"rtt": rtt} for rtt in rtts if rtt is not None]}
    asn = [router.asn] if router.asn else []
    spread = {"stDev": 0.1, "jMin": 0.1, "jAvg": 0.2, "jMax": 0.4}
    return head | {"asn": asn, "timings": [{"rtt": rtt} for rtt in rtts], "stats": _stats(rtts, empty=0) | spread}


def _received(probe: Probe, address: str, found: Way, router: Router, packets: int) -> list[float | None]:
    gone = lost(probe, address, packets) if router.lossy else frozenset()
    delays = rtts_ms(probe, router.address, packets, max(0.3, found.rtt_ms * router.share))
    return [None if number in gone else delay for number, delay in enumerate(delays)]


def _stats(rtts: Sequence[float | None], *, empty: float | None) -> Json:
    back = [rtt for rtt in rtts if rtt is not None]
    drop = len(rtts) - len(back)
    times = {
        "min": min(back, default=empty),
        "avg": round(statistics.fmean(back), 3) if back else empty,
        "max": max(back, default=empty),
    }
    return times | {"total": len(rtts), "rcv": len(back), "drop": drop, "loss": round(100 * drop / len(rtts), 2)}


def _dns(probe: Probe, name: str, record: str, landscape: Landscape) -> Json:
    known = landscape.records.get(name.lower())
    values = known if known and record == "A" else ()
    answers = [{"name": f"{name}.", "type": "A", "ttl": 300, "class": "IN", "value": value} for value in values]
    code, status = (0, "NOERROR") if known else (3, "NXDOMAIN")
    return {
        "status": "finished",
        "statusCode": code,
        "statusCodeName": status,
        "rawOutput": f";; ->>HEADER<<- opcode: QUERY, status: {status}",
        "answers": answers,
        "timings": {"total": 4 + probe.asn % 30},
        "resolver": "private",
    }


def _http(address: str, options: Json, found: Way) -> Json:
    secure = options.get("protocol", "HTTPS") != "HTTP"
    trip = round(found.rtt_ms)
    timings = {"dns": 3, "tcp": trip, "tls": trip * 2 if secure else None, "firstByte": trip + 6, "download": 1}
    total = sum(each or 0 for each in timings.values())
    certificate = {"authorized": True, "protocol": "TLSv1.3", "subject": {"CN": "www.harbor.example", "alt": None}}
    return {
        "status": "finished",
        "rawOutput": "HTTP/1.1 200\ncontent-type: text/html",
        "rawHeaders": "content-type: text/html",
        "rawBody": None,
        "truncated": False,
        "headers": {"content-type": "text/html"},
        "statusCode": 200,
        "statusCodeName": "OK",
        "resolvedAddress": address,
        "timings": {"total": total, **timings},
        "tls": certificate if secure else None,
    }
