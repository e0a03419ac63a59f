"""Which room hears of which event of a room below: one line an event, in the order in which they are called."""

from bot.app.parts import Adapters, RoomSettings
from bot.app.rooms import Rooms
from bot.records import Records
from bot.tasks import Tasks


def build_rooms(records: Records, tasks: Tasks, adapters: Adapters, settings: RoomSettings) -> Rooms:
    rooms = Rooms(records, tasks, adapters, settings)
    join(rooms)
    return rooms


def join(rooms: Rooms) -> None:
    """Each is called in the transaction of the event."""
    rooms.records.owed.pictured.heard_by(rooms.pictures.uploaded)
    rooms.records.owed.settled.heard_by(rooms.ladders.settled)
    rooms.records.owed.held.heard_by(rooms.ladders.held)
    rooms.stream.read.heard_by(rooms.tickets.streamed, rooms.trend_watch.heard)
    rooms.tickets.linked.heard_by(rooms.evidence.linked, rooms.merges.linked)
    rooms.tickets.searched.heard_by(
        rooms.merges.searched, rooms.evidence.searched, rooms.releases.searched, rooms.pictures.searched
    )
    rooms.tickets.counted.heard_by(rooms.investigations.tickets_counted)
    rooms.probe_runner.ended.heard_by(rooms.evidence.probed, rooms.rechecks.done, rooms.maintenance.sweeps.done)
    rooms.status.changed.heard_by(rooms.investigations.status_changed, rooms.maintenance.service.status_changed)

    rooms.known.events.changed.heard_by(rooms.knowledge.issues_changed, rooms.handoffs.changed, rooms.releases.changed)
    rooms.known.events.released.heard_by(rooms.releases.released)
    rooms.known.events.joined.heard_by(rooms.releases.joined, rooms.handoffs.joined)
    rooms.known.events.aged.heard_by(rooms.knowledge.aged, rooms.handoffs.aged, rooms.releases.aged)
    rooms.known.events.answered.heard_by(rooms.asks.answered, rooms.errands.answered, rooms.copies.answered)
    rooms.known.events.hurried.heard_by(rooms.syncs.hurry)

    rooms.investigations.recorded.heard_by(
        rooms.relations.recorded,
        rooms.escalations.recorded,
        rooms.reminders.recorded,
        rooms.claims.recorded,
        rooms.trends.recorded,
        rooms.homes.recorded,
    )
    rooms.ladders.woken.heard_by(rooms.walker.wake)
    rooms.ladders.stilled.heard_by(rooms.walker.stilled)
    rooms.investigations.opened.heard_by(rooms.knowledge.opened, rooms.reminders.opened, rooms.trends.opened)
    rooms.status.announcements.ended.heard_by(rooms.rechecks.trouble_over)
    rooms.investigations.resolved.heard_by(rooms.rechecks.resolved, rooms.knowledge.resolved, rooms.trends.resolved)
    rooms.investigations.reopened.heard_by(
        rooms.knowledge.reopened, rooms.vendors.reopened, rooms.trends.reopened, rooms.escalations.reopened
    )
    rooms.investigations.moved_on.heard_by(rooms.handovers.moved_on, rooms.day_ends.moved_on)
    rooms.investigations.decided.heard_by(rooms.handovers.decided)
    rooms.handovers.changed.heard_by(rooms.day_ends.changed)
    rooms.evidence.decided.heard_by(
        rooms.knowledge.tickets_changed,
        rooms.handoffs.tickets_changed,
        rooms.releases.tickets_changed,
        rooms.elevations.decided,
    )
    rooms.merges.merging.heard_by(rooms.reminders.merging, rooms.trends.merging, rooms.logs.merging)
    rooms.merges.unmerged.heard_by(rooms.trends.unmerged, rooms.logs.merging)
    rooms.moves.moved.heard_by(rooms.escalations.moved)
    rooms.updates.updated.heard_by(rooms.escalations.updated)
    rooms.corrections.changed.heard_by(rooms.escalations.updated, rooms.homes.something)
    rooms.knowledge.linked.heard_by(rooms.releases.linked)

    rooms.reply_runner.answered.heard_by(rooms.timelines.answered)
    rooms.reply_runner.ended.heard_by(rooms.timelines.told)

    for what in (rooms.investigations.opened, rooms.investigations.moved_on, rooms.investigations.reopened):
        what.heard_by(rooms.homes.something)
    rooms.handovers.changed.heard_by(rooms.homes.something)
    rooms.personal.changed.heard_by(rooms.homes.something)
    rooms.known.events.changed.heard_by(rooms.homes.something)
