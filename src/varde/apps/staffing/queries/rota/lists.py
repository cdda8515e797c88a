"""The lists of the rota: rotas, vacancies, one's own duties, history, runs, wishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, OuterRef, Q
from django.utils.formats import date_format

from varde.apps.records.models import (
    Duty,
    DutyOffer,
    Rota,
    RotaChange,
    RotaDuty,
    RotaOverride,
    RotaRun,
    Vacancy,
)
from varde.apps.sentral.messages import POST
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.services.rota.running import is_dead


MONTHS_IN_QUARTER = 3
DAY = timedelta(days=1)
HISTORY_ROWS = 200
MOST_VACANCIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A rota in the list."""

    id: int
    title: str
    state: str
    is_draft: bool
    vacant: int
    places: int
    version: int
    is_now: bool


def rotas(workplace: Workplace, *, on: date, with_drafts: bool) -> list[Listed]:
    """The rotas of a workplace, the newest first."""
    states = [Rota.State.PUBLISHED, *([Rota.State.DRAFT] if with_drafts else [])]
    rows = (
        Rota.objects.filter(state__in=states, **workplace.where)
        .annotate(
            places=Count("duties"),
            vacant=Count("duties", filter=Q(duties__person=None)),
        )
        .order_by("-starts_on")
    )
    return [
        Listed(
            id=row.pk,
            title=title(row),
            state=str(words.STATE[Rota.State(row.state)]),
            is_draft=row.state == Rota.State.DRAFT,
            vacant=row.vacant,
            places=row.places,
            version=row.version,
            is_now=row.starts_on <= on <= row.ends_on,
        )
        for row in rows
    ]


def title(rota: Rota) -> str:
    """The period in words: 1. kvartal 2027, else from and to."""
    first, last = rota.starts_on, rota.ends_on
    quarter = (first.month - 1) // MONTHS_IN_QUARTER + 1
    if (first, last) == quarter_of(first.year, quarter):
        return f"{quarter}. kvartal {first.year}"
    return f"{date_format(first, 'j. b Y')}–{date_format(last, 'j. b Y')}"


def quarter_of(year: int, quarter: int) -> tuple[date, date]:
    """The first and the last day of a quarter."""
    first = date(year, MONTHS_IN_QUARTER * (quarter - 1) + 1, 1)
    after = (first + timedelta(days=31 * MONTHS_IN_QUARTER)).replace(day=1)
    return first, after - DAY


