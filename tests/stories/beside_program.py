"""A program beside the bot, for `test_beside.py`: it says what it was asked, how it was set up, and what it knows."""

import json
import os
import signal
import sys


def main() -> None:
    setup = json.loads(sys.stdin.readline())
    for line in sys.stdin:
        asked = json.loads(line)
        if asked.get("end"):
            os._exit(3)
        if asked.get("hang"):
            signal.pause()
        answer = {"setup": setup, "asked": asked, "environ": sorted(os.environ)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
