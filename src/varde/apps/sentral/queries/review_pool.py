"""Which contacts of a period are reviewed, and why: the facts that a draw needs.

The number of queries does not grow with the number of contacts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from varde.apps.records import settings
from varde.apps.records.models import Assessment, Contact, Patient, Sentral
from varde.apps.sentral.queries.answer_time import midnight
from varde.domain.hastegrad import ARRIVAL, PHONE, Hastegrad, Scale
from varde.domain.review import was_upgraded


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The closed contacts of a period, and those of them that are always reviewed."""

    districts: Mapping[int, int]  # contact -> district
    repeated: frozenset[int]
    upgraded: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Later:
    """A contact of a person, as far as a comparison with an earlier one needs it."""

    opened_at: datetime
    phone: str


def pool(sentral: Sentral, *, first: date, until: date) -> Pool:
    """What was closed in a period of local days, `until` not included.

    Repeated: a contact within the window of an earlier one about the same patient (its
    number in the row is 2 or more). Upgraded: judged more urgent later, seen as more
    urgent at arrival, or followed within the window by a more urgent contact about the
    same patient. An unknown patient cannot be known to have come back.
    """
    rows = list(
        Contact.objects.filter(
            sentral=sentral,
            state=Contact.State.CLOSED,
            closed_at__gte=midnight(first),
            closed_at__lt=midnight(until),
        ).select_related("patient")
    )
    raised = _raised(rows)
    worse = _came_back_worse(rows, window=_window(sentral, on=first))
    return Pool(
        districts={row.pk: row.district_id for row in rows},
        repeated=frozenset(row.pk for row in rows if row.repeat_no >= 2),
        upgraded=raised | worse,
    )


def _window(sentral: Sentral, *, on: date) -> timedelta:
    hours = settings.value(
        "repeat.window_h", on=on, district_id=sentral.host_district_id
    )
    return timedelta(hours=hours)


def _raised(rows: list[Contact]) -> frozenset[int]:
    judged: dict[tuple[int, str], list[str]] = defaultdict(list)
    found = Assessment.objects.filter(contact__in=rows).order_by("occurred_at", "pk")
    for contact_id, axis, code in found.values_list("contact_id", "axis", "hastegrad"):
        judged[contact_id, axis].append(code)
    return frozenset(
        row.pk
        for row in rows
        if was_upgraded(
            phone=_levels(
                PHONE,
                row.hastegrad_phone_first,
                *judged[row.pk, Assessment.Axis.PHONE],
                row.hastegrad_phone,
            ),
            arrival=_levels(
                ARRIVAL,
                row.hastegrad_arrival_first,
                *judged[row.pk, Assessment.Axis.ARRIVAL],
                row.hastegrad_arrival,
            ),
        )
    )


def _levels(scale: Scale, *codes: str) -> list[Hastegrad]:
    """The levels, without those that were not set."""
    return [scale.level(code) for code in codes if code]


def _came_back_worse(rows: list[Contact], *, window: timedelta) -> frozenset[int]:
    known = [row for row in rows if row.patient is not None and row.hastegrad_phone]
    if not known:
        return frozenset()
    person_of = _persons(known)
    later = _contacts_of(
        person_of,
        since=min(row.opened_at for row in known),
        until=max(row.opened_at for row in known) + window,
    )
    return frozenset(
        row.pk
        for row in known
        if any(
            row.opened_at < other.opened_at <= row.opened_at + window
            and PHONE.level(other.phone).is_more_urgent_than(
                PHONE.level(row.hastegrad_phone)
            )
            for other in later[person_of[row.patient_id]]
        )
    )


def _persons(rows: Iterable[Contact]) -> dict[int, str]:
    """Each patient row of the persons of these contacts -> one name for the person.

    The same rule as `access.same_person`: the same national number, or merged.
    """
    patients = [row.patient for row in rows if row.patient is not None]
    roots = {patient.merged_into_id or patient.pk for patient in patients}
    numbers = {patient.national_id for patient in patients} - {""}
    found = Patient.objects.filter(
        Q(pk__in=roots) | Q(merged_into__in=roots) | Q(national_id__in=numbers)
    ).values_list("pk", "merged_into_id", "national_id")
    number_of = {pk: number for pk, _, number in found}
    return {
        pk: number or number_of.get(root) or f"row {root or pk}"
        for pk, root, number in found
    }


def _contacts_of(
    person_of: Mapping[int, str], *, since: datetime, until: datetime
) -> Mapping[str, list[_Later]]:
    found: dict[str, list[_Later]] = defaultdict(list)
    rows = Contact.objects.filter(
        patient__in=person_of, opened_at__gt=since, opened_at__lte=until
    ).exclude(hastegrad_phone="")
    for patient_id, opened_at, phone in rows.values_list(
        "patient_id", "opened_at", "hastegrad_phone"
    ):
        found[person_of[patient_id]].append(_Later(opened_at=opened_at, phone=phone))
    return found
