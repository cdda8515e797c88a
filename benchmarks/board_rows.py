"""Fill one station: patients who were here, and a waiting room that is full now.

Run by `benchmarks.board` in a process of its own, as the owner of the database. The past
is one patient of the demo's history, so many times, spread evenly over the years; it is
made by the database itself, without its triggers, so that a million take a minute or two.
Prints one JSON object: the station, and how many rows of each kind it has.
"""

import argparse
import json
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from benchmarks.board_order import patients


DOCTORS = 8
# A patient who was promised a time, came, was seen and went.
MODELS_SQL = """
FROM records_attendance a
JOIN records_contact c ON c.id = a.contact_id
JOIN records_outcome o ON o.contact_id = c.id AND o.kind = 'attendance'
WHERE a.ended_at IS NOT NULL AND a.taken_at IS NOT NULL AND o.state = 'done'
"""
STATION_SQL = (
    f"SELECT a.station_id {MODELS_SQL} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
)
OF_STATION_SQL = (
    f"SELECT a.id, min(o.id) {MODELS_SQL} AND a.station_id = %s GROUP BY 1 ORDER BY 1"
)


def main() -> None:
    """Fill what is not filled already; the waiting room comes anew each time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--past", type=int, required=True)
    parser.add_argument("--years", type=int, required=True)
    parser.add_argument("--present", type=int, required=True)
    parser.add_argument("--expected", type=int, required=True)
    asked = parser.parse_args()

    import django

    django.setup()

    from django.db import connection
    from django.utils import timezone

    now = timezone.now()
    with connection.cursor() as cursor:
        # No change log and no look-ups of foreign keys for a million copies.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(STATION_SQL)
        station = cursor.fetchone()[0]
        _add_past(cursor, station, number=asked.past, years=asked.years, now=now)
        cursor.execute("SET session_replication_role = origin")
    _empty_room(station, now=now)
    _fill_room(station, present=asked.present, expected=asked.expected, now=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(json.dumps(_told(station)))


def _add_past(
    cursor: Any, station: int, *, number: int, years: int, now: datetime
) -> None:
    """Copies of the station's own past patients, until there are so many."""
    from varde.apps.records.demo.copying import continue_after, first_free_id
    from varde.apps.records.models import Attendance, Contact, Outcome

    past = Attendance.objects.filter(station=station, ended_at__isnull=False).count()
    missing = number - past
    if missing <= 0:
        return
    cursor.execute(OF_STATION_SQL, [station])
    models, outcomes = map(list, zip(*cursor.fetchall(), strict=True))
    first = {model: first_free_id(model) for model in (Contact, Outcome, Attendance)}
    cursor.execute(
        "CREATE TEMP TABLE copy_of AS SELECT n, (%s::bigint[])[1 + n %% %s] AS model,"
        " (%s::bigint[])[1 + n %% %s] AS outcome,"
        " %s::timestamptz - (1 + n) * %s::interval AS at"
        " FROM generate_series(0, %s - 1) AS n",
        [
            *(models, len(models), outcomes, len(models), now - timedelta(days=1)),
            *(timedelta(days=365 * years) / missing, missing),
        ],
    )
    new = {
        "id": "{first} + copy.n",
        "contact_id": f"{first[Contact]} + copy.n",
        "outcome_id": f"{first[Outcome]} + copy.n",
    }
    for model, alias in ((Contact, "c"), (Outcome, "o"), (Attendance, "a")):
        fields = [f'"{field.column}"' for field in model._meta.local_concrete_fields]
        values = [
            _value(model, name.strip('"'), alias, new, first[model]) for name in fields
        ]
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(fields)})"
            f" SELECT {', '.join(values)} FROM copy_of copy"
            " JOIN records_attendance a ON a.id = copy.model"
            " JOIN records_outcome o ON o.id = copy.outcome"
            " JOIN records_contact c ON c.id = a.contact_id ORDER BY copy.n"
        )
    continue_after(Contact, Outcome, Attendance)


def _value(model: Any, column: str, alias: str, new: dict[str, str], first: int) -> str:
    """What a copy has in a column: its own ids, moments moved, the rest as it was."""
    from django.db.models import DateTimeField

    if column in new:
        return new[column].format(first=first)
    field = model._meta.get_field(column.removesuffix("_id"))
    if isinstance(field, DateTimeField):
        return f'copy.at + ({alias}."{column}" - a.arrived_at)'
    return f'{alias}."{column}"'


