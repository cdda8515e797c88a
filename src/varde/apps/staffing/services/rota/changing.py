"""A planner changes who has a duty, and takes the change back."""

from datetime import datetime

from django.db import transaction

from varde.apps.records.models import RotaChange, RotaOverride, User
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.rota.holding import (
    LONGEST_REASON,
    hand_over,
    hard_of,
    judged,
    locked,
    members_of,
    place_in,
    refuse_unless_seen,
    set_aside,
)
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.rules.breach import ChangeJudged


NEVER = 0  # no place ever has this version


@transaction.atomic
def set_person(
    *,
    rota_id: int,
    place_id: int,
    person_id: int | None,
    seen: int,
    workplace: Workplace,
    by: User,
    at: datetime,
    reason: str = "",
) -> ChangeJudged | None:
    """Give a place to a person, or to nobody. Returns what it breaks; None if unchanged.

    Those of its group that the same person has (or nobody) go with it.

    `seen` is the place's version that the planner looked at. A hard rule is set aside
    only with a reason, which is kept with the planner's name. Raises `RuleBroken`:
    ROTA_CHANGED, ROTA_NOT_OF_WORKPLACE, ROTA_HARD_RULE (count), ROTA_DUTY_IS_OVER.
    """
    held = locked(rota_id, workplace=workplace)
    place = place_in(held, place_id)
    refuse_unless_seen(held, place, seen=seen)
    if place.person_id == person_id:
        return None
    _refuse_over(held.rota.version, place.ends_at, at=at)
    person = None if person_id is None else User.objects.get(pk=person_id)
    members = members_of(held, place)
    found = judged(held, dict.fromkeys(members, person))
    why = reason.strip()[:LONGEST_REASON]
    hard = hard_of(found)
    if hard and not why:
        raise RuleBroken(Rule.ROTA_HARD_RULE, count=str(len(hard)))
    for member in members:
        if hard and person is not None:
            set_aside(member, person, hard, reason=why, by=by, at=at)
        hand_over(
            held,
            member,
            person,
            kind=RotaChange.Kind.SET,
            by=by,
            at=at,
            reason=why,
            is_fixed=person is not None,
        )
    return found


@transaction.atomic
def undo(*, rota_id: int, workplace: Workplace, by: User, at: datetime) -> RotaChange:
    """Take back one's own last change of a rota that is not taken back yet.

    Raises `RuleBroken`: ROTA_NOTHING_TO_UNDO, ROTA_HARD_RULE, and ROTA_CHANGED where
    another has changed the same place since.
    """
    held = locked(rota_id, workplace=workplace)
    last = (
        RotaChange.objects.filter(
            rota=held.rota, kind=RotaChange.Kind.SET, by=by, undone_by=None
        )
        .order_by("-at", "-pk")
        .first()
    )
    if last is None:
        raise RuleBroken(Rule.ROTA_NOTHING_TO_UNDO)
    place = place_in(held, last.place_id)
    if place.person_id != last.after_id:
        refuse_unless_seen(held, place, seen=NEVER)
    _refuse_over(held.rota.version, place.ends_at, at=at)
    if last.before is not None:
        known = set(
            RotaOverride.objects.filter(place=place, person=last.before).values_list(
                "rule", flat=True
            )
        )
        hard = hard_of(judged(held, {place: last.before}))
        left = [breach for breach in hard if str(breach.rule) not in known]
        if left:
            raise RuleBroken(Rule.ROTA_HARD_RULE, count=str(len(left)))
    return hand_over(
        held,
        place,
        last.before,
        kind=RotaChange.Kind.UNDONE,
        by=by,
        at=at,
        undoes=last,
    )


def _refuse_over(version: int, ends_at: datetime, *, at: datetime) -> None:
    """What has been is not changed in a published rota."""
    if version and ends_at <= at:
        raise RuleBroken(Rule.ROTA_DUTY_IS_OVER)
