"""Who works here: people, their roles by place, and their log-ins."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Count, Q, QuerySet

from varde.apps.records.models import Qualification, RoleGrant, User
from varde.apps.records.second_factor import FACTORS
from varde.apps.sentral import log_messages
from varde.apps.sentral.queries import held
from varde.apps.sentral.queries.held import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One role at one place."""

    id: int
    role: str
    words: str
    place: Place
    valid_from: date
    valid_to: date | None
    is_mine_to_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person, as the administrator sees her."""

    id: int
    name: str
    username: str
    hpr_number: str
    operator_code: str
    phone: str
    is_active: bool
    has_password: bool
    has_second_factor: bool
    sessions: int
    last_login: datetime | None
    roles: tuple[Held, ...]


def people(
    districts: frozenset[int],
    *,
    on: date,
    search: str = "",
    first: int = 0,
    most: int,
) -> Sequence[Person]:
    """Those who hold a role here, now or later, and those who never held any, by name.

    The roles are those of `on` and later. Whoever left is found by her whole username, so
    that she can come back.
    """
    found = visible_to(districts, on=on)
    if User.objects.filter(_has_left(districts, on=on), username=search).exists():
        found = User.objects.filter(username=search)
    for word in search.split():
        found = found.filter(
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
        )
    return _people(
        found.order_by("last_name", "first_name", "username")[first : first + most],
        districts,
        on=on,
    )


def person(user: User, districts: frozenset[int], *, on: date) -> Person:
    """One person, with every role that is or will be held."""
    (one,) = _people(User.objects.filter(pk=user.pk), districts, on=on)
    return one


def qualifications(user: User, *, on: date) -> list[Qualification]:
    """What a person is by training, now or later."""
    rows = user.qualifications.filter(Q(valid_to=None) | Q(valid_to__gt=on))
    return list(rows.order_by("valid_from", "pk"))


def visible_to(districts: frozenset[int], *, on: date) -> QuerySet[User]:
    """The people that an administrator of these districts sees.

    Those who hold a role here on the day or later. A role that was ended shows nobody any
    more, except on the day itself, so that who ended it can look at what she did. Somebody
    who never held a role is everybody's: she was just made.
    """
    theirs = held.grants_in(districts).filter(_last_day_or_later(on))
    return User.objects.filter(
        Q(pk__in=theirs.values("user")) | Q(grants=None)
    ).distinct()


def administered_by(districts: frozenset[int], *, on: date) -> QuerySet[User]:
    """Whom an administrator of these districts may change: those she sees, and those who
    left and hold no role anywhere. Who works elsewhere only is theirs."""
    return User.objects.filter(
        Q(pk__in=visible_to(districts, on=on).values("pk"))
        | _has_left(districts, on=on)
    )


def _has_left(districts: frozenset[int], *, on: date) -> Q:
    """Held a role here once, and holds none anywhere, now or later."""
    theirs = held.grants_in(districts).values("user")
    at_work = RoleGrant.objects.filter(_last_day_or_later(on)).values("user")
    return Q(pk__in=theirs) & ~Q(pk__in=at_work)


def _last_day_or_later(on: date) -> Q:
    """Grants that hold on the day or later, or ended on it."""
    return Q(valid_to=None) | Q(valid_to__gte=on)


def _people(
    users: QuerySet[User], districts: frozenset[int], *, on: date
) -> list[Person]:
    found = list(users)
    ids = [user.pk for user in found]
    grants = RoleGrant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), user__in=ids
    ).select_related("sentral", "station", "district")
    mine = set(
        held.grants_in(districts).filter(user__in=ids).values_list("pk", flat=True)
    )
    by_person: dict[int, list[Held]] = defaultdict(list)
    for grant in grants.order_by("role", "valid_from"):
        by_person[grant.user_id].append(_held(grant, is_mine=grant.pk in mine))
    factors = set(
        Authenticator.objects.filter(user__in=ids, type__in=FACTORS).values_list(
            "user", flat=True
        )
    )
    sessions = dict(
        User.objects.filter(pk__in=ids)
        .annotate(number=Count("work_sessions"))
        .values_list("pk", "number")
    )
    return [
        Person(
            id=user.pk,
            name=user.name,
            username=user.username,
            hpr_number=user.hpr_number,
            operator_code=user.operator_code,
            phone=user.phone,
            is_active=user.is_active,
            has_password=user.has_usable_password(),
            has_second_factor=user.pk in factors,
            sessions=sessions[user.pk],
            last_login=user.last_login,
            roles=tuple(by_person[user.pk]),
        )
        for user in found
    ]


def _held(grant: RoleGrant, *, is_mine: bool) -> Held:
    return Held(
        id=grant.pk,
        role=grant.role,
        words=log_messages.roles_in_words([grant.role]),
        place=held.place_of(grant),
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        is_mine_to_end=is_mine,
    )
