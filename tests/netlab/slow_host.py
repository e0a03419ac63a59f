"""A host that answers echo requests late: `python -m tests.netlab.slow_host DEVICE DELAY_S`, on a TUN device.

It prints a line when it is ready, and one for each answer: how late that really was, in seconds.
Kernels without netem can't delay packets; this is a few lines of a host instead.
"""

import asyncio
import fcntl
import os
import struct
import sys

from bot.probes.icmp.packets import checksum

_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000


def reply(packet: bytes) -> bytes:
    """The answer to an IPv4 echo request; empty to anything else."""
    start = (packet[0] & 0x0F) * 4 if packet else 0
    if not packet or packet[0] >> 4 != 4 or packet[9] != 1 or packet[start] != 8:
        return b""
    icmp = b"\0\0\0\0" + packet[start + 4 :]
    icmp = b"\0\0" + struct.pack("!H", checksum(icmp)) + icmp[4:]
    header = packet[:8] + b"\x40\x01\0\0" + packet[16:20] + packet[12:16] + packet[20:start]
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + icmp


async def serve(device: str, delay_s: float) -> None:
    loop = asyncio.get_running_loop()
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH", device.encode("ascii"), _IFF_TUN | _IFF_NO_PI))

    def arrived() -> None:
        answer = reply(os.read(tun, 2048))
        if answer:
            loop.call_later(delay_s, send, answer, loop.time())

    def send(answer: bytes, arrived_s: float) -> None:
        os.write(tun, answer)
        print(loop.time() - arrived_s, flush=True)

    loop.add_reader(tun, arrived)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], float(sys.argv[2])))
