"""files.*: the external upload and file facts."""

from bot.sandbox.slack.call import Call
from bot.sandbox.slack.content import Content
from bot.sandbox.slack.errors import ApiError, Json, refuse_arguments
from bot.sandbox.slack.file_wire import file_json
from bot.sandbox.slack.files import Share
from bot.sandbox.slack.methods_chat import channel_to_write
from bot.sandbox.slack.model import File
from bot.sandbox.slack.site import Site


async def upload_url(site: Site, call: Call) -> Json:
    length = call.required("length")
    if not length.isdigit():
        raise refuse_arguments("must be an integer: length")
    file = site.files.reserve(
        name=call.required("filename"),
        size=int(length),
        alt_text=call.text("alt_txt"),
        snippet_type=call.text("snippet_type"),
        base_url=call.base_url,
    )
    return {"upload_url": f"{call.base_url}/upload/{file.id}", "file_id": file.id}


async def complete_upload(site: Site, call: Call) -> Json:
    given = call.structure("files")
    if not isinstance(given, list) or not given or not all(isinstance(each, dict) and each.get("id") for each in given):
        raise refuse_arguments("missing required field: files")
    titles = {str(each["id"]): str(each.get("title") or "") for each in given}
    files = site.files.complete(titles, _shares(site, call))
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _shares(site: Site, call: Call) -> list[Share]:
    named = [each for each in (call.text("channels") or call.text("channel_id")).split(",") if each]
    thread_ts = call.text("thread_ts")
    if thread_ts and len(named) != 1:
        raise refuse_arguments("thread_ts needs exactly one channel")
    comment = call.text("initial_comment")
    text = Content.read({"text": comment}, site.workspace).text if comment else ""
    calls = [Call(call.method, {"channel": each}, call.token, call.base_url) for each in named]
    return [Share(channel_to_write(site, each), thread_ts, text) for each in calls]


async def delete(site: Site, call: Call) -> Json:
    """An app deletes its own files only."""
    file = site.files.find(call.required("file"))
    if file.owner != site.workspace.bot_user:
        raise ApiError("cant_delete_file")
    site.files.delete(file)
    return {}


async def file_info(site: Site, call: Call) -> Json:
    file = site.files.find(call.required("file"))
    channels = sorted({channel for channel, _, _ in file.shares})
    shown = file_json(file) | {"channels": channels, "shares": _shares_json(site, file)}
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


def _shares_json(site: Site, file: File) -> Json:
    shares: Json = {}
    for channel_id, ts, thread_ts in file.shares:
        channel = site.workspace.channel(channel_id)
        place = {"ts": ts, "channel_name": channel.name, "team_id": site.workspace.seed.team_id}
        place |= {"share_user_id": file.owner, "source": "UNKNOWN"} | ({"thread_ts": thread_ts} if thread_ts else {})
        visibility = shares.setdefault("private" if channel.is_private else "public", {})
        visibility.setdefault(channel_id, []).append(place)
    return shares
