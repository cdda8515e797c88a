"""The sound log: who may find what, why one listens, holding back, and deletion in time."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests import make
from tests.query_count import queries_of
from varde.apps.records import settings as dated
from varde.apps.records.models import AuditEntry, DatedSetting, Listening, Recording
from varde.apps.sentral import jobs
from varde.apps.sentral.queries import sound as queries
from varde.apps.sentral.queries.sound import Search, SoundState
from varde.apps.sentral.services import sound
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
AT = make.NOW  # 20 November 2026
LOG = "/sentral/lyd/"


@pytest.fixture(autouse=True)
def ground():
    make.settings()


def recording(
    on=date(2026, 11, 20), *, at=None, owner=None, reference="rec/1", **fields
):
    contact = fields.pop("contact", None)
    code = fields.pop("operator_code", "")
    call = make.call(
        at=at, state="ended", owner=owner, contact=contact, operator_code=code
    )
    return Recording.objects.create(
        call=call,
        district=call.district,
        reference=reference,
        recorded_on=on,
        **fields,
    )


def overlege():
    return make.user("overlege", roles=["legevaktoverlege"])


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, url=LOG):
    answer = as_user(user).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# ---------------------------------------------------------------------- listening


def test_to_listen_gives_the_reference_and_writes_who_when_and_why():
    contact = make.contact(patient=make.patient())
    row = recording(contact=contact)
    kari = make.operator()
    heard = sound.listen(recording_id=row.pk, reason="Opplæring", by=kari, at=AT)
    assert heard.reference == "rec/1"
    listening = Listening.objects.get()
    assert (listening.by, listening.at, listening.reason) == (kari, AT, "Opplæring")
    entry = AuditEntry.objects.get(what="sound_listened")
    assert (entry.user_id, entry.reason, entry.row_id) == (kari.pk, "Opplæring", row.pk)
    assert (entry.contact_id, entry.patient_id) == (contact.pk, contact.patient_id)


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_heard(reason):
    row = recording()
    with pytest.raises(RuleBroken) as refused:
        sound.listen(recording_id=row.pk, reason=reason, by=make.operator(), at=AT)
    assert refused.value.rule is Rule.REASON_NEEDED_TO_LISTEN
    assert Listening.objects.count() == 0


def test_a_deleted_recording_is_not_heard():
    row = recording(deleted_at=AT, reference="")
    with pytest.raises(RuleBroken) as refused:
        sound.listen(recording_id=row.pk, reason="Klage", by=make.operator(), at=AT)
    assert refused.value.rule is Rule.RECORDING_IS_DELETED


def test_if_the_log_cannot_be_written_nobody_has_listened(monkeypatch):
    row = recording()
    monkeypatch.setattr(sound.audit, "log", broken)
    with pytest.raises(OSError, match="disk full"):
        sound.listen(recording_id=row.pk, reason="Klage", by=make.operator(), at=AT)
    assert Listening.objects.count() == 0


def test_the_reference_is_seen_only_after_the_reason():
    kari = make.operator()
    row = recording(owner=kari, reference="hemmelig-ref")
    own = f"{LOG}{row.pk}/"
    assert "hemmelig-ref" not in page(kari)
    assert "hemmelig-ref" not in page(kari, own)
    refused = as_user(kari).post(f"{own}lytt/", {"reason": " "})
    assert refused.status_code == 200
    assert 'role="alert"' in refused.content.decode()
    assert "hemmelig-ref" not in refused.content.decode()
    heard = as_user(kari).post(f"{own}lytt/", {"reason": "Opplæring, egen samtale"})
    assert "hemmelig-ref" in heard.content.decode()
    assert "Opplæring, egen samtale" in page(kari, own)
    assert "hemmelig-ref" not in page(kari, own)


# ------------------------------------------------------------------- who finds what


def test_an_operator_finds_her_own_calls_and_no_others():
    kari = make.operator("kari", operator_code="op7")
    ola = make.operator("ola")
    hers, theirs = recording(owner=kari), recording(owner=ola)
    by_code = recording(operator_code="op7")
    taken_over = recording(owner=ola, operator_code="op7")
    sentral = make.sentral()
    found = queries.recordings(sentral, Search(), only_of=kari, first=0, most=9)
    assert {row.id for row in found} == {hers.pk, by_code.pk}
    client = as_user(kari)
    for row, status in [(hers, 200), (theirs, 404), (taken_over, 404)]:
        assert client.get(f"{LOG}{row.pk}/").status_code == status
        reason = {"reason": "Opplæring"}
        assert client.post(f"{LOG}{row.pk}/lytt/", reason).status_code == status
    assert as_user(overlege()).get(f"{LOG}{theirs.pk}/").status_code == 200


def test_an_operator_without_a_code_does_not_get_the_calls_without_one():
    recording(operator_code="")
    kari = make.operator(operator_code="")
    found = queries.recordings(make.sentral(), Search(), only_of=kari, first=0, most=9)
    assert found == ()


@pytest.mark.parametrize(
    ("role", "log", "holding"),
    [
        ("legevaktoverlege", 200, 302),
        ("shift_leader", 200, 404),
        ("operator", 200, 404),
        ("doctor", 200, 404),
        ("administrator", 404, 404),
        ("auditor", 404, 404),
    ],
)
def test_who_may_see_the_log_and_hold_back(role, log, holding):
    user = make.user("noen", roles=[role])
    row = recording(owner=user)
    client = as_user(user)
    assert client.get(LOG).status_code == log
    form = {"reason": "Tilsynssak", "act": "hold"}
    assert client.post(f"{LOG}{row.pk}/hold/", form).status_code == holding
    row.refresh_from_db()
    assert row.legal_hold is (holding == 302)


def test_a_recording_of_another_sentral_is_not_there():
    row = recording(at=make.sentral("ANN"))
    recording()
    assert as_user(overlege()).get(f"{LOG}{row.pk}/").status_code == 404
    theirs = make.user("andre", roles=["legevaktoverlege"], at=make.sentral("ANN"))
    assert as_user(theirs).get(f"{LOG}{row.pk}/").status_code == 200


def test_a_leader_elsewhere_finds_only_her_own_calls_here():
    row = recording(owner=make.operator("ola"))
    both = make.operator("kari")
    make.user("kari", roles=["shift_leader"], at=make.sentral("ANN"))
    assert as_user(both).get(f"{LOG}{row.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "abc"),
        ({"fra": "2026-11-10"}, "bc"),
        ({"til": "2026-11-10"}, "ab"),
        ({"fra": "2026-11-10", "til": "2026-11-10"}, "b"),
        ({"fra": "2027-01-01"}, ""),
        ({"operator": "KARI"}, "a"),
        ({"kontakt": "CONTACT"}, "b"),
        ({"kontakt": "999999"}, ""),
        ({"operator": "999999"}, ""),
    ],
)
def test_recordings_are_found_by_day_operator_and_contact(query, found):
    kari, contact = make.operator("kari"), make.contact()
    rows = {
        "a": recording(date(2026, 11, 9), owner=kari),
        "b": recording(date(2026, 11, 10), contact=contact),
        "c": recording(date(2026, 11, 11)),
    }
    known = {"KARI": kari.pk, "CONTACT": contact.pk}
    answer = as_user(overlege()).get(
        LOG, {name: known.get(value, value) for name, value in query.items()}
    )
    text = answer.content.decode()
    assert {n for n, row in rows.items() if f"{LOG}{row.pk}/" in text} == set(found)
    assert ('class="empty section"' in text) is (found == "")


@pytest.mark.parametrize(
    "query", [{"fra": "x"}, {"til": "2026-02-30"}, {"kontakt": "12a"}, {"kontakt": "²"}]
)
def test_what_cannot_be_looked_for_is_said(query):
    answer = as_user(overlege()).get(LOG, query)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_the_list_asks_as_little_for_many_as_for_one_and_has_pages():
    leader = overlege()
    recording(owner=make.operator())
    client = as_user(leader)
    one = queries_of(lambda: client.get(LOG))
    for _ in range(54):
        recording(owner=make.operator())
    assert queries_of(lambda: client.get(LOG)) == one
    assert one <= 30
    second = client.get(f"{LOG}?side=2").content.decode()
    assert second.count('scope="row"') == 5


# -------------------------------------------------------------------- holding back


def test_what_is_held_and_lifted_is_in_the_log_with_its_reason():
    row, leader = recording(), overlege()
    sound.hold(recording_id=row.pk, reason="Tilsynssak", by=leader, at=AT)
    row.refresh_from_db()
    assert (row.legal_hold, row.hold_reason) == (True, "Tilsynssak")
    sound.lift(recording_id=row.pk, reason="Saken er avsluttet", by=leader, at=AT)
    row.refresh_from_db()
    assert (row.legal_hold, row.hold_reason) == (False, "")
    told = AuditEntry.objects.filter(what__startswith="sound_").order_by("pk")
    assert [(e.what, e.reason) for e in told] == [
        ("sound_held", "Tilsynssak"),
        ("sound_released", "Saken er avsluttet"),
    ]


@pytest.mark.parametrize("act", [sound.hold, sound.lift])
def test_to_hold_and_to_lift_a_reason_is_needed(act):
    row = recording(legal_hold=act is sound.lift, hold_reason="før")
    with pytest.raises(RuleBroken) as refused:
        act(recording_id=row.pk, reason=" ", by=overlege(), at=AT)
    assert refused.value.rule is Rule.HOLD_NEEDS_REASON
    row.refresh_from_db()
    assert (row.legal_hold, row.hold_reason) == (act is sound.lift, "før")


def test_a_deleted_recording_cannot_be_held():
    row = recording(deleted_at=AT, reference="")
    with pytest.raises(RuleBroken) as refused:
        sound.hold(recording_id=row.pk, reason="Klage", by=overlege(), at=AT)
    assert refused.value.rule is Rule.RECORDING_IS_DELETED


@pytest.mark.parametrize("act", [sound.hold, sound.lift])
def test_if_the_log_cannot_be_written_nothing_is_held_or_lifted(monkeypatch, act):
    row = recording(legal_hold=act is sound.lift)
    monkeypatch.setattr(sound.audit, "log", broken)
    with pytest.raises(OSError, match="disk full"):
        act(recording_id=row.pk, reason="Klage", by=overlege(), at=AT)
    row.refresh_from_db()
    assert row.legal_hold is (act is sound.lift)


def test_the_screen_holds_back_and_lifts():
    row, leader = recording(), overlege()
    url = f"{LOG}{row.pk}/"
    refused = as_user(leader).post(f"{url}hold/", {"act": "hold", "reason": ""})
    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (
        200,
        True,
    )
    as_user(leader).post(f"{url}hold/", {"act": "hold", "reason": "Klage til fylket"})
    assert "Klage til fylket" in page(leader, url)
    as_user(leader).post(f"{url}hold/", {"act": "lift", "reason": "Avsluttet"})
    row.refresh_from_db()
    assert row.legal_hold is False


# ------------------------------------------------------------------------ deletion


@pytest.mark.parametrize(
    ("on", "is_deleted"),
    [
        (date(2023, 11, 19), True),
        (date(2023, 11, 20), True),  # three years today
        (date(2023, 11, 21), False),
        (date(2026, 11, 20), False),
    ],
)
def test_a_reference_is_removed_when_its_years_are_over(on, is_deleted):
    row = recording(on)
    result = sound.delete_due(AT)
    row.refresh_from_db()
    assert result.deleted == is_deleted
    assert (row.reference == "") is is_deleted
    assert row.deleted_at == (AT if is_deleted else None)


def test_what_is_held_is_kept_and_counted():
    held = recording(date(2020, 1, 1), legal_hold=True, hold_reason="Klage")
    recording(date(2020, 1, 1))
    result = sound.delete_due(AT)
    held.refresh_from_db()
    assert (result.deleted, result.held) == (1, 1)
    assert (held.reference, held.deleted_at) == ("rec/1", None)


def test_the_years_are_those_of_the_district_on_the_day():
    other = make.district("ytre", "Ytre distrikt")
    there = make.sentral("YTR", of=other)
    DatedSetting.objects.create(
        key="sound.keep_years",
        value=5,
        source="Vedtak",
        district=other,
        valid_from=date(2020, 1, 1),
    )
    dated.forget()
    short, long = recording(date(2022, 1, 1)), recording(date(2022, 1, 1), at=there)
    assert sound.delete_due(AT).deleted == 1
    short.refresh_from_db()
    long.refresh_from_db()
    assert (short.deleted_at, long.deleted_at) == (AT, None)


def test_run_again_it_does_nothing_and_keeps_the_first_moment():
    row = recording(date(2020, 1, 1))
    sound.delete_due(AT)
    assert sound.delete_due(AT + timedelta(days=1)).deleted == 0
    row.refresh_from_db()
    assert row.deleted_at == AT
    assert AuditEntry.objects.filter(what="sound_deleted").count() == 1


def test_each_batch_is_logged_with_its_count(monkeypatch):
    monkeypatch.setattr(sound, "BATCH", 2)
    for _ in range(5):
        recording(date(2020, 1, 1))
    assert sound.delete_due(AT).deleted == 5
    told = AuditEntry.objects.filter(what="sound_deleted").order_by("pk")
    assert [entry.data["deleted"] for entry in told] == [2, 2, 1]
    assert {entry.data["recorded_until"] for entry in told} == {"2023-11-20"}
    assert {entry.user_id for entry in told} == {None}


def test_a_run_that_is_stopped_keeps_what_it_did_and_the_next_goes_on(monkeypatch):
    monkeypatch.setattr(sound, "BATCH", 2)
    for _ in range(5):
        recording(date(2020, 1, 1))
    calls = []
    log = sound.audit.log

    def stops_in_the_second(**entry):
        calls.append(entry)
        if len(calls) == 2:
            raise OSError("disk full")
        log(**entry)

    monkeypatch.setattr(sound.audit, "log", stops_in_the_second)
    with pytest.raises(OSError, match="disk full"):
        sound.delete_due(AT)
    assert Recording.objects.exclude(deleted_at=None).count() == 2
    assert Recording.objects.filter(reference="", deleted_at=None).count() == 0
    assert sound.delete_due(AT).deleted == 3


def test_the_nightly_job_deletes(monkeypatch):
    row = recording(date(2020, 1, 1))
    jobs.delete_sound(timestamp=0)
    row.refresh_from_db()
    assert row.reference == ""


def test_states_are_told_apart():
    rows = {
        SoundState.KEPT: recording(),
        SoundState.HELD: recording(legal_hold=True),
        SoundState.DELETED: recording(deleted_at=AT, legal_hold=True),
    }
    found = queries.recordings(make.sentral(), Search(), only_of=None, first=0, most=9)
    assert {row.state: row.id for row in found} == {k: v.pk for k, v in rows.items()}


def broken(**_):
    raise OSError("disk full")
