"""Dated settings: checked by kind, changed from a day on, and never overwritten."""

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import make
from tests.query_count import queries_of
from varde.apps.records import settings as dated
from varde.apps.records.models import AuditEntry, DatedSetting
from varde.apps.sentral import messages
from varde.apps.sentral.queries import settings as queries
from varde.apps.sentral.services import settings as services
from varde.apps.sentral.services.settings import Place
from varde.apps.sentral.setting_list import SETTINGS, Reach
from varde.domain.errors import Rule, RuleBroken
from varde.domain.settings import dated as the_one_that_holds


pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
LIST = "/sentral/innstillinger/"
AMK = f"{LIST}amk.alarm_s/"


@pytest.fixture
def leader():
    make.settings()
    return make.user("overlege", roles=["legevaktoverlege"])


def change(by, key="amk.alarm_s", *, first=TODAY, until=None, place=None, **typed):
    made = services.set_value(
        key=key,
        typed=typed or {"v": "90"},
        source="Vedtak i ledermøtet",
        is_verified=True,
        first=first,
        until=until,
        place=place or Place(),
        by=by,
        at=make.NOW,
    )
    dated.forget()
    return made


def on(days, key="amk.alarm_s", **place):
    return dated.value(key, on=TODAY + timedelta(days=days), **place)


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def form(**other):
    first = (date.today() + timedelta(days=1)).isoformat()
    return {"v": "90", "fra": first, "til": "", "source": "Vedtak"} | other


# ----------------------------------------------------------------------- the list


def test_every_setting_that_varde_ships_has_its_kind():
    shipped = {row["key"] for row in dated.starters()}
    assert shipped == set(SETTINGS), "add or remove its line in setting_list.py"


@pytest.mark.parametrize("row", dated.starters(), ids=lambda row: row["key"])
def test_what_varde_ships_is_read_back_as_it_is_shown(row):
    kind = SETTINGS[row["key"]].kind
    typed = {field.name: field.value for field in kind.inputs(row["value"])}
    assert kind.read(typed) == row["value"]
    assert kind.words(row["value"])


