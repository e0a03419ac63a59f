"""What becomes of an escalation's ladder: begun, paused, acknowledged, handed back, stopped. The walker goes up it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.database import Row
from bot.escalations.ladder_model import (
    LIVE_RUNS,
    Ladder,
    LadderRun,
    LadderSettings,
    Rung,
    RunState,
    Step,
    StepState,
    due_times,
    end_of_last,
    from_line,
    has_post,
    outcome_of,
    put_off,
    replanned,
    rungs,
)
from bot.escalations.ladder_store import LadderStore
from bot.escalations.telling import STEP_VIEW, Failure, FailureKind, WayKind, message_key, slack_failure, step_of
from bot.messages.owed import WITHDRAWN
from bot.people import Availability
from bot.records import Records, Service
from bot.signals import Signal

GOING = (RunState.RUNNING, RunState.PAUSED)
AWAY, OFF_WORK = "away", "off work"


def post_key(escalation_id: int) -> str:
    """The key of the one message that management reads."""
    return f"escalation/{escalation_id}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A ladder before it is begun: its tellings with the people's names, and why who is asked later, by their place."""

    ladder: Ladder
    rungs: tuple[Rung, ...]
    absent: tuple[str, ...] = ()

    @property
    def mentions_group(self) -> bool:
        """Whether the post itself calls management."""
        return has_post(self.rungs)


