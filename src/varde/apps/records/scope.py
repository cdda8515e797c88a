"""Whose rows one may see: the scope of a request, told to the database.

Every request is one transaction. At its start the database is told who asks and which
districts that person works in; row-level security does the rest. Without a scope no
patient's row is seen at all.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from varde.apps.records.models import Role, SentralDistrict, User


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may do where, today."""

    user_id: int | None = None
    districts: frozenset[int] = frozenset()
    # role -> the sentraler (stations) in which it is held
    sentral_roles: dict[int, frozenset[str]] = field(default_factory=dict)
    station_roles: dict[int, frozenset[str]] = field(default_factory=dict)
    district_roles: dict[int, frozenset[str]] = field(default_factory=dict)

    def roles(self) -> frozenset[str]:
        """All roles, wherever held."""
        held = [
            *self.sentral_roles.values(),
            *self.station_roles.values(),
            *self.district_roles.values(),
        ]
        return frozenset().union(*held) if held else frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether any of these roles is held anywhere."""
        return not self.roles().isdisjoint(roles)

    def sentraler(self, *roles: Role) -> frozenset[int]:
        """The sentraler in which one of these roles is held (any role if none named)."""
        return frozenset(
            sentral
            for sentral, held in self.sentral_roles.items()
            if not roles or not held.isdisjoint(roles)
        )

    def roles_at_station(
        self, *, station_id: int, district_id: int, sentraler: Iterable[int]
    ) -> frozenset[str]:
        """The roles that count at a station: held there, in its district, or at one of the
        sentraler that answer for the district."""
        return frozenset().union(
            self.station_roles.get(station_id, frozenset()),
            self.district_roles.get(district_id, frozenset()),
            *(self.sentral_roles.get(sentral, frozenset()) for sentral in sentraler),
        )


NOBODY = Scope()


GRANTS = """
SELECT held.role, held.sentral_id, held.station_id, held.district_id,
  coalesce(held.district_id, station.district_id, sentral.host_district_id),
  ARRAY(
    SELECT served.district_id FROM records_sentraldistrict served
    WHERE served.sentral_id = held.sentral_id AND served.valid_from <= %(on)s
      AND (served.valid_to IS NULL OR served.valid_to > %(on)s))
FROM records_rolegrant held
LEFT JOIN records_sentral sentral ON sentral.id = held.sentral_id
LEFT JOIN records_station station ON station.id = held.station_id
WHERE held.user_id = %(user)s AND held.valid_from <= %(on)s
  AND (held.valid_to IS NULL OR held.valid_to > %(on)s)
"""


def scope_of(user: User, *, on: date) -> Scope:
    """The scope of a user on a date. A user without a valid role sees no patient.

    One statement: it is asked at every request.
    """
    with connection.cursor() as cursor:
        cursor.execute(GRANTS, {"user": user.pk, "on": on})
        grants = cursor.fetchall()
    by_sentral: dict[int, set[str]] = {}
    by_station: dict[int, set[str]] = {}
    by_district: dict[int, set[str]] = {}
    districts: set[int] = set()
    for role, sentral_id, station_id, district_id, home, served in grants:
        if sentral_id:
            by_sentral.setdefault(sentral_id, set()).add(role)
        elif station_id:
            by_station.setdefault(station_id, set()).add(role)
        else:
            by_district.setdefault(district_id, set()).add(role)
        districts.add(home)
        districts.update(served)
    return Scope(
        user_id=user.pk,
        districts=frozenset(districts),
        sentral_roles={k: frozenset(v) for k, v in by_sentral.items()},
        station_roles={k: frozenset(v) for k, v in by_station.items()},
        district_roles={k: frozenset(v) for k, v in by_district.items()},
    )


def districts_served(sentraler: Iterable[int], *, on: date) -> list[int]:
    """The districts that these sentraler answer for on a date, without their hosts."""
    return list(
        SentralDistrict.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=on),
            sentral__in=list(sentraler),
            valid_from__lte=on,
        ).values_list("district_id", flat=True)
    )


def sentraler_serving(district_id: int, *, on: date) -> list[int]:
    """The sentraler that answer for a district on a date, by code."""
    return list(
        SentralDistrict.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=on),
            district=district_id,
            valid_from__lte=on,
        )
        .order_by("sentral__code")
        .values_list("sentral_id", flat=True)
    )


@contextmanager
def scoped(
    *, districts: Iterable[int], user_id: int | None = None, reason: str = ""
) -> Iterator[None]:
    """Run a transaction in which only these districts' patients are seen."""
    with transaction.atomic():
        tell_database(districts=districts, user_id=user_id, reason=reason)
        yield
        # After a fault the rollback takes the role back by itself.
        _give_back_role()


def tell_database(
    *, districts: Iterable[int], user_id: int | None = None, reason: str = ""
) -> None:
    """Set the scope for the rest of this transaction."""
    array = "{" + ",".join(str(int(d)) for d in sorted(districts)) + "}"
    with connection.cursor() as cursor:
        if settings.SET_WEB_ROLE:
            cursor.execute(f"SET LOCAL ROLE {settings.VARDE_WEB_ROLE}")
        cursor.execute(
            "SELECT set_config('varde.districts', %s, true),"
            " set_config('varde.user', %s, true), set_config('varde.reason', %s, true)",
            [array, str(user_id or ""), reason],
        )


def _give_back_role() -> None:
    """In tests the request's transaction is part of a larger one that goes on."""
    if settings.SET_WEB_ROLE and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("SELECT set_config('varde.districts', '', true)")


def _is_undone(request, response):
    """Whether what was written is taken back: a fault, or a thing that is not there.

    The API's own refusals are counted in the log, and stay.
    """
    if response.status_code >= 500:
        return True
    return response.status_code == 404 and not request.path.startswith("/api/")


class ScopeMiddleware:
    """One transaction a request, with the scope of the person who asks."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer within the scope; what fails, or is not there, changes nothing."""
        user = request.user if request.user.is_authenticated else None
        scope = scope_of(user, on=timezone.localdate()) if user is not None else NOBODY
        request.scope_of_user = scope
        with scoped(districts=scope.districts, user_id=scope.user_id):
            response = self.get_response(request)
            if _is_undone(request, response):
                transaction.set_rollback(True)
            return response
