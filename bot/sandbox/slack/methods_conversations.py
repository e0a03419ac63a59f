"""conversations.*: channels, their messages and members."""

from decimal import Decimal, InvalidOperation

from bot.sandbox.slack.call import Call
from bot.sandbox.slack.errors import ApiError, Json, refuse_arguments
from bot.sandbox.slack.model import Channel, Message
from bot.sandbox.slack.paging import page
from bot.sandbox.slack.site import Site

TYPES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
LARGEST_HISTORY_PAGE = 999


def _channel_json(site: Site, channel: Channel) -> Json:
    bot = site.workspace.bot_user
    shown: Json = {"id": channel.id, "created": channel.created, "is_archived": channel.is_archived}
    shown |= {"is_im": channel.is_im, "is_mpim": False, "is_private": channel.is_private, "updated": 0}
    shown |= {"is_org_shared": False, "context_team_id": site.workspace.seed.team_id}
    if channel.is_im:
        return shown | {"user": channel.user, "is_user_deleted": False, "is_open": True, "priority": 0}
    shown |= {"name": channel.name, "name_normalized": channel.name, "is_channel": not channel.is_private}
    shown |= {"is_group": channel.is_private, "is_general": False, "is_shared": False, "is_ext_shared": False}
    shown |= {"is_member": bot in channel.members, "num_members": len(channel.members), "creator": "U0LENA"}
    topic = {"value": channel.topic, "creator": "", "last_set": 0}
    shown |= {"topic": topic, "purpose": {"value": "", "creator": "", "last_set": 0}}
    return shown | {"previous_names": list(channel.previous_names)}


def _readable(site: Site, call: Call) -> Channel:
    """The channel of a call that reads messages."""
    channel = site.workspace.visible(call.required("channel"), site.workspace.bot_user)
    call.needs(f"{channel.kinds}:history")
    if site.workspace.bot_user not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _visible(site: Site, call: Call) -> Channel:
    channel = site.workspace.visible(call.required("channel"), site.workspace.bot_user)
    call.needs(f"{channel.kinds}:read" if not channel.is_im else "im:read")
    return channel


async def list_channels(site: Site, call: Call) -> Json:
    kinds = [each.strip() for each in (call.text("types") or "public_channel").split(",")]
    if not set(kinds) <= set(TYPES):
        raise ApiError("invalid_types")
    for kind in kinds:
        call.needs(f"{TYPES[kind]}:read")
    wanted = {TYPES[kind] for kind in kinds}
    bot, skip = site.workspace.bot_user, call.flag("exclude_archived")
    channels = [
        each
        for each in site.workspace.channels.values()
        if each.kinds in wanted and not (skip and each.is_archived) and (not each.is_private or bot in each.members)
    ]
    chosen, cursor = page(channels, call.text("cursor"), call.limit(100))
    shown = [_channel_json(site, channel) for channel in chosen]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


async def channel_info(site: Site, call: Call) -> Json:
    return {"channel": _channel_json(site, _visible(site, call))}


async def members(site: Site, call: Call) -> Json:
    channel = _visible(site, call)
    chosen, cursor = page(sorted(channel.members), call.text("cursor"), call.limit(100))
    return {"members": chosen, "response_metadata": {"next_cursor": cursor}}


def _moment(call: Call, name: str, default: str) -> Decimal:
    try:
        return Decimal(call.text(name) or default)
    except InvalidOperation:
        raise ApiError(f"invalid_ts_{name}") from None


def _within(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = _moment(call, "oldest", "0"), _moment(call, "latest", "99999999999")
    inclusive = call.flag("inclusive")

    def fits(message: Message) -> bool:
        ts = Decimal(message.ts)
        return oldest <= ts <= latest if inclusive else oldest < ts < latest

    return [each for each in messages if fits(each)]


async def history(site: Site, call: Call) -> Json:
    channel = _readable(site, call)
    newest_first = _within(call, site.messages.top_level(channel))[::-1]
    chosen, cursor = page(newest_first, call.text("cursor"), call.limit(100, LARGEST_HISTORY_PAGE))
    answer = _messages_json(site, call, chosen, cursor)
    return answer | {"pin_count": len(site.marks.pinned(channel)), "channel_actions_count": 0}


async def replies(site: Site, call: Call) -> Json:
    """The parent is the first message of every page."""
    channel = _readable(site, call)
    parent = channel.messages.get(call.required("ts"))
    if parent is None:
        raise ApiError("thread_not_found")
    below = _within(call, channel.replies.get(parent.ts, []))
    chosen, cursor = page(below, call.text("cursor"), max(1, call.limit(1000) - 1))
    return _messages_json(site, call, [parent, *chosen], cursor)


def _messages_json(site: Site, call: Call, chosen: list[Message], cursor: str) -> Json:
    metadata = call.flag("include_all_metadata")
    shown = [site.messages.render(each, metadata=metadata) for each in chosen]
    answer: Json = {"messages": shown, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


async def open_direct(site: Site, call: Call) -> Json:
    users = [each for each in call.text("users").split(",") if each]
    if not users:
        channel = site.workspace.visible(call.required("channel"), site.workspace.bot_user)
    elif len(users) > 1:
        call.needs("mpim:write")
        raise refuse_arguments("only one person: the sandbox has no group messages")
    else:
        person = site.workspace.person(users[0])
        if person.is_bot or person.deleted:
            raise ApiError("cannot_dm_bot" if person.is_bot else "user_disabled")
        channel = site.workspace.channel(f"D{person.id[1:]}")
    shown = _channel_json(site, channel) if call.flag("return_im") else {"id": channel.id}
    return {"no_op": True, "already_open": True, "channel": shown}


async def join(site: Site, call: Call) -> Json:
    channel = site.workspace.visible(call.required("channel"), site.workspace.bot_user)
    if channel.is_private:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    site.workspace.set_member(channel, site.workspace.bot_user, True)
    return {"channel": _channel_json(site, channel)}
