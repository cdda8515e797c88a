"""The colleagues at a station: the nurses at the door, the doctors, the car and the note."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

from varde.apps.records.models import (
    Attendance,
    Bed,
    BedStay,
    Duty,
    Mission,
    Order,
    Outcome,
    User,
)
from varde.apps.station.access import StationPlace
from varde.apps.station.queries import board
from varde.apps.station.queries.beds.criteria import criteria
from varde.apps.station.services import (
    arrival,
    beds,
    doctors,
    looks,
    missions,
    notes,
    orders,
)
from varde.config.colleagues.house import House, tried


TRIAGE_S = (120.0, 420.0)
SEEN_S = (420.0, 1500.0)  # with the doctor
TEST_S = 300.0
OBSERVED_S = 7200.0
LATE_S = (-300.0, 1200.0)  # after the promised time
STAYS_AWAY = 0.05
GIVES_UP = timedelta(hours=5)  # somebody of an earlier day, left on the board
WALK_INS_AN_HOUR = 1.0  # at each station
LEVELS = (("oransje", 8), ("gul", 40), ("gronn", 42), ("bla", 10))
TESTS = ("crp", "hb", "glucose", "strep_a")
RESULTS = {
    "crp": {"crp": "24"},
    "hb": {"hb": "13.4"},
    "glucose": {"glucose": "5.8"},
    "strep_a": {"strep_a": "negative"},
}
WHY = (
    "Kutt i fingeren",
    "Vondt i halsen",
    "Tråkket over, hoven ankel",
    "Feber, slapp",
    "Rusk i øyet",
)
NOTE = {
    "why": "Som beskrevet ved ankomst.",
    "found": "God allmenntilstand. Normale mål.",
    "judged": "Ingen tegn til alvorlig sykdom.",
    "done": "Undersøkt. Fått råd.",
    "plan": "Ny kontakt ved forverring.",
}
DIAGNOSES = ("R74", "L77", "S18", "A03", "R76", "U71")
LEGS = (("left", 120), ("at_scene", 900), ("left_scene", 2400), ("free", 3000))


def work(house: House, place: StationPlace) -> Iterator[str]:
    """What a station does now."""
    nurses = house.on_duty(Duty.Post.NURSE, place=place)
    if nurses:
        yield from _door(house, place, nurses)
        _judge_and_look(house, place, nurses)
        _tests(house, place, nurses[-1])
    for doctor in house.on_duty(
        Duty.Post.FORVAKT, Duty.Post.KONSULTASJONSVAKT, place=place
    ):
        yield from _treat(house, place, doctor)
    _go_out(house, place)
    _let_go(house, place)


def _door(house: House, place: StationPlace, nurses: list[User]) -> Iterator[str]:
    """Those who were promised a time, and those who were not."""
    promised = Outcome.objects.filter(
        station=place.id, kind=Outcome.Kind.ATTENDANCE, state=Outcome.State.OPEN
    )
    for outcome in promised.exclude(promised_at=None).order_by("pk")[:50]:
        chance = house.draw("comes", outcome.pk)
        if chance.random() < STAYS_AWAY:
            continue
        way = (outcome.promised_at - outcome.created_at).total_seconds()
        due = way + chance.uniform(*LATE_S)
        is_old = house.now - outcome.promised_at > GIVES_UP
        if is_old or not house.is_past(outcome.created_at, seconds=max(60.0, due)):
            continue
        tried(
            arrival.arrive,
            outcome_id=outcome.pk,
            station_id=place.id,
            by=nurses[0],
            at=house.now,
        )
        yield f"{place.name}: en ventet pasient er kommet"
    minute = int(house.now.timestamp() // 60)
    is_new = not Attendance.objects.filter(
        station=place.id, arrived_at__gte=house.now - timedelta(seconds=60)
    ).exists()
    chance = house.draw("walk-in", place.code, minute)
    if is_new and chance.random() < WALK_INS_AN_HOUR / 60 * house.pace:
        tried(
            arrival.register,
            station_id=place.id,
            sentral=house.sentral,
            way="walk_in",
            patient={"estimated_age": str(chance.randint(2, 88))},
            why=chance.choice(WHY),
            by=nurses[0],
            at=house.now,
        )
        yield f"{place.name}: en pasient kom rett fra gata"


def _judge_and_look(house: House, place: StationPlace, nurses: list[User]) -> None:
    waiting, _with_doctor = board.patients(place, now=house.now)
    for row in waiting:
        chance = house.draw("judge", row.id)
        if house.now - row.arrived_at > GIVES_UP:
            tried(looks.leave,
                attendance_id=row.id, end="left", note="Ikke her da det ble ropt opp",
                by=nurses[0], at=house.now,
            )  # fmt: skip
        elif not row.hastegrad:
            if house.is_past(row.arrived_at, seconds=chance.uniform(*TRIAGE_S)):
                _judge(house, row.id, nurses[0])
        elif row.must_look_again:
            tried(
                looks.look,
                attendance_id=row.id,
                result="same",
                note="",
                by=nurses[0],
                at=house.now,
            )


def _judge(house: House, attendance_id: int, nurse: User) -> None:
    chance = house.draw("level", attendance_id)
    level = chance.choices(
        [one for one, _weight in LEVELS], [weight for _one, weight in LEVELS]
    )[0]
    tried(
        looks.triage_at_door,
        attendance_id=attendance_id,
        hastegrad=level,
        reason_lowered="",
        values={
            "respiration_rate": str(chance.randint(12, 22)),
            "spo2": str(chance.randint(94, 99)),
            "on_oxygen": "no",
            "systolic_bp": str(chance.randint(105, 160)),
            "pulse": str(chance.randint(58, 112)),
            "consciousness": "A",
            "temperature_c": str(round(chance.uniform(36.2, 39.1), 1)),
        },
        by=nurse,
        at=house.now,
    )


def _tests(house: House, place: StationPlace, nurse: User) -> None:
    rows = Order.objects.filter(
        attendance__station=place.id,
        attendance__ended_at=None,
        state__in=(Order.State.ORDERED, Order.State.TAKEN),
    )
    for order in rows.order_by("pk"):
        if order.test in RESULTS and house.is_past(order.ordered_at, seconds=TEST_S):
            tried(
                orders.answer,
                order_id=order.pk,
                values=RESULTS[order.test],
                by=nurse,
                at=house.now,
            )


def _treat(house: House, place: StationPlace, doctor: User) -> Iterator[str]:
    waiting, with_doctor = board.patients(place, now=house.now)
    mine = [row for row in with_doctor if row.doctor_id == doctor.pk]
    if mine:
        yield from _see(house, place, doctor, mine[0].id)
        return
    ready = [row for row in waiting if row.hastegrad]
    if ready:
        tried(doctors.take, attendance_id=ready[0].id, by=doctor, at=house.now)
        yield f"{place.name}: {doctor.name} tar neste pasient"


def _see(
    house: House, place: StationPlace, doctor: User, attendance_id: int
) -> Iterator[str]:
    """Half-way a test, at the end the note."""
    row = Attendance.objects.select_related("contact__patient").get(pk=attendance_id)
    chance = house.draw("sees", attendance_id)
    takes = chance.uniform(*SEEN_S)
    wants_test = chance.random() < 0.4
    has_test = row.orders.exists()
    if wants_test and not has_test and house.is_past(row.taken_at, seconds=takes / 3):
        codes = [chance.choice(TESTS)]
        tried(
            orders.place,
            attendance_id=row.pk,
            codes=codes,
            note="",
            by=doctor,
            at=house.now,
        )
        return
    if not house.is_past(row.taken_at, seconds=takes):
        return
    if row.orders.exclude(
        state__in=(Order.State.ANSWERED, Order.State.CANCELLED)
    ).exists():
        return
    tried(orders.seen, attendance_id=row.pk, by=doctor, at=house.now)
    _write(house, place, doctor, row, code=chance.choice(DIAGNOSES))
    if chance.random() < 0.06 and _to_bed(house, place, doctor, row):
        yield f"{place.name}: en pasient legges i seng"
        return
    is_red = row.contact.hastegrad_arrival == "rod"
    tried(
        doctors.finish,
        attendance_id=row.pk,
        end="sent_on" if is_red else "treated",
        note="",
        by=doctor,
        at=house.now,
    )
    yield f"{place.name}: {doctor.name} er ferdig med en pasient"


def _write(
    house: House, place: StationPlace, doctor: User, row: Attendance, *, code: str
) -> None:
    about = {"contact_id": row.contact_id, "by": doctor, "at": house.now}
    seen = notes.newest(row.contact_id)
    if seen is not None:
        return
    tried(notes.save_draft, station_id=place.id, fields=NOTE, **about)
    tried(notes.add_diagnosis, station_id=place.id, code=code, **about)
    tried(notes.sign, seen=0, **about)


def _to_bed(house: House, place: StationPlace, doctor: User, row: Attendance) -> bool:
    """Observation, where a bed is free."""
    taken = BedStay.objects.filter(left_at=None).values("placements__bed")
    bed = (
        Bed.objects.filter(station=place.id, kind="observation", last_on=None)
        .exclude(pk__in=taken)
        .order_by("pk")
        .first()
    )
    if bed is None:
        return False
    return None is not tried(
        beds.admit,
        place=place,
        bed_id=bed.pk,
        contact_id=row.contact_id,
        doctor_id=doctor.pk,
        answers={one.id: "yes" for one in criteria().lists[bed.kind]},
        next_at=house.now + timedelta(hours=1),
        by=doctor,
        at=house.now,
    )


def _go_out(house: House, place: StationPlace) -> None:
    """Home visits and call-outs, by the second tier or whoever has no patient."""
    for mission in Mission.objects.filter(station=place.id, ended_at=None):
        _drive(house, mission)
    wanted = (
        Outcome.objects.filter(
            station=place.id,
            kind__in=(Outcome.Kind.HOME_VISIT, Outcome.Kind.CALL_OUT),
            state=Outcome.State.OPEN,
            created_at__gte=house.now - GIVES_UP,
        )
        .exclude(missions__ended_at=None, missions__isnull=False)
        .order_by("pk")
    )
    tiers = (Duty.Post.BEREDSKAPSVAKT, Duty.Post.FORVAKT)
    for doctor in house.on_duty(*tiers, place=place):
        is_out = doctor.missions.filter(until=None).exists()
        has_patient = doctor.attendances.filter(ended_at=None).exists()
        outcome = wanted.first()
        if outcome is None or is_out or has_patient:
            continue
        if house.is_past(outcome.created_at, seconds=180.0):
            tried(
                missions.begin,
                place=place,
                outcome_id=outcome.pk,
                people=[doctor.pk],
                companion="Ambulanse",
                by=doctor,
                at=house.now,
            )


def _drive(house: House, mission: Mission) -> None:
    crew = mission.crew.select_related("person").order_by("-since", "-pk").first()
    if crew is None or crew.person_id in house.real:
        return
    done = set(mission.presses.values_list("what", flat=True))
    about = {"mission_id": mission.pk, "by": crew.person, "at": house.now}
    for leg, seconds in LEGS:
        if leg in done:
            continue
        if not house.is_past(mission.opened_at, seconds=seconds):
            return
        sent = missions.Sent(
            key=uuid5(NAMESPACE_OID, f"{mission.pk}:{leg}"),
            what=leg,
            pressed_at=house.now,
        )
        tried(missions.receive, presses=[sent], sent_at=house.now, **about)
        return
    tried(
        missions.end,
        result="treated",
        done="Tilsyn hjemme. Trenger ikke innleggelse.",
        avoided="admission",
        **about,
    )


def _let_go(house: House, place: StationPlace) -> None:
    """Who has lain in observation for some hours goes home."""
    stays = BedStay.objects.filter(
        station=place.id, kind="observation", left_at=None
    ).exclude(doctor__in=house.real)
    for stay in stays.select_related("doctor"):
        if house.is_past(stay.admitted_at, seconds=OBSERVED_S):
            tried(
                beds.discharge,
                place=place,
                stay_id=stay.pk,
                to="home",
                by=stay.doctor,
                at=house.now,
            )
