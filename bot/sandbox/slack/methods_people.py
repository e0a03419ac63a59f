"""users.* and usergroups.*."""

from bot.sandbox.slack.call import Call
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.model import SLACKBOT, Person, Usergroup
from bot.sandbox.slack.paging import page
from bot.sandbox.slack.site import Site


def _user_json(site: Site, call: Call, person: Person) -> Json:
    """`profile.email` only with the scope users:read.email."""
    return site.workspace.described(person, with_email="users:read.email" in call.token.scopes)


async def list_users(site: Site, call: Call) -> Json:
    slackbot = Person(SLACKBOT, "slackbot", "Slackbot")
    everybody = [slackbot, *site.workspace.people.values()]
    chosen, cursor = page(everybody, call.text("cursor"), call.limit(1000))
    members = [_user_json(site, call, person) for person in chosen]
    return {"members": members, "cache_ts": site.workspace.now_s, "response_metadata": {"next_cursor": cursor}}


async def user_info(site: Site, call: Call) -> Json:
    return {"user": _user_json(site, call, site.workspace.person(call.required("user")))}


async def lookup_by_email(site: Site, call: Call) -> Json:
    email = call.required("email").lower()
    person = next((each for each in site.workspace.people.values() if each.email and each.email == email), None)
    if person is None:
        raise ApiError("users_not_found")
    return {"user": _user_json(site, call, person)}


def group_json(site: Site, group: Usergroup, *, with_users: bool, with_count: bool) -> Json:
    created = int(site.workspace.started_at.timestamp())
    shown: Json = {"id": group.id, "team_id": site.workspace.seed.team_id, "is_usergroup": True, "name": group.name}
    shown |= {"description": "", "handle": group.handle, "is_external": False, "date_create": created}
    shown |= {"date_update": group.updated or created, "date_delete": group.date_delete, "auto_type": None}
    shown |= {"prefs": {"channels": [], "groups": []}}
    shown |= {"users": list(group.users)} if with_users else {}
    return shown | ({"user_count": len(group.users)} if with_count else {})


async def list_groups(site: Site, call: Call) -> Json:
    """Disabled ones only where they are asked for."""
    with_users, with_count = call.flag("include_users"), call.flag("include_count")
    groups = [each for each in site.workspace.groups.values() if call.flag("include_disabled") or not each.date_delete]
    return {"usergroups": [group_json(site, each, with_users=with_users, with_count=with_count) for each in groups]}


async def list_group_users(site: Site, call: Call) -> Json:
    group = site.workspace.groups.get(call.required("usergroup"))
    if group is None or (group.date_delete and not call.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}
