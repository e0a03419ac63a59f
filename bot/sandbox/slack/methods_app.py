"""api.test, auth.test, apps.connections.open, bots.info, team.info."""

from bot.sandbox.slack.call import Call
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.site import Site


async def api_test(site: Site, call: Call) -> Json:
    if call.text("error"):
        raise ApiError(call.text("error"), args=dict(call.args))
    return {"args": dict(call.args)}


async def auth_test(site: Site, call: Call) -> Json:
    seed = site.workspace.seed
    return {
        "url": f"{call.base_url}/",
        "team": seed.team_name,
        "user": site.workspace.name_of(seed.bot_user),
        "team_id": seed.team_id,
        "user_id": seed.bot_user,
        "bot_id": seed.bot_id,
        "is_enterprise_install": False,
    }


async def open_connection(site: Site, call: Call) -> Json:
    scheme, _, rest = call.base_url.partition("://")
    address = f"{'wss' if scheme == 'https' else 'ws'}://{rest}/socket"
    return {"url": f"{address}?ticket={site.socket.ticket()}&app_id={site.workspace.seed.app_id}"}


async def bot_info(site: Site, call: Call) -> Json:
    seed = site.workspace.seed
    if call.text("bot") not in ("", seed.bot_id):
        raise ApiError("bot_not_found")
    name = site.workspace.people[seed.bot_user].real_name
    bot = {"id": seed.bot_id, "deleted": False, "name": name, "app_id": seed.app_id, "user_id": seed.bot_user}
    return {"bot": bot | {"updated": int(site.workspace.started_at.timestamp()), "icons": {}}}


async def team_info(site: Site, call: Call) -> Json:
    seed = site.workspace.seed
    team = {"id": seed.team_id, "name": seed.team_name, "domain": seed.team_domain, "url": f"{call.base_url}/"}
    return {"team": team | {"email_domain": "harbor.example", "icon": {}}}
