"""Issues, readings and releases as they are stored. Pure."""

import json
from dataclasses import asdict
from typing import Any

from bot.known_issues.model import IssueReading, Release, TrackerIssue
from bot.stored import Stored

ISSUES, READINGS = Stored[TrackerIssue](TrackerIssue), Stored[IssueReading](IssueReading)
RELEASES = Stored[Release](Release, json=("issue_uids",))


def release_row(release: Release) -> dict[str, Any]:
    """`RELEASES.row` reads it."""
    return asdict(release) | {"issue_uids": json.dumps(release.issue_uids)}
