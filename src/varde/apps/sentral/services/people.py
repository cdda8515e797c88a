"""What an administrator does: people, their roles by place, and their log-ins."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from varde.apps.records import audit, lock, login, second_factor
from varde.apps.records.models import (
    AuditEntry,
    Qualification,
    Role,
    RoleGrant,
    User,
)
from varde.apps.records.scope import scope_of
from varde.apps.sentral.queries import held
from varde.apps.sentral.queries.held import Place
from varde.apps.sentral.queries.people import administered_by
from varde.domain.errors import Rule, RuleBroken


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is known of a person besides roles."""

    username: str
    first_name: str
    last_name: str
    hpr_number: str = ""
    operator_code: str = ""
    phone: str = ""


@transaction.atomic
def make_user(*, details: Details, by: User, at: datetime) -> User:
    """Make a person who can log in when she has chosen a password by a one-time link.

    The details were checked by the form. Nobody without a role sees a patient.
    """
    districts_of(by, at=at)
    user = User(**_fields(details))
    user.set_unusable_password()
    user.save()
    _log("user_made", by=by, at=at, user=user)
    return user


@transaction.atomic
def save_user(*, user_id: int, details: Details, by: User, at: datetime) -> User:
    """Change a person's details. Raises 404 for somebody who works elsewhere only."""
    user = person_for(user_id, by=by, at=at)
    changed = [
        name for name, value in _fields(details).items() if getattr(user, name) != value
    ]
    for name in changed:
        setattr(user, name, _fields(details)[name])
    if changed:
        user.save(update_fields=changed)
        _log("user_saved", by=by, at=at, user=user, fields=changed)
    return user


@transaction.atomic
def give_role(
    *,
    user_id: int,
    role: Role,
    place: Place,
    valid_from: date,
    valid_to: date | None,
    by: User,
    at: datetime,
) -> RoleGrant:
    """Give a role at a place, from a day until before another (or without end).

    Raises 404 for a person or a place outside the administrator's own, and `RuleBroken`
    for days in the wrong order (ROLE_DATES_WRONG) and for a role that is held there
    already in some of those days (ROLE_IS_HELD).
    """
    user = person_for(user_id, by=by, at=at)
    if place not in held.places_in(districts_of(by, at=at)):
        raise Http404
    today = timezone.localdate(at)
    if valid_to is not None and valid_to <= max(valid_from, today):
        raise RuleBroken(Rule.ROLE_DATES_WRONG)
    User.objects.select_for_update().get(pk=user.pk)
    same = RoleGrant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=valid_from),
        **({} if valid_to is None else {"valid_from__lt": valid_to}),
        user=user,
        role=role,
        **{place.kind: place.id},
    )
    if same.exists():
        raise RuleBroken(Rule.ROLE_IS_HELD)
    grant = RoleGrant.objects.create(
        user=user,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        **{f"{place.kind}_id": place.id},
    )
    _log("role_given", by=by, at=at, user=user, role=role, place=place.key)
    return grant


@transaction.atomic
def end_role(*, grant_id: int, by: User, at: datetime) -> RoleGrant:
    """End a role today; it is held no longer from this moment.

    Raises 404 for a role at a place that is not the administrator's, and `RuleBroken`
    (LAST_ADMINISTRATOR) where nobody else would be administrator of the place.
    """
    grant = (
        held.grants_in(districts_of(by, at=at))
        .filter(pk=grant_id)
        .select_related("sentral", "station", "district", "user")
        .first()
    )
    if grant is None:
        raise Http404
    today = timezone.localdate(at)
    place = held.place_of(grant)
    if grant.role == Role.ADMINISTRATOR:
        _keep_an_administrator(grant, place, today=today)
    grant.valid_to = max(today, grant.valid_from)
    grant.save(update_fields=["valid_to"])
    if grant.valid_to == grant.valid_from:  # it would have begun today or later
        grant.delete()
    lock.tell_streams(grant.user_id)
    _log("role_ended", by=by, at=at, user=grant.user, role=grant.role, place=place.key)
    return grant


