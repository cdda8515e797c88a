"""A small map of where the patient is and the stations around: drawn, not fetched."""

from collections.abc import Sequence
from math import cos, radians
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from varde.apps.records.models import Contact
from varde.apps.sentral.queries import reference
from varde.apps.sentral.queries.reference import PlacePoint, StationPoint


WIDTH = 300.0
HEIGHT = 200.0
MARGIN = 24.0


def place_map(contact: Contact) -> dict[str, Any]:
    """The map and the way to the station, or nothing when the place is not known."""
    place = reference.place(contact.place_id) if contact.place_id else None
    if place is None:
        return {}
    stations = reference.stations_around(contact.sentral_id)
    return {
        "place_map": _draw(place, stations, own=contact.station_id),
        "travel_text": _travel(place, contact.station_id),
    }


def _draw(
    place: PlacePoint, stations: Sequence[StationPoint], *, own: int | None
) -> SafeString:
    points = [(place.longitude, place.latitude)]
    points += [(s.longitude, s.latitude) for s in stations]
    squeeze = cos(radians(place.latitude))
    xs = [x * squeeze for x, _y in points]
    ys = [y for _x, y in points]
    span = max(
        (max(xs) - min(xs)) / (WIDTH - 2 * MARGIN),
        (max(ys) - min(ys)) / (HEIGHT - 2 * MARGIN),
        1e-6,
    )

    def at(longitude: float, latitude: float) -> tuple[str, str]:
        x = MARGIN + (longitude * squeeze - min(xs)) / span
        y = HEIGHT - MARGIN - (latitude - min(ys)) / span
        return f"{x:.1f}", f"{y:.1f}"

    dots = format_html_join(
        "",
        '<g><rect x="{}" y="{}" width="8" height="8" transform="translate(-4 -4)"'
        ' fill="{}"/><text x="{}" y="{}" dx="7" dy="3">{}</text></g>',
        (
            (
                *at(s.longitude, s.latitude),
                "#1f5fa8" if s.id == own else "#8a94a3",
                *at(s.longitude, s.latitude),
                s.name,
            )
            for s in stations
        ),
    )
    here = at(place.longitude, place.latitude)
    return format_html(
        '<svg class="map" viewBox="0 0 300 200" role="img" aria-label="{}">{}'
        '<circle cx="{}" cy="{}" r="5" fill="#b3121d"/>'
        '<text x="{}" y="{}" dx="8" dy="-5" font-weight="700">{}</text></svg>',
        _("Kart: %(place)s og legevaktene rundt") % {"place": place.name},
        dots,
        *here,
        *here,
        place.name,
    )


def _travel(place: PlacePoint, station_id: int | None) -> str:
    if station_id is None:
        return ""
    station = reference.station_name(station_id)
    minutes = reference.travel_min(place.id, station_id)
    if minutes is None:
        return _("Reisetid til %(station)s er ikke kjent.") % {"station": station}
    return _("%(min)s minutter til %(station)s") % {"min": minutes, "station": station}
