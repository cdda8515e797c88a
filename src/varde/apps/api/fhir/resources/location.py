"""Location: the stations."""

from django.db.models import QuerySet

from varde.apps.api.fhir import kinds, systems
from varde.apps.api.fhir.filters import always, code, ids
from varde.apps.api.fhir.kinds import About, Kind, Parameter, Source, Type
from varde.apps.api.fhir.parts import Json, coding, concept
from varde.apps.records.models import Station


CODE = systems.own("station")


def rows(districts: frozenset[int]) -> QuerySet[Station]:
    """The stations of these districts."""
    return Station.objects.filter(district__in=districts).select_related(
        "district", "municipality"
    )


def draw(row: Station) -> Json:
    """One station, and where it lies if that is known."""
    place = row.municipality
    is_on_map = row.latitude is not None and row.longitude is not None
    return {
        "identifier": [{"system": CODE, "value": row.code}],
        "status": "active",
        "name": row.name,
        "mode": "instance",
        "type": [
            concept(
                "http://terminology.hl7.org/CodeSystem/v3-RoleCode",
                "ER",
                "Emergency room",
            )
        ],
        "telecom": [{"system": "phone", "value": row.phone}] if row.phone else [],
        "address": {
            "line": [row.address],
            "district": place.name,
            "_district": {
                "extension": [
                    {
                        "url": systems.MUNICIPALITY_CODE,
                        "valueCoding": coding(
                            systems.MUNICIPALITY, place.number, place.name
                        ),
                    }
                ]
            },
            "country": "NO",
        },
        "position": {"longitude": row.longitude, "latitude": row.latitude}
        if is_on_map
        else {},
        "managingOrganization": {"display": row.district.name},
    }


KIND = Kind(
    name="Location",
    about="A station: the place a patient comes to.",
    parameters=(
        kinds.ID,
        kinds.status("active."),
        Parameter(name="identifier", type=Type.TOKEN, about=f"The code, in {CODE}."),
    ),
    sources=(
        Source(
            prefix="",
            rows=rows,
            filters={
                "_id": ids(""),
                "status": always(["active"]),
                "identifier": code("code", system=CODE),
            },
            draw=draw,
            about=lambda row: About(),
            moment=lambda row: None,
        ),
    ),
)
