"""`/t2 follow` and `/t2 unfollow`: who hears of releases and of known issues."""

from bot.releases.cards import follows
from bot.releases.model import Follow, read_follow
from bot.releases.service import NothingFollowed
from bot.slack.request import Answer, Request
from bot.slack.text import escape
from commands.services import Services


async def follow(request: Request, services: Services, rest: str) -> Answer:
    """Of a release the channel hears, of one known issue the person."""
    if rest.strip().lower() == "list":
        return follows(services.releases.follows(request.channel, request.user))
    subject = _read(request, services, rest)
    begun = await services.releases.follow(subject, by=request.user)
    return _told(subject, more="" if begun else " already")


async def unfollow(request: Request, services: Services, rest: str) -> Answer:
    subject = _read(request, services, rest)
    if not await services.releases.unfollow(subject, by=request.user):
        raise NothingFollowed
    return "Not followed any more."


def _read(request: Request, services: Services, rest: str) -> Follow:
    return read_follow(rest, request.user, request.channel, services.releases.trackers())


def _told(subject: Follow, *, more: str) -> str:
    if subject.issue_id is not None:
        return f"You{more} get a direct message when KI-{subject.issue_id} changes."
    which = f"releases of {escape(subject.tracker)}" if subject.tracker else "every release"
    return f"This channel{more} gets {which}."