# ---------------------------------------------------------------------- the kinds


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("amk.alarm_s", {"v": " 90 "}, 90),
        ("amk.alarm_s", {"v": "10"}, 10),
        ("amk.alarm_s", {"v": "600"}, 600),
        ("answer.goal_share", {"v": "0,85"}, 0.85),
        ("answer.goal_share", {"v": "0.85"}, 0.85),
        ("answer.goal_share", {"v": "1"}, 1.0),
        ("doctor.approves_advice", {"v": "no"}, False),
        ("reason.general_codes", {"v": "a99, A29  a99"}, ["A99", "A29"]),
        ("news2.pregnancy_ages", {"v.0": "15", "v.1": "15"}, [15, 15]),
        (
            "catchment.day",
            {"v.from": "07:30", "v.to": "16:00"},
            {"from": "07:30", "to": "16:00"},
        ),
        (
            "phone.minutes",
            {"v.akutt": "0", "v.haster": "60", "v.vanlig": "", "v.rad": " "},
            {"akutt": 0, "haster": 60, "vanlig": None, "rad": None},
        ),
        (
            "telephony.lines",
            {"v": "AMK; AMK; 2; amk\n\nheim; Sykehjem; 1; Sykehjem\n"},
            {
                "amk": {"name": "AMK", "priority": 2, "channel": "amk"},
                "heim": {"name": "Sykehjem", "priority": 1, "channel": "nursing_home"},
            },
        ),
    ],
)
def test_what_is_typed_is_read(key, typed, value):
    read = SETTINGS[key].kind.read(typed)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("key", "typed", "rule"),
    [
        ("amk.alarm_s", {}, Rule.SETTING_NOT_A_NUMBER),
        ("amk.alarm_s", {"v": ""}, Rule.SETTING_NOT_A_NUMBER),
        ("amk.alarm_s", {"v": "ett minutt"}, Rule.SETTING_NOT_A_NUMBER),
        ("amk.alarm_s", {"v": "1e2"}, Rule.SETTING_NOT_A_NUMBER),
        ("amk.alarm_s", {"v": "٩٠"}, Rule.SETTING_NOT_A_NUMBER),
        ("amk.alarm_s", {"v": "nan"}, Rule.SETTING_NOT_A_NUMBER),
        ("amk.alarm_s", {"v": "60,5"}, Rule.SETTING_NOT_WHOLE),
        ("amk.alarm_s", {"v": "9"}, Rule.SETTING_OUT_OF_RANGE),
        ("amk.alarm_s", {"v": "601"}, Rule.SETTING_OUT_OF_RANGE),
        ("amk.alarm_s", {"v": "-60"}, Rule.SETTING_OUT_OF_RANGE),
        ("answer.goal_share", {"v": "80"}, Rule.SETTING_OUT_OF_RANGE),
        ("doctor.approves_advice", {"v": "kanskje"}, Rule.SETTING_NOT_A_CHOICE),
        ("doctor.approves_advice", {}, Rule.SETTING_NOT_A_CHOICE),
        ("reason.general_codes", {"v": ""}, Rule.SETTING_NOT_WELL_FORMED),
        ("reason.general_codes", {"v": "A99, hoste"}, Rule.SETTING_NOT_WELL_FORMED),
        ("news2.pregnancy_ages", {"v.0": "40", "v.1": "39"}, Rule.SETTING_OUT_OF_RANGE),
        ("news2.pregnancy_ages", {"v.0": "16"}, Rule.SETTING_NOT_A_NUMBER),
        (
            "catchment.day",
            {"v.from": "8", "v.to": "15:30"},
            Rule.SETTING_NOT_WELL_FORMED,
        ),
        (
            "catchment.day",
            {"v.from": "24:00", "v.to": "25:00"},
            Rule.SETTING_NOT_WELL_FORMED,
        ),
        (
            "catchment.day",
            {"v.from": "15:30", "v.to": "15:30"},
            Rule.SETTING_NOT_WELL_FORMED,
        ),
        ("callback.minutes", {"v.akutt": "3"}, Rule.SETTING_NOT_A_NUMBER),
        ("outcome.minutes", {}, Rule.SETTING_NOT_A_NUMBER),
        ("telephony.lines", {"v": ""}, Rule.SETTING_NOT_WELL_FORMED),
        ("telephony.lines", {"v": "amk; AMK; 2"}, Rule.SETTING_NOT_WELL_FORMED),
        ("telephony.lines", {"v": "amk; ; 2; AMK"}, Rule.SETTING_NOT_WELL_FORMED),
        (
            "telephony.lines",
            {"v": "a; A; 1; AMK\nA; B; 1; AMK"},
            Rule.SETTING_NOT_WELL_FORMED,
        ),
        ("telephony.lines", {"v": "amk; AMK; 2; brev"}, Rule.SETTING_NOT_A_CHOICE),
        ("telephony.lines", {"v": "amk; AMK; 99; AMK"}, Rule.SETTING_OUT_OF_RANGE),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_whole_sentence(key, typed, rule):
    with pytest.raises(RuleBroken) as refused:
        SETTINGS[key].kind.read(typed)
    assert refused.value.rule is rule
    words = messages.explain(refused.value)
    assert "{" not in words
    assert words.endswith((".", "15:30", "A29", "Telefon"))


def test_a_refused_cell_of_a_table_is_named():
    kind = SETTINGS["outcome.minutes"].kind
    shipped = next(
        r["value"] for r in dated.starters() if r["key"] == "outcome.minutes"
    )
    typed = {field.name: field.value for field in kind.inputs(shipped)}
    with pytest.raises(RuleBroken) as refused:
        kind.read(typed | {"v.kad.haster": "0"})
    assert messages.explain(refused.value).startswith("KAD-seng, Haster må være fra 1")


@given(
    key=st.sampled_from(sorted(SETTINGS)),
    text=st.text(max_size=30),
    names=st.lists(st.sampled_from(["v", "v.0", "v.akutt", "v.from"]), max_size=3),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_that_is_typed_is_a_fault_of_ours(key, text, names):
    try:
        value = SETTINGS[key].kind.read(dict.fromkeys(names, text))
    except RuleBroken:
        return
    assert SETTINGS[key].kind.words(value) is not None


# --------------------------------------------------------------- from a day on


def test_a_new_value_holds_from_its_day_and_the_old_one_until_then(leader):
    change(leader, first=TODAY + timedelta(days=10))
    assert (on(0), on(9), on(10), on(1000)) == (60, 60, 90, 90)
    old, new = DatedSetting.objects.filter(key="amk.alarm_s").order_by("valid_from")
    assert (old.value, old.valid_to) == (60, TODAY + timedelta(days=10))
    assert (new.value, new.unit, new.source) == (90, "s", "Vedtak i ledermøtet")
    assert (new.changed_by, new.changed_at) == (leader, make.NOW)


def test_after_a_limited_time_the_value_from_before_holds_again(leader):
    change(leader, first=TODAY, until=TODAY + timedelta(days=3))
    assert [on(n) for n in (-1, 0, 2, 3, 400)] == [60, 90, 90, 60, 60]
    last = DatedSetting.objects.filter(key="amk.alarm_s").order_by("valid_from").last()
    first = (
        DatedSetting.objects.filter(key="amk.alarm_s").order_by("valid_from").first()
    )
    assert (last.source, last.is_verified) == (first.source, first.is_verified)


def test_a_value_of_today_can_be_mended_today_and_stays_in_the_history(leader):
    change(leader, v="600")
    change(leader, v="90")
    assert on(0) == 90
    places = queries.places_for(make.sentral(), districts=[make.district().pk])
    shown = queries.history("amk.alarm_s", places, on=TODAY)
    assert [(row.words, row.holds) for row in shown] == [
        ("90", "now"),
        ("600", "never"),
        ("60", "over"),
    ]


@pytest.mark.parametrize(
    ("first", "until", "rule"),
    [
        (-1, None, Rule.SETTING_IN_THE_PAST),
        (5, 5, Rule.SETTING_ENDS_BEFORE_IT_BEGINS),
        (5, 4, Rule.SETTING_ENDS_BEFORE_IT_BEGINS),
        (0, None, Rule.SETTING_OVERLAPS),  # over what is planned from day 10
        (0, 11, Rule.SETTING_OVERLAPS),
        (9, 30, Rule.SETTING_OVERLAPS),
    ],
)
def test_days_that_cannot_be_are_refused_and_nothing_is_changed(
    leader, first, until, rule
):
    change(leader, first=TODAY + timedelta(days=10), until=TODAY + timedelta(days=20))
    before = list(DatedSetting.objects.order_by("pk").values())
    with pytest.raises(RuleBroken) as refused:
        change(
            leader,
            first=TODAY + timedelta(days=first),
            until=None if until is None else TODAY + timedelta(days=until),
        )
    assert refused.value.rule is rule
    assert list(DatedSetting.objects.order_by("pk").values()) == before


def test_what_is_planned_is_told_where_it_stands_in_the_way(leader):
    change(leader, first=date(2026, 12, 1), until=date(2026, 12, 8))
    with pytest.raises(RuleBroken) as refused:
        change(leader, first=TODAY)
    assert "fra 1. desember 2026 til 7. desember 2026" in messages.explain(
        refused.value
    )


def test_before_and_after_what_is_planned_there_is_room(leader):
    change(leader, first=date(2026, 12, 1), until=date(2026, 12, 8))
    change(leader, first=date(2026, 12, 8), v="120")
    change(leader, first=TODAY, until=date(2026, 11, 25), v="50")
    days = [date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 30)]
    days += [date(2026, 12, day) for day in (1, 7, 8, 9)]
    assert [dated.value("amk.alarm_s", on=day) for day in days] == [
        *(50, 60, 60),
        *(90, 90, 120, 120),
    ]


@given(
    plans=st.lists(
        st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 12))),
        max_size=6,
    )
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=25,
    deadline=None,
)
def test_whatever_is_planned_every_day_has_one_value(leader, plans):
    DatedSetting.objects.filter(key="amk.alarm_s").delete()
    make.settings()
    expected = dict.fromkeys(range(60), 60)
    for number, (start, length) in enumerate(plans, start=100):
        until = None if length is None else start + length
        try:
            change(
                leader,
                v=str(number),
                first=TODAY + timedelta(days=start),
                until=None if until is None else TODAY + timedelta(days=until),
            )
        except RuleBroken:
            continue
        end = 60 if until is None else until
        expected |= dict.fromkeys(range(start, end), number)
    rows = list(
        DatedSetting.objects.filter(key="amk.alarm_s").exclude(
            valid_to=TODAY - timedelta(1)
        )
    )
    for day in range(60):
        row = the_one_that_holds(
            rows, on=TODAY + timedelta(days=day), name="amk.alarm_s"
        )
        assert row.value == expected[day] == on(day)


