"""Releases, for those who follow them."""

from collections.abc import Mapping
from dataclasses import replace

from bot.known_issues.model import Change, ChangeKind, IssueState
from bot.releases import cards
from bot.releases.model import AnnouncedRelease, Follow, FollowedIssue, UntoldFix
from tests.words.plain import Message
from tests.words.records import AGE, DOWN, KNOWN, NOW, RELEASE, at

RELEASED = replace(KNOWN, issue=replace(KNOWN.issue, state=IssueState.DONE, released=True))
FOLLOWED = FollowedIssue(KNOWN, 12, at(-600), AGE)


def messages() -> Mapping[str, Message]:
    announced = AnnouncedRelease(1, RELEASE, "GitHub acme/app", (RELEASED,), {31: 12}, AGE)
    waits = [
        UntoldFix("KI-31", "Voice calls break up", "v2.15", 12, at(-600), 7),
        UntoldFix("KI-32", "", "", 1, at(-6000), 8),
    ]
    changes = {
        ChangeKind.ETA: ("2026-12-05", "2026-12-12"),
        ChangeKind.WORKAROUND: ("", "Switch to IKEv2."),
        ChangeKind.DONE: ("open", "done"),
        ChangeKind.DECLINED: ("open", "declined"),
        ChangeKind.RELEASED: ("", "2.15"),
        ChangeKind.REGRESSED: ("", "2.15"),
        ChangeKind.REOPENED: ("done", "open"),
        ChangeKind.GONE: ("app#31", ""),
    }
    return {
        "A release": cards.announcement(announced),
        "A release, nothing that support knows": cards.announcement(replace(announced, issues=(), age=DOWN)),
        "Followed": cards.followed(FOLLOWED),
        "Followed, ended": cards.followed(replace(FOLLOWED, issue=RELEASED, active=False)),
        **{
            f"News: {kind}": cards.news(KNOWN, Change(31, NOW, kind, before, after))
            for kind, (before, after) in changes.items()
        },
        "Customers wait": cards.not_told(13, waits, {7: "https://acme.slack.test/p7"}),
        "Customers wait for one": cards.not_told(1, waits[1:], {}),
        "Words": [cards.waiting(1), cards.waiting(12), cards.is_out("v2.15"), cards.is_out("")],
        "Who follows what": cards.follows(
            [(Follow("C1"), None), (Follow("C1", "app"), None), (Follow("UKIM", issue_id=31), KNOWN)]
        ),
        "Nobody follows": cards.follows([]),
    }
