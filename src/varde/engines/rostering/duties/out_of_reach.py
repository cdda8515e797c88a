"""The wishes that no rota of a problem can meet, and what stands in the way of each."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Wish
from varde.engines.rostering.duties.ground import Grounds


class OutOfReach(StrEnum):
    """Why no rota meets a wish, beside the rules of the domain."""

    NO_DUTY_THERE = "no_duty_there"  # no duty in the period that was wished for
    GIVEN = "given"  # a duty in it is given beforehand


def why_never(
    grounds: Grounds, wish: Wish, worker: int, shifts: Sequence[int], meets: set[int]
) -> tuple[RotaRule | OutOfReach, ...]:
    """What stands in the way of a wish in every rota; nothing where a rota may meet it.

    Parameters
    ----------
    grounds : Grounds
    wish, worker
        The wish, and the number of whose it is.
    shifts : numbers of shifts
        Those of the period of the wish that the person may have.
    meets : numbers of shifts
        All those of the problem's own that are on in the period of the wish.

    Returns
    -------
    tuple of codes
        In the order of the rules. A wish may also be out of reach because several rules
        work together: that is not seen here.
    """
    if not wish.wants_duty:
        is_given = any((number, worker) in grounds.fixed for number in shifts)
        return (OutOfReach.GIVEN,) if is_given else ()
    if shifts:
        return ()
    codes = {code for number in meets for code in _bars(grounds, number, worker)}
    return tuple(rule for rule in RotaRule if rule in codes) or (
        OutOfReach.NO_DUTY_THERE,
    )


def _bars(grounds: Grounds, number: int, worker: int) -> Iterator[RotaRule]:
    """What keeps a person from one shift."""
    if (number, worker) not in grounds.able:
        has_post_of = grounds.workers[worker].has_post_of
        is_post = all(has_post_of(p.slot) for p in grounds.shifts[number].parts)
        yield (
            RotaRule.BACKUP_MAY_WORK_ALONE
            if is_post
            else RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS
        )
    for demand in grounds.barred.get((number, worker), ()):
        yield RotaRule(demand.code)
