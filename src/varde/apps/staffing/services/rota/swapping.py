"""Two people swap duties: one asks, the other says yes, and the rules approve at once."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from varde.apps.records.models import DutySwap, Rota, RotaChange, RotaDuty, User
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.rota.approved import (
    hold_approvals,
    refuse_unapproved,
)
from varde.apps.staffing.services.rota.holding import (
    Locked,
    hand_over,
    hard_of,
    judged,
    locked,
    place_in,
    told,
)
from varde.domain.errors import Rule, RuleBroken


TABLE = "records_dutyswap"


@transaction.atomic
def propose_swap(
    *,
    rota_id: int,
    mine_id: int,
    theirs_id: int,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> DutySwap:
    """Ask a colleague to swap a duty of one's own for one of theirs.

    Raises `RuleBroken`: SWAP_IS_OVER, SWAP_BREAKS_RULES, ROTA_NOT_PUBLISHED,
    VIKAR_NOT_APPROVED.
    """
    held = _published(rota_id, workplace=workplace)
    mine, theirs = place_in(held, mine_id), place_in(held, theirs_id)
    if mine.person != by or theirs.person is None or theirs.person == by:
        raise RuleBroken(Rule.SWAP_IS_OVER)
    _refuse_begun(mine, theirs, at=at)
    _refuse_broken(held, mine, theirs)
    known = DutySwap.objects.filter(
        mine=mine, theirs=theirs, state=DutySwap.State.ASKED
    ).first()
    if known is not None:
        return known
    made = DutySwap.objects.create(
        mine=mine,
        theirs=theirs,
        asked_by=by,
        asked_to=theirs.person,
        asked_at=at,
    )
    told(held, what="rota_swap_asked", by=by, at=at, table=TABLE, row_id=made.pk)
    return made


@transaction.atomic
def answer_swap(
    *, swap_id: int, is_yes: bool, workplace: Workplace, by: User, at: datetime
) -> DutySwap:
    """Say yes or no to a swap, or take one's own back (a no from the one who asked).

    Raises `RuleBroken`: SWAP_IS_OVER, SWAP_BREAKS_RULES, VIKAR_NOT_APPROVED.
    """
    swap = DutySwap.objects.select_related("mine").get(pk=swap_id)
    held = _published(swap.mine.rota_id, workplace=workplace)
    swap = DutySwap.objects.select_related("asked_by", "asked_to").get(pk=swap_id)
    mine, theirs = place_in(held, swap.mine_id), place_in(held, swap.theirs_id)
    stands = (
        swap.state == DutySwap.State.ASKED
        and mine.person_id == swap.asked_by_id
        and theirs.person_id == swap.asked_to_id
    )
    is_own = by.pk == swap.asked_by_id
    if not stands or (is_yes and is_own):
        raise RuleBroken(Rule.SWAP_IS_OVER)
    swap.answered_at = at
    if not is_yes:
        swap.state = DutySwap.State.WITHDRAWN if is_own else DutySwap.State.DECLINED
        swap.save(update_fields=["state", "answered_at"])
        told(held, what="rota_swap_ended", by=by, at=at, table=TABLE, row_id=swap.pk)
        return swap
    _refuse_begun(mine, theirs, at=at)
    _refuse_broken(held, mine, theirs)
    first, second = mine.person, theirs.person
    kind = RotaChange.Kind.SWAPPED
    hand_over(held, mine, second, kind=kind, by=by, at=at)
    hand_over(held, theirs, first, kind=kind, by=by, at=at)
    swap.state = DutySwap.State.DONE
    swap.save(update_fields=["state", "answered_at"])
    DutySwap.objects.filter(
        Q(mine__in=[mine, theirs]) | Q(theirs__in=[mine, theirs]),
        state=DutySwap.State.ASKED,
    ).update(state=DutySwap.State.WITHDRAWN, answered_at=at)
    told(held, what="rota_swap_done", by=by, at=at, table=TABLE, row_id=swap.pk)
    return swap


def _published(rota_id: int, *, workplace: Workplace) -> Locked:
    held = locked(rota_id, workplace=workplace)
    if held.rota.state != Rota.State.PUBLISHED:
        raise RuleBroken(Rule.ROTA_NOT_PUBLISHED)
    return held


def _refuse_begun(*places: RotaDuty, at: datetime) -> None:
    if any(place.starts_at <= at for place in places):
        raise RuleBroken(Rule.SWAP_IS_OVER)


def _refuse_broken(held: Locked, mine: RotaDuty, theirs: RotaDuty) -> None:
    hold_approvals([pk for pk in (mine.person_id, theirs.person_id) if pk])
    hard = hard_of(
        judged(held, {mine: theirs.person, theirs: mine.person}), of_one=True
    )
    refuse_unapproved(held, hard)
    if hard:
        raise RuleBroken(Rule.SWAP_BREAKS_RULES)
