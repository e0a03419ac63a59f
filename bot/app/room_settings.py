"""What the configuration says to each room."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import get_args

from bot.app.detector import trend_settings
from bot.app.logs import log_settings
from bot.app.parts import RoomSettings
from bot.app.retention import retention_days
from bot.briefings.planning import Defaults
from bot.briefings.schedule import DAYS, Schedule
from bot.elevations.model import ElevationSettings
from bot.escalations.ladder_model import LadderSettings
from bot.escalations.model import EscalationSettings
from bot.forgetting.model import ForgettingSettings
from bot.handoffs.model import HandoffSettings
from bot.handovers.model import HandoverSettings
from bot.investigations.asking import AskSettings
from bot.investigations.teams import TeamName
from bot.known_issues.mapping import READING
from bot.probes.playbooks import ProbeSettings, read_playbook
from bot.probes.registry import kinds_here
from bot.reading.reader import RULES_VERSION
from bot.reminders.model import RULES, Pace, ReminderSettings
from bot.replies.drafting import Templates
from bot.settings import Settings
from bot.settings.shape import TargetKind, VendorSection
from bot.slack.directory import Directory
from bot.targets.model import Catalog
from bot.tickets.model import TicketSettings
from bot.tickets.stream_model import StreamSettings
from bot.vendors.model import Ask, Vendor, VendorSettings


def room_settings(settings: Settings, directory: Directory) -> RoomSettings:
    known, replies, handoffs = settings.known_issues, settings.replies, settings.handoffs
    kinds = kinds_here(settings.probes.chromium)
    return RoomSettings(
        catalog=settings.catalog(),
        teams=tuple(TeamName(key, team.title) for key, team in settings.teams.items()),
        tickets=TicketSettings(window_h=settings.tickets.window_h, refresh_s=settings.tickets.refresh_s),
        stream=StreamSettings(
            history_days=settings.tickets.history_days,
            forget_days=settings.tickets.forget_days,
            version=reading_version(settings),
        ),
        probes=ProbeSettings({kind: read_playbook(steps, kinds) for kind, steps in settings.playbooks}),
        quiet_s=settings.status.quiet_s,
        mappings={name: tracker.mapping() for name, tracker in settings.trackers.items()},
        refresh_s={name: tracker.refresh_s for name, tracker in settings.trackers.items()},
        words=known.words,
        asks=AskSettings(steps=known.ask_at, leads=PresentLeads(known.leads, directory)),
        logs=log_settings(settings, PresentLeads(known.leads, directory)),
        elevations=elevation_settings(settings),
        escalations=EscalationSettings(settings.escalation.group, settings.workspace.tzinfo, ladder_settings(settings)),
        forgetting=ForgettingSettings(
            settings.forgetting.group, tuple(dict.fromkeys([*known.leads.values(), *handoffs.leads]))
        ),
        retention=retention_days(settings),
        templates=Templates(
            texts=replies.texts,
            macros=replies.macros,
            of_kind={kind: getattr(replies, kind) for kind in get_args(TargetKind)},
            fallback=replies.fallback,
        ),
        replies_per_minute=replies.per_minute,
        handoffs=HandoffSettings(leads=handoffs.leads, channel=handoffs.channel, desk=settings.tickets_enabled),
        handovers=HandoverSettings(
            hours=settings.workspace.hours,
            answer=timedelta(minutes=settings.handovers.answer_min),
            before_end=timedelta(minutes=settings.handovers.before_end_min),
        ),
        reminders=_reminders(settings),
        trends=trend_settings(settings),
        vendors=VendorSettings(
            {key: _vendor(key, vendor) for key, vendor in settings.vendors.items()}, settings.workspace.hours
        ),
        briefings=_briefings(settings),
        untouched_h=settings.briefing.untouched_h,
    )


def elevation_settings(settings: Settings) -> ElevationSettings:
    elevation, hours = settings.elevation, settings.workspace.hours
    return ElevationSettings(
        from_groups=elevation.from_groups if settings.tickets_enabled else (),
        groups=elevation.groups,
        default_team=elevation.default_team or next(iter(settings.teams), ""),
        after=timedelta(minutes=elevation.after_min),
        hours=hours if elevation.working_hours else None,
        report_hours=hours,
        per_minute=elevation.per_minute,
        per_hour=elevation.per_hour,
        oldest=timedelta(hours=elevation.oldest_h),
        gather=timedelta(minutes=elevation.gather_min),
        dry_run=elevation.dry_run,
        dry_run_days=elevation.dry_run_days,
    )


def _vendor(key: str, vendor: VendorSection) -> Vendor:
    return Vendor(
        key=key,
        title=vendor.title,
        what=vendor.what,
        email=vendor.email,
        form=vendor.form,
        asks_for=tuple(map(Ask, vendor.asks_for)),
        account=vendor.account,
        fields=vendor.fields,
        hours=vendor.hours.hours,
        reference=vendor.reference,
        example=vendor.example,
        remind_after=timedelta(hours=vendor.remind_h),
    )


class PresentLeads(Mapping[str, str]):
    """The leads of the settings by team, without those who left: what is asked of nobody goes to the channel."""

    def __init__(self, leads: Mapping[str, str], directory: Directory) -> None:
        self._leads = leads
        self._directory = directory

    def __getitem__(self, team: str) -> str:
        lead = self._leads[team]
        if self._directory.is_gone(lead):
            raise KeyError(team)
        return lead

    def __iter__(self) -> Iterator[str]:
        return (team for team in self._leads if team in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def ladder_settings(settings: Settings) -> LadderSettings:
    """The ladders in the order of the file, and what else they go by."""
    section = settings.escalation
    return LadderSettings(
        hours=settings.workspace.hours,
        group=section.group,
        ladders=tuple(ladder.ladder(name) for name, ladder in section.ladders.items()),
        expires=timedelta(minutes=section.expires_min) if section.expires_min else None,
        answer_within=timedelta(minutes=section.answer_min),
        overdue=timedelta(minutes=section.overdue_min),
    )


def _reminders(settings: Settings) -> ReminderSettings:
    section = settings.reminders
    chosen = {rule.kind: getattr(section, rule.kind) for rule in RULES}
    return ReminderSettings(
        hours=settings.workspace.hours,
        paces={
            kind: Pace(timedelta(minutes=pace.after_min), timedelta(minutes=pace.again_min), pace.times)
            for kind, pace in chosen.items()
        },
        stale_after=timedelta(hours=section.still_on_it_h),
        answer_within=timedelta(minutes=section.answer_min),
    )


def _briefings(settings: Settings) -> Defaults:
    briefing = settings.briefing
    zone = briefing.zone or settings.workspace.zone
    days = tuple(day for day in DAYS if day in briefing.days)
    return Defaults(
        zone=zone,
        schedule=Schedule(briefing.at, zone, days) if briefing.at else None,
        channels=briefing.channels or tuple(team.channel for team in settings.teams.values()),
        holidays=briefing.holidays,
    )


def mapping_version(settings: Settings, catalog: Catalog) -> str:
    """Another one where issues would be read differently, so that what is stored is read again."""
    kept = {name: tracker.model_dump(mode="json") for name, tracker in settings.trackers.items()}
    names = [(target.key, target.title, target.aliases, target.hosts) for target in catalog]
    return sha256(json.dumps([READING, kept, names], sort_keys=True).encode()).hexdigest()


def reading_version(settings: Settings) -> str:
    """Another one where tickets would be read differently, or more of them, so that the history is read again."""
    names = [
        (target.key, target.title, target.kind, target.aliases, target.hosts, target.search)
        for target in settings.catalog()
    ]
    read, days = settings.reading.model_dump(mode="json"), settings.tickets.history_days
    return sha256(json.dumps([RULES_VERSION, days, read, names], sort_keys=True).encode()).hexdigest()
