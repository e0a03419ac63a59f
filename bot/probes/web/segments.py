"""What the kernel knows of the packets of one connection (TCP_INFO), and whether those of full size are missing."""

import socket
import struct
from dataclasses import dataclass

SMALL_BYTES = 536
"""What small packets carry: with their headers 576 bytes, which every IPv4 link takes (RFC 791). A usual ClientHello
of 517 bytes still goes in one: split in two it would slip through filters that look for names."""
FAR_ENOUGH_BYTES = 8192
"""How much further than to where the first one hangs another try need go."""
_OPTIONS_BYTES = 12
"""What TCP's timestamps take from a packet of full size."""
_LARGE_BYTES = 900
"""From here on a packet of ours counts as large: links that take less are hardly anywhere."""
# linux/tcp.h, struct tcp_info: fields of 32 and of 64 bits with their places. rcv_ooopack is there since Linux 5.4.
_SNAPSHOT_BYTES = 228
_WORDS = {
    "snd_mss": 16,
    "rcv_mss": 20,
    "unacked": 24,
    "advmss": 84,
    "total_retrans": 100,
    "dsack_dups": 216,
    "rcv_ooopack": 224,
}
_LONGS = {"bytes_acked": 120, "bytes_received": 128, "bytes_sent": 200, "bytes_retrans": 208}


@dataclass(frozen=True, slots=True)
class Segments:
    """TCP_INFO of one connection, in the kernel's words: `received` and `acked` are bytes in order, theirs and ours.

    `out_of_order` are packets that came while one before them was missing; `largest_received` is what the kernel takes
    for the size of theirs, `full` what a packet of full size carries. `retransmits` are packets, the SYN among them,
    `resent` bytes; `needless` of those packets the other side already had, as it says (D-SACK, RFC 2883).
    """

    received: int
    acked: int
    unacked: int
    retransmits: int
    out_of_order: int
    largest_received: int
    full: int
    resent: int = 0
    needless: int = 0

    @property
    def misses_large(self) -> bool:
        """Whether a large packet of either side is missing; random loss can look like this.

        Ours may have been sent only once so far: after a first round trip of a second TCP waits three for the next.
        """
        return self.unacked > _LARGE_BYTES or (self.out_of_order > 0 and not self.had_large)

    @property
    def waits(self) -> bool:
        """Whether all that we sent has arrived, the SYN at least, and no packet of full size ever came back."""
        return self.acked > 0 and not self.unacked and not self.had_large

    @property
    def lacks_large(self) -> bool:
        """Whether this may be a path that swallows large packets: one of them is missing, or none has come yet."""
        return self.misses_large or self.waits

    @property
    def insisted(self) -> bool:
        """Whether nothing of ours is under way that was sent only once."""
        return not self.unacked or self.resent > 0

    @property
    def had_large(self) -> bool:
        """Whether a packet of full size has arrived from the other side."""
        return self.largest_received >= self.full - _OPTIONS_BYTES

    @property
    def clean(self) -> bool:
        """Whether nothing was lost on the way, as far as this side can see.

        On a busy machine answers come after their time, and what was sent again meanwhile was not lost.
        """
        return not self.out_of_order and self.retransmits <= self.needless

    def went_further_than(self, stalled: "Segments") -> bool:
        """Whether this connection carried more than a small packet beyond where `stalled` hangs."""
        theirs = self.received > stalled.received + SMALL_BYTES
        # The last words of a TLS connection may still be under way.
        arrived = self.unacked < SMALL_BYTES and self.acked > stalled.acked + SMALL_BYTES
        return theirs or (stalled.unacked > _LARGE_BYTES and arrived)


def segments_of(sock: socket.socket) -> Segments | None:
    """Returns None where the kernel does not tell: it is not Linux, or too old, or the socket is gone."""
    number = getattr(socket, "TCP_INFO", None)
    if number is None or sock.fileno() < 0:
        return None
    try:
        data = sock.getsockopt(socket.IPPROTO_TCP, number, 512)
    except OSError:
        return None
    if len(data) < _SNAPSHOT_BYTES:
        return None
    word = {name: int(struct.unpack_from("=I", data, place)[0]) for name, place in _WORDS.items()}
    long = {name: int(struct.unpack_from("=Q", data, place)[0]) for name, place in _LONGS.items()}
    # The SYN counts as a byte of its own in what is acknowledged, and not in what was sent.
    waiting = long["bytes_sent"] - long["bytes_retrans"] - max(long["bytes_acked"] - 1, 0)
    return Segments(
        received=long["bytes_received"],
        acked=long["bytes_acked"],
        unacked=waiting if word["unacked"] else 0,
        retransmits=word["total_retrans"],
        out_of_order=word["rcv_ooopack"],
        largest_received=word["rcv_mss"],
        full=min(word["advmss"], word["snd_mss"]),
        resent=long["bytes_retrans"],
        needless=word["dsack_dups"],
    )
