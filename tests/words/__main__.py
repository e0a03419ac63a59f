"""`python -m tests.words` writes every page anew."""

import sys

from tests.words.pages import TEXTS, pages


def main() -> int:
    """Writes what changed, and takes away the page of a room that is gone."""
    wanted_pages = pages()
    for path in TEXTS.glob("*.md"):
        if path.name not in wanted_pages:
            path.unlink()
    for name, text in wanted_pages.items():
        (TEXTS / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(wanted_pages)} pages in {TEXTS}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
