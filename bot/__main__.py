"""Where the `secondline` program begins."""

import gc
import importlib
import sys
from collections.abc import Sequence

_EXPORTS = (["tickets"], ["trends"])


def main(argv: Sequence[str] | None = None) -> int:
    """As bot.program.main, or for an export as bot.export_program.main, which needs a fraction of it.

    It is imported here while nobody looks for garbage: there is none, and looking for it takes a fifth of the start.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    gc.disable()
    program = importlib.import_module("bot.export_program" if arguments[:1] in _EXPORTS else "bot.program")
    # What is imported stays: from here on only what is new is searched.
    gc.freeze()
    gc.enable()
    return int(program.main(arguments))


if __name__ == "__main__":
    sys.exit(main())
