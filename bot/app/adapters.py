"""The systems outside that are configured, as the rooms know them."""

from functools import partial

from bot.app.ground import Ground
from bot.app.logs import build_log_program, build_log_source
from bot.app.parts import Adapters
from bot.app.probes import build_kinds, build_policy, build_prober
from bot.app.status import build_watched
from bot.app.ways import build_ways
from bot.escalations.heartbeat import Heartbeat
from bot.known_issues.search.meaning.likeness import NoMeaning
from bot.slack.directory import Directory
from bot.slack.request import Conversation


def _heartbeat(ground: Ground) -> Heartbeat | None:
    url = ground.settings.escalation.heartbeat.get_secret_value()
    return Heartbeat(session=ground.http, url=url) if url else None


def build_adapters(ground: Ground, directory: Directory, conversation: Conversation) -> Adapters:
    settings, policy = ground.settings, build_policy(ground.settings)
    announced = settings.teams.values() if settings.releases.announce else ()
    return Adapters(
        desk=ground.desk,
        stream=ground.stream,
        trackers=ground.trackers,
        watched=build_watched(settings, ground.http, ground.records.clock),
        probes=partial(build_kinds, ground, policy),
        policy=policy,
        prober=build_prober(ground),
        mailer=ground.mailer,
        team_channel=directory.team_channel,
        person_by_email=directory.with_email,
        barred=directory.barred,
        channel_id=directory.channel_id,
        told_of_releases=lambda: tuple(dict.fromkeys(directory.known_id(team.channel) for team in announced)),
        permalink=conversation.permalink,
        reader=ground.reader,
        meaning=ground.meaning or NoMeaning(),
        ways=build_ways(ground),
        heartbeat=_heartbeat(ground),
        logs=build_log_source(ground, conversation),
        log_program=build_log_program(),
    )
