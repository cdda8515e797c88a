"""Judging: by the index, on two axes, and with vital signs."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests import make
from varde.apps.records.models import (
    AmkHandover,
    Assessment,
    Contact,
    IndexVersion,
    VitalSigns,
)
from varde.apps.sentral.queries import contact as queries
from varde.apps.sentral.queries import triage_index
from varde.apps.sentral.services import amk, triage
from varde.content import starter_index_text
from varde.domain.errors import Rule, RuleBroken
from varde.engines.triage.loading import load


LATER = make.NOW + timedelta(minutes=3)
INDEX = load(starter_index_text(), filename="startindeks.yaml")
COMPLAINT = INDEX.complaint("brystsmerter")
RED_FLAG = COMPLAINT.red_flags[0].id
MILD = COMPLAINT.criteria_of("vanlig")[0].id


@pytest.fixture
def house(db):
    house = make.house()
    make.index_in_use(of=house.inner)
    return house


def assess(contact, house, **changes):
    given = {
        "axis": "phone",
        "complaint": "brystsmerter",
        "criteria": [MILD],
        "hastegrad": "vanlig",
        "red_flags_ruled_out": True,
        "reason_lowered": "",
        "by": house.kari,
        "at": LATER,
    }
    with house.at_work(house.kari):
        return triage.assess(contact_id=contact.pk, **given | changes)


def refused(contact, house, **changes):
    before = contact.assessments.count()
    with pytest.raises(RuleBroken) as refusal:
        assess(contact, house, **changes)
    assert contact.assessments.count() == before
    return refusal.value


def test_a_judgement_by_the_index_is_kept_with_its_version(house):
    contact = house.contact()
    made = assess(contact, house)
    contact.refresh_from_db()
    version = IndexVersion.objects.get()
    assert (made.by_criteria, made.hastegrad) == ("vanlig", "vanlig")
    assert (made.criteria, made.red_flags_ruled_out) == ([MILD], True)
    assert made.index_version == contact.index_version == version
    assert contact.complaint == "brystsmerter"
    assert (contact.hastegrad_phone_first, contact.hastegrad_phone) == (
        "vanlig",
        "vanlig",
    )
    assert contact.hastegrad_arrival == ""
    event = contact.events.get(kind="assessed")
    assert event.occurred_at == LATER
    assert event.data["hastegrad"] == "vanlig"


def test_raising_is_free_and_the_first_is_kept(house):
    contact = house.contact()
    assess(contact, house)
    made = assess(contact, house, hastegrad="haster")
    contact.refresh_from_db()
    assert (contact.hastegrad_phone_first, contact.hastegrad_phone) == (
        "vanlig",
        "haster",
    )
    assert made.reason_lowered == ""
    assert contact.assessments.count() == 2


def test_to_take_back_ones_own_raise_is_free_down_to_the_criteria(house):
    contact = house.contact()
    assess(contact, house, hastegrad="haster")
    assess(contact, house, hastegrad="vanlig")
    contact.refresh_from_db()
    assert contact.hastegrad_phone == "vanlig"


def test_below_the_criteria_needs_a_reason(house):
    contact = house.contact()
    error = refused(contact, house, criteria=[MILD, RED_FLAG], hastegrad="haster")
    assert error.rule is Rule.REASON_NEEDED_TO_LOWER
    assert error.values == {"before": "akutt", "after": "haster"}
    made = assess(
        contact,
        house,
        criteria=[MILD, RED_FLAG],
        hastegrad="haster",
        reason_lowered="Kjent siden i går, lege har sett på det",
    )
    assert (made.by_criteria, made.hastegrad) == ("akutt", "haster")
    assert made.reason_lowered.startswith("Kjent siden")


def test_without_criteria_the_floor_is_what_was_set(house):
    contact = house.contact()
    bare = {"complaint": "", "criteria": []}
    assess(contact, house, **bare, hastegrad="haster")
    error = refused(contact, house, **bare, hastegrad="rad")
    assert error.rule is Rule.REASON_NEEDED_TO_LOWER
    assess(contact, house, **bare, hastegrad="rad", reason_lowered="Ringte igjen")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"complaint": "hjerteknus"}, Rule.COMPLAINT_UNKNOWN),
        ({"complaint": ""}, Rule.COMPLAINT_UNKNOWN),  # criteria of nothing
        ({"criteria": ["finnes-ikke"]}, Rule.CRITERION_UNKNOWN),
        ({"criteria": [MILD, "finnes-ikke"]}, Rule.CRITERION_UNKNOWN),
        ({"hastegrad": "gul"}, Rule.FIELD_NOT_VALID),
        ({"hastegrad": ""}, Rule.FIELD_NOT_VALID),
        ({"axis": "national"}, Rule.FIELD_NOT_VALID),
        ({"reason_lowered": "x" * 301}, Rule.FIELD_NOT_VALID),
    ],
)
def test_what_the_index_does_not_have_is_refused(house, changes, rule):
    assert refused(house.contact(), house, **changes).rule is rule


def test_without_an_index_in_use_the_hastegrad_is_set_by_hand(house):
    IndexVersion.objects.update(state="withdrawn")
    contact = house.contact()
    assert refused(contact, house).rule is Rule.INDEX_NOT_IN_USE
    made = assess(contact, house, complaint="", criteria=[])
    assert (made.index_version, made.by_criteria) == (None, "")


def test_a_contact_keeps_the_version_it_was_first_judged_by(house):
    contact, other = house.contact(), house.contact()
    assess(contact, house)
    old = IndexVersion.objects.get()
    old.state = "withdrawn"
    old.save()
    text = starter_index_text().replace('version: "2026.1"', 'version: "2026.2"')
    text = text.replace("id: brystsmerter", "id: vondt_i_brystet")
    new = make.index_in_use(of=house.inner, text=text, version="2026.2")

    made = assess(contact, house, hastegrad="haster")  # the old name still holds
    assert made.index_version == old
    assert refused(other, house).rule is Rule.COMPLAINT_UNKNOWN
    made = assess(other, house, complaint="vondt_i_brystet")
    assert made.index_version == new


def test_the_arrival_axis_is_judged_apart(house):
    contact = house.contact()
    assess(contact, house)
    made = assess(contact, house, axis="arrival", hastegrad="bla")
    contact.refresh_from_db()
    assert made.by_criteria == ""  # an index for the telephone says nothing of colours
    assert (contact.hastegrad_phone, contact.hastegrad_arrival) == ("vanlig", "bla")
    assert contact.hastegrad_arrival_first == "bla"
    assess(contact, house, axis="arrival", complaint="", criteria=[], hastegrad="gul")
    contact.refresh_from_db()
    assert (contact.hastegrad_arrival_first, contact.hastegrad_arrival) == (
        "bla",
        "gul",
    )


def test_a_closed_contact_is_not_judged(house):
    contact = house.contact(state="closed", closed_at=make.NOW)
    assert refused(contact, house).rule is Rule.CONTACT_IS_CLOSED


# 113


def test_at_red_the_clock_of_113_starts_by_itself(house):
    contact = house.contact()
    assess(contact, house, criteria=[RED_FLAG], hastegrad="akutt")
    row = AmkHandover.objects.get(contact=contact)
    assert (row.started_at, row.called_at, row.sentral) == (LATER, None, house.sentral)
    assert contact.events.filter(kind="amk_started").count() == 1


@pytest.mark.parametrize(
    ("axis", "hastegrad"), [("phone", "haster"), ("arrival", "rod")]
)
def test_below_red_and_at_arrival_no_clock_starts(house, axis, hastegrad):
    contact = house.contact()
    assess(contact, house, axis=axis, hastegrad=hastegrad, complaint="", criteria=[])
    assert not AmkHandover.objects.exists()


def test_red_again_does_not_start_the_clock_again(house):
    contact = house.contact()
    assess(contact, house, hastegrad="akutt")
    assess(contact, house, hastegrad="akutt", at=LATER + timedelta(minutes=1))
    assert AmkHandover.objects.get().started_at == LATER


def test_a_lower_judgement_leaves_the_clock_until_somebody_says_why(house):
    contact = house.contact()
    assess(contact, house, hastegrad="akutt")
    assess(contact, house, hastegrad="vanlig")
    row = AmkHandover.objects.get()
    assert (row.acknowledged_at, row.not_needed_at) == (None, None)
    with house.at_work(house.kari):
        amk.not_needed(
            contact_id=contact.pk, reason="Feil person", by=house.kari, at=LATER
        )
    row.refresh_from_db()
    assert row.not_needed_at == LATER


def test_red_after_it_was_called_off_starts_a_new_clock(house):
    contact = house.contact()
    assess(contact, house, hastegrad="akutt")
    amk.not_needed(contact_id=contact.pk, reason="Feil", by=house.kari, at=LATER)
    again = LATER + timedelta(minutes=9)
    assess(contact, house, hastegrad="akutt", at=again)
    row = AmkHandover.objects.get()
    assert (row.started_at, row.not_needed_at, row.not_needed_reason) == (
        again,
        None,
        "",
    )
    assert contact.events.filter(kind="amk_not_needed").count() == 1


# Vital signs


ALL = {
    "respiration_rate": "22",
    "spo2": "95",
    "on_oxygen": "no",
    "systolic_bp": "120",
    "pulse": "95",
    "consciousness": "A",
    "temperature_c": "38,5",
}


def vitals(contact, house, values=ALL, scale=1, **more):
    with house.at_work(house.kari):
        return triage.record_vital_signs(
            contact_id=contact.pk,
            values=values,
            scale=scale,
            by=house.kari,
            at=LATER,
            **more,
        )


def patient_of(house, *, years=40, **fields):
    born = date(make.NOW.year - years, 1, 1)
    return make.patient(of=house.inner, **{"birth_date": born, "sex": "1"} | fields)


def test_news2_is_computed_from_what_was_measured(house):
    contact = house.contact(patient=patient_of(house))
    row = vitals(contact, house)
    assert row.news2 == 5  # 2 + 1 + 0 + 0 + 1 + 0 + 1
    assert (row.scale, row.scale2_by) == (1, None)
    view = queries.vitals_of(contact)
    assert (view.news2, view.band, view.missing) == (5, "middels risiko", ())
    assert view.values["temperature_c"] == "38.5"
    assert (view.values["on_oxygen"], view.values["consciousness"]) == ("no", "A")


def test_what_was_not_measured_is_missing_and_never_normal(house):
    contact = house.contact(patient=patient_of(house))
    row = vitals(contact, house, {"respiration_rate": "30", "pulse": ""})
    assert row.news2 is None
    view = queries.vitals_of(contact)
    assert (view.news2, view.at_least, len(view.missing)) == (None, 3, 6)
    assert view.values["pulse"] == ""


@pytest.mark.parametrize(
    ("patient", "contact", "refused"),
    [
        ({"years": 15}, {}, "news2_under_age"),
        ({"years": 16}, {}, ""),
        ({"birth_date": None}, {}, "news2_age_unknown"),
        ({"birth_date": None, "estimated_age": 60}, {}, ""),
        ({"sex": "2"}, {}, "news2_pregnancy_unknown"),
        ({"sex": ""}, {}, "news2_pregnancy_unknown"),
        ({"sex": "2"}, {"is_pregnant": False}, ""),
        ({"sex": "2"}, {"is_pregnant": True}, "news2_pregnant"),
        ({"sex": "2", "years": 56}, {}, ""),
        ({"sex": "2", "years": 15}, {}, "news2_under_age"),
    ],
)
def test_who_may_be_scored(house, patient, contact, refused):
    contact = house.contact(patient=patient_of(house, **patient), **contact)
    row = vitals(contact, house)
    assert (row.news2 is None) is bool(refused)
    assert row.values["pulse"] == 95  # the signs are kept in any case
    assert queries.vitals_of(contact).refused == refused


def test_a_district_may_set_the_age_higher(house):
    from varde.apps.records.models import DatedSetting

    DatedSetting.objects.filter(key="news2.minimum_age").update(value=18)
    contact = house.contact(patient=patient_of(house, years=17))
    assert vitals(contact, house).news2 is None


def test_without_a_patient_the_age_is_unknown(house):
    contact = house.contact()
    vitals(contact, house)
    assert queries.vitals_of(contact).refused == "news2_age_unknown"


def test_scale_2_needs_a_named_clinician_who_decided_it(house):
    contact = house.contact(patient=patient_of(house))
    outsider = make.user("revisor", roles=["auditor"], at=house.sentral)
    for decided_by in (None, outsider):
        with pytest.raises(RuleBroken) as refusal:
            vitals(contact, house, scale=2, scale_2_by=decided_by)
        assert refusal.value.rule is Rule.NEWS2_SCALE_2_NEEDS_DECISION
    assert not VitalSigns.objects.exists()
    row = vitals(
        contact, house, {**ALL, "spo2": "90"}, scale=2, scale_2_by=house.doctor
    )
    assert (row.scale, row.scale2_by) == (2, house.doctor)
    assert row.news2 == 4  # 90 % is normal on scale 2; on scale 1 it would be 3 more


@pytest.mark.parametrize(
    ("sign", "text", "rule", "why"),
    [
        ("pulse", "mange", Rule.FIELD_NOT_VALID, "not_a_number"),
        ("pulse", "95,5", Rule.FIELD_NOT_VALID, "not_a_number"),
        ("pulse", "-1", Rule.FIELD_NOT_VALID, "not_a_number"),
        ("pulse", "９５", Rule.FIELD_NOT_VALID, "not_a_number"),
        ("pulse", "9" * 30, Rule.FIELD_NOT_VALID, "too_long"),
        ("pulse", "351", Rule.VITAL_SIGN_OUT_OF_RANGE, None),
        ("temperature_c", "38,55", Rule.FIELD_NOT_VALID, "not_a_number"),
        ("temperature_c", "nan", Rule.FIELD_NOT_VALID, "not_a_number"),
        ("temperature_c", "385", Rule.VITAL_SIGN_OUT_OF_RANGE, None),
        ("on_oxygen", "litt", Rule.FIELD_NOT_VALID, "not_yes_no_unknown"),
        ("consciousness", "X", Rule.FIELD_NOT_VALID, "not_a_choice"),
        ("blood_sugar", "5", Rule.FIELD_UNKNOWN, None),
    ],
)
def test_what_cannot_be_measured_is_refused(house, sign, text, rule, why):
    contact = house.contact(patient=patient_of(house))
    with pytest.raises(RuleBroken) as refusal:
        vitals(contact, house, {**ALL, sign: text})
    assert refusal.value.rule is rule
    assert refusal.value.values.get("why") == why
    assert not VitalSigns.objects.exists()


def test_the_one_who_chooses_scale_2_on_the_desk_is_named(house, client):
    contact = house.contact(patient=patient_of(house))
    client.force_login(house.kari)
    url = reverse("sentral:vitals", args=[contact.pk])
    client.post(url, {**ALL, "spo2": "90", "scale": "2"})
    row = VitalSigns.objects.get()
    assert (row.scale, row.scale2_by, row.news2) == (2, house.kari, 4)


def test_an_unknown_scale_is_refused(house):
    with pytest.raises(RuleBroken) as refusal:
        vitals(house.contact(), house, scale=3)
    assert refusal.value.values == {"field": "scale", "why": "not_a_choice"}


# What the desk asks


def test_the_index_in_use_is_searched_by_plain_words(house):
    contact = house.contact()
    hits = triage_index.search(contact, "vondt i brystet")
    assert hits[0].id == "brystsmerter"
    assert triage_index.search(contact, "  ") == ()
    IndexVersion.objects.update(state="withdrawn")
    read_again = Contact.objects.get(pk=contact.pk)  # what was read goes with its row
    assert triage_index.search(read_again, "vondt i brystet") == ()


def test_the_index_is_parsed_once_for_each_text(house, monkeypatch):
    contact = house.contact()
    triage_index.index_for(contact)
    monkeypatch.setattr(triage_index, "load", None)  # would raise if it were parsed
    found = triage_index.index_for(contact)
    assert (found.version, found.is_starter) == ("2026.1", True)
    other = make.index_in_use(of=house.outer)
    assert triage_index.in_use(house.outer.pk).version_id == other.pk


def test_what_the_criteria_give_is_known_before_it_is_set(house):
    contact = house.contact()
    judged = triage_index.judged
    assert judged(contact, "brystsmerter", [RED_FLAG, MILD]) == "akutt"
    assert judged(contact, "brystsmerter", []) is None
    assert judged(contact, "brystsmerter", ["finnes-ikke"]) is None
    assert judged(contact, "finnes-ikke", []) is None


def test_every_judgement_stays(house):
    contact = house.contact()
    for hastegrad in ("vanlig", "haster", "akutt"):
        assess(contact, house, hastegrad=hastegrad)
    assert list(Assessment.objects.values_list("hastegrad", flat=True)) == [
        "vanlig",
        "haster",
        "akutt",
    ]
