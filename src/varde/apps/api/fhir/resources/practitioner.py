"""Practitioner and PractitionerRole: those who work here, and the fastleger."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from varde.apps.api.fhir import kinds, systems
from varde.apps.api.fhir.filters import always, chosen, code, ids, to
from varde.apps.api.fhir.kinds import About, Kind, Parameter, Source, Type
from varde.apps.api.fhir.parts import Json, concept, day, reference
from varde.apps.records.models import Fastlege, RoleGrant, User
from varde.apps.sentral import log_messages
from varde.apps.sentral.queries import held


ROLE = systems.own("role")


def people(districts: frozenset[int]) -> QuerySet[User]:
    """Those who hold, or once held, a role at a place of these districts."""
    return held.people_in(districts)


def fastleger(districts: frozenset[int]) -> QuerySet[Fastlege]:
    """All fastleger: they and their offices belong to no district of ours."""
    return Fastlege.objects.select_related("office")


def draw_person(row: User) -> Json:
    """Somebody who works here, by name and HPR number; nothing private."""
    return {
        "identifier": _hpr(row.hpr_number),
        "active": row.is_active,
        "name": [
            {
                "use": "official",
                "text": row.name,
                "family": row.last_name,
                "given": row.first_name.split(),
            }
        ],
    }


def draw_fastlege(row: Fastlege) -> Json:
    """A fastlege, by name and HPR number."""
    return {
        "identifier": _hpr(row.hpr_number),
        "active": True,
        "name": [{"use": "official", "text": row.name}],
    }


def grants(districts: frozenset[int]) -> QuerySet[RoleGrant]:
    """Every role held, once or now, at a place of these districts."""
    found = held.grants_in(districts)
    return RoleGrant.objects.filter(pk__in=found.values("pk")).select_related(
        "user", "sentral", "station", "district"
    )


def draw_grant(row: RoleGrant) -> Json:
    """A role at a place. It ends on the day before the one from which it is not held."""
    today = timezone.localdate()
    end = row.valid_to
    is_held = row.valid_from <= today and (end is None or end > today)
    last = max(end - timedelta(days=1), row.valid_from) if end is not None else None
    return {
        "active": is_held,
        "period": {"start": day(row.valid_from), "end": day(last)},
        "practitioner": reference("Practitioner", f"u-{row.user_id}", row.user.name),
        "organization": {"display": held.place_of(row).name},
        "code": [concept(ROLE, row.role, log_messages.roles_in_words([row.role]))],
        "location": [reference("Location", row.station.pk, row.station.name)]
        if row.station is not None
        else [],
    }


def draw_fastlege_role(row: Fastlege) -> Json:
    """A fastlege at an office."""
    office = row.office
    return {
        "active": True,
        "practitioner": reference("Practitioner", f"f-{row.pk}", row.name),
        "organization": {
            "identifier": {"system": systems.HER_ID, "value": office.her_id}
            if office.her_id
            else {},
            "display": office.name,
        },
        "code": [concept(ROLE, "fastlege", "fastlege")],
        "telecom": [{"system": "phone", "value": office.phone}] if office.phone else [],
    }


def _hpr(number: str) -> list[Json]:
    return [{"system": systems.HPR, "value": number}] if number else []


def _held_today() -> dict[str, Q]:
    today = timezone.localdate()
    now = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gt=today))
    return {"true": now, "false": ~now}


HPR_NUMBER = Parameter(
    name="identifier", type=Type.TOKEN, about=f"The HPR number, in {systems.HPR}."
)

PRACTITIONER = Kind(
    name="Practitioner",
    about="Somebody who works here (u-…), or a fastlege (f-…).",
    parameters=(
        kinds.ID,
        HPR_NUMBER,
        Parameter(name="active", type=Type.TOKEN, about="true or false."),
    ),
    sources=(
        Source(
            prefix="u",
            rows=people,
            filters={
                "_id": ids("u"),
                "identifier": code("hpr_number", system=systems.HPR),
                "active": chosen(
                    {"true": Q(is_active=True), "false": Q(is_active=False)}
                ),
            },
            draw=draw_person,
            about=lambda row: About(),
            moment=lambda row: None,
        ),
        Source(
            prefix="f",
            rows=fastleger,
            filters={
                "_id": ids("f"),
                "identifier": code("hpr_number", system=systems.HPR),
                "active": always(["true"]),
            },
            draw=draw_fastlege,
            about=lambda row: About(),
            moment=lambda row: None,
        ),
    ),
)
PRACTITIONER_ROLE = Kind(
    name="PractitionerRole",
    about="A role at a sentral, a station or a district (g-…); a fastlege's office (f-…).",
    parameters=(
        kinds.ID,
        Parameter(name="practitioner", type=Type.REFERENCE, about="Who holds it."),
        Parameter(name="role", type=Type.TOKEN, about=f"The role, in {ROLE}."),
        Parameter(name="active", type=Type.TOKEN, about="true: held today."),
        Parameter(name="location", type=Type.REFERENCE, about="The station."),
    ),
    sources=(
        Source(
            prefix="g",
            rows=grants,
            filters={
                "_id": ids("g"),
                "practitioner": to("user", kind="Practitioner", prefix="u"),
                "role": code("role", system=ROLE),
                "active": lambda token: chosen(_held_today())(token),
                "location": to("station", kind="Location"),
            },
            draw=draw_grant,
            about=lambda row: About(),
            moment=lambda row: None,
        ),
        Source(
            prefix="f",
            rows=fastleger,
            filters={
                "_id": ids("f"),
                "practitioner": to("pk", kind="Practitioner", prefix="f"),
                "role": always(["fastlege"], system=ROLE),
                "active": always(["true"]),
            },
            draw=draw_fastlege_role,
            about=lambda row: About(),
            moment=lambda row: None,
        ),
    ),
)
