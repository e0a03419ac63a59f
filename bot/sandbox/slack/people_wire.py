"""A person as users.info and user_change show them (https://docs.slack.dev/reference/objects/user-object)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.model import Person
from bot.sandbox.slack.seeds import WorkspaceSeed


def user_json(person: Person, seed: WorkspaceSeed, *, started_at: datetime, now: datetime, with_email: bool) -> Json:
    """Of somebody who left little is told; of people of another workspace, that they are strangers."""
    home = person.team_id or seed.team_id
    profile: Json = {"real_name": person.real_name, "display_name": person.name, "title": person.title}
    profile |= {"real_name_normalized": person.real_name, "display_name_normalized": person.name}
    expired = 0 < person.status_expiration <= now.timestamp()
    profile |= {"team": home, "status_text": "" if expired else person.status_text}
    profile |= {"status_emoji": "" if expired else person.status_emoji}
    profile |= {"status_expiration": 0 if expired else person.status_expiration}
    if person.email and with_email:
        profile["email"] = person.email
    if person.is_bot and person.id == seed.bot_user:
        profile |= {"bot_id": seed.bot_id, "api_app_id": seed.app_id}
    shown: Json = {"id": person.id, "team_id": home, "name": person.name, "profile": profile}
    shown |= {"deleted": person.deleted, "is_bot": person.is_bot, "updated": int(started_at.timestamp())}
    shown |= {"is_stranger": True} if home != seed.team_id else {}
    if person.deleted:
        return shown
    offset = now.astimezone(ZoneInfo(person.tz)).utcoffset()
    shown |= {"real_name": person.real_name, "tz": person.tz, "tz_label": person.tz}
    shown |= {"tz_offset": int(offset.total_seconds()) if offset else 0, "is_admin": False, "is_owner": False}
    shown |= {"is_restricted": bool(person.guest), "is_ultra_restricted": person.guest == "single"}
    return shown | {"is_app_user": False}
