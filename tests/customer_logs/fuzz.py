"""`python -m tests.customer_logs.fuzz [COUNT]`: reads so many hostile files (20,000), and says which took longest.

Each must be read or refused within 5 s of one processor, whatever is in it. It exits with 1 where one was not. Some
hundred of them are in every run of the tests (test_hostile_files.py).
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.customer_logs.hostile_files import hostile_file
from tests.customer_logs.reading.reading import answer

MOST_S = 5.0
COUNT = 20_000
PROCESSES = 2


def read(number: int) -> tuple[float, int, str]:
    """The seconds of processor time that a file took, its number, and what went wrong, "" for nothing."""
    name, content = hostile_file(number)
    began = time.process_time()
    try:
        answered = answer(name, content)
        wrong = "" if answered["problem"] or answered["reports"] else "neither read nor refused"
    except (ValueError, ArithmeticError, LookupError, TypeError, RuntimeError, AttributeError, OSError) as error:
        wrong = f"{type(error).__name__}: {error}"
    return time.process_time() - began, number, wrong


def main(count: int) -> int:
    with ProcessPoolExecutor(PROCESSES) as pool:
        done = list(pool.map(read, range(count), chunksize=20))
    slowest = sorted(done, reverse=True)[:5]
    failed = [each for each in done if each[2] or each[0] > MOST_S]
    print(
        f"{count:,} files; slowest: {', '.join(f'{seconds:.2f} s (file {number})' for seconds, number, _ in slowest)}"
    )
    for seconds, number, wrong in failed[:20]:
        print(f"file {number}: {wrong or f'{seconds:.1f} s'}")
    return bool(failed)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
