"""Who else could have a duty: ranked, with what it does to fairness and load."""

from dataclasses import dataclass

from varde.apps.records.models import RotaDuty
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.queries.rota.ground import Ground
from varde.apps.staffing.queries.rota.judging import Verdict, in_words
from varde.domain.rota.candidates import candidates


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A person for a duty. `before` and `after` are duties from the fair share."""

    person_id: int
    name: str
    may: bool
    account: str
    before: str
    after: str
    week_hours: str
    nearest_days: str
    verdict: Verdict


def candidates_for(place: RotaDuty, ground: Ground) -> list[Listed]:
    """Everybody of the workplace for one duty, the best first, then those who may not."""
    found = candidates(
        slot=str(place.pk),
        slots=ground.all_slots,
        workers=ground.workers,
        assignment=ground.whole,
        limits=ground.limits,
        wishes=ground.wishes,
        needs=ground.needs,
    )
    return [
        Listed(
            person_id=int(one.worker),
            name=ground.names[one.worker],
            may=one.may,
            account=str(words.ACCOUNT[one.account]),
            before=words.signed(one.deviation_before),
            after=words.signed(one.deviation_after),
            week_hours=words.number(one.week_hours),
            nearest_days=words.number(one.nearest_days)
            if one.nearest_days is not None
            else "",
            verdict=in_words(one.judged, names=ground.names),
        )
        for one in found
        if ground.worker(one.worker) is not None
    ]