def test_a_district_and_a_station_have_their_own_beside_that_of_all(leader):
    district, station = make.district(), make.station()
    change(
        leader, key="attendance.per_hour", v="6", place=Place(district_id=district.pk)
    )
    change(leader, key="attendance.per_hour", v="2", place=Place(station_id=station.pk))
    key = "attendance.per_hour"
    assert on(0, key) == 4
    assert on(0, key, district_id=district.pk) == 6
    assert on(0, key, district_id=district.pk, station_id=station.pk) == 2
    assert on(-1, key, district_id=district.pk) == 4


def test_a_value_without_a_source_is_refused(leader):
    with pytest.raises(RuleBroken) as refused:
        services.set_value(
            key="amk.alarm_s",
            typed={"v": "90"},
            source="  ",
            is_verified=False,
            first=TODAY,
            until=None,
            place=Place(),
            by=leader,
            at=make.NOW,
        )
    assert refused.value.rule is Rule.SETTING_NEEDS_SOURCE


def test_a_setting_that_is_not_ours_is_refused(leader):
    with pytest.raises(RuleBroken) as refused:
        change(leader, key="answer.limit", v="1")
    assert refused.value.rule is Rule.SETTING_UNKNOWN


def test_who_changed_what_is_in_the_log(leader):
    made = change(leader)
    entry = AuditEntry.objects.get(what="setting_changed")
    assert (entry.user_id, entry.row_id) == (leader.pk, made.pk)
    assert entry.data == {
        "key": "amk.alarm_s",
        "value": 90,
        "first": "2026-11-20",
        "until": None,
        "station": None,
    }


