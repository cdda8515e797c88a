"""Judging how urgent it is: the hastegrad on two axes, and vital signs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import events, settings
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Assessment, Contact, Patient, User, VitalSigns
from varde.apps.sentral.queries import triage_index
from varde.apps.sentral.queries.triage_index import IndexInHand
from varde.apps.sentral.services import amk
from varde.apps.sentral.services.acting import is_clinician
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.domain import news2 as news2_rules
from varde.domain.errors import Rule, RuleBroken
from varde.domain.hastegrad import SCALES, Hastegrad, choose
from varde.domain.news2 import Consciousness, News2, Sign, SpO2Scale
from varde.engines.triage.judging import judge


@transaction.atomic
def assess(
    *,
    contact_id: int,
    axis: str,
    complaint: str,
    criteria: Sequence[str],
    hastegrad: str,
    red_flags_ruled_out: bool | None,
    reason_lowered: str,
    by: User,
    at: datetime,
) -> Assessment:
    """Judge the urgency of an open contact on one axis (phone or arrival).

    The contact keeps the version of the index that it was first judged by, also when
    another comes into use in between. Without a complaint no index is used. Raising is
    free; to go below what the criteria say, or without criteria below what is set now,
    needs a reason. The first hastegrad of an axis is kept beside the one that counts now.

    At akutt on the phone axis the hand-over to 113 starts by itself. A lower judgement
    later does not stop its clock: that needs `amk.not_needed`, with a reason.

    Raises `RuleBroken`: CONTACT_IS_CLOSED, FIELD_NOT_VALID (axis, hastegrad),
    INDEX_NOT_IN_USE, COMPLAINT_UNKNOWN, CRITERION_UNKNOWN, REASON_NEEDED_TO_LOWER.
    """
    contact = locked(contact_id)
    chosen = _level(axis, hastegrad)
    reason = plain("reason_lowered", reason_lowered, longest=300)
    index = _index(contact, complaint, criteria)
    judged = _judged(index, complaint, criteria, axis=axis) if index else None
    set_before = getattr(contact, f"hastegrad_{axis}")
    current = SCALES[axis].level(set_before) if set_before else None
    result = choose(chosen, judged=judged, current=current, reason=reason)

    assessment = Assessment.objects.create(
        contact=contact,
        district_id=contact.district_id,
        axis=axis,
        hastegrad=result.chosen.code,
        by_criteria=judged.code if judged else "",
        complaint=complaint,
        criteria=sorted(set(criteria)),
        red_flags_ruled_out=red_flags_ruled_out,
        index_version_id=index.version_id if index else None,
        reason_lowered=reason if _is_lowered(result.chosen, judged, current) else "",
        by=by,
        occurred_at=at,
        recorded_at=timezone.now(),
    )
    _put(contact, assessment)
    events.happened(
        contact=contact,
        kind=Happened.ASSESSED,
        by=by,
        at=at,
        axis=axis,
        hastegrad=result.chosen.code,
        by_criteria=assessment.by_criteria,
        before=set_before,
        complaint=complaint,
        index_version=assessment.index_version_id,
    )
    if axis == Assessment.Axis.PHONE and result.chosen.is_most_urgent:
        amk.start(contact, by=by, at=at)
    announce(
        Topic.CONTACTS,
        Topic.NUMBERS,
        Topic.QUEUE,  # its rows show the hastegrad
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )
    return assessment


@transaction.atomic
def record_vital_signs(
    *,
    contact_id: int,
    values: Mapping[str, str],
    scale: int,
    by: User,
    at: datetime,
    scale_2_by: User | None = None,
) -> VitalSigns:
    """Keep vital signs, and NEWS2 where it may be computed.

    `values` are the signs of `domain.news2.Sign` as typed: numbers with a comma or a point,
    yes/no for oxygen, A, C, V, P or U for consciousness. What is missing or "" is not
    measured. The signs are kept also for a child, a pregnant patient or one whose age is
    unknown; the score is then left out, with the rule that says why. SpO2 scale 2 is used
    only when a doctor or an operator is named who decided it.

    Raises `RuleBroken`: CONTACT_IS_CLOSED, FIELD_UNKNOWN, FIELD_NOT_VALID,
    VITAL_SIGN_OUT_OF_RANGE, NEWS2_SCALE_2_NEEDS_DECISION.
    """
    contact = locked(contact_id)
    used = _scale(contact, scale, decided_by=scale_2_by, at=at)
    kept = _signs(values)
    signs = news2_rules.VitalSigns(**kept)
    score, refused = _score(
        contact, signs, scale=used, decided_by=scale_2_by, on=timezone.localdate(at)
    )
    row = VitalSigns.objects.create(
        contact=contact,
        district_id=contact.district_id,
        values={name: value for name, value in kept.items() if value is not None}
        | {"news2": _as_json(score, refused)},
        scale=used,
        scale2_by=scale_2_by if used is SpO2Scale.TWO else None,
        news2=score.total if score else None,
        by=by,
        occurred_at=at,
        recorded_at=timezone.now(),
    )
    events.happened(
        contact=contact,
        kind=Happened.VITAL_SIGNS,
        by=by,
        at=at,
        news2=row.news2,
        refused=refused,
    )
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
    return row


def _level(axis: str, hastegrad: str) -> Hastegrad:
    if axis not in Assessment.Axis.values:
        raise not_valid("axis", Why.NOT_A_CHOICE)
    if hastegrad not in SCALES[axis].codes:
        raise not_valid("hastegrad", Why.NOT_A_CHOICE)
    return SCALES[axis].level(hastegrad)


def _index(
    contact: Contact, complaint: str, criteria: Sequence[str]
) -> IndexInHand | None:
    """The contact's index, when a complaint of it was chosen."""
    if not complaint and criteria:
        raise RuleBroken(Rule.COMPLAINT_UNKNOWN, complaint="", index="", version="")
    if not complaint:
        return None
    index = triage_index.index_for(contact)
    if index is None:
        raise RuleBroken(Rule.INDEX_NOT_IN_USE, index="", version="")
    return index


