"""Two proposals of the optimiser, side by side: person by person, and where they differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from varde.apps.records.models import RotaRun
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.queries.rota.grid import ORDER, AccountLine, account_lines
from varde.apps.staffing.queries.rota.ground import Ground
from varde.apps.staffing.queries.rota.reasons import duty_words
from varde.domain.rota.fairness import standings


MOST_DIFFERENCES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPerson:
    """A person's accounts in both proposals."""

    name: str
    first: Sequence[AccountLine]
    second: Sequence[AccountLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A duty that the two give to different people."""

    duty: str
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two proposals. `differences` are the first of `count`."""

    first: RotaRun
    second: RotaRun
    accounts: Sequence[str]
    people: Sequence[ComparedPerson]
    differences: Sequence[Difference]
    count: int


def compare(ground: Ground, first: RotaRun, second: RotaRun) -> Compared:
    """The two by person and by duty."""
    used = frozenset().union(*(slot.accounts for slot in ground.slots))
    order = [account for account in ORDER if account in used]
    known = {worker.id for worker in ground.workers}
    held = [
        {slot: str(who) for slot, who in run.found.items() if str(who) in known}
        for run in (first, second)
    ]
    lines = [
        account_lines(
            standings(slots=ground.slots, workers=ground.workers, assignment=one), order
        )
        for one in held
    ]
    differences = [
        Difference(
            duty=duty_words(slot),
            first=ground.names.get(held[0].get(slot.id, ""), str(words.VACANT)),
            second=ground.names.get(held[1].get(slot.id, ""), str(words.VACANT)),
        )
        for slot in ground.slots
        if held[0].get(slot.id) != held[1].get(slot.id)
    ]
    return Compared(
        first=first,
        second=second,
        accounts=[str(words.ACCOUNT[account]) for account in order],
        people=[
            ComparedPerson(
                name=ground.names[worker.id],
                first=lines[0].get(worker.id, ()),
                second=lines[1].get(worker.id, ()),
            )
            for worker in ground.there
        ],
        differences=differences[:MOST_DIFFERENCES],
        count=len(differences),
    )
