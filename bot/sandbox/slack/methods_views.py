"""views.*: modals and App Homes."""

from bot.sandbox.slack.call import Call
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.triggers import Trigger


def _exchange(site: Site, call: Call) -> Trigger:
    return site.triggers.exchange(call.required("trigger_id"))


async def open_view(site: Site, call: Call) -> Json:
    call.required("trigger_id")
    return {"view": site.views.open(lambda: _exchange(site, call), call.args.get("view"))}


async def push_view(site: Site, call: Call) -> Json:
    call.required("trigger_id")
    return {"view": site.views.push(lambda: _exchange(site, call), call.args.get("view"))}


async def update_view(site: Site, call: Call) -> Json:
    view = site.views.named(call.text("view_id"), call.text("external_id"))
    return {"view": site.views.update(view, call.args.get("view"), expected_hash=call.text("hash"))}


async def publish_view(site: Site, call: Call) -> Json:
    if not site.workspace.manifest.home_tab:
        raise ApiError("not_enabled")
    person = site.workspace.person(call.required("user_id"))
    return {"view": site.views.publish(person.id, call.args.get("view"), expected_hash=call.text("hash"))}