def _judged(
    index: IndexInHand, complaint: str, criteria: Sequence[str], *, axis: str
) -> Hastegrad | None:
    """What the criteria say on this axis; None where they say nothing.

    An index for the telephone says nothing of the five colours, and the other way round.
    """
    place = {"complaint": complaint, "index": index.id, "version": index.version}
    found = index.find(complaint)
    if found is None:
        raise RuleBroken(Rule.COMPLAINT_UNKNOWN, **place)
    try:
        judgement = judge(found, criteria)
    except ValueError:
        raise RuleBroken(Rule.CRITERION_UNKNOWN, **place) from None
    if judgement.hastegrad_code is None or not index.judges(axis):
        return None
    return SCALES[axis].level(judgement.hastegrad_code)


def _is_lowered(
    chosen: Hastegrad, judged: Hastegrad | None, current: Hastegrad | None
) -> bool:
    floor = judged or current
    return floor is not None and floor.is_more_urgent_than(chosen)


def _put(contact: Contact, assessment: Assessment) -> None:
    """The contact's columns: the judgement that counts now, and the first of the axis."""
    axis = assessment.axis
    changed = [f"hastegrad_{axis}"]
    setattr(contact, f"hastegrad_{axis}", assessment.hastegrad)
    if not getattr(contact, f"hastegrad_{axis}_first"):
        setattr(contact, f"hastegrad_{axis}_first", assessment.hastegrad)
        changed.append(f"hastegrad_{axis}_first")
    if assessment.index_version_id is not None:
        contact.index_version_id = assessment.index_version_id
        contact.complaint = assessment.complaint
        changed += ["index_version", "complaint"]
    contact.save(update_fields=changed)


def _scale(
    contact: Contact, scale: int, *, decided_by: User | None, at: datetime
) -> SpO2Scale:
    if scale not in set(SpO2Scale):
        raise not_valid("scale", Why.NOT_A_CHOICE)
    if scale == SpO2Scale.TWO and (
        decided_by is None or not is_clinician(decided_by, contact, at=at)
    ):
        raise RuleBroken(Rule.NEWS2_SCALE_2_NEEDS_DECISION)
    return SpO2Scale(scale)


