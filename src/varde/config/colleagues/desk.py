"""The colleagues at the sentral's desk: they answer what nobody takes, and close it."""

from collections.abc import Iterator

from varde.apps.records.models import Contact, Outcome, Patient, User
from varde.apps.sentral.queries import attendance, queue
from varde.apps.sentral.services import amk, calls, closing, contacts, outcomes, triage
from varde.apps.sentral.services.contacts.second_look import second_look
from varde.config.colleagues.house import House, tried


LET_RING_S = 45.0  # so long a call is left for the person at the screen
KNOWS_S, JUDGES_S, DECIDES_S, CLOSES_S = 60.0, 150.0, 200.0, 240.0
# As the history: (hastegrad, outcome) with their weights.
ENDS = (
    (("vanlig", Outcome.Kind.ADVICE), 50),
    (("vanlig", Outcome.Kind.ATTENDANCE), 18),
    (("haster", Outcome.Kind.ATTENDANCE), 18),
    (("haster", Outcome.Kind.HOME_VISIT), 5),
    (("haster", Outcome.Kind.CALL_OUT), 3),
    (("haster", Outcome.Kind.KAD), 3),
    (("akutt", Outcome.Kind.AMBULANCE), 3),
)
REASONS = ("R74", "R05", "D01", "L84", "H71", "U71", "S16", "A03", "N01", "K86")
TOLD = (
    "Feber og hoste i tre dager.",
    "Vondt i magen siden i natt.",
    "Falt hjemme, vondt i håndleddet.",
    "Svir ved vannlating.",
    "Utslett på armene, klør.",
    "Vondt i øret, barnet sover dårlig.",
    "Svimmel og kvalm etter middag.",
)


def work(house: House) -> Iterator[str]:
    """What the desk does now, a sentence for each thing that others hear of."""
    operators = house.on_duty("operator", "shift_leader")
    for operator in operators:
        calls.heartbeat(by=operator, at=house.now)
        mine = Contact.objects.filter(owner=operator, state=Contact.State.OPEN)
        rows = list(mine.select_related("patient").order_by("pk"))
        for contact in rows:
            yield from _go_on(house, operator, contact)
        if not rows:
            yield from _answer(house, operator)


def _answer(house: House, operator: User) -> Iterator[str]:
    for call in queue.waiting_calls(house.sentral.pk, now=house.now):
        if not house.is_past(call.since, seconds=LET_RING_S):
            continue
        taken = tried(calls.answer, call_id=call.id, by=operator, at=house.now)
        if taken is not None:
            yield f"{operator.name} svarer"
            return


def _go_on(house: House, operator: User, contact: Contact) -> Iterator[str]:
    """The next step of a contact, when its time has come."""
    chance = house.draw("contact", contact.pk)
    (level, kind) = chance.choices(
        [end for end, _weight in ENDS], [weight for _end, weight in ENDS]
    )[0]
    about = {"contact_id": contact.pk, "by": operator, "at": house.now}
    since = contact.claimed_at
    if contact.patient is None and house.is_past(since, seconds=KNOWS_S):
        tried(contacts.choose_patient, patient_id=_patient(house, contact), **about)
        tried(
            contacts.save_fields,
            fields={
                "caller_relation": "self",
                "narrative": chance.choice(TOLD),
                "consent_fastlege": "yes",
            },
            **about,
        )
    elif not contact.hastegrad_phone and house.is_past(since, seconds=JUDGES_S):
        tried(triage.assess,
            axis="phone", complaint="", criteria=(), hastegrad=level,
            red_flags_ruled_out=level != "akutt", reason_lowered="", **about,
        )  # fmt: skip
    elif not contact.outcomes.exclude(kind=Outcome.Kind.AMK).exists():
        if contact.hastegrad_phone and house.is_past(since, seconds=DECIDES_S):
            yield from _decide(house, contact, kind, about)
    elif house.is_past(since, seconds=CLOSES_S):
        _close(house, contact, chance.choice(REASONS), about)


def _patient(house: House, contact: Contact) -> int:
    known = Patient.objects.filter(
        phone=contact.callback_number, merged_into=None
    ).order_by("pk")
    found = known.values_list("pk", flat=True).first() if contact.callback_number else 0
    if found:
        return found
    rows = Patient.objects.filter(district=contact.district_id, merged_into=None)
    first = rows.order_by("pk").values_list("pk", flat=True).first() or 0
    most = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
    wanted = house.draw("patient", contact.pk).randint(first, most)
    near = rows.filter(pk__gte=wanted).order_by("pk")
    return near.values_list("pk", flat=True).first() or most


def _decide(house: House, contact: Contact, kind: str, about: dict) -> Iterator[str]:
    more = {}
    if kind != Outcome.Kind.ADVICE:
        stations = attendance.stations_for(contact, now=house.now)
        place = next((s for s in stations if s.is_own), stations[0])
        travel = place.travel_min if place.travel_min is not None else 20
        more = {"station_id": place.id}
        if kind == Outcome.Kind.ATTENDANCE:
            more |= {"travel_min": travel}
    if contact.hastegrad_phone == "akutt":
        tried(amk.called, mode="conference", **about)
        tried(
            amk.acknowledge,
            mission_number=f"D{contact.pk}",
            said="Overlatt til AMK.",
            **about,
        )
    if tried(outcomes.add, kind=kind, **about, **more) is None:
        tried(outcomes.add, kind=Outcome.Kind.ADVICE, **about)
    elif kind in (Outcome.Kind.CALL_OUT, Outcome.Kind.HOME_VISIT):
        yield f"{about['by'].name} sender lege ut"


def _close(house: House, contact: Contact, reason: str, about: dict) -> None:
    if contact.repeat_no > 1 and contact.second_look_at is None:
        other = next(
            (o for o in house.on_duty("operator", "shift_leader") if o != about["by"]),
            None,
        )
        if other is not None:
            tried(second_look, contact_id=contact.pk, by=other, at=house.now)
    if not contact.reason_code:
        tried(closing.set_reason, code=reason, deliberate=True, **about)
    tried(closing.close, **about)
