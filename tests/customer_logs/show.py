"""`python -m tests.customer_logs.show FILE …`: what is read of logs, for who writes signatures."""

import json
import sys
from pathlib import Path

from tests.customer_logs.reading.reading import answer

if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(json.dumps(answer(Path(name).name, Path(name).read_bytes()), indent=2, ensure_ascii=False))