type _Measured = int | float | bool | Consciousness | None


def _signs(values: Mapping[str, str]) -> dict[str, _Measured]:
    unknown = sorted(set(values) - set(Sign))
    if unknown:
        raise RuleBroken(Rule.FIELD_UNKNOWN, field=unknown[0][:40])
    return {sign: _measured(sign, values.get(sign, "").strip()) for sign in Sign}


def _measured(sign: Sign, text: str) -> _Measured:
    if text == "":
        return None
    if sign is Sign.ON_OXYGEN:
        if text not in {"yes", "no"}:
            raise not_valid(sign, Why.NOT_YES_NO_UNKNOWN)
        return text == "yes"
    if sign is Sign.CONSCIOUSNESS:
        if text.upper() not in set(Consciousness):
            raise not_valid(sign, Why.NOT_A_CHOICE)
        return Consciousness(text.upper())
    return _number(sign, text)


def _number(sign: Sign, text: str) -> int | float:
    """A whole number; for the temperature one decimal, since the chart has no more."""
    whole, _, decimals = text.replace(",", ".").partition(".")
    most = 1 if sign is Sign.TEMPERATURE_C else 0
    digits = whole + decimals
    if not (digits.isascii() and digits.isdigit() and whole) or len(decimals) > most:
        raise not_valid(sign, Why.NOT_A_NUMBER)
    if len(whole) > 4:
        raise not_valid(sign, Why.TOO_LONG)
    return float(f"{whole}.{decimals or 0}") if most else int(whole)


def _score(
    contact: Contact,
    signs: news2_rules.VitalSigns,
    *,
    scale: SpO2Scale,
    decided_by: User | None,
    on: date,
) -> tuple[News2 | None, str]:
    """The score, or the rule that forbids it."""
    age = age_years(contact.patient, on=on)
    try:
        pregnant = _is_pregnant(contact, age=age, on=on)
        _refuse_under_age(contact, age, on=on)
        score = news2_rules.news2(
            signs,
            age_years=age,
            is_pregnant=pregnant,
            scale=scale,
            scale_2_decided_by=decided_by.name if decided_by else "",
        )
    except RuleBroken as refusal:
        return None, str(refusal.rule)
    return score, ""


def age_years(patient: Patient | None, *, on: date) -> int | None:
    """The age in whole years, else the estimate; None where nobody knows."""
    if patient is None:
        return None
    born = patient.birth_date
    if born is None:
        return patient.estimated_age
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _refuse_under_age(contact: Contact, age: int | None, *, on: date) -> None:
    """A district may set the age higher than the score's own definition, never lower."""
    lowest = settings.value("news2.minimum_age", on=on, district_id=contact.district_id)
    if age is not None and age < lowest:
        raise RuleBroken(
            Rule.NEWS2_UNDER_AGE, age_years=str(age), min_age_years=str(lowest)
        )


def _is_pregnant(contact: Contact, *, age: int | None, on: date) -> bool:
    """Pregnant or not. Unknown is not "no" where it may be: then nothing is scored."""
    if contact.is_pregnant is not None:
        return bool(contact.is_pregnant)
    patient = contact.patient
    if patient is None or patient.sex == Patient.Sex.MAN or age is None:
        return False
    youngest, oldest = settings.value(
        "news2.pregnancy_ages", on=on, district_id=contact.district_id
    )
    if youngest <= age <= oldest:
        raise RuleBroken(Rule.NEWS2_PREGNANCY_UNKNOWN)
    return False


def _as_json(score: News2 | None, refused: str) -> dict[str, object]:
    if score is None:
        return {"refused": refused}
    return {
        "total": score.total,
        "band": score.band,
        "scale": int(score.scale),
        "at_least": score.at_least,
        "missing": list(score.missing),
        "parts": {
            part.sign: part.score for part in score.parts if part.score is not None
        },
    }
