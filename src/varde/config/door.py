"""Who may watch which sentral or station live, and within which scope its parts are drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.utils import timezone
from django.utils.module_loading import import_string

from varde.apps.records import lock
from varde.apps.records.models import Sentral, Station
from varde.apps.records.scope import (
    Scope,
    districts_served,
    scope_of,
    scoped,
    sentraler_serving,
)
from varde.web import language
from varde.web.live import PartScope
from varde.web.streams import Viewer, Watched


def viewer(asgi_scope: dict[str, Any], place: Watched) -> Viewer | None:
    """The person who asks, if logged in, not locked, and at work in that place."""
    request = ASGIRequest(asgi_scope, BytesIO())
    try:
        request.get_host()
    except DisallowedHost:
        return None
    engine = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    request.session = engine(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    request.user = user
    if not user.is_authenticated or not lock.may_go_on(request, at=timezone.now()):
        return None
    scope = scope_of(user, on=timezone.localdate())
    seen = part_scope(
        scope,
        sentral_id=place.sentral_id,
        station_id=place.station_id,
        language=language.chosen(request),
    )
    return Viewer(user_id=user.pk, scope=seen) if seen is not None else None


def part_scope(
    scope: Scope, *, sentral_id: int, language: str, station_id: int | None = None
) -> PartScope | None:
    """What a person sees of a sentral, or None for one without a role there.

    A role counts that is held at the sentral, or in a district that it serves or at a
    station of such a district. With a station: what is seen of that station, by the roles
    that count there; None where it is not one that the sentral answers for.
    """
    if station_id is not None:
        return _station_scope(
            scope, sentral_id=sentral_id, station_id=station_id, language=language
        )
    today = timezone.localdate()
    host = Sentral.objects.filter(pk=sentral_id).values_list("host_district", flat=True)
    served = {*host, *districts_served([sentral_id], on=today)}
    stations = Station.objects.filter(pk__in=scope.station_roles, district__in=served)
    held = [
        scope.sentral_roles.get(sentral_id, frozenset()),
        *(scope.district_roles.get(district, frozenset()) for district in served),
        *(scope.station_roles[station.pk] for station in stations),
    ]
    roles = frozenset().union(*held)
    if not roles:
        return None
    return PartScope(
        sentral_id=sentral_id,
        districts=scope.districts & served,
        roles=roles,
        roles_here=scope.sentral_roles.get(sentral_id, frozenset()),
        language=language,
    )


def _station_scope(
    scope: Scope, *, sentral_id: int, station_id: int, language: str
) -> PartScope | None:
    station = Station.objects.filter(pk=station_id).first()
    if station is None:
        return None
    serving = sentraler_serving(station.district_id, on=timezone.localdate())
    roles = scope.roles_at_station(
        station_id=station_id, district_id=station.district_id, sentraler=serving
    )
    if sentral_id not in serving or not roles:
        return None
    return PartScope(
        sentral_id=sentral_id,
        station_id=station_id,
        districts=scope.districts & {station.district_id},
        roles=roles,
        roles_here=roles,
        language=language,
    )


@contextmanager
def within(place: PartScope) -> Iterator[None]:
    """A transaction that sees what those who watch see."""
    with scoped(districts=place.districts):
        yield


def database() -> dict[str, Any]:
    """How the listening connection reaches the database that Django uses."""
    known = connections["default"].settings_dict
    names = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    values = {name: known[key] for name, key in names.items() if known[key]}
    # A network that swallows packets is noticed within half a minute.
    return values | {"keepalives_idle": 10, "keepalives_interval": 5}
