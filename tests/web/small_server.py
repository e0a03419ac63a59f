"""The open port of a process that may open few files: `python -m tests.web.small_server 96` prints its port."""

import asyncio
import resource
import sys

from bot.web.server import WebServer


async def serve() -> None:
    server = WebServer(host="127.0.0.1", port=0, routes=[], connected=connected)
    await server.start()
    print(server.port, flush=True)
    await asyncio.Event().wait()


async def connected() -> bool:
    return True


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[1])))
    asyncio.run(serve())