@transaction.atomic
def give_qualification(
    *,
    user_id: int,
    kind: str,
    valid_from: date,
    valid_to: date | None,
    by: User,
    at: datetime,
) -> Qualification:
    """Write what somebody is by training, from a day until before another (or without end).

    Raises 404 for a person outside the administrator's own, and `RuleBroken`:
    ROLE_DATES_WRONG, QUALIFICATION_IS_HELD.
    """
    user = person_for(user_id, by=by, at=at)
    if valid_to is not None and valid_to <= valid_from:
        raise RuleBroken(Rule.ROLE_DATES_WRONG)
    User.objects.select_for_update().get(pk=user.pk)
    same = Qualification.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=valid_from),
        **({} if valid_to is None else {"valid_from__lt": valid_to}),
        user=user,
        kind=kind,
    )
    if same.exists():
        raise RuleBroken(Rule.QUALIFICATION_IS_HELD)
    row = Qualification.objects.create(
        user=user, kind=kind, valid_from=valid_from, valid_to=valid_to
    )
    _log("qualification_given", by=by, at=at, user=user, kind=kind)
    return row


@transaction.atomic
def end_qualification(*, qualification_id: int, by: User, at: datetime) -> None:
    """End it today: from this day it does not count. Raises 404 for another's people."""
    row = Qualification.objects.filter(pk=qualification_id).first()
    if row is None:
        raise Http404
    user = person_for(row.user_id, by=by, at=at)
    today = timezone.localdate(at)
    if row.valid_from >= today:  # it has not counted yet
        row.delete()
    else:
        row.valid_to = today
        row.save(update_fields=["valid_to"])
    _log("qualification_ended", by=by, at=at, user=user, kind=row.kind)


@transaction.atomic
def reset_second_factor(*, user_id: int, by: User, at: datetime) -> None:
    """Remove a person's app, passkeys and codes, and end her log-ins.

    She sets up a new one at her next log-in, with her password.
    """
    user = person_for(user_id, by=by, at=at)
    number = second_factor.reset(user)
    lock.end_all(of=user, by=by, at=at)
    _log("second_factor_reset", by=by, at=at, user=user, number=number)


@transaction.atomic
def end_sessions(*, user_id: int, by: User, at: datetime) -> int:
    """End a person's log-ins at every workstation. Returns how many there were."""
    return lock.end_all(of=person_for(user_id, by=by, at=at), by=by, at=at)


@transaction.atomic
def make_link(*, user_id: int, by: User, at: datetime) -> str:
    """The address where a person chooses a password, once, within a day.

    The password she has, if any, is valid until then.
    """
    user = person_for(user_id, by=by, at=at)
    _log("link_made", by=by, at=at, user=user)
    return login.invitation_path(user)


def person_for(user_id: int, *, by: User, at: datetime) -> User:
    """The person, if within what this administrator administers. Else 404."""
    districts, on = districts_of(by, at=at), timezone.localdate(at)
    user = administered_by(districts, on=on).filter(pk=user_id).first()
    if user is None:
        raise Http404
    return user


def districts_of(by: User, *, at: datetime) -> frozenset[int]:
    """The districts in which somebody is administrator. Nowhere: 404."""
    on = timezone.localdate(at)
    scope = scope_of(by, on=on)
    districts = held.districts_where(scope, Role.ADMINISTRATOR, on=on)
    if not districts:
        raise Http404
    return districts


def _keep_an_administrator(grant: RoleGrant, place: Place, *, today: date) -> None:
    """Refuse to leave a place without anybody who can give roles there."""
    others = (
        RoleGrant.objects.select_for_update(of=("self",))
        .filter(
            Q(valid_to=None) | Q(valid_to__gt=today),
            role=Role.ADMINISTRATOR,
            valid_from__lte=today,
            user__is_active=True,
            **{place.kind: place.id},
        )
        .order_by("pk")
    )
    if not [one for one in others if one.pk != grant.pk]:
        raise RuleBroken(Rule.LAST_ADMINISTRATOR, place=place.name)


def _fields(details: Details) -> dict[str, str]:
    return {name: getattr(details, name) for name in Details.__slots__}


def _log(what: str, *, by: User, at: datetime, user: User, **data: object) -> None:
    audit.log(
        kind=AuditEntry.Kind.ACT,
        what=what,
        by=by,
        at=at,
        table="records_user",
        row_id=user.pk,
        purpose="",
        data={"user": user.pk} | data,
    )
