"""The world for the page: `GET /world` what is and what can happen, `POST /world/<key>` lets it happen."""

from aiohttp import web

from bot.sandbox.world.menu import World


def routes(world: World) -> web.Application:
    """To be mounted under /world."""

    async def show(request: web.Request) -> web.Response:
        groups = [
            {"title": title, "acts": [{"key": act.key, "label": act.label, "note": act.note} for act in acts]}
            for title, acts in world.groups()
        ]
        shown = {"ok": True, "now": world.clock().timestamp(), "groups": groups, "steps": world.tour.steps()}
        return web.json_response(shown, headers={"Cache-Control": "no-store"})

    async def let_happen(request: web.Request) -> web.Response:
        try:
            happened = await world.let_happen(request.match_info["key"])
        except ValueError as error:
            return web.json_response({"ok": False, "error": str(error)})
        return web.json_response({"ok": True, "happened": happened})

    app = web.Application()
    app.router.add_get("/", show)
    app.router.add_post("/{key}", let_happen)
    return app
