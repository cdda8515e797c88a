"""A rota as it is looked at: weeks by people, or days by posts, with the accounts beside."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from varde.apps.records import holidays
from varde.apps.records.models import Duty, Rota, RotaDuty
from varde.apps.sentral.messages import POST
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.queries.rota.crew import whole_days
from varde.apps.staffing.queries.rota.ground import Ground
from varde.domain.rota.fairness import Standing
from varde.domain.rota.values import Account


DAY = timedelta(days=1)
SATURDAY = 5
CHOICES = (2, 4, 13)
WEEKS = 4
ORDER = (
    Account.ALL,
    Account.EVENING,
    Account.NIGHT,
    Account.WEEKEND,
    Account.HOLIDAY,
    Account.BACKUP,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One duty in the grid."""

    id: int
    post: str
    post_words: str
    short: str
    person_id: int | None
    person: str
    seen: int
    times: str
    when: str
    is_fixed: bool
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the grid."""

    on: date
    letter: str
    words: str
    is_free: bool
    is_holiday: bool
    is_week_start: bool
    week: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a person has, or a post holds, on one day."""

    day: Day
    duties: Sequence[Shown] = ()
    mark: str = ""  # a wish or an absence, as a letter
    mark_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One account of a person: held, fair, and the deviation with its sign."""

    account: str
    held: int
    fair: str
    deviation: str
    is_far: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A person with the days of the window, and the accounts of the whole rota."""

    person_id: int | None
    name: str
    cells: Sequence[Cell]
    accounts: Sequence[AccountLine] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDay:
    """A day with what each column of posts holds."""

    day: Day
    cells: Sequence[Sequence[Shown]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A window of the rota, in both views."""

    days: Sequence[Day]
    weeks: Sequence[tuple[int, int]]  # week number, days of it in the window
    vacant: Row | None
    rows: Sequence[Row]
    columns: Sequence[str]
    by_day: Sequence[PostDay]
    accounts: Sequence[str]
    first: date
    last: date
    before: date | None
    after: date | None
    number_of_vacant: int
    legend: Sequence[tuple[str, str]] = field(default=())


def grid(
    rota: Rota,
    ground: Ground,
    *,
    first: date,
    weeks: int,
    now: datetime,
    for_planner: bool,
) -> Grid:
    """The window from the Monday of a day on, within the rota's period."""
    first = max(rota.starts_on, first - timedelta(days=first.weekday()))
    last = min(
        rota.ends_on, first - timedelta(days=first.weekday()) + weeks * 7 * DAY - DAY
    )
    days = _days(first, last)
    posts = _posts(ground)
    in_window = _shown(rota, first=first, last=last, now=now)
    marks = _marks(ground, days) if for_planner else {}
    return Grid(
        days=days,
        weeks=_weeks(days),
        vacant=_vacant_row(in_window, days),
        rows=_rows(in_window, days, ground=ground, marks=marks),
        columns=[str(POST[post]) for post in posts],
        by_day=_by_day(in_window, days, posts=posts),
        accounts=[str(words.ACCOUNT[account]) for account in _used(ground)],
        first=first,
        last=last,
        before=max(rota.starts_on, first - weeks * 7 * DAY)
        if first > rota.starts_on
        else None,
        after=last + DAY if last < rota.ends_on else None,
        number_of_vacant=ground.vacant,
        legend=[(words.SHORT_POST[post], str(POST[post])) for post in posts],
    )


def shown_place(place: RotaDuty, *, name: str, now: datetime) -> Shown:
    """One place of a rota as it is shown."""
    start, end = timezone.localtime(place.starts_at), timezone.localtime(place.ends_at)
    return Shown(
        id=place.pk,
        post=place.post,
        post_words=str(POST[Duty.Post(place.post)]),
        short=words.SHORT_POST[Duty.Post(place.post)],
        person_id=place.person_id,
        person=name or str(words.VACANT),
        seen=place.row_version,
        times=f"{start:%H:%M}–{end:%H:%M}",
        when=words.when(place.starts_at, place.ends_at),
        is_fixed=place.is_fixed,
        is_over=place.ends_at <= now,
    )


def account_lines(
    standings: Sequence[Standing], accounts: Sequence[Account]
) -> Mapping[str, Sequence[AccountLine]]:
    """Each person's accounts, in the order of the columns."""
    found: dict[str, dict[Account, Standing]] = defaultdict(dict)
    for line in standings:
        found[line.worker][line.account] = line
    return {
        who: [
            AccountLine(
                account=str(words.ACCOUNT[account]),
                held=mine[account].held,
                fair=words.number(mine[account].fair),
                deviation=words.signed(mine[account].deviation),
                is_far=mine[account].is_far,
            )
            for account in accounts
            if account in mine
        ]
        for who, mine in found.items()
    }


def _used(ground: Ground) -> list[Account]:
    """The accounts that some duty of the rota counts in."""
    used = frozenset().union(*(slot.accounts for slot in ground.slots))
    return [account for account in ORDER if account in used]


def _days(first: date, last: date) -> list[Day]:
    free = holidays.around(first) | holidays.around(last)
    found = []
    for number in range((last - first).days + 1):
        day = first + number * DAY
        found.append(
            Day(
                on=day,
                letter=date_format(day, "D")[:1],
                words=date_format(day, "l j. F"),
                is_free=day.weekday() >= SATURDAY or day in free,
                is_holiday=day in free,
                is_week_start=day.weekday() == 0,
                week=day.isocalendar().week,
            )
        )
    return found


def _weeks(days: Sequence[Day]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for day in days:
        if found and found[-1][0] == day.week:
            found[-1] = (day.week, found[-1][1] + 1)
        else:
            found.append((day.week, 1))
    return found


def _shown(
    rota: Rota, *, first: date, last: date, now: datetime
) -> list[tuple[date, Shown]]:
    """The duties that begin in the window."""
    window = whole_days(first, last)
    rows = rota.duties.filter(
        starts_at__gte=window.starts_at, starts_at__lt=window.ends_at
    ).select_related("person")
    return [
        (
            timezone.localdate(row.starts_at),
            shown_place(row, name=row.person.name if row.person else "", now=now),
        )
        for row in rows.order_by("starts_at", "post", "pk")
    ]


def _posts(ground: Ground) -> list[Duty.Post]:
    used = {slot.post for slot in ground.slots}
    return [post for post in Duty.Post if post.value in used]


def _vacant_row(shown: Sequence[tuple[date, Shown]], days: Sequence[Day]) -> Row | None:
    vacant = [(on, one) for on, one in shown if one.person_id is None]
    if not vacant:
        return None
    return Row(person_id=None, name=str(words.VACANT), cells=_cells(vacant, days))


def _rows(
    shown: Sequence[tuple[date, Shown]],
    days: Sequence[Day],
    *,
    ground: Ground,
    marks: Mapping[tuple[str, date], tuple[str, str]],
) -> list[Row]:
    by_person: dict[int, list[tuple[date, Shown]]] = defaultdict(list)
    for on, one in shown:
        if one.person_id is not None:
            by_person[one.person_id].append((on, one))
    lines = account_lines(ground.standings(), _used(ground))
    names = {int(pk): name for pk, name in ground.names.items()}
    for pk, mine in by_person.items():  # who has left still has what was published
        names.setdefault(pk, mine[0][1].person)
    return [
        Row(
            person_id=pk,
            name=name,
            cells=_cells(by_person[pk], days, who=str(pk), marks=marks),
            accounts=lines.get(str(pk), ()),
        )
        for pk, name in names.items()
    ]


def _cells(
    shown: Sequence[tuple[date, Shown]],
    days: Sequence[Day],
    *,
    who: str = "",
    marks: Mapping[tuple[str, date], tuple[str, str]] | None = None,
) -> list[Cell]:
    by_day: dict[date, list[Shown]] = defaultdict(list)
    for on, one in shown:
        by_day[on].append(one)
    cells = []
    for day in days:
        mark = (marks or {}).get((who, day.on), ("", ""))
        cells.append(
            Cell(day=day, duties=by_day[day.on], mark=mark[0], mark_words=mark[1])
        )
    return cells


def _by_day(
    shown: Sequence[tuple[date, Shown]],
    days: Sequence[Day],
    *,
    posts: Sequence[Duty.Post],
) -> list[PostDay]:
    held: dict[tuple[date, str], list[Shown]] = defaultdict(list)
    for on, one in shown:
        held[on, one.post].append(one)
    return [
        PostDay(day=day, cells=[held[day.on, post.value] for post in posts])
        for day in days
    ]


def _marks(
    ground: Ground, days: Sequence[Day]
) -> dict[tuple[str, date], tuple[str, str]]:
    """Wishes and absences, day by day: for planners only."""
    found: dict[tuple[str, date], tuple[str, str]] = {}
    zone = ground.limits.calendar.zone
    for wish in ground.wishes:
        letter = (
            ("V" if wish.wants_duty else "f")
            if wish.weight < 3
            else ("V!" if wish.wants_duty else "f!")
        )
        text = (
            f"{words.WANTS['duty' if wish.wants_duty else 'free']}, "
            f"{words.WEIGHT[wish.weight]}"
        )
        for day in days:
            noon = datetime(day.on.year, day.on.month, day.on.day, 12, tzinfo=zone)
            if wish.span.starts_at <= noon < wish.span.ends_at:
                found[wish.worker, day.on] = (letter, text)
    for worker in ground.workers:
        for span in worker.away:
            for day in days:
                noon = datetime(day.on.year, day.on.month, day.on.day, 12, tzinfo=zone)
                if span.starts_at <= noon < span.ends_at:
                    found[worker.id, day.on] = ("–", str(words.AWAY))
    return found
