"""Vikarer: asked about, approved, shared by consent, and their use with its cost."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.query_count import queries_of
from varde.apps.records import audit
from varde.apps.records.models import (
    PoolConsent,
    Position,
    VikarApproval,
    VikarDuty,
    VikarPool,
    VikarTerms,
)
from varde.apps.records.scope import scope_of
from varde.apps.staffing.access import workplaces_of
from varde.apps.staffing.queries import vikarer as queries
from varde.apps.staffing.services import vikarer as services
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
NOW = make.NOW
TODAY = date(2026, 11, 20)


class CannotWrite(Exception):
    """The line of the log could not be written."""


class World:
    """A station in Vefsn with planner, kommuneoverlege and a doctor who is a vikar."""

    def __init__(self):
        make.settings()
        make.sentral()
        self.station = make.station()
        self.vefsn = make.municipality()
        self.leirfjord = make.municipality("1822", "Leirfjord")
        self.boss = make.user(
            "overlege", roles=["legevaktoverlege"], at=make.district()
        )
        self.kommune = make.user(
            "kommune", roles=["kommuneoverlege"], at=make.district()
        )
        self.vikar = make.user(
            "vikar", roles=["doctor"], at=self.station, first_name="Vilja"
        )
        self.workplace = next(
            p for p in workplaces_of(scope_of(self.boss, on=TODAY)) if p.station_id
        )
        self.common = {"by": self.boss, "at": NOW}

    def ask(self, **fields):
        return services.ask(
            **{
                "person": self.vikar,
                "municipality": self.vefsn,
                "first_on": "2026-11-01",
                "last_on": "",
            }
            | self.common
            | fields
        )

    def approved(self, **fields):
        return services.decide(
            approval=self.ask(**fields),
            approve=True,
            reason="",
            by=self.kommune,
            at=NOW,
        )

    def terms(self, **fields):
        return services.set_terms(
            **{
                "person": self.vikar,
                "municipality": self.vefsn,
                "first_on": "2026-11-01",
                "rate_nok": "1 000,50",
                "terms": "Reise dekkes",
                "agency": "",
            }
            | self.common
            | fields
        )

    def pool(self):
        return services.make_pool(
            name="Indre",
            municipality=self.vefsn,
            ask_also=self.leirfjord,
            by=self.kommune,
            at=NOW,
        )

    def client(self, user):
        client = Client()
        client.force_login(user)
        client.get(reverse("staffing:vikarer") + "?sted=" + self.workplace.key)
        return client

    def post(self, user, act, **fields):
        return self.client(user).post(
            reverse("staffing:vikarer"), {"act": act} | fields
        )


@pytest.fixture
def world():
    return World()


def rule_of(act):
    with pytest.raises(RuleBroken) as caught:
        act()
    return caught.value


def may(world, municipality, on=TODAY):
    return queries.approved([world.vikar.pk], [municipality.pk], on=on) != set()


def test_the_municipality_approves_and_ends(world):
    asked = world.ask()
    assert not may(world, world.vefsn)
    assert rule_of(world.ask).rule is Rule.VIKAR_IS_ASKED
    decided = {"approval": asked, "by": world.kommune, "at": NOW}
    no_reason = rule_of(lambda: services.decide(approve=False, reason=" ", **decided))
    assert no_reason.values["field"] == "reason"
    services.decide(approve=True, reason="", **decided)
    assert may(world, world.vefsn)
    assert not may(world, world.vefsn, on=date(2026, 10, 31))
    assert not may(world, world.leirfjord)
    again = rule_of(lambda: services.decide(approve=False, reason="Nei", **decided))
    assert again.rule is Rule.VIKAR_IS_DECIDED
    services.end_approval(
        approval=asked, last_on="2026-11-19", by=world.kommune, at=NOW
    )
    assert not may(world, world.vefsn)


def test_a_refused_vikar_may_be_asked_about_again_and_is_not_used(world):
    asked = world.ask()
    services.decide(
        approval=asked, approve=False, reason="Uerfaren", by=world.kommune, at=NOW
    )
    assert not may(world, world.vefsn)
    assert rule_of(
        lambda: services.end_approval(
            approval=asked, last_on="2026-12-01", by=world.kommune, at=NOW
        )
    ).rule is (Rule.VIKAR_IS_DECIDED)
    world.approved()
    assert may(world, world.vefsn)


def test_nobody_asks_for_or_approves_oneself(world):
    assert rule_of(lambda: world.ask(person=world.boss)).rule is Rule.VIKAR_OF_OWN
    asked = world.ask(person=world.kommune)
    own = rule_of(
        lambda: services.decide(
            approval=asked, approve=True, reason="", by=world.kommune, at=NOW
        )
    )
    assert own.rule is Rule.VIKAR_OF_OWN


def test_a_pool_shares_only_when_both_have_consented(world):
    world.approved()
    world.pool()
    mine, other = PoolConsent.objects.order_by("pk")
    assert mine.given_by == world.kommune
    assert not may(world, world.leirfjord)
    far = make.user("fjern", roles=["kommuneoverlege"], at=make.district("y", "Ytre"))
    services.consent(row=other, by=far, at=NOW)
    assert may(world, world.leirfjord)
    assert rule_of(lambda: services.consent(row=other, by=far, at=NOW)).rule is (
        Rule.POOL_IS_SETTLED
    )
    (shared,) = queries.shared_vikarer([world.leirfjord.pk], on=TODAY)
    assert shared.person == world.vikar
    services.withdraw(row=mine, by=world.kommune, at=NOW)
    assert not may(world, world.leirfjord)
    assert may(world, world.vefsn)
    assert rule_of(
        lambda: services.withdraw(row=mine, by=world.kommune, at=NOW)
    ).rule is (Rule.POOL_IS_SETTLED)


def test_many_pools_are_read_as_fast_as_one_and_each_counts_its_own_people(world):
    def pool(name):
        made = services.make_pool(
            name=name,
            municipality=world.vefsn,
            ask_also=world.leirfjord,
            by=world.kommune,
            at=NOW,
        )
        for municipality in (world.vefsn, world.leirfjord):
            made.consents.filter(municipality=municipality).update(given_at=NOW)
        return made

    pool("A")
    world.approved()
    world.approved(municipality=world.leirfjord)
    one = queries_of(lambda: queries.pools(["1824"]))
    for name in "BCDE":
        pool(name)
    assert queries_of(lambda: queries.pools(["1824"])) == one
    PoolConsent.objects.filter(pool__name="B", municipality=world.leirfjord).update(
        given_at=None
    )
    shown = {row["pool"].name: row["people"] for row in queries.pools(["1824"])}
    assert shown == {"A": 1, "B": 0, "C": 1, "D": 1, "E": 1}


def test_a_pool_has_its_own_name_and_each_municipality_once(world):
    pool = world.pool()
    common = {"by": world.kommune, "at": NOW}
    assert rule_of(world.pool).rule is Rule.POOL_NAME_TAKEN
    assert rule_of(
        lambda: services.ask_into_pool(
            pool=pool, municipality=world.leirfjord, **common
        )
    ).rule is (Rule.POOL_HAS_MUNICIPALITY)
    third = make.municipality("1813", "Brønnøy")
    services.ask_into_pool(pool=pool, municipality=third, **common)
    assert PoolConsent.objects.count() == 3
    alone = rule_of(
        lambda: services.make_pool(
            name="Bare oss", municipality=world.vefsn, ask_also=world.vefsn, **common
        )
    )
    assert alone.values["field"] == "municipality"


@pytest.mark.parametrize("rate", ["0", "-1", "mye", "nan", "100001"])
def test_a_rate_that_makes_no_sense_is_refused(world, rate):
    assert rule_of(lambda: world.terms(rate_nok=rate)).values["field"] == "rate_nok"


def test_terms_hold_from_their_day_and_an_empty_rate_is_unknown(world):
    assert world.terms().rate_nok == Decimal("1000.50")
    assert rule_of(world.terms).rule is Rule.TERMS_ARE_WRITTEN
    assert world.terms(first_on="2026-12-01", rate_nok=" ").rate_nok is None


def use(world, first=date(2026, 10, 1), last=date(2026, 12, 31)):
    return queries.use_in_period(
        world.workplace, [world.vefsn.pk], first=first, last=last
    )


def test_use_is_counted_with_true_hours_cost_and_what_is_unknown(world):
    world.approved(first_on="2026-11-01")
    world.terms(first_on="2026-11-01", rate_nok="1000")
    night = timezone.make_aware(datetime(2026, 10, 24, 22))  # the clocks go back
    long_night = make.duty(world.vikar, at=world.station, starts_at=night, hours=10)
    later = make.duty(
        world.vikar,
        at=world.station,
        starts_at=timezone.make_aware(datetime(2026, 11, 10, 15, 30)),
        hours=8,
    )
    own = make.user("fast", roles=["doctor"], at=world.station)
    make.duty(own, at=world.station, starts_at=night + timedelta(days=20))
    make.duty(world.vikar, at=make.station("annet"), starts_at=night)
    services.say_why(
        duty=later, why="sickness", at_place=world.workplace, **world.common
    )
    found = use(world)
    assert [one.duty for one in found.uses] == [long_night, later]
    assert (found.duties, found.percent) == (3, "67")
    assert found.uses[0].hours == Decimal("11.00")  # 22 to 8, an hour twice
    assert found.uses[0].cost_nok is None
    assert found.uses[1].cost_nok == Decimal("8000.00")
    assert (found.cost_nok, found.without_cost) == (Decimal("8000.00"), 1)
    assert (found.without_why, found.not_approved) == (1, 1)
    assert found.uses[1].why_words == "Sykdom"
    services.say_why(
        duty=later, why="holiday", at_place=world.workplace, **world.common
    )
    assert VikarDuty.objects.get().why == "holiday"
    assert use(world, last=date(2026, 10, 31)).uses[0].duty == long_night
    empty = use(world, first=date(2020, 1, 1), last=date(2020, 2, 1))
    assert (empty.uses, empty.percent, empty.hours) == ((), "", 0)


def test_one_with_a_position_as_vikar_counts_without_being_asked_about(world):
    Position.objects.create(
        person=world.vikar,
        category="vikar",
        law="sfs2305",
        share=0.2,
        employer="Byrå",
        station=world.station,
        valid_from=date(2026, 11, 1),
        valid_to=date(2026, 11, 15),
    )
    for day in (1, 14, 15):
        make.duty(
            world.vikar,
            at=world.station,
            starts_at=timezone.make_aware(datetime(2026, 11, day, 15)),
        )
    found = use(world)
    assert [one.duty.starts_at.day for one in found.uses] == [1, 14]
    assert found.not_approved == 2


def test_one_in_a_position_of_ones_own_here_is_no_vikar_however_long_ago_asked(world):
    """Not even one who fills in elsewhere; before that position, use is of a vikar."""
    world.approved(first_on="2021-06-01", last_on="2021-08-31")
    for station, category, first in (
        (world.station, "fastlege", date(2026, 11, 10)),
        (make.station("annet"), "vikar", date(2026, 1, 1)),
    ):
        Position.objects.create(
            person=world.vikar,
            category=category,
            law="sfs2305",
            share=1,
            employer="Vefsn kommune",
            station=station,
            valid_from=first,
        )
    for day in (9, 10):
        make.duty(
            world.vikar,
            at=world.station,
            starts_at=timezone.make_aware(datetime(2026, 11, day, 15)),
        )
    found = use(world)
    assert [one.duty.starts_at.day for one in found.uses] == [9]
    assert (found.duties, found.not_approved) == (2, 1)


# ------------------------------------------------------------- undone, screens


def test_if_the_log_cannot_be_written_nothing_is(world, monkeypatch):
    asked = world.ask()
    settled = world.approved(person=make.user("to", roles=["doctor"]))
    world.pool()
    mine, other = PoolConsent.objects.order_by("pk")
    duty = make.duty(world.vikar, at=world.station)
    common = {"by": world.kommune, "at": NOW}

    def refuse(**fields):
        raise CannotWrite

    monkeypatch.setattr(audit, "log", refuse)
    third = make.municipality("1813", "Brønnøy")
    acts = [
        lambda: world.ask(municipality=third),
        lambda: services.decide(approval=asked, approve=True, reason="", **common),
        lambda: services.end_approval(approval=settled, last_on="2026-12-01", **common),
        world.terms,
        lambda: services.make_pool(
            name="Ny", municipality=world.vefsn, ask_also=third, **common
        ),
        lambda: services.ask_into_pool(pool=mine.pool, municipality=third, **common),
        lambda: services.consent(row=other, **common),
        lambda: services.withdraw(row=mine, **common),
        lambda: services.say_why(
            duty=duty, why="other", at_place=world.workplace, **common
        ),
    ]
    for act in acts:
        with pytest.raises(CannotWrite):
            act()
    for row in (asked, settled, mine, other):
        row.refresh_from_db()
    assert asked.state == "asked"
    assert settled.valid_to is None
    assert (mine.withdrawn_at, other.given_at) == (None, None)
    assert VikarApproval.objects.count() == 2
    assert VikarPool.objects.count() == 1
    assert PoolConsent.objects.count() == 2
    assert not VikarTerms.objects.exists()
    assert not VikarDuty.objects.exists()


def test_the_whole_of_it_is_done_from_the_screen(world):
    third = make.municipality("1813", "Brønnøy")
    boss, kommune = world.boss, world.kommune
    vikar = {"person": world.vikar.pk, "municipality": world.vefsn.pk}
    duty = make.duty(world.vikar, at=world.station, starts_at=timezone.now())
    assert world.post(boss, "ask", first_on="2026-11-01", **vikar).status_code == 302
    row = VikarApproval.objects.get()
    assert world.post(boss, "approve", row=row.pk).status_code == 404
    assert world.post(kommune, "ask", first_on="2026-11-01", **vikar).status_code == 404
    assert world.post(kommune, "approve", row=row.pk).status_code == 302
    refused = world.post(kommune, "refuse", row=row.pk, reason="Nei")
    assert 'role="alert"' in refused.content.decode()
    assert (
        world.post(
            boss, "terms", first_on="2026-11-01", rate_nok="900", **vikar
        ).status_code
        == 302
    )
    assert world.post(boss, "why", row=duty.pk, why="vacancy").status_code == 302
    pool = {"name": "Sør", "municipality": world.vefsn.pk, "other": third.pk}
    assert world.post(kommune, "pool", **pool).status_code == 302
    made = VikarPool.objects.get()
    asked = {"row": made.pk, "other": world.leirfjord.pk}
    assert world.post(kommune, "ask_into_pool", **asked).status_code == 302
    # Another municipality's answer is not given here.
    theirs = PoolConsent.objects.get(municipality=third)
    assert world.post(kommune, "consent", row=theirs.pk).status_code == 404
    mine = PoolConsent.objects.get(municipality=world.vefsn)
    text = world.client(boss).get(reverse("staffing:vikarer")).content.decode()
    for words in ("Vilja", "Godkjent", "900", "Sør", "Brønnøy", "Ledig stilling"):
        assert words in text
    assert world.post(kommune, "withdraw", row=mine.pk).status_code == 302
    assert world.post(kommune, "ask_into_pool", **asked).status_code == 404
    last = {"row": row.pk, "last_on": "2026-12-01"}
    assert world.post(kommune, "end", **last).status_code == 302
    assert world.post(boss, "nonsense").status_code == 404


def test_a_period_that_makes_no_sense_is_said_and_the_last_quarter_is_shown(world):
    address = reverse("staffing:vikarer")
    client = world.client(world.boss)
    for query in ("?fra=2026-12-01&til=2026-01-01", "?fra=i-dag", "?fra=2001-01-01"):
        text = client.get(address + query).content.decode()
        assert 'role="alert"' in text, query


def test_a_shift_leader_does_not_see_vikarer(world):
    leader = make.user("leder", roles=["shift_leader"], at=make.sentral())
    client = Client()
    client.force_login(leader)
    assert client.get(reverse("staffing:vikarer")).status_code == 404
    assert client.get(reverse("staffing:people")).status_code == 200
