"""What a rota costs and what its people carry, checked against sums made by hand."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import staffing_models as build
from varde.domain.pay.amount import Amount
from varde.domain.pay.expected import NOT_MEASURED
from varde.domain.pay.forms import Form
from varde.domain.rota.values import Law, Slot, Span, Worker
from varde.engines.rostering.duties.staffing_file import Daytime, PayKind
from varde.engines.staffing_models.carried import carried
from varde.engines.staffing_models.compare import outcome
from varde.engines.staffing_models.cost import cost_of
from varde.engines.staffing_models.values import TODAY, Group, Item, YearRota


MONDAY = build.FIRST
DUTY, POSITION = PayKind.DUTY, PayKind.POSITION


def slot(number, *, day=0, clock=time(16), hours=16.0, post="forvakt"):
    begins = datetime.combine(MONDAY + timedelta(days=day), clock, tzinfo=build.OSLO)
    ends = begins.astimezone(UTC) + timedelta(hours=hours)
    return Slot(
        id=f"s{number}",
        post=post,
        span=Span(starts_at=begins, ends_at=ends),
        accounts=frozenset(),
    )


def group(code="lege", people=("a",), pay=DUTY, daytime=Daytime.NONE):
    return Group(code=code, people=people, pay=pay, daytime=daytime)


def rota(slots, *, held, groups=None, weeks=1, code="x", sites=0):
    groups = groups or (group(),)
    return YearRota(
        code=code,
        first=MONDAY,
        weeks=weeks,
        slots=tuple(slots),
        workers=tuple(
            Worker(id=who, law=Law.SFS2305, posts=frozenset({"forvakt"}))
            for one in groups
            for who in one.people
        ),
        groups=groups,
        held=held,
        sites=sites,
    )


def counted(given, **changes):
    return cost_of(given, build.assumed(**changes))


def lines(found):
    return {(line.item, line.group): line for line in found.lines}


def kroner(found):
    return {key: line.amount.total for key, line in lines(found).items()}


def test_duty_pay_by_class_with_the_fees_to_the_doctor():
    """Monday 16 to 08: sixteen hours in class 2 at 55, and 0.6 contacts an hour."""
    found = counted(rota([slot(1)], held={"s1": "a"}))
    # Work: 0.5 × 20 + 0.1 × 60 minutes in each hour are 16: class 2.
    assert found.duty_class == {"forvakt": 2}
    pay = Decimal(16 * 55 * 52)
    assert kroner(found) == {
        (Item.DUTY_PAY, "lege"): pay,
        (Item.SOCIAL, ""): pay / 5,
    }
    assert lines(found)[Item.DUTY_PAY, "lege"].quantity == 16 * 52
    fees = 16 * (Decimal("0.5") * 328 + Decimal("0.1") * 500) * 52
    assert found.income == {"lege": Amount(known=pay + fees)}
    assert found.active_h["lege"] == pytest.approx(16 * 16 / 60)


@pytest.mark.parametrize(
    ("form", "pay", "to_town_h"),
    [
        (Form.FIXED, 16 * 600, 16),
        (Form.NIGHT_FIXED, 7 * 55 + 9 * 520, 9),
    ],
)
def test_under_fixed_pay_the_fees_are_the_municipalitys(form, pay, to_town_h):
    found = counted(rota([slot(1)], held={"s1": "a"}), form=form)
    an_hour = Decimal("0.5") * 328 + Decimal("0.1") * 500
    assert kroner(found) == {
        (Item.DUTY_PAY, "lege"): pay * 52,
        (Item.FEES, ""): -to_town_h * an_hour * 52,
        (Item.SOCIAL, ""): Decimal(pay * 52) / 5,
    }
    kept = (16 - to_town_h) * an_hour * 52
    assert found.income["lege"].total == pay * 52 + kept


def test_an_agreed_class_is_the_class():
    found = counted(rota([slot(1)], held={"s1": "a"}), agreed={"forvakt": 4})
    assert found.duty_class == {"forvakt": 4}
    assert lines(found)[Item.DUTY_PAY, "lege"].amount.total == 0
    assert (Item.SOCIAL, "") not in lines(found)


def test_a_bakvakt_has_the_bakvakts_rate_no_contacts_and_no_class():
    found = counted(rota([slot(1, post="bakvakt")], held={"s1": "a"}))
    assert lines(found)[Item.DUTY_PAY, "lege"].amount.total == 16 * 168 * 52
    assert found.duty_class == {}
    assert found.active_h == {"lege": 0.0}
    assert found.income["lege"].total == 16 * 168 * 52


@pytest.mark.parametrize(
    ("daytime", "brings"), [(Daytime.PRACTICE, -1_400_000), (Daytime.NONE, None)]
)
def test_positions_cost_their_wages_and_bring_in_by_day(daytime, brings):
    groups = (group(people=("a", "b"), pay=POSITION, daytime=daytime),)
    found = counted(rota([slot(1)], held={"s1": "a"}, groups=groups))
    sums = kroner(found)
    assert sums[Item.POSITIONS, "lege"] == 2_400_000
    assert sums.get((Item.DAY_INCOME, "lege")) == brings
    assert sums[Item.SOCIAL, ""] == 480_000
    assert sums[Item.FEES, ""] == -16 * Decimal(214) * 52
    assert found.income["lege"].total == 1_200_000


def test_a_substitute_is_paid_by_the_day_and_travels_once_a_stay():
    days = (0, 1, 4, 8)  # the last is four days after: another stay
    slots = [slot(day, day=day) for day in days]
    groups = (
        group("vikar", ("v", "w"), PayKind.SUBSTITUTE),
        group("lis1", ()),
    )
    held = {f"s{day}": "v" for day in days} | {"s8": "w", "s4": "v"}
    slots.append(slot(9, day=12))
    found = counted(rota(slots, held=held | {"s9": "w"}, groups=groups, weeks=4))
    sums = lines(found)
    assert sums[Item.SUBSTITUTE, "vikar"].quantity == 5 * 13
    assert sums[Item.SUBSTITUTE, "vikar"].amount.total == 5 * 13 * 12_000
    assert sums[Item.TRAVEL, "vikar"].quantity == 3 * 13
    assert found.income == {"vikar": None, "lis1": None}
    assert {key for key in sums if key[1] == "lis1"} == set()


def test_a_substitute_who_never_comes_costs_nothing_at_any_price():
    given = rota([], held={}, groups=(group("vikar", ("v",), PayKind.SUBSTITUTE),))
    found = counted(given, prices=build.UNKNOWN_PRICES)
    assert kroner(found) == {
        (Item.SUBSTITUTE, "vikar"): 0,
        (Item.TRAVEL, "vikar"): 0,
    }


def test_those_paid_by_the_hour_are_paid_also_for_hours_that_nobody_has_yet():
    groups = (
        group("sykepleier", ("n",), PayKind.HOURLY),
        group("mannskap", ("m",), PayKind.OTHER),
    )
    slots = [slot(number, hours=8, post="satellitt") for number in (1, 2, 3)]
    found = counted(rota(slots, held={"s1": "n", "s2": "m"}, groups=groups, sites=3))
    sums = kroner(found)
    assert sums[Item.HOURLY, "sykepleier"] == 2 * 8 * 52 * 350
    assert sums[Item.OTHER_PAYS, "mannskap"] == 0
    assert sums[Item.SITES, ""] == 300_000
    assert found.active_h["sykepleier"] == 8
    assert found.income == {
        "sykepleier": Amount(known=Decimal(8 * 52 * 350)),
        "mannskap": None,
    }
    assert (Item.VACANT, "") not in sums
    assert (Item.FEES, "") not in sums


def test_a_vacant_duty_costs_what_a_substitute_costs():
    found = counted(rota([slot(1, hours=12)], held={}))
    assert kroner(found)[Item.VACANT, ""] == Decimal(12_000) / 2 * 52


def test_a_price_that_is_unknown_makes_the_sum_unknown_and_never_smaller():
    groups = (
        group("lege", ("a",), POSITION, Daytime.PRACTICE),
        group("vikar", ("v",), PayKind.SUBSTITUTE),
        group("sykepleier", ("n",), PayKind.HOURLY),
    )
    slots = [slot(1), slot(2, day=1), slot(3, post="satellitt"), slot(4, day=2)]
    given = rota(slots, held={"s1": "a", "s2": "v", "s3": "n"}, groups=groups, sites=1)
    found = counted(given, prices=build.UNKNOWN_PRICES, busy=NOT_MEASURED)
    unknown = {item for (item, _group), line in lines(found).items()
               if line.amount.total is None}  # fmt: skip
    assert unknown == set(Item) - {Item.DUTY_PAY, Item.OTHER_PAYS}
    whole = outcome(given, build.assumed(prices=build.UNKNOWN_PRICES)).cost
    assert whole.total is None


def test_without_measured_contacts_class_pay_and_fees_are_unknown():
    found = counted(rota([slot(1)], held={"s1": "a"}), busy=NOT_MEASURED)
    assert found.duty_class == {"forvakt": None}
    assert kroner(found) == {(Item.DUTY_PAY, "lege"): None, (Item.SOCIAL, ""): None}
    assert found.active_h == {"lege": None}
    assert found.income["lege"].total is None


def test_no_wages_need_no_contributions():
    found = counted(
        rota([slot(1)], held={"s1": "v"},
             groups=(group("vikar", ("v",), PayKind.SUBSTITUTE),)),
        prices=replace(build.assumed().prices, social=None),
    )  # fmt: skip
    assert (Item.SOCIAL, "") not in lines(found)


def test_two_in_the_first_tier_share_the_patients_and_home_visits_are_the_seconds():
    post = "konsultasjonsvakt"
    two = [slot(1, post=post), slot(2, post=post), slot(3, post="beredskapsvakt")]
    held = {"s1": "a", "s2": "a", "s3": "b"}
    groups = (group("lege", ("a",), POSITION), group("fast", ("b",), POSITION))
    found = counted(rota(two, held=held, groups=groups))
    # 16 hours with half a consultation of 20 minutes, and a tenth visit of an hour.
    assert found.active_h["lege"] == pytest.approx(16 * 0.5 / 3)
    assert found.active_h["fast"] == pytest.approx(16 * 0.1)
    assert set(found.duty_class) == {post, "beredskapsvakt"}
    fees = 16 * (Decimal("0.5") * 328 + Decimal("0.1") * 500) * 52
    assert kroner(found)[Item.FEES, ""] == -fees


def test_a_second_tier_alone_has_all_the_patients():
    found = counted(rota([slot(1, post="beredskapsvakt")], held={"s1": "a"}))
    assert found.active_h["lege"] == pytest.approx(16 * 16 / 60)


# ---------------------------------------------------------------- what people carry


def load_of(given, **changes):
    assumed = build.assumed(**changes)
    codes = [one.code for one in given.groups]
    return carried(
        given,
        assumed,
        active_h=dict.fromkeys(codes, 8.0),
        income=dict.fromkeys(codes),
    )


def test_hours_turns_and_rest_of_one_week():
    slots = [
        slot(1),
        slot(2, day=5, clock=time(9), hours=24),
        slot(3, day=2, post="bakvakt"),
    ]
    groups = (group(people=("a",), daytime=Daytime.PRACTICE), group("lis1", ()))
    held = {"s1": "a", "s2": "a", "s3": "a"}
    (one,) = load_of(rota(slots, held=held, groups=groups))
    assert (one.code, one.people) == ("lege", 1)
    assert (one.duty_h, one.backup_h, one.active_h) == (56, 16, 8)
    # The duty to 08, then a day of 7.5 hours: no hour is both.
    assert (one.practice_h, one.whole_h, one.hardest_week_h) == (37.5, 93.5, 93.5)
    assert (one.nth_weekday, one.nth_weekend, one.nth_night) == (5, 1, 3.5)
    assert one.nth_backup == 7
    assert (one.over_low, one.over_high) == (52, 52)
    assert (one.short_rests, one.shortest_rest_h) == (104, 0)


def test_one_without_duties_has_no_turn_and_no_rest():
    (one,) = load_of(rota([slot(1)], held={}))
    assert (one.duty_h, one.whole_h, one.hardest_week_h) == (0, 0, 0)
    turns = (one.nth_weekday, one.nth_weekend, one.nth_night, one.nth_backup)
    assert turns == (None,) * 4
    assert one.shortest_rest_h is None


@pytest.mark.parametrize(
    ("practice_h", "shown", "whole"), [(None, None, 16), (0, 0, 16), (10, 10, 26)]
)
def test_practice_that_nobody_has_told_is_unknown_and_not_none(
    practice_h, shown, whole
):
    groups = (group(daytime=Daytime.PRACTICE),)
    given = rota([slot(1)], held={"s1": "a"}, groups=groups)
    (one,) = load_of(given, practice_h=practice_h)
    assert (one.practice_h, one.whole_h) == (shown, whole)


def test_a_public_holiday_counts_and_is_no_working_day():
    new_year = MONDAY - timedelta(days=7)  # its Friday is 1 January
    begins = datetime(2027, 1, 1, 9, tzinfo=build.OSLO)
    one = replace(
        slot(1), span=Span(starts_at=begins, ends_at=begins + timedelta(hours=24))
    )
    given = replace(
        rota([one], held={"s1": "a"}, groups=(group(daytime=Daytime.PRACTICE),)),
        first=new_year,
    )
    (found,) = load_of(given)
    assert found.holidays == 52
    assert (found.practice_h, found.nth_weekday) == (30, None)


def test_unknown_work_on_duty_stays_unknown():
    given = rota([slot(1)], held={"s1": "a"})
    (one,) = carried(
        given, build.assumed(), active_h={"lege": None}, income={"lege": None}
    )
    assert one.active_h is None


# ---------------------------------------------------------------- the whole


def test_the_rota_of_today_is_judged_by_working_hours_alone():
    alone = rota([slot(1, hours=30)], held={"s1": "a"})  # may not be alone
    as_model = outcome(alone, build.assumed())
    assert "never_alone_where_not_competent" in as_model.broken
    as_today = outcome(replace(alone, code=TODAY), build.assumed())
    assert as_today.broken == {}
    assert as_today.warned == {"hours_of_a_day_are_kept": 1}
    assert (as_today.slots, as_today.vacant) == (1, 0)


def test_fewer_satellites_need_fewer_on_duty():
    made = build.made(
        "satellites", weeks=1, sites=1, counts={"sykepleier": 12, "lege": 7}
    )
    at_once = [one for one in made.slots if one.post == "satellitt"]
    assert len(at_once) == 7 + 7 + 2
    assert made.sites == 1
    assert [len(one.people) for one in made.groups] == [7, 12]
    assert build.made("lyngen", weeks=1, sites=4).sites == 0


def test_a_rota_that_is_stopped_is_none():
    asked = []

    def stop():
        asked.append(1)
        return len(asked) == 3

    assert build.made("lyngen", weeks=6, should_stop=stop) is None
    assert len(asked) == 3


def test_the_same_seed_gives_the_same_rota_and_the_same_answer():
    first, again = (build.made("stor-elvdal", weeks=3) for _ in range(2))
    assert first == again
    assert outcome(first, build.assumed()) == outcome(again, build.assumed())


@given(
    hours=st.lists(st.integers(1, 24), min_size=1, max_size=6),
    rate=st.floats(0, 3),
    form=st.sampled_from(Form),
)
def test_what_the_town_pays_and_the_fees_are_what_the_doctors_get(hours, rate, form):
    """Duty pay − fees of the municipality + all fees = income + what the town is left with."""
    slots = [slot(n, day=n, clock=time(8), hours=h) for n, h in enumerate(hours)]
    held = {one.id: "a" for one in slots}
    busy = build.busy(rate, 0.0)
    found = counted(rota(slots, held=held), form=form, busy=busy)
    sums = kroner(found)
    pay, to_town = sums[Item.DUTY_PAY, "lege"], -sums.get((Item.FEES, ""), Decimal(0))
    all_fees = counted(
        rota(slots, held=held), form=Form.ACTIVITY, busy=busy, agreed={"forvakt": 4}
    ).income["lege"].total  # fmt: skip
    got = found.income["lege"].total
    assert pay + all_fees == pytest.approx(got + to_town, abs=1)
