"""What somebody may try on the people and the rota, and must not get."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests import rota as build
from tests.integration.test_rota_change import NOW, ask, sick
from tests.integration.test_vikarer import World
from varde.apps.records.models import (
    Absence,
    AuditEntry,
    CompetenceDocument,
    Dispensation,
    Position,
    RoleGrant,
    Rota,
    RotaChange,
    SentralDistrict,
    Station,
    User,
    Vacancy,
)
from varde.apps.records.scope import scope_of
from varde.apps.staffing.queries import vikarer as vikar_queries
from varde.apps.staffing.queries.competence import alone_spans
from varde.apps.staffing.services import documents, vikarer, wishes
from varde.apps.staffing.services.rota import filling, making, offer_links
from varde.config import door
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.rules.breach import RotaRule
from varde.engines.people_rows import NEEDED
from varde.engines.sheet_rows import harmless
from varde.web import live


pytestmark = pytest.mark.django_db
PERIOD = (date(2026, 12, 1), date(2026, 12, 31))


@pytest.fixture
def house(db, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=1))
    return build.filled(build.house(), published=True)


@pytest.fixture
def elsewhere(house):
    """A station of another district where the first doctor has a small position, and
    its leader."""
    other = make.station("fjern", of=make.district("fjern", "Fjern"))
    SentralDistrict.objects.get_or_create(
        sentral=make.sentral("FJE", of=make.district("fjern")),
        district=make.district("fjern"),
        defaults={"valid_from": make.LONG_AGO},
    )
    Position.objects.create(
        person=house.doctors[0], category="vikar", law="sfs2305", share=0.05,
        employer="Fjern", station=other, valid_from=make.LONG_AGO,
    )  # fmt: skip
    return make.user("fjernsjef", roles=["legevaktoverlege"], at=other)


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def leads(person, house, role="shift_leader"):
    RoleGrant.objects.create(
        user=person,
        role=role,
        station_id=house.workplace.id,
        valid_from=make.LONG_AGO,
    )
    return person


def rule_of(act):
    with pytest.raises(RuleBroken) as caught:
        act()
    return caught.value.rule


def fill(house, vacancy, person, *, by, reason="x", is_planner=False, at=NOW):
    return filling.fill(
        vacancy_id=vacancy.pk,
        person_id=person.pk,
        reason=reason,
        workplace=house.workplace,
        is_planner=is_planner,
        by=by,
        at=at,
    )


# ------------------------------------------------------------------------- the duty


def test_nobody_sets_a_hard_rule_aside_for_oneself(house):
    place = house.place(12)
    vacancy = sick(house, place)
    me = leads(house.doctors[4], house)
    Absence.objects.create(
        person=me,
        ground="exempt_health",
        starts_on=place.starts_at.date(),
        ends_on=place.ends_at.date(),
        decided_by=house.planner,
        decided_at=NOW,
    )
    page = as_user(me).post(
        f"/vaktplan/ledig/{vacancy.pk}/", {"give": str(me.pk), "reason": "x"}
    )
    place.refresh_from_db()
    assert place.person is None
    assert "for seg selv" in page.content.decode()


def test_what_is_about_competence_is_set_aside_by_those_who_plan(house):
    lis1 = build.doctor(
        "Lis", Station.objects.get(pk=house.workplace.id), category="lis1"
    )
    vacancy = sick(house, house.place(12))
    act = lambda **who: fill(house, vacancy, lis1, **who)  # noqa: E731
    assert rule_of(lambda: act(by=house.leader)) is Rule.ROTA_PLANNERS_RULE
    act(by=house.planner, is_planner=True)
    place = house.place(12)
    assert place.person == lis1
    kept = set(place.overrides.values_list("rule", flat=True))
    assert kept & {
        RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT,
        RotaRule.LIS1_HAS_AN_EXPERIENCED_COLLEAGUE,
    }


def test_a_duty_that_is_over_is_neither_offered_nor_filled(house):
    place = house.place(12)
    vacancy = sick(house, place)
    dina = house.doctors[3]
    after = place.ends_at
    over = [
        lambda: fill(house, vacancy, dina, by=house.leader, at=after),
        lambda: filling.ask(
            vacancy_id=vacancy.pk, people=[dina.pk], way=Vacancy.Way.ALL,
            workplace=house.workplace, by=house.leader, at=after,
        ),
    ]  # fmt: skip
    assert {rule_of(act) for act in over} == {Rule.ROTA_DUTY_IS_OVER}


def test_a_closed_account_is_not_asked_and_its_link_leads_nowhere(house):
    vacancy = sick(house, house.place(12))
    cato, dina = house.doctors[2], house.doctors[3]
    ask(house, vacancy, [cato])
    link = offer_links.link_code(vacancy.offers.get())
    User.objects.filter(pk__in=[cato.pk, dina.pk]).update(is_active=False)
    act = lambda: ask(house, vacancy, [dina])  # noqa: E731
    assert rule_of(act) is Rule.ROTA_NOT_OF_WORKPLACE
    page = Client().post(f"/vaktplan/svar/{link}/", {"answer": "yes"})
    assert page.status_code == 404
    assert house.place(12).person is None


def test_a_link_does_not_say_who_took_the_duty(house):
    vacancy = sick(house, house.place(12))
    cato, dina = house.doctors[2], house.doctors[3]
    ask(house, vacancy, [cato, dina], way=Vacancy.Way.ALL)
    link = offer_links.link_code(vacancy.offers.get(person=dina))
    fill(house, vacancy, cato, by=house.leader, reason="")
    page = Client().post(f"/vaktplan/svar/{link}/", {"answer": "yes"}).content.decode()
    assert "Tilbudet gjelder ikke lenger" in page
    assert "Cato" not in page


@pytest.mark.parametrize("is_logged_in", [True, False])
def test_who_pressed_the_link_is_told_as_it_was(house, is_logged_in):
    vacancy = sick(house, house.place(12))
    ask(house, vacancy, [house.doctors[2]])
    link = offer_links.link_code(vacancy.offers.get())
    client = as_user(house.leader) if is_logged_in else Client()
    client.post(f"/vaktplan/svar/{link}/", {"answer": "yes"})
    change = RotaChange.objects.filter(place=house.place(12)).latest("pk")
    assert change.after == house.doctors[2]
    assert change.by == (house.leader if is_logged_in else None)
    assert AuditEntry.objects.filter(what="rota_filled").latest("pk").user == change.by


def test_an_unknown_person_is_a_sentence_and_not_a_fault(house):
    place = house.place(12)
    vacancy = sick(house, place)
    place = house.place(12)
    leader, planner = as_user(house.leader), as_user(house.planner)
    for client, path, typed in [
        (leader, f"/vaktplan/ledig/{vacancy.pk}/", {"person": "999999", "act": "all"}),
        (leader, f"/vaktplan/ledig/{vacancy.pk}/", {"give": "999999"}),
        (
            planner,
            f"/vaktplan/vakt/{place.pk}/",
            {"person": "999999", "seen": place.row_version},
        ),
    ]:
        page = client.post(path, typed)
        assert page.status_code == 200
        assert "ingen stilling her" in page.content.decode()


# ----------------------------------------------------------------- who sees what


def test_a_colleague_is_not_told_who_was_sick(house):
    sick(house, house.place(12))
    path = f"/vaktplan/{house.rota.pk}/historikk/"
    to_leader = as_user(house.leader).get(path).content.decode()
    to_colleague = as_user(house.doctors[5]).get(path).content.decode()
    assert "sykdom" in to_leader
    assert "sykdom" not in to_colleague
    assert house.doctors[0].last_name in to_colleague


def test_the_ground_of_an_exemption_is_for_those_who_plan(house):
    Absence.objects.create(
        person=house.doctors[0], ground="exempt_pregnant", starts_on=NOW.date(),
        ends_on=date(2027, 1, 1), decided_by=house.planner, decided_at=NOW,
    )  # fmt: skip
    assert "gravid" in as_user(house.planner).get("/folk/").content.decode()
    page = as_user(house.leader).get("/folk/").content.decode()
    assert "gravid" not in page
    assert "borte" in page


def test_the_people_of_a_station_do_not_watch_the_rota_of_the_sentral(house):
    sentral = make.sentral()
    of_sentral = make.user("sentralsjef", roles=["legevaktoverlege"], at=sentral)
    Rota.objects.create(
        sentral=sentral, starts_on=PERIOD[0], ends_on=PERIOD[1], made_by=of_sentral,
        made_at=NOW,
    )  # fmt: skip
    names = ["rota_news", "rota_runs", "rota_open"]

    def seen(user, station_id=None):
        scope = door.part_scope(
            scope_of(user, on=NOW.date()),
            sentral_id=sentral.pk,
            station_id=station_id,
            language="nb",
        )
        return [live.part(name).may_be_seen_by(scope) for name in names]

    assert seen(of_sentral) == [True] * 3
    assert seen(house.planner) == [False] * 3
    assert seen(house.planner, house.workplace.id) == [True] * 3


# --------------------------------------------------------- what another place writes


def test_a_dispensation_counts_where_it_was_given(house, elsewhere):
    doctor = house.doctors[0]
    CompetenceDocument.objects.filter(person=doctor).exclude(
        kind="authorisation"
    ).delete()
    before = alone_spans({doctor.pk}, *PERIOD, at=house.workplace)
    for demand in documents.dispensable():
        as_user(elsewhere).post(
            f"/folk/{doctor.pk}/?sted=stasjon-fjern",
            {
                "act": "dispensation",
                "demand": demand,
                "first_on": "2026-01-01",
                "last_on": "2030-01-01",
                "reason": "De er få",
            },
        )
    assert Dispensation.objects.count() == len(documents.dispensable())
    assert alone_spans({doctor.pk}, *PERIOD, at=house.workplace) == before
    entry = AuditEntry.objects.filter(what="dispensation_given").latest("pk")
    assert entry.place == "fjern"


def test_a_document_is_struck_where_it_was_seen(house, elsewhere):
    row = CompetenceDocument.objects.filter(person=house.doctors[0]).first()
    CompetenceDocument.objects.filter(pk=row.pk).update(recorded_by=house.planner)
    page = as_user(elsewhere).post(
        f"/folk/{house.doctors[0].pk}/?sted=stasjon-fjern",
        {"act": "strike_document", "row": str(row.pk)},
    )
    row.refresh_from_db()
    assert row.struck_at is None
    assert house.planner.name in page.content.decode()
    as_user(house.planner).post(
        f"/folk/{house.doctors[0].pk}/", {"act": "strike_document", "row": str(row.pk)}
    )
    row.refresh_from_db()
    assert row.struck_by == house.planner


@pytest.mark.parametrize(
    "typed",
    [
        {"act": "document", "kind": "specialist_allmennmedisin", "issuer": "meg"},
        {"act": "experience", "kind": "duties", "count": "100"},
        {"act": "absence", "ground": "exempt_age"},
    ],
)
def test_nobody_writes_ones_own_competence_or_leave(house, typed):
    me = leads(house.doctors[0], house, "legevaktoverlege")
    written = CompetenceDocument.objects.filter(person=me).count()
    page = as_user(me).post(f"/folk/{me.pk}/", {"first_on": "2020-01-01"} | typed)
    assert "om seg selv" in page.content.decode()
    assert CompetenceDocument.objects.filter(person=me).count() == written
    assert not Absence.objects.filter(person=me).exists()


def test_an_approval_is_cut_short_and_never_lengthened_nor_by_oneself():
    world = World()
    row = world.approved(last_on="2026-12-31")
    end = lambda last, by: vikarer.end_approval(  # noqa: E731
        approval=row, last_on=last, by=by, at=NOW
    )
    assert (
        rule_of(lambda: end("2027-01-01", world.kommune)) is Rule.VIKAR_NOT_LENGTHENED
    )
    assert rule_of(lambda: end("2026-12-01", row.person)) is Rule.VIKAR_OF_OWN
    assert end("2026-12-01", world.kommune).valid_to == date(2026, 12, 1)


def test_a_municipality_shares_with_those_it_has_said_yes_to():
    world = World()
    world.approved()
    grane = make.municipality("1825", "Grane")
    common = {"by": world.kommune}
    pool = vikarer.make_pool(
        name="Indre",
        municipality=world.leirfjord,
        ask_also=world.vefsn,
        at=NOW,
        **common,
    )
    vefsn = pool.consents.get(municipality=world.vefsn)
    vikarer.consent(row=vefsn, at=NOW + timedelta(days=1), **common)
    asked = vikarer.ask_into_pool(
        pool=pool, municipality=grane, at=NOW + timedelta(days=2), **common
    )
    vikarer.consent(row=asked, at=NOW + timedelta(days=3), **common)
    seen = lambda code: vikar_queries.shared_vikarer([code], on=NOW.date())  # noqa: E731
    assert len(seen(world.leirfjord.pk)) == 1
    assert seen("1825") == ()
    newer = vikar_queries.pools([world.vefsn.pk])[0]["consents"]
    assert ("Grane",) in [one["newer"] for one in newer if one["is_mine"]]
    vikarer.consent(row=vefsn, at=NOW + timedelta(days=4), **common)
    assert len(seen("1825")) == 1
    again = lambda: vikarer.consent(row=vefsn, at=NOW, **common)  # noqa: E731
    assert rule_of(again) is Rule.POOL_IS_SETTLED


# --------------------------------------------------------------------------- files


def sheet(**cells):
    usual = {
        "brukernavn": "ny.lege", "fornavn": "Ny", "etternavn": "Lege",
        "stilling": "fastlege", "prosent": "100", "fra": "2026-01-01",
    }  # fmt: skip
    names = [*NEEDED, *[name for name in cells if name not in NEEDED]]
    return "\t".join(names) + "\n" + "\t".join((usual | cells)[name] for name in names)


def test_an_import_never_takes_the_number_of_another(house):
    other = make.user("offer", roles=["doctor"], hpr_number="7654321")
    page = as_user(house.planner).post(
        "/folk/import/", {"pasted": sheet(hpr="7654321")}
    )
    assert "ført på en annen" in page.content.decode()
    assert User.objects.get(hpr_number="7654321") == other


def test_what_is_no_text_is_told_by_its_cell(house):
    page = as_user(house.planner).post(
        "/folk/import/", {"pasted": sheet(etternavn="a\x00b")}
    )
    assert page.status_code == 200
    assert "C2" in page.content.decode()


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+47 900", "'+47 900"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-", "'-"),
        ("-0,5", "-0,5"),
        ("+3.25", "+3.25"),
        (-0.5, -0.5),
        ("", ""),
        (None, None),
        ("Kari", "Kari"),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_text(cell, written):
    assert harmless(cell) == written


# -------------------------------------------------------------------------- far dates


def test_a_wish_is_for_days_that_a_rota_may_be_made_for(house):
    give = lambda first, last: wishes.give_wish(  # noqa: E731
        wants="free", first=first, last=last, weight=1, workplace=house.workplace,
        by=house.doctors[0], at=NOW,
    )  # fmt: skip
    far = timezone.localdate(NOW) + wishes.AHEAD
    assert rule_of(lambda: give(far, far + timedelta(days=1))) is Rule.WISH_TOO_FAR
    give(far, far)
    assert rule_of(lambda: give(date(9999, 12, 30), date.max)) is Rule.WISH_TOO_FAR


def test_a_rota_begins_within_five_years_and_has_an_end(house, monkeypatch):
    page = as_user(house.planner).post(
        "/vaktplan/ny/", {"first": "9999-12-01", "last": "9999-12-31"}
    )
    assert "En plan kan begynne til og med" in page.content.decode()
    monkeypatch.setattr(making, "MOST_PLACES", 3)
    make_one = lambda: making.make_rota(  # noqa: E731
        workplace=house.workplace, starts_on=date(2027, 6, 1), ends_on=date(2027, 6, 30),
        by=house.planner, at=NOW,
    )  # fmt: skip
    assert rule_of(make_one) is Rule.ROTA_TOO_LARGE
    assert Rota.objects.count() == 1
