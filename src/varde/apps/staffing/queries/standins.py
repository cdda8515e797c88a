"""Functions ahead: who answers when, where nobody does, and the share of hours covered."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from varde.apps.records.models import RoleGrant, StandIn, User
from varde.apps.sentral.queries import standins
from varde.apps.sentral.queries.standins import AnsweringNow
from varde.apps.staffing.access import OVERSEERS, Workplace
from varde.apps.staffing.messages.on_duty import HOURS, rank_words
from varde.apps.staffing.people_access import people_at
from varde.apps.staffing.queries.on_duty import functions_of
from varde.domain.standins import Hours, Piece, gaps, pieces, share_covered


USUAL_DAYS, MOST_DAYS = 90, 730
MOST_GAPS = 8  # shown of one function
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """One named for a function."""

    id: int
    name: str
    phone: str
    rank: str
    hours: str
    first: date
    last: date | None
    is_later: bool  # has not begun
    away: tuple[tuple[date, date | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapShown:
    """Hours in which nobody answers. `until` is None where it lasts to the last day."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionShown:
    """A function with its people, its gaps and the share of hours covered."""

    key: str
    words: str
    now: AnsweringNow
    rows: tuple[RowShown, ...]
    gaps: tuple[GapShown, ...]
    more_gaps: int
    percent: int


def functions(
    workplace: Workplace, *, now: datetime, last: date
) -> list[FunctionShown]:
    """The functions that belong to a workplace, from now through a day."""
    today = timezone.localdate(now)
    wanted = functions_of(workplace, now=now)
    known = standins.named(wanted, first=today, last=last)
    office = standins.office_hours(on=today, district_id=workplace.district_id)
    answers = standins.answering_now(wanted, now=now, office=office, of=known)
    end = timezone.make_aware(datetime.combine(last + ONE_DAY, time()))
    found = []
    for of, answer in zip(wanted, answers, strict=True):
        stretch = pieces(
            known.covers(of), known.away, starts_at=now, ends_at=end, office=office
        )
        empty = gaps(stretch)
        found.append(
            FunctionShown(
                key=of.key,
                words=of.words,
                now=answer,
                rows=_rows(known, of, today=today),
                gaps=tuple(_gap(one, end=end) for one in empty[:MOST_GAPS]),
                more_gaps=max(0, len(empty) - MOST_GAPS),
                percent=_percent(stretch),
            )
        )
    return found


def candidates(workplace: Workplace, *, on: date) -> dict[int, str]:
    """Who may be named: those who work there, and those responsible for it."""
    responsible = RoleGrant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        Q(**workplace.where)
        | Q(district=workplace.district_id)
        | Q(sentral__in=workplace.sentraler),
        role__in=OVERSEERS,
        valid_from__lte=on,
    )
    ids = people_at(workplace, on=on) | set(responsible.values_list("user", flat=True))
    people = User.objects.filter(pk__in=ids, is_active=True)
    return {one.pk: one.name for one in people}


def row_of(workplace: Workplace, row_id: int, *, now: datetime) -> StandIn | None:
    """A row of one of the functions that belong to a workplace."""
    row = StandIn.objects.filter(pk=row_id).first()
    if row is None:
        return None
    wanted = functions_of(workplace, now=now)
    return row if any(_is_of(row, one) for one in wanted) else None


def usual_last(today: date) -> date:
    """The last day that is looked at where no other is asked for."""
    return today + USUAL_DAYS * ONE_DAY


def farthest(today: date) -> date:
    """The last day that may be asked for."""
    return today + MOST_DAYS * ONE_DAY


def _is_of(row: StandIn, of: standins.FunctionOf) -> bool:
    return all(getattr(row, name) == value for name, value in of.where.items())


def _percent(stretch: tuple[Piece, ...]) -> int:
    """Whole per cent, rounded down: 100 only where every hour is covered."""
    return int(100 * share_covered(stretch))


def _rows(
    known: standins.Named, of: standins.FunctionOf, *, today: date
) -> tuple[RowShown, ...]:
    rows = sorted(
        known.rows.get(of.key, ()), key=lambda row: (row.rank, row.valid_from, row.pk)
    )
    return tuple(
        RowShown(
            id=row.pk,
            name=row.person.name,
            phone=row.phone or row.person.phone,
            rank=rank_words(row.rank),
            hours=str(HOURS[Hours(row.hours)]),
            first=row.valid_from,
            last=None if row.valid_to is None else row.valid_to - ONE_DAY,
            is_later=row.valid_from > today,
            away=tuple(
                (one.first, one.last)
                for one in known.away
                if one.person == str(row.person_id)
            ),
        )
        for row in rows
    )


def _gap(one: Piece, *, end: datetime) -> GapShown:
    return GapShown(
        since=one.starts_at, until=one.ends_at if one.ends_at < end else None
    )
