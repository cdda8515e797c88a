"""A planner changes who has a duty, and takes the change back."""

from datetime import datetime

from django.db import transaction

from varde.apps.records.models import Rota, RotaChange, RotaOverride, User
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.rota.approved import (
    hold_approvals,
    refuse_unapproved,
)
from varde.apps.staffing.services.rota.holding import (
    LONGEST_REASON,
    hand_over,
    hard_of,
    judged,
    known_person,
    locked,
    members_of,
    place_in,
    refuse_unless_seen,
    set_aside,
)
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.rules.breach import NEVER_SET_ASIDE, ChangeJudged


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

    Those of its group that the same person has (or nobody) go with it, but for those of a
    published rota that are over: then the group may be of two.

    `seen` is the place's version that the planner looked at. A hard rule is set aside
    only with a reason, which is kept with the planner's name. Raises `RuleBroken`:
    ROTA_CHANGED, ROTA_NOT_OF_WORKPLACE, ROTA_HARD_RULE (count), ROTA_OWN_HARD_RULE,
    ROTA_DUTY_IS_OVER, and in a published rota VIKAR_NOT_APPROVED.
    """
    held = locked(rota_id, workplace=workplace)
    place = place_in(held, place_id)
    refuse_unless_seen(held, place, seen=seen)
    if place.person_id == person_id:
        return None
    _refuse_over(held.rota.version, place.ends_at, at=at)
    person = None if person_id is None else known_person(person_id)
    members = members_of(held, place, at=at)
    is_out = held.rota.state == Rota.State.PUBLISHED
    if is_out and person is not None:
        hold_approvals([person.pk])
    found = judged(held, dict.fromkeys(members, person))
    if is_out:
        refuse_unapproved(held, found.came)
    why = reason.strip()[:LONGEST_REASON]
    hard = hard_of(found, of_one=_is_begun(held.rota, place.group, at=at))
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

    What changed hands together goes back together, or not at all. Raises `RuleBroken`:
    ROTA_NOTHING_TO_UNDO, ROTA_DUTY_IS_OVER, ROTA_HARD_RULE (count), VIKAR_NOT_APPROVED in a
    published rota, and ROTA_CHANGED where another has changed one of the places since.
    """
    held = locked(rota_id, workplace=workplace)
    act = _last_act(held.rota, by=by)
    before = act[0].before
    places = {place_in(held, change.place_id): change for change in act}
    for place, change in places.items():
        if place.person_id != change.after_id:
            refuse_unless_seen(held, place, seen=NEVER)
        _refuse_over(held.rota.version, place.ends_at, at=at)
    if before is not None:
        known = set(
            RotaOverride.objects.filter(place__in=places, person=before).values_list(
                "rule", flat=True
            )
        )
        is_out = held.rota.state == Rota.State.PUBLISHED
        if is_out:
            hold_approvals([before.pk])
        else:
            known |= NEVER_SET_ASIDE
        hard = hard_of(
            judged(held, dict.fromkeys(places, before)),
            of_one=_is_begun(held.rota, act[0].place.group, at=at),
        )
        if is_out:
            refuse_unapproved(held, hard)
        left = [breach for breach in hard if str(breach.rule) not in known]
        if left:
            raise RuleBroken(Rule.ROTA_HARD_RULE, count=str(len(left)))
    undone = [
        hand_over(
            held,
            place,
            before,
            kind=RotaChange.Kind.UNDONE,
            by=by,
            at=at,
            # A vacant place is fixed to nobody: a proposal may fill it.
            is_fixed=False if before is None else None,
            undoes=change,
        )
        for place, change in places.items()
    ]
    return undone[0]


def _last_act(rota: Rota, *, by: User) -> list[RotaChange]:
    """One's own last change that stands, and those of its group that came with it.

    Raises `RuleBroken`: ROTA_NOTHING_TO_UNDO.
    """
    own = (
        RotaChange.objects.filter(
            rota=rota, kind=RotaChange.Kind.SET, by=by, undone_by=None
        )
        .select_related("place", "before")
        .order_by("-at", "-pk")
    )
    last = own.first()
    if last is None:
        raise RuleBroken(Rule.ROTA_NOTHING_TO_UNDO)
    if not last.place.group:
        return [last]
    same = own.filter(
        at=last.at,
        before=last.before,
        after=last.after_id,
        place__group=last.place.group,
    )
    newest: dict[int, RotaChange] = {}
    for change in same:
        newest.setdefault(change.place_id, change)
    return list(newest.values())


def _refuse_over(version: int, ends_at: datetime, *, at: datetime) -> None:
    """What has been is not changed in a published rota."""
    if version and ends_at <= at:
        raise RuleBroken(Rule.ROTA_DUTY_IS_OVER)


def _is_begun(rota: Rota, group: str, *, at: datetime) -> bool:
    """Whether some of a group is over in a published rota: it stays with who had it."""
    return bool(rota.version and group) and (
        rota.duties.filter(group=group, ends_at__lte=at).exists()
    )
