"""Servers on port 0 of loopback that behave as a test says, and certificates with known faults."""

import asyncio
import datetime as dt
import errno
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.probes.host_grammar import host_and_port

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Replies = Callable[[dns.message.Message], dns.message.Message | bytes | None]
NOW = dt.datetime.now(dt.UTC)


@asynccontextmanager
async def listening(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A TCP server that lives as long as the block; gives its port."""
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await handler(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answering(*answers: bytes) -> Handler:
    """Reads the request's head, then writes the next of `answers` (the last one stays) and closes.

    "{port}" in an answer is the server's own.
    """
    left = list(answers)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        port = writer.get_extra_info("sockname")[1]
        writer.write((left.pop(0) if len(left) > 1 else left[0]).replace(b"{port}", b"%d" % port))
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    return handle


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes everything and never says a word."""
    while await reader.read(1000):
        pass


async def resetting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads something and cuts the connection with RST."""
    await reader.read(10)
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    writer.transport.abort()


def closed_port() -> int:
    """A port where nothing listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@asynccontextmanager
async def _listening_beside(sock: socket.socket, address: str, handler: Handler) -> AsyncIterator[None]:
    """A TCP server on a port to which `sock` is bound too: where another process has it for UDP, on the next one."""
    async with AsyncExitStack() as taken:
        while True:
            port = await taken.enter_async_context(listening(handler))
            try:
                sock.bind((address, port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                break
        yield


@asynccontextmanager
async def resolving(
    replies: Replies,
    address: str = "127.0.0.1",
    port: int = 0,
    *,
    delay_s: float = 0.0,
    by_tcp: Handler | None = None,
) -> AsyncIterator[str]:
    """A DNS server on UDP, each answer so late, and on TCP where `by_tcp` serves that; gives "ip:port".

    What `replies` gives as None is never answered.
    """
    loop, family = asyncio.get_running_loop(), socket.AF_INET6 if ":" in address else socket.AF_INET

    class Server(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            reply = replies(dns.message.from_wire(data))
            if reply is not None:
                wire = reply if isinstance(reply, bytes) else reply.to_wire(max_size=65_535)
                # Past the transport, which sends no empty packet.
                loop.call_later(delay_s, sock.sendto, wire, addr)

    async with AsyncExitStack() as servers:
        sock = servers.enter_context(socket.socket(family, socket.SOCK_DGRAM))
        sock.setblocking(False)
        if by_tcp:
            await servers.enter_async_context(_listening_beside(sock, address, by_tcp))
        else:
            sock.bind((address, port))
        transport, _ = await loop.create_datagram_endpoint(Server, sock=sock)
        servers.callback(transport.close)
        yield host_and_port(address, sock.getsockname()[1])


def over_tcp(replies: Replies) -> Handler:
    """Serves DNS over TCP: each message after its length in two bytes."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            length = int.from_bytes(await reader.readexactly(2), "big")
            reply = replies(dns.message.from_wire(await reader.readexactly(length)))
            wire = reply if isinstance(reply, bytes) else reply.to_wire(max_size=65_535) if reply else b""
            writer.write(len(wire).to_bytes(2, "big") + wire)

    return handle


def truncated(query: dns.message.Message) -> dns.message.Message:
    """An answer that says that it does not fit."""
    response = dns.message.make_response(query)
    response.flags |= dns.flags.TC
    return response


def records(*addresses: str, rcode: dns.rcode.Rcode = dns.rcode.NOERROR) -> Replies:
    """Answers every A and AAAA question with those of `addresses` that fit."""

    def replies(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.set_rcode(rcode)
        question = query.question[0]
        version = {1: 4, 28: 6}.get(question.rdtype)
        fitting = [address for address in addresses if ipaddress.ip_address(address).version == version]
        if fitting:
            response.answer.append(dns.rrset.from_text(question.name, 300, "IN", question.rdtype, *fitting))
        return response

    return replies


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class Authority:
    """A CA that signs what a test asks for; `file` is its own certificate as PEM, `own` that with its key."""

    def __init__(
        self, folder: Path, name: str = "Test CA", *, days: float = 90, above: "Authority | None" = None
    ) -> None:
        """Its own certificate ends in so many days; it is signed by the authority `above`, or by itself."""
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        begins, ends = NOW - dt.timedelta(days=max(1, 1 - days)), NOW + dt.timedelta(days=days)
        signer = above or self
        ca = self._builder(self._name, self._key.public_key(), begins, ends, issuer=signer._name)
        ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        key_id = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        self._certificate = ca.add_extension(key_id, critical=False).sign(signer._key, hashes.SHA256())
        self.own = Issued(self._certificate, self._key)
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def server(
        self, *names: str, days: float = 60.5, begins_days: float = -30, self_signed: bool = False
    ) -> ssl.SSLContext:
        """The TLS side of a server whose certificate is for `names`, from and until so many days from now."""
        made = self.issue(*names, days=days, begins_days=begins_days, self_signed=self_signed)
        return self.sending(made, *([] if self_signed else [self._certificate]))

    def sending(self, made: Issued, *others: x509.Certificate) -> ssl.SSLContext:
        """The TLS side of a server that shows a certificate, and sends `others` along."""
        return self._context(made.key, [made.certificate, *others])

    def issue(
        self,
        *names: str,
        days: float = 60.5,
        begins_days: float = -30,
        self_signed: bool = False,
        extra: x509.ExtensionType | None = None,
    ) -> Issued:
        """A certificate for `names`, with one more extension where `extra` is given."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        begins, ends = NOW + dt.timedelta(days=begins_days), NOW + dt.timedelta(days=days)
        builder = self._builder(name, key.public_key(), begins, ends, issuer=name if self_signed else None)
        alternatives = x509.SubjectAlternativeName([_general(each) for each in names])
        builder = builder.add_extension(alternatives, critical=False)
        if extra:
            builder = builder.add_extension(extra, critical=False)
        return Issued(builder.sign(key if self_signed else self._key, hashes.SHA256()), key)

    def _builder(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        begins: dt.datetime,
        ends: dt.datetime,
        issuer: x509.Name | None = None,
    ) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer or self._name).public_key(key)
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(begins).not_valid_after(ends)

    def _context(self, key: ec.EllipticCurvePrivateKey, chain: list[x509.Certificate]) -> ssl.SSLContext:
        file = self._folder / "server.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
