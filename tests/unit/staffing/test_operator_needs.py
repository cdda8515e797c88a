"""The half hours of a need: by the clock on the wall, and put together without loss."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from varde.apps.staffing.queries.rota import needs
from varde.apps.staffing.queries.rota.needs import HALF_HOUR, Half
from varde.domain.rota.rules.breach import Need
from varde.domain.rota.values import Slot, Span


POSTS = frozenset({"operator"})
MIDNIGHT = datetime(2026, 12, 7, tzinfo=UTC)
DAY = timedelta(days=1)


def row(first, last=None, *, operators=2):
    return SimpleNamespace(
        valid_from=first, valid_to=last, operators=[operators] * (7 * 48)
    )


def slot(number, begins, ends, post="operator"):
    return Slot(
        id=f"s{number}",
        post=post,
        span=Span(
            starts_at=MIDNIGHT + begins * HALF_HOUR / 2,
            ends_at=MIDNIGHT + ends * HALF_HOUR / 2,
        ),
        accounts=frozenset(),
    )


def test_each_half_hour_is_by_the_clock_on_the_wall():
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)
    rows = [row(date(2026, 1, 1))]
    skipped = list(needs.halves(rows, first=spring, last=spring))
    twice = list(needs.halves(rows, first=autumn, last=autumn))
    assert (len(skipped), len(twice)) == (46, 48)
    for halves, hours in ((skipped, 23), (twice, 25)):
        assert sum((one.span.hours for one in halves), 0.0) == hours
        for one, after in pairwise(halves):
            assert one.span.ends_at == after.span.starts_at


def test_a_weekday_has_its_own_and_the_one_handed_over_last_counts():
    week = row(date(2026, 1, 1))
    week.operators = [day for day in range(7) for _ in range(48)]
    christmas = row(date(2026, 12, 24), date(2026, 12, 26), operators=9)
    first = date(2026, 12, 23)  # a Wednesday
    found = needs.halves([christmas, week], first=first, last=first + 3 * DAY)
    of_day = {}
    for one in found:
        of_day.setdefault(one.span.starts_at.date(), set()).add(one.operators)
    assert [one.operators for one in needs.halves([week], first=first, last=first)] == (
        [2] * 48
    )
    assert needs.on([christmas, week], date(2026, 12, 25)) is christmas
    assert needs.on([christmas, week], date(2026, 12, 26)) is week
    assert needs.on([christmas, week], date(2025, 12, 31)) is None
    assert of_day[date(2026, 12, 24)] == {9}  # in UTC: the last hour is the 25th's


quarters = st.integers(min_value=-8, max_value=60)


@given(
    ends=st.lists(st.tuples(quarters, st.integers(1, 40)), max_size=6),
    wanted=st.lists(st.integers(0, 3), min_size=1, max_size=24),
    holders=st.lists(st.sampled_from(["kari", "ola", None]), min_size=6, max_size=6),
)
def test_what_is_put_together_lacks_in_the_same_half_hours(ends, wanted, holders):
    slots = [
        slot(n, begins, begins + length, "operator" if n % 3 else "nurse")
        for n, (begins, length) in enumerate(ends)
    ]
    assignment = {one.id: who for one, who in zip(slots, holders, strict=False) if who}
    halves = [
        Half(
            span=Span(
                starts_at=MIDNIGHT + n * HALF_HOUR,
                ends_at=MIDNIGHT + (n + 1) * HALF_HOUR,
            ),
            operators=count,
        )
        for n, count in enumerate(wanted)
    ]
    plain = [
        Need(posts=POSTS, span=one.span, least=one.operators)
        for one in halves
        if one.operators
    ]
    together = needs.grouped(halves, slots, posts=POSTS)
    assert all(not one.is_hard for one in together)
    assert in_halves(needs.too_few(together, slots, assignment)) == {
        (one.span.starts_at, len(there), one.least)
        for one in plain
        for there in [
            {
                assignment[held.id]
                for held in slots
                if held.post == "operator"
                and held.id in assignment
                and held.span.covers(one.span)
            }
        ]
        if len(there) < one.least
    }


def in_halves(found):
    return {
        (one.span.starts_at + n * HALF_HOUR, one.there, one.needed)
        for one in found
        for n in range(round(one.span.hours * 2))
    }