def next_quarter(on: date) -> tuple[date, date]:
    """The first and the last day of the quarter after the one of a day."""
    quarter = (on.month - 1) // MONTHS_IN_QUARTER + 1
    if quarter == 4:
        return quarter_of(on.year + 1, 1)
    return quarter_of(on.year, quarter + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVacancy:
    """A vacant duty in the list."""

    id: int | None  # None where nobody has begun to fill it
    place_id: int
    when: str
    post: str
    why: str
    asked: int


def vacancies(workplace: Workplace, *, now: datetime) -> list[OpenVacancy]:
    """The published duties ahead that nobody has, the nearest first."""
    rows = list(
        RotaDuty.objects.filter(
            person=None,
            ends_at__gt=now,
            rota__state=Rota.State.PUBLISHED,
            **of_rota(workplace),
        ).order_by("starts_at", "pk")[:MOST_VACANCIES]
    )
    open_ones = Vacancy.objects.filter(place__in=rows, state=Vacancy.State.OPEN)
    known = {
        row.place_id: row
        for row in open_ones.annotate(
            asked=Count("offers", filter=Q(offers__state=DutyOffer.State.ASKED))
        )
    }
    return [
        OpenVacancy(
            id=known[row.pk].pk if row.pk in known else None,
            place_id=row.pk,
            when=words.when(row.starts_at, row.ends_at),
            post=str(POST[Duty.Post(row.post)]),
            why=str(words.VACANT_WHY[known[row.pk].why])
            if row.pk in known
            else str(words.VACANT),
            asked=known[row.pk].asked if row.pk in known else 0,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of the history."""

    at: datetime
    by: str
    what: str
    duty: str
    before: str
    after: str
    reason: str
    version: int


def history(
    rota: Rota, *, place: RotaDuty | None = None, is_leader: bool
) -> list[Told]:
    """Every change of a rota, or of one place, the newest first.

    Why is for those who lead: to others somebody's sickness is a change like another.
    """
    rows = RotaChange.objects.filter(rota=rota)
    if place is not None:
        rows = rows.filter(place=place)
    rows = rows.select_related("place", "before", "after", "by")
    return [
        Told(
            at=row.at,
            by=row.by.name if row.by else "Varde",
            what=str(words.CHANGE[_shown_kind(row, is_leader=is_leader)]),
            duty=duty_of(row.place) if row.place else "",
            before=(row.before.name if row.before else str(words.VACANT))
            if row.place
            else "",
            after=(row.after.name if row.after else str(words.VACANT))
            if row.place
            else "",
            reason=row.reason if is_leader else "",
            version=row.version,
        )
        for row in rows.order_by("-at", "-pk")[:HISTORY_ROWS]
    ]


def _shown_kind(row: RotaChange, *, is_leader: bool) -> RotaChange.Kind:
    kind = RotaChange.Kind(row.kind)
    hides = kind is RotaChange.Kind.SICK and not is_leader
    return RotaChange.Kind.SET if hides else kind


def overrides(rota: Rota, *, place: RotaDuty | None = None) -> list[dict[str, object]]:
    """The hard rules that are set aside, by whom and why."""
    rows = RotaOverride.objects.filter(place__rota=rota)
    if place is not None:
        rows = rows.filter(place=place)
    rows = rows.select_related("place", "person", "by").order_by("-at", "-pk")
    return [
        {
            "duty": duty_of(row.place),
            "person": row.person.name,
            "rule": str(words.RULE_NAME.get(row.rule, row.rule)),
            "reason": row.reason,
            "by": row.by.name,
            "at": row.at,
        }
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """One run of the optimiser."""

    id: int
    of: str
    state: str
    is_under_way: bool
    is_dead: bool
    asked_at: datetime
    asked_by: str
    elapsed_s: int | None
    seconds: int
    seed: int
    vacant: int | None
    worst: str
    broken: int | None
    never: int  # of those that are broken: no rota can meet them
    has_rota: bool
    is_proven: bool
    cost: str
    bound: str


def runs(rota: Rota, *, now: datetime) -> list[ShownRun]:
    """The runs of a rota, the newest first."""
    rows = rota.runs.select_related("asked_by", "rota").order_by("-asked_at", "-pk")
    return [shown_run(row, now=now) for row in rows]


def shown_run(row: RotaRun, *, now: datetime) -> ShownRun:
    """One run in words. One whose process died says so and keeps what it had."""
    dead = is_dead(row, at=now)
    under_way = row.state in {RotaRun.State.WAITING, RotaRun.State.RUNNING} and not dead
    until = row.ended_at or (row.beat_at if dead else now)
    has = row.cost is not None
    return ShownRun(
        id=row.pk,
        of=title(row.rota),
        state=str(words.RUN_DIED)
        if dead
        else str(words.RUN_STATE[RotaRun.State(row.state)]),
        is_under_way=under_way,
        is_dead=dead,
        asked_at=row.asked_at,
        asked_by=row.asked_by.name,
        elapsed_s=round((until - row.started_at).total_seconds())
        if row.started_at and until
        else None,
        seconds=row.seconds,
        seed=row.seed,
        vacant=row.vacant,
        worst=words.number(row.worst_deviation)
        if row.worst_deviation is not None
        else "",
        broken=len(row.broken_wishes) if has else None,
        never=len(row.impossible_wishes),
        has_rota=has,
        is_proven=has and row.cost == row.bound,
        cost=cost_words(row.cost),
        bound=cost_words(row.bound),
    )


def cost_words(cost: dict[str, object] | None) -> str:
    """A cost in a line: what is short, vacant, unfair, and wishes."""
    if cost is None:
        return ""
    unfair = cost.get("unfair") or []
    parts = (
        (cost.get("vacant"), words.COST_VACANT),
        (sum(unfair) if isinstance(unfair, list) else 0, words.COST_UNFAIR),
        (cost.get("wishes"), words.COST_WISHES),
        (cost.get("warnings"), words.COST_WARNINGS),
    )
    return ", ".join(f"{value} {text}" for value, text in parts)


def newest_changes(
    workplace: Workplace, *, states: Sequence[str]
) -> list[dict[str, object]]:
    """Each rota's version, and what was done with it last: what the screens are told."""
    newest = RotaChange.objects.filter(rota=OuterRef("pk")).order_by("-at", "-pk")
    rows = list(
        Rota.objects.filter(state__in=states, **workplace.where)
        .annotate(newest=newest.values("pk")[:1])
        .order_by("starts_on")
    )
    changes = RotaChange.objects.select_related("by", "place").in_bulk(
        [row.newest for row in rows if row.newest is not None]
    )
    found = []
    for row in rows:
        last = changes.get(row.newest)
        found.append(
            {
                "id": row.pk,
                "row_version": row.row_version,
                "by": last.by.name if last and last.by else "",
                "by_id": last.by_id if last else None,
                "at": last.at if last else None,
                "what": str(words.CHANGE[RotaChange.Kind(last.kind)]) if last else "",
                "duty": duty_of(last.place) if last and last.place else "",
            }
        )
    return found


def duty_of(row: RotaDuty) -> str:
    """A place in a sentence: forvakt fre 4. des 15:30–08:00."""
    return f"{POST[Duty.Post(row.post)]} {words.when(row.starts_at, row.ends_at)}"


def of_rota(workplace: Workplace) -> dict[str, int]:
    """The workplace as it stands in rows that point to a rota."""
    return {f"rota__{name}": value for name, value in workplace.where.items()}
