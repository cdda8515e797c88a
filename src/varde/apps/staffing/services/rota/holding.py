"""Who has a place in a rota: the one door through which it is changed.

Everybody who changes a rota locks its row first, so that two at once come one after the
other, and each is judged by what the other has done.
"""

from dataclasses import dataclass
from datetime import datetime

from varde.apps.records import audit
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    Duty,
    DutyOffer,
    Rota,
    RotaChange,
    RotaDuty,
    RotaOverride,
    User,
    Vacancy,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.ground import Ground, ground_of
from varde.apps.staffing.services.rota import vacancy_pay
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.rules.breach import (
    NEVER_SET_ASIDE,
    Breach,
    ChangeJudged,
    RotaRule,
)
from varde.domain.rota.rules.changing import judge_change


LONGEST_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A rota that nobody else changes until the transaction ends, and its workplace."""

    rota: Rota
    workplace: Workplace


def locked(rota_id: int, *, workplace: Workplace) -> Locked:
    """Lock the rota of a workplace."""
    row = Rota.objects.select_for_update(of=("self",)).get(
        pk=rota_id, **workplace.where
    )
    return Locked(rota=row, workplace=workplace)


def place_in(held: Locked, place_id: int) -> RotaDuty:
    """A place of the locked rota, as it is now."""
    return held.rota.duties.select_related("person", "duty").get(pk=place_id)


def known_person(person_id: int) -> User:
    """The person of an id that came with a form; never one whose account is closed.

    Raises `RuleBroken`: ROTA_NOT_OF_WORKPLACE.
    """
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise RuleBroken(Rule.ROTA_NOT_OF_WORKPLACE)
    return person


def refuse_unless_seen(held: Locked, place: RotaDuty, *, seen: int) -> None:
    """Refuse a change of what another has changed since it was looked at.

    Raises `RuleBroken`: ROTA_CHANGED (by, at, place).
    """
    if place.row_version == seen:
        return
    raise RuleBroken(Rule.ROTA_CHANGED, **changed_last(held, place))


def changed_last(held: Locked, place: RotaDuty | None = None) -> dict[str, str]:
    """Who changed a place last, and when; without a place, which one of the rota."""
    rows = held.rota.changes.select_related("by", "place").order_by("-at", "-pk")
    last = (rows if place is None else rows.filter(place=place)).first()
    changed = place or (last and last.place)
    return {
        "by": last.by.name if last and last.by else "",
        "at": last.at.isoformat() if last else "",
        "place": f"{changed.starts_at:%Y-%m-%d}" if changed else "",
    }


def judged(
    held: Locked, changes: dict[RotaDuty, User | None], *, ground: Ground | None = None
) -> ChangeJudged:
    """What changes of a locked rota break. A person without a position here has no place.

    Raises `RuleBroken`: ROTA_NOT_OF_WORKPLACE.
    """
    known = ground or ground_of(held.rota, workplace=held.workplace)
    for person in changes.values():
        if person is not None and known.worker(str(person.pk)) is None:
            raise RuleBroken(Rule.ROTA_NOT_OF_WORKPLACE)
    return judge_change(
        change={
            str(place.pk): None if person is None else str(person.pk)
            for place, person in changes.items()
        },
        slots=known.all_slots,
        workers=known.workers,
        assignment=known.whole,
        limits=known.limits,
        wishes=known.wishes,
        needs=known.needs,
    )


def hard_of(found: ChangeJudged, *, of_one: bool = False) -> tuple[Breach, ...]:
    """The hard breaches that come with a change.

    `of_one`: the change is about one duty of a published rota (sickness, a swap), where
    what else is in its group stays with the one who has it.
    """
    return tuple(
        breach
        for breach in found.came
        if breach.is_hard
        and not (of_one and breach.rule is RotaRule.A_WHOLE_GROUP_BY_ONE_PERSON)
    )


def members_of(held: Locked, place: RotaDuty, *, at: datetime) -> list[RotaDuty]:
    """The places that change hands together: of the same group and the same holder.

    Those of a published rota that are over are not among them: what has been stays.
    """
    if not place.group:
        return [place]
    others = held.rota.duties.select_related("person", "duty").filter(
        group=place.group, person=place.person
    )
    if held.rota.state == Rota.State.PUBLISHED:
        others = others.filter(ends_at__gt=at)
    return [place, *others.exclude(pk=place.pk).order_by("starts_at", "pk")]


def set_aside(
    place: RotaDuty,
    person: User,
    breaches: tuple[Breach, ...],
    *,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    """Write that hard rules are set aside for one place, by whom and why.

    Those that are never set aside are not: they stop the publication. Raises
    `RuleBroken`: ROTA_OWN_HARD_RULE where it is for oneself.
    """
    if person.pk == by.pk:
        raise RuleBroken(Rule.ROTA_OWN_HARD_RULE)
    RotaOverride.objects.bulk_create(
        RotaOverride(place=place, person=person, rule=rule, reason=reason, by=by, at=at)
        for rule in sorted({str(b.rule) for b in breaches} - NEVER_SET_ASIDE)
    )


def hand_over(
    held: Locked,
    place: RotaDuty,
    person: User | None,
    *,
    kind: RotaChange.Kind,
    by: User | None,
    at: datetime,
    reason: str = "",
    is_fixed: bool | None = None,
    undoes: RotaChange | None = None,
) -> RotaChange:
    """Give a place to a person or to nobody, in a rota that is locked.

    Where the rota is published, the duties that others read follow, the version goes up,
    and a place that gets somebody is no longer sought filled. Nothing is judged here.
    """
    before = place.person
    place.person = person
    place.row_version += 1
    if is_fixed is not None:
        place.is_fixed = is_fixed
    if held.rota.state == Rota.State.PUBLISHED:
        held.rota.version += 1
        _follow(held, place, at=at)
        if person is not None:
            _seek_no_more(held, place, person, by=by, at=at)
    place.save(update_fields=["person", "row_version", "is_fixed", "duty"])
    held.rota.row_version += 1
    held.rota.save(update_fields=["version", "row_version"])
    change = RotaChange.objects.create(
        rota=held.rota,
        place=place,
        kind=kind,
        before=before,
        after=person,
        reason=reason,
        undoes=undoes,
        version=held.rota.version,
        by=by,
        at=at,
    )
    told(
        held,
        what=f"rota_{kind}",
        by=by,
        at=at,
        row_id=place.pk,
        before=before.pk if before else None,
        after=person.pk if person else None,
    )
    return change


def told(
    held: Locked,
    *,
    what: str,
    by: User | None,
    at: datetime,
    row_id: int,
    table: str = "records_rotaduty",
    **data: int | str | None,
) -> None:
    """Write in the log what was done with a rota, and tell the screens."""
    audit.log(
        what=what,
        by=by,
        at=at,
        district_id=held.workplace.district_id,
        table=table,
        row_id=row_id,
        purpose="",
        data={"rota": held.rota.pk, "version": held.rota.version, **data},
    )
    is_out = held.rota.state == Rota.State.PUBLISHED
    topics = (Topic.ROTA, Topic.DUTY) if is_out else (Topic.ROTA,)
    for sentral_id in held.workplace.sentraler:
        announce(*topics, sentral_id=sentral_id)


def _seek_no_more(
    held: Locked, place: RotaDuty, person: User, *, by: User | None, at: datetime
) -> None:
    """The open vacancy of a place is filled: what the holder is paid is written, and who was
    asked and has not answered is late."""
    vacancy = place.vacancies.filter(state=Vacancy.State.OPEN).first()
    if vacancy is None:
        return
    vacancy.place = place
    paid = vacancy_pay.settle(vacancy, person, workplace=held.workplace, by=by, at=at)
    if paid is not None:
        told(
            held,
            what="rota_vacancy_paid",
            by=by,
            at=at,
            table="records_vacancy",
            row_id=vacancy.pk,
            pay=paid.pk,
        )
    vacancy.state, vacancy.filled_by, vacancy.filled_at = (
        Vacancy.State.FILLED,
        person,
        at,
    )
    vacancy.save(update_fields=["state", "filled_by", "filled_at"])
    vacancy.offers.filter(
        state__in=[DutyOffer.State.ASKED, DutyOffer.State.WAITING]
    ).update(state=DutyOffer.State.TOO_LATE)


def _follow(held: Locked, place: RotaDuty, *, at: datetime) -> None:
    """Let the published duty follow its place.

    A duty that has begun keeps what was: it ends now, and the rest is another's.
    """
    old = place.duty
    has_begun = place.starts_at < at < place.ends_at
    if old is not None and has_begun:
        old.ends_at = at
        old.save(update_fields=["ends_at"])
        place.duty = old = None
    if place.person is None:
        place.duty = None
        if old is not None:
            place.save(update_fields=["duty"])
            old.delete()
    elif old is not None:
        old.person, old.phone, old.is_reachable = place.person, "", True
        old.save(update_fields=["person", "phone", "is_reachable"])
    else:
        place.duty = Duty.objects.create(
            person=place.person,
            post=place.post,
            starts_at=at if has_begun else place.starts_at,
            ends_at=place.ends_at,
            **held.workplace.where,
        )
