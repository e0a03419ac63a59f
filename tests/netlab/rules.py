"""The nft rules with which a lab's routers lose, count, limit and balance."""

import json
from collections.abc import Iterable

_LOSS = """
table inet lab {{
  set dropped4 {{ typeof ip daddr . ip ttl; size 65535; flags dynamic; counter; }}
  set dropped6 {{ typeof ip6 daddr . ip6 hoplimit; size 65535; flags dynamic; counter; }}
  chain forward {{
    type filter hook forward priority 0;
    icmp type echo-request {chance} update @dropped4 {{ ip daddr . ip ttl }} drop
    icmpv6 type echo-request {chance} update @dropped6 {{ ip6 daddr . ip6 hoplimit }} drop
  }}
}}
"""

_OWN = """
table inet lab {{
  chain output {{
    type filter hook output priority 0;
    icmp type time-exceeded {chance} drop
    icmpv6 type time-exceeded {chance} drop
  }}
}}
"""

_REJECTS = """
table inet lab_rejects {{
  set rejected4 {{ typeof ip daddr . ip ttl; size 65535; flags dynamic; counter; }}
  set rejected6 {{ typeof ip6 daddr . ip6 hoplimit; size 65535; flags dynamic; counter; }}
  chain say_no {{
    meta nfproto ipv4 reject with icmp type host-unreachable
    meta nfproto ipv6 reject with icmpv6 type addr-unreachable
  }}
  chain forward {{
    type filter hook forward priority 1;
    icmp type echo-request {chance} update @rejected4 {{ ip daddr . ip ttl }} jump say_no
    icmpv6 type echo-request {chance} update @rejected6 {{ ip6 daddr . ip6 hoplimit }} jump say_no
  }}
}}
"""

REFUSING = """
table inet lab_refuses {
  chain input {
    type filter hook input priority 0;
    icmp type echo-request reject with icmp type port-unreachable
    icmpv6 type echo-request reject with icmpv6 type port-unreachable
  }
}
"""

_BALANCED = """
table inet lab {{
  chain balance {{
    type filter hook prerouting priority -150;
    icmp type echo-request meta mark set jhash icmp checksum mod 2 seed 1 offset 1
    icmpv6 type echo-request meta mark set jhash {v6} mod 2 seed 1 offset 1
  }}
}}
"""

BALANCED = {
    "checksum": _BALANCED.format(v6="icmpv6 checksum"),
    "flow label": _BALANCED.format(v6="ip6 flowlabel"),
}
"""A router that chooses between two equal paths by the packet's checksum, as many hash its first bytes, or for IPv6 by
its flow label."""


def losing(percent: int) -> str:
    """Drops forwarded echo requests, and counts them by destination and the TTL they would have gone on with."""
    return _LOSS.format(chance=_chance(percent))


def losing_own_answers(percent: int) -> str:
    """Drops a router's own time-exceeded messages: a rate limit, as far as an MTR can see."""
    return _OWN.format(chance=_chance(percent))


def rejecting(percent: int) -> str:
    """Answers forwarded echo requests with an "unreachable" instead of passing them on, and counts them alike."""
    return _REJECTS.format(chance=_chance(percent))


def counted(listing: str) -> dict[tuple[str, int], int]:
    """The packets of one of those sets by (destination, TTL), from `nft -j list set`."""
    elements = next(item["set"] for item in json.loads(listing)["nftables"] if "set" in item).get("elem", [])
    return {_key(each["elem"]["val"]["concat"]): each["elem"]["counter"]["packets"] for each in elements}


def _key(parts: Iterable[str | int]) -> tuple[str, int]:
    destination, ttl = parts
    return str(destination), int(ttl)


def _chance(percent: int) -> str:
    """nft's condition; always true is no condition, as a number below 100 can't be asked to be below 101."""
    return "" if percent == 100 else f"numgen random mod 100 < {percent}"
