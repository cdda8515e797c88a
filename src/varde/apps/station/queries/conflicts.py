"""Samtidighetskonflikter: those that stand, who can help now, and how many there were."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from varde.apps.records import on_duty as duties
from varde.apps.records import settings
from varde.apps.records.models import Conflict, Station
from varde.apps.sentral.messages import CONFLICT_NEED
from varde.apps.sentral.queries import reference
from varde.apps.station import access
from varde.apps.station.access import StationPlace
from varde.apps.station.messages import doctors as words
from varde.apps.station.queries import doctor_states, needs
from varde.apps.station.queries.doctor_states import DoctorNow
from varde.domain.conflict import (
    ConflictPicture,
    ConflictRule,
    DoctorOnDuty,
    Help,
    Helper,
    NeedKind,
    OtherHelp,
    WhyNot,
    conflict_picture,
)
from varde.domain.doctor_state import DoctorActivity, DoctorState


MOST = 50  # those before are in the numbers
NO_ALARMS: Mapping[str, Any] = {"station_conflicts": (), "untaken_reds": ()}


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpView:
    """Somebody who can help: who, why, the minutes if known, and the number to ring."""

    who: str
    name: str
    reason: str
    minutes: int | None
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictView:
    """One conflict as it is shown. No patient's name is in it."""

    id: int
    contact_id: int
    station: str
    need: str
    needed_at: datetime
    found_at: datetime
    why_not: tuple[tuple[str, str], ...]
    solved_at: datetime | None
    solved_by: str
    how: str
    how_note: str

    @property
    def minutes(self) -> int | None:
        """How long it stood, in whole minutes; None while it does."""
        if self.solved_at is None:
            return None
        return int((self.solved_at - self.found_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictCounts:
    """The conflicts of a period. `median_min` is None where none is solved."""

    conflicts: int
    unsolved: int
    by_need: Mapping[str, int]
    by_how: Mapping[str, int]
    median_min: float | None


def count(
    station_ids: Iterable[int], *, start: datetime, end: datetime
) -> ConflictCounts:
    """How many conflicts were found from `start` until `end`, and how they were solved.

    By the codes of `NeedKind` and `Conflict.Solved`; a code that did not occur is not
    there. The minutes are from found to solved, of those that are solved.
    """
    rows = list(
        Conflict.objects.filter(
            station__in=list(station_ids), found_at__gte=start, found_at__lt=end
        ).values_list("need", "how", "found_at", "solved_at")
    )
    stood = [(b - a).total_seconds() / 60 for _, _, a, b in rows if b is not None]
    return ConflictCounts(
        conflicts=len(rows),
        unsolved=sum(solved is None for _, _, _, solved in rows),
        by_need=Counter(need for need, _, _, _ in rows),
        by_how=Counter(how for _, how, _, _ in rows if how),
        median_min=median(stood) if stood else None,
    )


def station_alarms(place: StationPlace, *, now: datetime) -> dict[str, Any]:
    """What alarms at a station: the conflicts that stand, the reds that nobody has."""
    conflicts = [_view(row) for row in standing_rows(place).order_by("found_at", "pk")]
    told = {conflict.contact_id for conflict in conflicts}
    return {
        "station_conflicts": conflicts,
        "untaken_reds": [
            need for need in needs.untaken_reds(place) if need.contact_id not in told
        ],
    }


def standing_rows(place: StationPlace) -> QuerySet[Conflict]:
    """The conflicts that stand at a station."""
    return Conflict.objects.filter(station=place.id, solved_at=None)


def page(place: StationPlace, *, now: datetime) -> dict[str, Any]:
    """The conflicts that stand with who can help now, and the last that were solved."""
    rows = Conflict.objects.filter(station=place.id).select_related("solved_by")
    standing = [_view(r) for r in rows.filter(solved_at=None).order_by("found_at")]
    solved = rows.exclude(solved_at=None).order_by("-found_at", "-pk")[:MOST]
    return {
        "standing": standing,
        "helpers": helpers(place, now=now) if standing else (),
        "solved": [_view(row) for row in solved],
        "ways": [
            (str(code), label)
            for code, label in words.SOLVED.items()
            if code not in (Conflict.Solved.NEED_IS_OVER, Conflict.Solved.DOCTOR_TOOK)
        ],
    }


def helpers(place: StationPlace, *, now: datetime) -> tuple[HelpView, ...]:
    """Who can help now, in the order in which to ask, with numbers to ring."""
    doctors = doctor_states.on_duty(place, now=now)
    need = NeedKind.RED_PATIENT
    can_go = picture(place, doctors, need=need, untaken=0, now=now).can_go
    going = {help_.name for help_ in can_go}
    # Of the others none can go, so they and all outside are proposed.
    left = [doctor for doctor in doctors if str(doctor.user_id) not in going]
    by_id = {str(doctor.user_id): doctor for doctor in doctors}
    numbers = _numbers(place, now=now)
    return tuple(
        _help(one, by_id, numbers)
        for one in (
            *can_go,
            *picture(place, left, need=need, untaken=0, now=now).proposals,
        )
    )


def picture(
    place: StationPlace,
    doctors: Iterable[DoctorNow],
    *,
    need: NeedKind,
    untaken: int,
    now: datetime,
) -> ConflictPicture:
    """Is it a conflict, and who can go or help. Doctors are named by their ids.

    A doctor who cannot be reached is one of whom nobody knows anything.
    """
    return conflict_picture(
        [_as_domain(doctor) for doctor in doctors],
        need=need,
        at=now,
        rule=rule(place, now=now),
        untaken=untaken,
        others=_others(place),
    )


def rule(place: StationPlace, *, now: datetime) -> ConflictRule:
    """The station's rules on the day."""

    def value(key: str) -> Any:
        return settings.value(
            f"conflict.{key}",
            on=timezone.localdate(now),
            district_id=place.district_id,
            station_id=place.id,
        )

    left = {
        DoctorActivity.WITH_PATIENT: value("patient_may_be_left"),
        DoctorActivity.ON_PHONE: value("phone_may_be_left"),
    }
    return ConflictRule(
        go_within_min=value("go_within_min"),
        may_be_left=frozenset(activity for activity, may in left.items() if may),
        wake_min=value("wake_min") if value("rest_may_be_broken") else None,
    )


def _as_domain(doctor: DoctorNow) -> DoctorOnDuty:
    return DoctorOnDuty(
        doctor=str(doctor.user_id),
        tier=doctor.tier,
        state=doctor.state if doctor.is_reachable else DoctorState(),
    )


def _others(place: StationPlace) -> list[OtherHelp]:
    """The other stations of the sentraler behind this one, and the ambulance.

    Whether they can come nobody has told Varde: they are to be asked.
    """
    mine = set(place.sentraler)
    neighbours = [
        OtherHelp(
            helper=Helper.NEIGHBOUR_STATION, name=str(other.id), is_available=None
        )
        for other in access.all_stations()
        if other.id != place.id and mine & set(other.sentraler)
    ]
    return [
        *neighbours,
        OtherHelp(helper=Helper.AMBULANCE, name="", is_available=None),
    ]


def _numbers(place: StationPlace, *, now: datetime) -> Mapping[str, str]:
    """The stations' numbers by id, and AMK's under "".

    A station without a number of its own is rung at that of its doctor on duty.
    """
    phones = dict(Station.objects.values_list("pk", "phone"))
    doctors = (
        duties.running(now=now)
        .filter(
            station__in=[pk for pk, phone in phones.items() if not phone],
            post__in=doctor_states.POSTS,
            is_reachable=True,
        )
        .select_related("person")
        .order_by("station", "pk")
    )
    for duty in sorted(doctors, key=lambda row: doctor_states.POSTS.index(row.post)):
        phones[duty.station_id] = phones[duty.station_id] or duties.phone_of(duty)
    amk = settings.value(
        "conflict.amk_number",
        on=timezone.localdate(now),
        district_id=place.district_id,
    )
    return {str(pk): phone for pk, phone in phones.items()} | {"": amk}


def _help(
    one: Help, doctors: Mapping[str, DoctorNow], numbers: Mapping[str, str]
) -> HelpView:
    doctor = doctors.get(one.name)
    is_station = one.helper is Helper.NEIGHBOUR_STATION
    if is_station:
        name, phone = reference.station_name(int(one.name)), numbers.get(one.name, "")
    elif doctor is not None:
        name, phone = doctor.name, doctor.phone
    else:
        name, phone = "", numbers[""]
    return HelpView(
        who=str(words.HELPER[one.helper]),
        name=name,
        reason=str(words.HELP_REASON[one.reason])
        if doctor is None
        else doctor.state_text,
        minutes=None if one.minutes is None else round(one.minutes),
        phone=phone,
    )


def _view(row: Conflict) -> ConflictView:
    return ConflictView(
        id=row.pk,
        contact_id=row.contact_id,
        station=reference.station_name(row.station_id),
        need=str(CONFLICT_NEED[NeedKind(row.need)]),
        needed_at=row.needed_at,
        found_at=row.found_at,
        why_not=tuple(
            (
                reference.person_name(one["doctor"]),
                str(words.WHY_NOT[WhyNot(one["why"])]),
            )
            for one in row.doctors
        ),
        solved_at=row.solved_at,
        solved_by=row.solved_by.name if row.solved_by_id and row.solved_by else "",
        how=str(words.SOLVED[Conflict.Solved(row.how)]) if row.how else "",
        how_note=row.how_note,
    )
