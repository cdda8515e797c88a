"""Tiny rotas, drawn at random, for the tests of the optimiser: small enough that every
assignment can be tried. Two weeks around the night when the clocks go forward."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from varde.domain.rota.rules.breach import Need
from varde.domain.rota.rules.judging import judge
from varde.domain.rota.values import Account, Law, Slot, Span, Wish, Worker
from varde.engines.rostering.duties.example import limits_of
from varde.engines.rostering.duties.ground import Grounds
from varde.engines.rostering.duties.rules import Rules
from varde.engines.rostering.duties.targets import Targets
from varde.engines.rostering.duties.values import Goals, Problem


OSLO = ZoneInfo("Europe/Oslo")
MONDAY = date(2026, 3, 23)  # the clocks go forward on the Sunday
LIMITS = limits_of(frozenset({date(2026, 4, 2), date(2026, 4, 3)}))
POSTS = ("forvakt", "bakvakt", "operator")


def at(day: float, hour: float = 0) -> datetime:
    """A moment, by the clock of the place."""
    midnight = datetime.combine(MONDAY + timedelta(days=int(day)), datetime.min.time())
    return (midnight + timedelta(hours=hour)).replace(tzinfo=OSLO)


def span(day: float, hour: float, hours: float) -> Span:
    """So many true hours from a moment on."""
    starts_at = at(day, hour)
    ends = datetime.fromtimestamp(starts_at.timestamp() + hours * 3600, tz=OSLO)
    return Span(starts_at=starts_at, ends_at=ends)


def days(first: int, count: int) -> Span:
    """Whole days."""
    return Span(starts_at=at(first), ends_at=at(first + count))


def slot(name, day=0, hour=15.0, hours=8.0, post="forvakt", **more):
    """A slot with the accounts that its clock suggests."""
    accounts = {Account.ALL}
    if hour >= 20 or hours > 12:
        accounts.add(Account.NIGHT)
    elif hour >= 15:
        accounts.add(Account.EVENING)
    if day % 7 >= 5:
        accounts.add(Account.WEEKEND)
    if post == "bakvakt":
        accounts.add(Account.BACKUP)
    return Slot(
        id=name,
        post=post,
        span=span(day, hour, hours),
        accounts=frozenset(accounts),
        **more,
    )


ALWAYS = (days(-1, 30),)


def worker(name, law=Law.SFS2305, posts=POSTS, alone=ALWAYS, **more):
    """A person who may do all, unless said otherwise."""
    return Worker(id=name, law=law, posts=frozenset(posts), alone=alone, **more)


def problem(slots, workers, limits=LIMITS, goals=None, **more):
    """A problem; without the minimum of a sentral unless asked for."""
    return Problem(
        slots=tuple(slots),
        workers=tuple(workers),
        limits=replace(limits, lvs_minimum=more.pop("lvs_minimum", 0)),
        goals=goals or Goals(),
        **more,
    )


@st.composite
def slots_(draw, count):
    """Some slots of all sorts; now and then two that one person has both of."""
    return [
        slot(
            f"s{number}",
            draw(st.integers(0, 13)),
            draw(st.sampled_from([0, 7.5, 9, 15, 22])),
            draw(st.sampled_from([2, 7.5, 8, 9, 12, 16.5, 24])),
            draw(st.sampled_from(POSTS)),
            active_share=draw(st.sampled_from([1.0, 1.0, 0.25])),
            group=draw(st.sampled_from(["", "", "", "", "g"])),
            is_phone_only=draw(st.sampled_from([False, False, True])),
        )
        for number in range(draw(st.integers(1, count)))
    ]


@st.composite
def workers_(draw, count):
    """Some people of all sorts."""
    spans = st.lists(
        st.builds(days, st.integers(0, 13), st.integers(1, 6)), max_size=1
    ).map(tuple)
    return [
        worker(
            f"w{number}",
            law=draw(st.sampled_from(Law)),
            posts=draw(st.sampled_from([POSTS, POSTS, POSTS[:1], POSTS[::2]])),
            alone=draw(st.sampled_from([ALWAYS, ALWAYS, (), (days(3, 4), days(7, 2))])),
            phone_is_enough=draw(st.sampled_from([(), ALWAYS, (days(2, 5),)])),
            share=draw(st.sampled_from([1.0, 1.0, 0.5, 0.0])),
            lis1=draw(st.sampled_from([(), (), ALWAYS, (days(4, 4),)])),
            known=draw(st.sampled_from([None, None, days(7, 20), days(30, 2)])),
            away=draw(spans),
            no_nights=draw(spans),
            only_within=draw(st.sampled_from([(), (), (days(0, 5), days(5, 7))])),
            approved=draw(st.sampled_from([None, None, None, (days(0, 7),)])),
            without_post=draw(st.sampled_from([{}, {}, {POSTS[0]: (days(4, 5),)}])),
            credit=draw(st.sampled_from([{}, {Account.ALL: 1.4, Account.NIGHT: -0.5}])),
        )
        for number in range(draw(st.integers(1, count)))
    ]


@st.composite
def problems(draw, slots=5, workers=3):
    """A tiny problem with rules that bite."""
    limits = replace(
        LIMITS,
        week_hours=draw(st.sampled_from([12, 40])),
        one_week_hours=draw(st.sampled_from([20, 48])),
        average_weeks=draw(st.sampled_from([1, 2, 8])),
        sunday_every=draw(st.sampled_from([2, 3])),
        nights_in_a_row=draw(st.sampled_from([None, 1, 2])),
        days_between=draw(st.sampled_from([None, None, 2, 3])),
        second_tier=draw(st.sampled_from([{}, {}, {"forvakt": "bakvakt"}])),
        lis1_presence=draw(st.booleans()),
    )
    people = draw(workers_(workers))
    wishes = [
        Wish(
            id=f"wish{number}",
            worker=draw(st.sampled_from(people)).id,
            span=days(draw(st.integers(0, 13)), draw(st.integers(1, 3))),
            wants_duty=draw(st.booleans()),
            weight=draw(st.integers(1, 3)),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    needs = draw(st.sampled_from([(), (), (span(1, 16, 0.5),), (span(6, 10, 0.5),)]))
    return problem(
        draw(slots_(slots)),
        people,
        limits=limits,
        lvs_minimum=draw(st.sampled_from([0, 0, 1, 2])),
        wishes=tuple(wishes),
        needs=tuple(Need(posts=frozenset(POSTS), span=n, least=1) for n in needs),
        goals=Goals(
            tolerance_duties=draw(st.sampled_from([0.0, 0.5, 1.0])),
            spacing_days=draw(st.sampled_from([0, 2, 4])),
        ),
    )


def judged(a_problem, assignment):
    """What the judge of the domain says, of the duties outside the period too."""
    outside = {one.id: who for who, held in a_problem.earlier.items() for one in held}
    around = tuple(one for held in a_problem.earlier.values() for one in held)
    return judge(
        slots=(*a_problem.slots, *around),
        workers=a_problem.workers,
        assignment={**outside, **assignment},
        limits=a_problem.limits,
        wishes=a_problem.wishes,
        needs=a_problem.needs,
    )


def measures(a_problem):
    """The problem made ready, and its targets."""
    grounds = Grounds(a_problem)
    return grounds, Targets(grounds, Rules(grounds))


def every_assignment(a_problem):
    """Each way to give the slots to people, or to nobody."""
    names = [None, *(person.id for person in a_problem.workers)]
    for who in product(names, repeat=len(a_problem.slots)):
        found = {
            one.id: name
            for one, name in zip(a_problem.slots, who, strict=True)
            if name is not None
        }
        if all(found.get(slot) == name for slot, name in a_problem.fixed.items()):
            yield found
