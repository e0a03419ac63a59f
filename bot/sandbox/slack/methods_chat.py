"""chat.*: posting, editing, deleting (https://docs.slack.dev/reference/methods/chat.postMessage)."""

from typing import Any

from bot.sandbox.slack.call import Call
from bot.sandbox.slack.content import Content
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.limits import UPDATE_TEXT
from bot.sandbox.slack.messages import Draft
from bot.sandbox.slack.model import Channel
from bot.sandbox.slack.site import Site


def channel_to_write(site: Site, call: Call) -> Channel:
    """The channel of a call that posts; raises what Slack says where the bot can't."""
    bot = site.workspace.bot_user
    channel = site.workspace.channel_for(call.required("channel"), bot)
    if channel.is_archived:
        raise ApiError("is_archived")
    public = not channel.is_private and "chat:write.public" in call.token.scopes
    if bot not in channel.members and not public:
        raise ApiError("not_in_channel")
    return channel


def _draft(site: Site, call: Call, content: Content) -> Draft:
    return Draft(
        site.workspace.bot_user,
        content.text,
        content.blocks or (),
        content.attachments or (),
        by_app=True,
        thread_ts=call.text("thread_ts"),
        broadcast=call.flag("reply_broadcast"),
        metadata=content.metadata,
    )


async def post_message(site: Site, call: Call) -> Json:
    channel = channel_to_write(site, call)
    if any(call.text(name) for name in ("username", "icon_url", "icon_emoji")):
        call.needs("chat:write.customize")
    content = Content.read(call.args, site.workspace)
    site.messages.check_thread(channel, call.text("thread_ts"))
    site.rates.take_post(channel.id)
    message = site.messages.post(channel, _draft(site, call, content))
    return {"channel": channel.id, "ts": message.ts, "message": site.messages.render(message, metadata=True)}


async def post_ephemeral(site: Site, call: Call) -> Json:
    channel = channel_to_write(site, call)
    user = call.required("user")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    content = Content.read(call.args, site.workspace)
    message = site.messages.post_ephemeral(channel, _draft(site, call, content), visible_to=user)
    return {"message_ts": message.ts}


async def update(site: Site, call: Call) -> Json:
    """What is left out stays: blocks, attachments, metadata. `parse` is "client" unless the call says otherwise."""
    channel = channel_to_write(site, call)
    message = site.messages.find(channel, call.required("ts"))
    if not message.by_app:
        raise ApiError("cant_update_message")
    if len(call.text("text")) > UPDATE_TEXT:
        raise ApiError("msg_too_long")
    content = Content.read(call.args, site.workspace, parse="client")
    changes: dict[str, Any] = {"text": content.text if content.has_text else message.text}
    given = {"blocks": content.blocks, "attachments": content.attachments}
    changes |= {name: list(value) for name, value in given.items() if value is not None}
    changes |= {"metadata": content.metadata} if content.metadata else {}
    changes |= {"broadcast": True} if call.flag("reply_broadcast") and message.is_reply else {}
    site.messages.edit(message, site.workspace.bot_user, **changes)
    shown = site.messages.render(message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


async def delete(site: Site, call: Call) -> Json:
    channel = channel_to_write(site, call)
    message = site.messages.find(channel, call.required("ts"))
    if not message.by_app:
        raise ApiError("cant_delete_message")
    site.messages.delete(message)
    return {"channel": channel.id, "ts": message.ts}


async def permalink(site: Site, call: Call) -> Json:
    channel = site.workspace.visible(call.required("channel"), site.workspace.bot_user)
    message = site.messages.find(channel, call.required("message_ts"))
    address = f"{call.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}
