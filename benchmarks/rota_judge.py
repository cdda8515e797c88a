"""How fast one change of a year's rota is judged, beside the whole rota judged.

30 doctors, a year, two tiers and a bakvakt. Each change is judged twice: with everything
worked out anew, as by a request of its own, and from a rota that was made ready once, as
when a screen tries everybody. Run alone: python -m benchmarks.rota_judge
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from time import process_time

from varde.apps.records.holidays import around
from varde.domain.rota.candidates import candidates
from varde.domain.rota.explain import wishes_answered
from varde.domain.rota.known_patterns import TWO_TIERS, VEFSN_WITH_BACKUP
from varde.domain.rota.limits import Calendar, Limits, eves_of
from varde.domain.rota.patterns import Pattern, slots_of
from varde.domain.rota.rules.changing import Changes, judge_change
from varde.domain.rota.rules.judging import judge
from varde.domain.rota.values import Law, Slot, Span, Wish, Worker


SEED = 20261122
DOCTORS = 30
CHANGES = 200
WHOLE = 21
WISHES = 100
TARGET_MS = 50.0  # issue 4: p95 of judging one change
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
ALWAYS = Span(
    starts_at=datetime(2020, 1, 1, tzinfo=UTC), ends_at=datetime(2030, 1, 1, tzinfo=UTC)
)
HOLIDAYS = around(YEAR[0])
LIMITS = Limits(
    calendar=Calendar(holidays=HOLIDAYS, eves=eves_of(HOLIDAYS)),
    daily_rest_h=11,
    weekly_rest_h=35,
    day_hours=13,
    week_hours=48,
    average_weeks=8,
    one_week_hours=54,
    sunday_every=2,
    sunday_from=time(18),
    sunday_to=time(22),
    night=(time(21), time(6)),
    evening=(time(16), time(21)),
    account_hours=3,
    eve_from=time(15),
    lis1_presence=True,
    lvs_minimum=1,
    second_tier={"konsultasjonsvakt": "beredskapsvakt"},
    nights_in_a_row=3,
    days_between=2,
)
PATTERN = Pattern(
    name="Året",
    source="ours",
    shifts=(
        *TWO_TIERS.shifts,
        *(shift for shift in VEFSN_WITH_BACKUP.shifts if shift.post == "bakvakt"),
    ),
)


def doctors(random: Random) -> list[Worker]:
    """30 doctors with five weeks of holiday each, two of them LIS1."""
    posts = frozenset({"konsultasjonsvakt", "beredskapsvakt", "bakvakt"})
    found = []
    for number in range(DOCTORS):
        weeks = random.sample(range(52), 5)
        starts = [datetime.fromisocalendar(2026, 1 + week, 1) for week in weeks]
        is_lis1 = number >= DOCTORS - 2
        found.append(
            Worker(
                id=f"d{number:02}",
                law=Law.SFS2305,
                posts=frozenset({"konsultasjonsvakt"}) if is_lis1 else posts,
                alone=() if is_lis1 else (ALWAYS,),
                lis1=(ALWAYS,) if is_lis1 else (),
                away=tuple(
                    Span(
                        starts_at=start.replace(tzinfo=UTC),
                        ends_at=start.replace(hour=23, tzinfo=UTC),
                    )
                    for start in starts
                ),
            )
        )
    return found


def rota(random: Random) -> tuple[tuple[Slot, ...], list[Worker], dict[str, str]]:
    """The year's slots, the doctors, and somebody in each slot."""
    slots = slots_of(PATTERN, first=YEAR[0], last=YEAR[1], limits=LIMITS)
    workers = doctors(random)
    held = {}
    for place, slot in enumerate(slots):
        able = [worker for worker in workers if slot.post in worker.posts]
        held[slot.id] = able[place * 7 % len(able)].id
    return slots, workers, held


def wished(random: Random, workers: list[Worker]) -> list[Wish]:
    """A hundred wishes in the year, one in ten for duty."""
    found = []
    for number in range(WISHES):
        starts_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(random.randrange(360))
        days = timedelta(random.choice((1, 1, 2, 4)))
        found.append(
            Wish(
                id=str(number),
                worker=random.choice(workers).id,
                span=Span(starts_at=starts_at, ends_at=starts_at + days),
                wants_duty=random.random() < 0.1,
                weight=1,
            )
        )
    return found


def times_ms(act: Callable[[int], object], times: int) -> list[float]:
    """The processor time of each in milliseconds, the shortest first: what else the machine
    does meanwhile is not in it."""
    taken = []
    for turn in range(times):
        began = process_time()
        act(turn)
        taken.append(1000 * (process_time() - began))
    return sorted(taken)


def main() -> None:
    """Print the figures, one change and the whole rota side by side."""
    random = Random(SEED)
    slots, workers, held = rota(random)
    given = {
        "slots": slots,
        "workers": workers,
        "assignment": held,
        "limits": LIMITS,
    }
    changes = [
        {random.choice(slots).id: random.choice(workers).id} for _ in range(CHANGES)
    ]
    ready = Changes(**given)
    rows = (
        (
            "one change, anew",
            times_ms(lambda n: judge_change(change=changes[n], **given), CHANGES),
        ),
        (
            "one change, made ready",
            times_ms(lambda n: ready.judged(changes[n]), CHANGES),
        ),
        (
            "all candidates of one",
            times_ms(lambda n: candidates(slot=slots[97 * n].id, **given), WHOLE),
        ),
        ("the whole rota", times_ms(lambda _: judge(**given), WHOLE)),
    )
    print(f"{len(slots)} slots, {len(workers)} doctors, a year")
    print(
        f"{'judged (processor time)':<26}{'p50 ms':>10}{'p95 ms':>10}{'whole / it':>12}"
    )
    wishes = wished(random, workers)
    answered = times_ms(lambda _: wishes_answered(wishes=wishes, **given), 1)[0]
    whole = rows[-1][1][WHOLE // 2]
    for name, taken in rows:
        p50, p95 = (taken[int(share * (len(taken) - 1))] for share in (0.5, 0.95))
        print(f"{name:<26}{p50:>10.1f}{p95:>10.1f}{whole / p50:>12.1f}")
    print(f"{WISHES} wishes answered, with what stood in the way: {answered:.0f} ms")
    print(f"target: one change, p95 under {TARGET_MS:.0f} ms")


if __name__ == "__main__":
    main()