def _empty_room(station: int, *, now: datetime) -> None:
    """Those who are here have gone, and nobody is expected."""
    from varde.apps.records.models import Attendance, Contact, Outcome

    here = Attendance.objects.filter(station=station, ended_at=None)
    Contact.objects.filter(attendances__in=here).update(state="closed", closed_at=now)
    here.update(ended_at=now, end=Attendance.End.TREATED)
    on_the_way = Outcome.objects.filter(station=station, state=Outcome.State.OPEN)
    on_the_way.update(state=Outcome.State.DONE, settled_at=now)


def _fill_room(station_id: int, *, present: int, expected: int, now: datetime) -> None:
    """So many who are here, of every hastegrad but rød, and so many on the way.

    A rød would silence the waits of all, which is less work. Every sixth is with a
    doctor.
    """
    from varde.apps.records.models import (
        Attendance,
        Contact,
        Duty,
        Outcome,
        Patient,
        Station,
    )

    station = Station.objects.get(pk=station_id)
    sentral = station.district.served_by.order_by("sentral__code").first().sentral
    Duty.objects.filter(
        station=station, starts_at__gte=now - timedelta(hours=1)
    ).delete()
    people = Patient.objects.filter(district=station.district_id, merged_into=None)
    names = cycle(people.order_by("pk")[: present + expected])
    staff = [row.doctor for row in _doctors(station_id)]
    for person in staff:
        Duty.objects.create(
            person=person,
            station=station,
            post=Duty.Post.FORVAKT,
            starts_at=now,
            ends_at=now + timedelta(hours=8),
        )
    model = Contact.objects.filter(attendances__station=station).latest("pk")

    def contact(**fields: Any) -> Contact:
        columns = {
            field.attname: getattr(model, field.attname)
            for field in Contact._meta.local_concrete_fields
            if field.attname not in ("id", *fields)
        }
        return Contact.objects.create(
            **columns
            | {
                "patient_id": next(names).pk,
                "opened_at": now - timedelta(hours=2),
                "closed_at": None,
                "hastegrad_phone": "haster",
            }
            | fields
        )

    for place, one in enumerate(patients(present)):
        level = one.level.code if one.level else ""
        row = contact(
            state=Contact.State.IN_CARE,
            hastegrad_arrival="oransje" if level == "rod" else level,
        )
        came = now - timedelta(minutes=10 + place)
        doctor = staff[place // 6 % len(staff)] if place % 6 == 0 else None
        Attendance.objects.create(
            contact=row,
            district=row.district,
            sentral=sentral,
            station=station,
            way=Attendance.Way.WALK_IN,
            ticket=f"A{place:02}",
            arrived_at=came,
            recorded_at=came,
            registered_by=staff[0],
            last_seen_at=came + timedelta(minutes=5),
            last_seen_by=staff[0],
            doctor=doctor,
            taken_at=now if doctor else None,
            first_doctor_at=now if doctor else None,
        )
    for place in range(expected):
        row = contact(state=Contact.State.CLOSED, closed_at=now)
        Outcome.objects.create(
            contact=row,
            district=row.district,
            kind=Outcome.Kind.ATTENDANCE,
            station=station,
            created_at=now,
            created_by=staff[0],
            promised_at=now + timedelta(minutes=5 * place - 15),
        )


def _doctors(station: int) -> list[Any]:
    """The last attendance of some doctors who worked here."""
    from varde.apps.records.models import Attendance

    rows = Attendance.objects.filter(station=station, doctor__isnull=False)
    seen: dict[int, Any] = {}
    for row in rows.select_related("doctor").order_by("-pk")[:1000]:
        seen.setdefault(row.doctor_id, row)
    return list(seen.values())[:DOCTORS]


def _told(station_id: int) -> dict[str, int]:
    from varde.apps.records.models import Attendance, Contact, Outcome

    here = Attendance.objects.filter(station=station_id)
    return {
        "station_id": station_id,
        "contacts": Contact.objects.count(),
        "outcomes": Outcome.objects.filter(station=station_id).count(),
        "past": here.exclude(ended_at=None).count(),
        "present": here.filter(ended_at=None).count(),
    }


if __name__ == "__main__":
    main()
