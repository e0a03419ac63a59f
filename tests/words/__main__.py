"""`python -m tests.words` writes every page anew; with `--validate` it asks a real workspace about every message."""

import asyncio
import os
import sys

from tests.words.pages import TEXTS, pages
from tests.words.validate import CannotValidate, refused, validator

TOKEN, ADDRESS = "SLACK_BOT_TOKEN", "SLACK_API_URL"


def main(arguments: list[str]) -> int:
    """Returns the exit code: 1 where Slack would refuse a message, 2 where it could not be asked."""
    if "--validate" in arguments:
        return asyncio.run(_validate())
    return _write()


def _write() -> int:
    """Writes what changed, and takes away the page of a room that is gone."""
    texts = pages()
    for path in TEXTS.glob("*.md"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (TEXTS / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(texts)} pages in {TEXTS}\n")
    return 0


async def _validate() -> int:
    token = os.environ.get(TOKEN, "")
    if not token:
        sys.stderr.write(f"Set {TOKEN} to the token of an app in the workspace that is asked.\n")
        return 2
    client = validator(token, os.environ.get(ADDRESS, "https://slack.com/api/"))
    count = 0
    try:
        async for line in refused(client):
            count += 1
            sys.stdout.write(f"{line}\n")
    except CannotValidate as error:
        sys.stderr.write(f"Slack could not be asked: {error}\n")
        return 2
    sys.stdout.write(f"{count} refused\n")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
