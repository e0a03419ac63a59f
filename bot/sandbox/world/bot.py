"""The bot itself, unchanged, at the time of the sandbox: `python -m bot.sandbox.world.bot run`."""

import os
import sys

from bot.program import main
from bot.sandbox.world.clock import clock_from

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], clock=clock_from(os.environ)))
