"""What OpenVPN and IKEv2 servers say to a first packet; None where they say nothing."""

import secrets

_HARD_RESET_CLIENT, _HARD_RESET_SERVER = 0x38, 0x40
_IKE_HEADER_BYTES = 28
_NO_PROPOSAL_CHOSEN = 14


def openvpn(packet: bytes) -> bytes | None:
    """A server without tls-auth: its own hard reset, with packet 0 of the client's session acknowledged."""
    if len(packet) < 14 or packet[0] != _HARD_RESET_CLIENT or packet[9] != 0:
        return None
    asked, number = packet[1:9], packet[10:14]
    return bytes([_HARD_RESET_SERVER]) + secrets.token_bytes(8) + b"\x01" + number + asked + bytes(4)


def ikev2(packet: bytes) -> bytes | None:
    """A responder that has no configuration for the caller: one notify payload, as strongSwan sends."""
    if len(packet) < _IKE_HEADER_BYTES or packet[17] != 0x20 or packet[18] != 34 or not packet[19] & 0x08:
        return None
    if int.from_bytes(packet[24:28], "big") != len(packet):
        return None
    notify = bytes([0, 0, 0, 8, 0, 0]) + _NO_PROPOSAL_CHOSEN.to_bytes(2, "big")
    length = (_IKE_HEADER_BYTES + len(notify)).to_bytes(4, "big")
    return packet[:8] + bytes(8) + bytes([41, 0x20, 34, 0x20]) + bytes(4) + length + notify
