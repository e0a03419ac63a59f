"""The options of `secondline sandbox`."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

PORT = 8787


@dataclass(frozen=True, slots=True)
class Options:
    """`port` None means PORT, or any free one where that is taken."""

    host: str = "127.0.0.1"
    port: int | None = None
    fast: bool = False
    with_bot: bool = True
    database: str = ""
    show_log: bool = False
    with_routers: bool = True


def parse_options(argv: Sequence[str]) -> Options:
    """Ends the program with a usage line for wrong options, as argparse does."""
    parser = argparse.ArgumentParser(
        prog="secondline sandbox",
        description="Try the bot without accounts: a Slack, a Zendesk and things to probe, on this machine only.",
    )
    parser.add_argument("--port", type=_port, help=f"where the page is (default: {PORT}, or any free port)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--fast", action="store_true", help="the morning goes by ten times as fast")
    parser.add_argument("--no-bot", action="store_true", help="start no bot; print the environment for one")
    parser.add_argument("--db", default="", metavar="FILE", help="keep the bot's database there")
    parser.add_argument("--log", action="store_true", help="show the bot's log here, not in a file")
    parser.add_argument("--no-routers", action="store_true", help="make no network namespaces, even as root")
    given = parser.parse_args(list(argv))
    return Options(
        host=given.host,
        port=given.port,
        fast=given.fast,
        with_bot=not given.no_bot,
        database=given.db,
        show_log=given.log,
        with_routers=not given.no_routers,
    )


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port: allowed are 0 (any free one) to 65535")
    return int(text)