def test_if_the_log_cannot_be_written_nothing_is_changed(leader, monkeypatch):
    def broken(**_):
        raise OSError("disk full")

    monkeypatch.setattr(services.audit, "log", broken)
    with pytest.raises(OSError, match="disk full"):
        change(leader)
    (only,) = DatedSetting.objects.filter(key="amk.alarm_s")
    assert (only.value, only.valid_to) == (60, None)


# ---------------------------------------------------------------------- the screen


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("legevaktoverlege", 200),
        ("administrator", 200),
        ("shift_leader", 404),
        ("operator", 404),
        ("doctor", 404),
        ("kommuneoverlege", 404),
        ("auditor", 404),
    ],
)
def test_who_may_see_and_change(role, status):
    make.settings()
    client = as_user(make.user("noen", roles=[role]))
    assert client.get(LIST).status_code == status
    assert client.get(AMK).status_code == status
    changed = client.post(f"{AMK}ny/", form()).status_code
    assert changed == (302 if status == 200 else 404)
    assert DatedSetting.objects.filter(key="amk.alarm_s").count() == (
        2 if status == 200 else 1
    )


def test_the_list_shows_value_unit_source_and_what_is_not_verified(leader):
    text = as_user(leader).get(LIST).content.decode()
    assert "Alarm når 113 ikke har kvittert" in text
    assert "Akuttmedisinforskriften (FOR-2015-03-20-231) § 20" in text
    assert "ikke kontrollert" in text
    assert "Ingen verdi" not in text
    DatedSetting.objects.filter(key="amk.alarm_s").delete()
    assert "Ingen verdi" in as_user(leader).get(LIST).content.decode()
    assert as_user(leader).get(AMK).status_code == 200


def test_every_setting_has_a_page_with_its_form(leader):
    client = as_user(leader)
    for key in SETTINGS:
        answer = client.get(f"{LIST}{key}/")
        assert answer.status_code == 200
        assert 'name="source"' in answer.content.decode()
    assert client.get(f"{LIST}finnes.ikke/").status_code == 404


def test_a_refusal_keeps_what_was_typed(leader):
    answer = as_user(leader).post(f"{AMK}ny/", form(v="9999", source="Vedtak 12"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in text
    assert "Verdien må være fra 10 til 600." in text
    assert 'value="9999"' in text
    assert 'value="Vedtak 12"' in text


@pytest.mark.parametrize("days", [{"fra": ""}, {"fra": "x"}, {"til": "2027-02-30"}])
def test_a_day_that_is_no_day_is_refused_in_the_page(leader, days):
    answer = as_user(leader).post(f"{AMK}ny/", form(**days))
    assert (answer.status_code, "dato som finnes" in answer.content.decode()) == (
        200,
        True,
    )


def test_a_setting_for_all_has_no_places_and_anothers_place_is_not_there(leader):
    other = make.district("ytre", "Ytre distrikt")
    client = as_user(leader)
    own = f"d{make.district().pk}"
    assert SETTINGS["session.lock_min"].reach is Reach.ALL
    lock = f"{LIST}session.lock_min/"
    assert client.get(lock).status_code == 200
    assert client.get(lock, {"sted": own}).status_code == 404
    assert client.get(AMK, {"sted": own}).status_code == 200
    assert client.get(AMK, {"sted": f"d{other.pk}"}).status_code == 404
    assert client.post(f"{AMK}ny/", form(sted=f"d{other.pk}")).status_code == 404
    assert client.post(f"{AMK}ny/", form(sted=own)).status_code == 302
    assert DatedSetting.objects.get(key="amk.alarm_s", value=90).district_id == int(
        own[1:]
    )


def test_the_value_of_another_district_is_not_shown(leader):
    other = make.district("ytre", "Ytre distrikt")
    change(leader, v="77", place=Place(district_id=other.pk))
    assert "Ytre distrikt" not in as_user(leader).get(AMK).content.decode()
    change(leader, v="78", place=Place(district_id=make.district().pk))
    assert "Indre distrikt" in as_user(leader).get(AMK).content.decode()


def test_the_list_asks_as_little_for_a_long_history_as_for_none(leader):
    client = as_user(leader)
    few = queries_of(lambda: client.get(LIST))
    for day in range(1, 12):
        change(leader, first=TODAY + timedelta(days=day), v=str(60 + day))
    assert queries_of(lambda: client.get(LIST)) == few
    assert few <= 30
