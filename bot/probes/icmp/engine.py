"""The ICMP engine: sends echo requests and credits every answer to the one it belongs to."""

import asyncio
import errno
import os
import secrets
import socket
import struct
import time
from collections import deque
from collections.abc import Callable

from bot.probes.icmp.echo import Echo, EchoAnswer
from bot.probes.icmp.inbox import Arrival, arrivals
from bot.probes.icmp.packets import TOKEN_SIZE, V4, V6, Dialect, EchoFormat, IcmpKind, unreachable_words
from bot.probes.icmp.sockets import MODES, REMEDY, Access, IcmpSocket, Mode, open_icmp

# An answer that comes later than this is nobody's: its run has ended, and its sequence may be used again.
_REMEMBERED_NS = 30_000_000_000
# Three quarters of the sequence numbers: a free one is then found at once.
_AT_MOST_UNDER_WAY = 3 << 14
# On a ping socket the error of an earlier packet is raised by the next send; several may be pending in a burst.
_SEND_ATTEMPTS = 6
_SLACK_NS = 1_000_000
# A flow label has 20 bits, and 0 is none. The step is a prime, so that no two flows share one.
_LABELS = (1 << 20) - 1
_LABEL_STEP = 40_487


class IcmpEngine:
    """One shared socket per family, all sweeps and MTRs at once.

    `modes` are tried in order; a test narrows them. Opening never fails: `access` says what is possible.
    """

    def __init__(self, *, modes: tuple[Mode, ...] = MODES) -> None:
        self._modes = modes
        self._token = secrets.token_bytes(TOKEN_SIZE)
        self._lines: dict[socket.AddressFamily, _Line] = {}
        self._access: dict[socket.AddressFamily, Access] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> None:
        """Opens both families and listens on the running loop; doing it twice is harmless."""
        if self._loop is not None:
            return
        self._loop = asyncio.get_running_loop()
        for dialect in (V4, V6):
            identifier = 1 + secrets.randbelow(0xFFFE)
            icmp, self._access[dialect.family] = open_icmp(dialect, self._modes, identifier)
            if icmp:
                line = self._lines[dialect.family] = _Line(icmp, self._token)
                self._loop.add_reader(icmp.sock, line.read)

    async def close(self) -> None:
        for line in self._lines.values():
            if self._loop is not None:
                self._loop.remove_reader(line.icmp.sock)
            line.icmp.sock.close()
        self._lines.clear()
        self._access.clear()
        self._loop = None

    def access(self, address: str = "0.0.0.0") -> Access:
        """What is possible for the family of `address`, an IP literal."""
        return self._access.get(_family(address)) or Access(None, "the ICMP engine is not open", REMEDY)

    @property
    def drops(self) -> int:
        """Packets that this machine's kernel threw away because its receive buffer was full."""
        return sum(line.drops for line in self._lines.values())

    def echo(self, address: str, *, ttl: int = 64, flow: int = 0, on_answer: Callable[[Echo], None]) -> Echo:
        """Sends one echo request now. `on_answer` is called when its answer comes, never from inside here.

        Routers that spread packets over equal paths by their checksum, or IPv6's flow label, send all of one `flow`,
        from 0 to 65535, the same way. Where it can't be sent, the record's `error` says why and no answer comes.
        """
        family = _family(address)
        line = self._lines.get(family)
        if line is None:
            return Echo(address, b"", ttl, 0, on_answer, flow, error=self.access(address).reason)
        return line.send(Echo(address, socket.inet_pton(family, address), ttl, 0, on_answer, flow))