class Ladders(Service):
    """Everything but `prepared` is called in the transaction of what happened, and changes the post."""

    def __init__(self, *, records: Records, store: LadderStore, settings: LadderSettings) -> None:
        super().__init__(records=records)
        self._store = store
        self.settings = settings
        self.woken = Signal[()]()
        """Something is due sooner than was known."""
        self.stilled = Signal[int]()
        """A step is being told outside Slack, and nobody needs that any more."""

    async def prepared(self, priority: str) -> Prepared:
        """Choose the ladder of now, and see who can't be asked when it is their turn."""
        now = self._clock()
        ladder = self.settings.chosen(now, priority)
        listed = tuple([await self._named(rung) for rung in rungs(ladder)])
        times = due_times(listed, now, self.settings.hours)
        absent = [
            await self.absence(rung, when, minds_hours=not ladder.asks_outside_hours)
            for rung, when in zip(listed, times, strict=True)
        ]
        return Prepared(ladder, listed, tuple(absent))

    async def absence(self, rung: Rung, when: datetime, *, minds_hours: bool) -> str:
        """Why none of the people of a direct message can be asked at a moment; "" where one can, or nobody knows."""
        if rung.way is not WayKind.DM:
            return ""
        users = [user for name in rung.recipients for user in await self._people.named([name])]
        known = [await self._people.availability(user, when) for user in users]
        whys = [self._why(presence, when, minds_hours) for presence in known if not presence.gone]
        return whys[0] if whys and all(whys) else ""

    async def asks_by_hours(self, user: str) -> bool:
        """Whether a step asks somebody in person, and leaves them alone outside of their day."""
        minding = [ladder for ladder in self.settings.ladders if not ladder.asks_outside_hours]
        in_person = [step for ladder in minding for step in ladder.steps if step.way is WayKind.DM]
        return user in await self._people.named([name for step in in_person for name in step.recipients])

    def begin(self, escalation_id: int, prepared: Prepared, *, notifies: bool) -> None:
        """Write its plan. `notifies` is whether the post, which begins it, calls anybody."""
        now = self._clock()
        number = self._store.begin(escalation_id, prepared.ladder, prepared.rungs, now)
        run = self._store.run(number)
        self._lay_out(run, prepared.rungs, prepared.absent, now)
        run = self._store.run(number)
        if prepared.mentions_group:
            first = run.planned[0]
            post: Row = {"is_post": 1, "told_at": now, "next_at": None, "recipients": ["group"]}
            if notifies:
                self._store.step_became(first.id, **post, state=StepState.TELLING, waiting=["group"])
            else:
                self._store.step_became(first.id, **post, state=StepState.FAILED, ended_at=now)
                self._store.failed_with(first.id, Failure(FailureKind.NOBODY))
            self.plan_after(number, failed=not notifies)
        self.woken.tell()

    def of(self, escalation_id: int) -> LadderRun | None:
        return self._store.of(escalation_id)

    def may_acknowledge(self, escalation_id: int, user: str, channel: str) -> bool:
        """Whether the ladder reached somebody, or the channel in which they press."""
        run = self._store.of(escalation_id)
        return bool(run and run.reached & {user, channel} - {""})

    def acknowledged(self, escalation_id: int) -> None:
        """Nobody else is told, also not by what was queued for Slack."""
        run = self._store.of(escalation_id)
        if not run or run.state is RunState.STOPPED:
            return
        self._quiet(run, RunState.ACKNOWLEDGED)
        expires = self.settings.expires
        held = self._clock() + expires if expires and run.configured else None
        self._store.run_became(run.id, next_at=held, asked_at=None)

    def stop(self, escalation_id: int, because: str) -> None:
        """Nobody has to be told any more."""
        run = self._store.of(escalation_id)
        if run and run.state in (*LIVE_RUNS, RunState.ENDED):
            self._quiet(run, RunState.STOPPED)
            self._store.run_became(run.id, next_at=None, ended_at=self._clock(), because=because)

    def pause(self, escalation_id: int) -> None:
        """Management asked something: nobody else is called meanwhile."""
        run = self._store.of(escalation_id)
        if not run or run.state is not RunState.RUNNING:
            return
        expires = self.settings.expires
        self._store.run_became(run.id, state=RunState.PAUSED, next_at=self._clock() + expires if expires else None)
        for step in run.steps:
            if step.state is StepState.TELLING and self._withdrawn(step):
                self._again(step)
        self._changed(run)

    def go_on(self, escalation_id: int) -> None:
        """The question was answered: whoever asked has the wait of the next step to acknowledge."""
        run = self._store.of(escalation_id)
        if run and self._store.moved(run.id, RunState.PAUSED, RunState.RUNNING):
            self._store.run_became(run.id, next_at=None)
            self.plan_after(run.id, failed=False)
            self._changed(run)

    def post_moved(self, escalation_id: int) -> None:
        """The post has another address from now on, which is asked for when somebody is told next."""
        if run := self._store.of(escalation_id):
            self._store.run_became(run.id, post_url="")

    def keep(self, escalation_id: int, since: datetime | None = None) -> None:
        """Whoever acknowledged is still on it, or there were news then."""
        run = self._store.of(escalation_id)
        if run and run.state is RunState.ACKNOWLEDGED:
            expires = self.settings.expires
            held = (since or self._clock()) + expires if expires else None
            self._store.run_became(run.id, asked_at=None, next_at=held)
            self.woken.tell()

    def asks_again(self, escalation_id: int) -> datetime:
        """Whoever acknowledged is asked whether they still are on it; when that was."""
        run, now = self._store.of(escalation_id), self._clock()
        assert run, escalation_id
        self._store.run_became(run.id, asked_at=now, next_at=now + self.settings.answer_within)
        return now

    def reached_by(self, step_id: int) -> tuple[int, str] | None:
        """The escalation of a step, and what people call the way by which it told somebody."""
        step = self._store.step(step_id)
        if not step or not step.told_at:
            return None
        via = step.rung.title or ", ".join(step.recipients if step.rung.way is WayKind.MAIL else ()) or step.rung.way
        return self._store.run(step.run_id).escalation_id, str(via)

    def back_to_work(self, escalation_id: int) -> None:
        """The acknowledgement is over: the ladder begins again, at once and from its first step."""
        run, now = self._store.of(escalation_id), self._clock()
        if not run or not self._store.moved(run.id, RunState.ACKNOWLEDGED, RunState.RUNNING):
            return
        columns: Row = {"round": run.round + 1, "repeats_left": run.repeats, "asked_at": None, "next_at": None}
        self._store.run_became(run.id, **columns)
        self._lay_out(self._store.run(run.id), run.rungs, (), now, at_once=True)
        self._changed(run)
        self.woken.tell()

    def plan_after(self, run_id: int, *, failed: bool) -> None:
        """A step was taken: the waits of the others count from now; where it told nobody, the next is due at once.

        Behind the last step comes the next repeat, which always keeps its wait: a ladder of which every step fails is
        not run through in a second.
        """
        run, now = self._store.run(run_id), self._clock()
        if run.state is not RunState.RUNNING:
            return
        if planned := run.planned:
            at_once = failed and planned[0].round == (run.begun[-1].round if run.begun else run.round)
            for number, moment in replanned(planned, now, self.settings.hours, at_once=at_once).items():
                self._store.step_became(number, next_at=moment)
        elif run.repeats_left:
            self._store.run_became(run.id, round=run.round + 1, repeats_left=run.repeats_left - 1)
            again = from_line(run.rungs, run.repeat_from)
            first = replace(again[0], wait=again[0].wait or end_of_last(run, now) - now)
            self._lay_out(self._store.run(run.id), (first, *again[1:]), (), now)
        elif run.configured:
            self._store.run_became(run.id, next_at=end_of_last(run, now))
        self.woken.tell()

    def wait_for_work(self, run_id: int) -> None:
        """Its next step was due, and waits until people are at work; the others keep their distance from it."""
        run, now = self._store.run(run_id), self._clock()
        for number, moment in replanned(run.planned, now, self.settings.hours, at_once=True).items():
            self._store.step_became(number, next_at=moment)

    def settled(self, key: str, code: str, sentence: str) -> None:
        """The outbox knows what became of a message of a step, or of the post."""
        step, recipient = self._step_of(key)
        if not step or recipient not in step.waiting or step.state is not StepState.TELLING:
            return
        reached = step.reached
        self._store.no_longer_held(step.id)
        if not code:
            place = self._owed.place_of(key) if step.rung.way is WayKind.CHANNEL else None
            reached = (*reached, *(step.members or (recipient,)), *(place[:1] if place else ()))
        elif code != WITHDRAWN:
            self._store.failed_with(step.id, slack_failure(code, sentence, person=step.rung.way is WayKind.DM))
            self._owed.withdraw(key)
        left = [name for name in step.waiting if name != recipient]
        self._store.step_became(step.id, reached=list(reached), waiting=left)
        if left:
            return
        if code == WITHDRAWN and not reached and self._store.run(step.run_id).state in GOING:
            self._owed.withdraw(key)
            self._again(step)
        else:
            self.finished(step.id)

    def held(self, key: str, code: str) -> None:
        """Slack takes a message later: that it waits is said, and the ladder goes on in its time."""
        step, recipient = self._step_of(key)
        failure = slack_failure(code)
        if step and recipient in step.waiting and failure.kind is FailureKind.RATE_LIMITED:
            self._store.failed_with(step.id, failure)
            self._owed.changed(post_key(self._store.run(step.run_id).escalation_id), human=False)

    def finished(self, step_id: int) -> None:
        """All is known of a step: where it told nobody the next one is due at once."""
        step = self._store.step(step_id)
        if not step or step.state is not StepState.TELLING:
            return
        state, failure = outcome_of(len(step.reached), [step.failure] if step.failure else [])
        run = self._store.run(step.run_id)
        if state is StepState.FAILED and not step.failure and run.state is not RunState.RUNNING:
            state, failure = StepState.STOPPED, None
        self._store.step_became(step_id, state=state, ended_at=self._clock(), waiting=[])
        self._store.failed_with(step_id, failure)
        if state is StepState.FAILED and run.begun[-1].id == step_id:
            self.plan_after(run.id, failed=True)
        self._changed(run)

    def not_told(self, step_id: int) -> None:
        """It was taken, and before anybody was told it turned out that nobody has to be, or not now."""
        step = self._store.step(step_id)
        if not step or step.state is not StepState.TELLING:
            return
        run = self._store.run(step.run_id)
        if run.state in GOING:
            self._again(step)
        else:
            self._store.step_became(step_id, state=StepState.STOPPED, ended_at=self._clock(), waiting=[])
        self._changed(run)

    def _again(self, step: Step) -> None:
        """Nothing of it was sent before the question: it is told when the ladder goes on."""
        planned: Row = {"state": StepState.PLANNED, "told_at": None, "waiting": [], "next_at": self._clock()}
        self._store.step_became(step.id, **planned)

    def _step_of(self, key: str) -> tuple[Step | None, str]:
        if place := step_of(key):
            return self._store.step(place[0]), place[1]
        noun, _, number = key.partition("/")
        run = self._store.of(int(number)) if noun == "escalation" and number.isdigit() else None
        return next((step for step in run.steps if step.is_post), None) if run else None, "group"

    def _lay_out(
        self, run: LadderRun, listed: Sequence[Rung], absent: Sequence[str], now: datetime, *, at_once: bool = False
    ) -> None:
        """Write a round's steps in the order in which they are told."""
        absent = absent or [""] * len(listed)
        order = put_off(absent)
        postponed = order != tuple(range(len(order)))
        times = due_times([listed[place] for place in order], now, self.settings.hours, at_once=at_once)
        for place, moment in zip(order, times, strict=True):
            self._store.plan(run, listed[place], moment, postponed=absent[place] if postponed else "")

    def _quiet(self, run: LadderRun, after: RunState) -> None:
        """What was not told yet is not told."""
        self._store.run_became(run.id, state=after)
        for step in run.steps:
            if step.state is StepState.PLANNED or (step.state is StepState.TELLING and self._withdrawn(step)):
                self._store.step_became(step.id, state=StepState.STOPPED, next_at=None, waiting=[])
            elif step.state is StepState.TELLING and step.outside:
                self.stilled.tell(step.id)
        self._told_changed(run)

    def _withdrawn(self, step: Step) -> bool:
        """Whether nothing of it was sent, nor can be any more."""
        if step.outside or step.is_post:
            return False
        sure = [name for name in step.waiting if self._owed.withdraw(message_key(step.id, name))]
        left = [name for name in step.waiting if name not in sure]
        self._store.step_became(step.id, waiting=left)
        if not left and step.reached:
            self._store.step_became(step.id, state=StepState.TOLD, ended_at=self._clock())
        return not left and not step.reached

    def _changed(self, run: LadderRun) -> None:
        """The post, and what people got already, say what became of it."""
        self._owed.changed(post_key(run.escalation_id), human=True)
        self._told_changed(run)

    def _told_changed(self, run: LadderRun) -> None:
        for step in run.begun:
            if not step.outside and not step.is_post:
                self._owed.all_changed(STEP_VIEW, step.id, human=True)

    async def _named(self, rung: Rung) -> Rung:
        """Groups and channels may stand in the settings by their ids, which mean nothing to people."""
        if rung.way is WayKind.DM:
            return replace(rung, names=tuple(f"@{name}" for name in await self._people.names(rung.recipients)))
        if rung.way is WayKind.GROUP:
            return replace(rung, names=(await self._handle((rung.recipients or (self.settings.group,))[0]),))
        if rung.way is not WayKind.CHANNEL:
            return rung
        known = await self._people.called(rung.recipients)
        names = tuple(f"#{known[recipient]}" if recipient in known else recipient for recipient in rung.recipients)
        return replace(rung, names=names, mentions=await self._handle(rung.mention) if rung.mention else "")

    async def _handle(self, group: str) -> str:
        name = group.lstrip("@")
        return f"@{(await self._people.called([name])).get(name, name)}"

    def _why(self, known: Availability, when: datetime, minds_hours: bool) -> str:
        if known.away:
            return AWAY
        own = known.hours_among(self.settings.hours)
        return OFF_WORK if minds_hours and not own.contain(when) else ""
