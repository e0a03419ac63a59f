"""What a finished batch of probe runs comes to, in words for its message and for the timeline. Pure."""

from bot.probes.batch import Batch
from bot.probes.manual import trials_words
from bot.probes.matrix import from_places, places_verdict, seen_from_here
from bot.probes.model import ProbeResult
from bot.probes.wording import long
from bot.probes.wording.summary import ruled_out, summary


def conclusion(batch: Batch) -> str:
    """All that was found, also what people tried by hand, without markup."""
    parts = (_measured(batch), trials_words(batch.by_hand, batch.trials) if batch.by_hand else "", customers(batch))
    return ". ".join(part for part in parts if part)


def fine_beside(batch: Batch) -> str:
    """What a playbook that found trouble rules out, "" before its end."""
    if not batch.ended or not batch.playbook:
        return ""
    own, control = _sides(batch)
    return ruled_out(own, control) if own else ""


def customers(batch: Batch) -> str:
    """What the places of the reporting customers say, beside what is seen from here; "" before their end."""
    part = batch.customers
    if not part or not part.ended or not part.results:
        return ""
    return f"By mtr {places_verdict([*seen_from_here(batch), *part.runs])}"


def _measured(batch: Batch) -> str:
    if from_places(batch.runs):
        return places_verdict(batch.runs)
    if not batch.playbook:
        return " ".join(long(result.verdict) for result in batch.results)
    own, control = _sides(batch)
    if not own and batch.by_hand:
        return ""
    return summary(own, control)


def _sides(batch: Batch) -> tuple[list[ProbeResult], list[ProbeResult]]:
    """The results of the target, and those of its control."""
    own = [run.result for run in batch.runs if run.result and run.step != "control"]
    return own, [run.result for run in batch.runs if run.result and run.step == "control"]
