"""`python -m tests.customer_logs.fuzz [COUNT [FIRST]]`: reads hostile files (20,000), and says which took longest.

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


def main(count: int, first: int) -> int:
    done = []
    with ProcessPoolExecutor(PROCESSES) as pool:
        for each in pool.map(read, range(first, first + count), chunksize=20):
            done.append(each)
            if len(done) % 1_000 == 0:
                print(f"{len(done):,} read, slowest {max(done)[0]:.2f} s", flush=True)
    slowest = sorted(done, reverse=True)[:5]
    failed = [each for each in done if each[2] or each[0] > MOST_S]
    print(
        f"{count:,} files; slowest: {', '.join(f'{seconds:.2f} s (file {number})' for seconds, number, _ in slowest)}"
    )
    for seconds, number, wrong in failed[:20]:
        print(f"file {number}: {wrong or f'{seconds:.1f} s'}")
    return bool(failed)


if __name__ == "__main__":
    words = sys.argv[1:]
    raise SystemExit(main(int(words[0]) if words else COUNT, int(words[1]) if words[1:] else 0))
