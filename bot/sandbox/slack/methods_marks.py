"""reactions.* and pins.*."""

from bot.sandbox.slack.call import Call
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.model import Channel, Message
from bot.sandbox.slack.site import Site


def _place(site: Site, call: Call) -> tuple[Channel, Message]:
    if not call.text("timestamp"):
        raise ApiError("no_item_specified")
    channel = site.workspace.visible(call.required("channel"), site.workspace.bot_user)
    if site.workspace.bot_user not in channel.members:
        raise ApiError("not_in_channel")
    return channel, site.messages.find(channel, call.text("timestamp"))


def _writable(channel: Channel) -> None:
    if channel.is_archived:
        raise ApiError("is_archived")


async def add_reaction(site: Site, call: Call) -> Json:
    channel, message = _place(site, call)
    _writable(channel)
    site.marks.react(message, site.workspace.bot_user, call.required("name"))
    return {}


async def remove_reaction(site: Site, call: Call) -> Json:
    _, message = _place(site, call)
    site.marks.unreact(message, site.workspace.bot_user, call.required("name"))
    return {}


async def get_reactions(site: Site, call: Call) -> Json:
    channel, message = _place(site, call)
    return {"type": "message", "channel": channel.id, "message": site.messages.render(message)}


async def add_pin(site: Site, call: Call) -> Json:
    channel, message = _place(site, call)
    _writable(channel)
    site.marks.pin(channel, message, site.workspace.bot_user)
    return {}


async def remove_pin(site: Site, call: Call) -> Json:
    channel, message = _place(site, call)
    site.marks.unpin(channel, message, site.workspace.bot_user)
    return {}


async def list_pins(site: Site, call: Call) -> Json:
    channel = site.workspace.visible(call.required("channel"), site.workspace.bot_user)
    if site.workspace.bot_user not in channel.members:
        raise ApiError("not_in_channel")
    pinned = site.marks.pinned(channel)
    return {"items": [site.marks.item(channel, message, message.user) for message in pinned]}