class _Line:
    """One socket with the echoes that are on their way."""

    def __init__(self, icmp: IcmpSocket, token: bytes) -> None:
        self.icmp = icmp
        self.drops = 0
        self._token = token
        self._formats: dict[int, EchoFormat] = {}
        self._labels = icmp.labels
        self._first_label = secrets.randbelow(_LABELS)
        self._sent: dict[int, Echo] = {}
        self._order: deque[tuple[int, int]] = deque()
        """When each was sent, and its sequence; not its record, as one that is lost keeps all behind it for long."""
        self._next_sequence = secrets.randbelow(1 << 16)

    def send(self, echo: Echo) -> Echo:
        self._forget_old()
        if len(self._sent) > _AT_MOST_UNDER_WAY:
            echo.error = "too many probes are on their way at once"
            return echo
        sequence = echo.sequence = self._free_sequence()
        self._sent[sequence] = echo
        error = self._put(self._format(echo.flow).packet(sequence), echo)
        if error:
            del self._sent[sequence]
            echo.error = _send_words(error)
        else:
            self._order.append((echo.sent_monotonic_ns, sequence))
        return echo

    def _format(self, flow: int) -> EchoFormat:
        if flow not in self._formats:
            self._formats[flow] = EchoFormat(self.icmp.dialect, self.icmp.identifier, self._token, flow)
        return self._formats[flow]

    def _free_sequence(self) -> int:
        """The next one that no packet on its way has: a lost one keeps its number until it is forgotten."""
        while self._next_sequence in self._sent:
            self._next_sequence = (self._next_sequence + 1) & 0xFFFF
        sequence = self._next_sequence
        self._next_sequence = (sequence + 1) & 0xFFFF
        return sequence

    def read(self) -> None:
        for arrival in arrivals(self.icmp):
            self.drops = max(self.drops, arrival.drops)
            self._credit(arrival)
        # After the last packet of a sweep nothing is sent for a while, and thousands of records would be kept.
        self._forget_old()

    def _put(self, packet: bytes, echo: Echo) -> OSError | None:
        ttl = _ttl_option(self.icmp.dialect, echo.ttl)
        error: OSError | None = None
        for _ in range(_SEND_ATTEMPTS if self.icmp.mode == "ping socket" else 1):
            echo.sent_monotonic_ns = time.monotonic_ns()
            echo.sent_ns = time.time_ns()
            try:
                self.icmp.sock.sendmsg([packet], [ttl], 0, self._to(echo))
            except OSError as failure:
                error = failure
            else:
                return None
        if error and error.errno == errno.EINVAL and echo.flow and self._labels:
            # Another program on this machine owns flow labels, so that none may be used without leave.
            self._labels = False
            return self._put(packet, echo)
        return error

    def _to(self, echo: Echo) -> tuple[str, int] | tuple[str, int, int, int]:
        """Routers that balance IPv6 look at the flow label (RFC 6438): of flow 0 it is the kernel's own choice."""
        if not echo.flow or self.icmp.dialect is V4 or not self._labels:
            return echo.destination, 0
        return echo.destination, 0, 1 + (self._first_label + echo.flow * _LABEL_STEP) % _LABELS, 0

    def _credit(self, arrival: Arrival) -> None:
        heard = arrival.heard
        echo = self._sent.get(heard.sequence)
        if echo is None or not self._belongs(echo, arrival):
            return
        del self._sent[heard.sequence]
        words, filtered = "", False
        if heard.kind is IcmpKind.UNREACHABLE:
            words = unreachable_words(self.icmp.dialect, heard.type, heard.code)
            filtered = (heard.type, heard.code) in self.icmp.dialect.filtered
        # One text for all answers of an address: a sweep of thousands has a hundred thousand of them.
        source = echo.destination if arrival.source == echo.destination else arrival.source
        echo.answer = EchoAnswer(heard.kind, source, _rtt_ms(echo, arrival.received_ns), words, filtered)
        echo.on_answer(echo)

    def _belongs(self, echo: Echo, arrival: Arrival) -> bool:
        """Whether an answer is really this echo's: id, who answers or what is quoted, and as much of our
        payload as came along. Another program may use the same id and sequence at the same time."""
        heard = arrival.heard
        if heard.identifier != self.icmp.identifier:
            return False
        if heard.kind is IcmpKind.REPLY:
            return heard.token == self._token and _packed(self.icmp.dialect, arrival.source) == echo.packed
        return self._token.startswith(heard.token) and heard.quoted_to == echo.packed

    def _forget_old(self) -> None:
        horizon = time.monotonic_ns() - _REMEMBERED_NS
        while self._order:
            sent_ns, sequence = self._order[0]
            echo = self._sent.get(sequence)
            under_way = echo is not None and echo.sent_monotonic_ns == sent_ns
            if under_way and sent_ns >= horizon:
                return
            self._order.popleft()
            if under_way:
                del self._sent[sequence]


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _packed(dialect: Dialect, address: str) -> bytes:
    try:
        return socket.inet_pton(dialect.family, address)
    except OSError:
        return b""


def _ttl_option(dialect: Dialect, ttl: int) -> tuple[int, int, bytes]:
    if dialect is V4:
        return socket.IPPROTO_IP, socket.IP_TTL, struct.pack("=i", ttl)
    return socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT, struct.pack("=i", ttl)


def _rtt_ms(echo: Echo, received_ns: int) -> float:
    """Kernel receive time minus send time; by the monotonic clock where the wall clock was moved between."""
    bound_ns = time.monotonic_ns() - echo.sent_monotonic_ns
    measured_ns = received_ns - echo.sent_ns
    if not received_ns or not 0 <= measured_ns <= bound_ns + _SLACK_NS:
        measured_ns = bound_ns
    return measured_ns / 1e6


def _send_words(error: OSError) -> str:
    if isinstance(error, BlockingIOError):
        return "this machine's send queue is full"
    return f"this machine could not send: {os.strerror(error.errno or 0)}"
