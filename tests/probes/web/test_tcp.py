"""The tcp probe against ports that are open, closed and silent."""

import socket
from collections.abc import Iterator

import pytest

from bot.clock import system_clock
from bot.errors import BadInput
from bot.probes.model import ProbeResult, Subject
from bot.probes.policy import ProbePolicy
from bot.probes.web.tcp import TcpProbe
from bot.probes.wording import long
from tests.probes.listeners import closed_port, listening, silent


async def connected(subject: Subject, timeout_s: float = 5.0, **hosts: list[str]) -> ProbeResult:
    async def resolve(host: str) -> list[str]:
        found = hosts.get(host.split(".")[0])
        if not found:
            raise OSError
        return found

    policy = ProbePolicy(allow_networks=["127.0.0.0/8"], resolve=resolve)
    return await TcpProbe(policy=policy, clock=system_clock, timeout_s=timeout_s).run(
        subject, progress=lambda _result: None
    )


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port whose queue is full: the kernel drops every further SYN."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        port = int(server.getsockname()[1])
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        yield port
        for each in waiting:
            each.close()


async def test_an_open_port_has_a_connect_time() -> None:
    """One line that says where and how fast."""
    async with listening(silent) as port:
        result = await connected(Subject("x", addresses=("127.0.0.1",), ports=(str(port),)))

    assert result.ok
    assert long(result.verdict).startswith(f"127.0.0.1:{port} is open, connected in ")
    assert (result.readings[0].numbers.took_ms or 0) > 0


async def test_every_port_of_every_address_is_a_row() -> None:
    """Refused and open are told apart, and the bad one is named."""
    shut = closed_port()
    async with listening(silent) as port:
        result = await connected(
            Subject("x", addresses=("127.0.0.1", "127.0.0.2"), hosts=("a.example",), ports=(str(port), str(shut))),
            a=["127.0.0.1"],
        )

    assert [(reading.name, reading.cells[1]) for reading in result.readings] == [
        ("127.0.0.1:" + str(port), "open"),
        ("127.0.0.1:" + str(shut), "refused"),
        ("127.0.0.2:" + str(port), "refused"),
        ("127.0.0.2:" + str(shut), "refused"),
    ]
    assert long(result.verdict).startswith(f"3 of 4 ports fail: 127.0.0.1:{shut}: connection refused")


async def test_a_host_may_have_a_port_of_its_own() -> None:
    """host:port is that host alone, whatever the addresses are."""
    async with listening(silent) as port:
        subject = Subject("x", addresses=("127.0.0.9",), ports=(f"a.example:{port}",))
        result = await connected(subject, a=["127.0.0.1"])

    assert [reading.name for reading in result.readings] == [f"a.example:{port}"]


async def test_silence_is_a_timeout(full_port: int) -> None:
    """A filter that drops packets is no refusal."""
    result = await connected(Subject("x", addresses=("127.0.0.1",), ports=(str(full_port),)), timeout_s=0.2)

    assert result.readings[0].cause == "timeout"
    assert long(result.verdict) == f"127.0.0.1:{full_port}: timeout in connect after 0.2 s"


async def test_a_name_without_address_is_named_beside_the_rest() -> None:
    """What can be measured is measured."""
    async with listening(silent) as port:
        subject = Subject("x", hosts=("a.example", "gone.example"), ports=(str(port), f"away.example:{port}"))
        result = await connected(subject, a=["127.0.0.1"])

    assert not result.ok and len(result.readings) == 1
    assert "gone.example: the name can't be looked up" in long(result.verdict)
    assert "away.example: the name can't be looked up" in long(result.verdict)


async def test_a_look_up_that_breaks_is_told_beside_the_rest() -> None:
    """A mistake of the bot's own at one name keeps no other from being measured."""

    async def breaks(host: str) -> list[str]:
        if host == "bad.example":
            raise RuntimeError("a mistake of ours")
        return ["127.0.0.1"]

    policy = ProbePolicy(allow_networks=["127.0.0.0/8"], resolve=breaks)
    async with listening(silent) as port:
        subject = Subject("x", hosts=("bad.example", "good.example"), ports=(str(port),))
        probe = TcpProbe(policy=policy, clock=system_clock)
        result = await probe.run(subject, progress=lambda _result: None)

    assert result.measured and not result.ok
    assert [(reading.name, reading.ok) for reading in result.readings] == [(f"127.0.0.1:{port}", True)]
    assert "bad.example: not measured: an error in the bot itself" in long(result.verdict)


async def test_a_private_address_is_refused() -> None:
    """Nothing is sent there."""
    result = await connected(Subject("x", addresses=("10.0.0.1",), ports=("443",)))

    assert not result.measured and "probes.allow_networks" in result.remedy


async def test_a_subject_without_ports_is_bad_input() -> None:
    """The sentence names the key."""
    with pytest.raises(BadInput, match="needs ports"):
        await connected(Subject("x", addresses=("127.0.0.1",)))


async def test_a_crowd_of_ports_is_done_in_turns() -> None:
    """More endpoints than sockets are opened at once."""
    shut = str(closed_port())
    addresses = tuple(f"127.1.{i // 250}.{i % 250}" for i in range(450))
    result = await connected(Subject("x", addresses=addresses, ports=(shut,)))

    assert {reading.cause for reading in result.readings} == {"refused"}
    assert len(result.readings) == 450
