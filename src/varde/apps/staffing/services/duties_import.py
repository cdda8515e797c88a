"""Duties of a draft from a spreadsheet: all of them or nothing, and again without change.

What the sheet says is tried first: the same reading that is taken in, judged by the rules
as the draft would be. Who is set by the sheet is set by hand: proposals leave it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from varde.apps.records.models import (
    Rota,
    RotaChange,
    RotaDuty,
    ShiftPattern,
    User,
)
from varde.apps.sentral.messages import POST
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.crew import Person, staff_of
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.queries.rota.limits import limits_for
from varde.apps.staffing.services.rota.holding import Locked, locked, told
from varde.apps.staffing.services.rota.making import as_pattern, valid_patterns
from varde.apps.staffing.services.rota.publishing import refuse_unfit
from varde.domain.rota.rules.breach import Breach
from varde.domain.rota.rules.judging import judge
from varde.domain.rota.values import Span
from varde.engines.duty_rows import (
    Act,
    KnownShift,
    Place,
    Step,
    planned,
    read_duties,
)
from varde.engines.sheet_rows import heading_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesImported:
    """What was in the sheet, and what of it changed the draft."""

    rows: int
    filled: int
    changed: int
    emptied: int
    added: int

    @property
    def new(self) -> int:
        """How many places are not as they were."""
        return self.filled + self.changed + self.emptied + self.added


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a sheet would do to a draft, and what the rules would say of it.

    `came` are the breaches that come with it; `places` names the places that they are of.
    """

    steps: tuple[Step, ...]
    counts: DutiesImported
    came: tuple[Breach, ...]
    hard_after: int
    names: Mapping[str, str]
    places: Mapping[str, RotaDuty]


def try_duties(
    rota_id: int, rows: Sequence[Sequence[str]], *, workplace: Workplace, at: datetime
) -> Tried:
    """What a sheet would do to a draft: done, judged and undone. Raises `RowsRefused`,
    and `RuleBroken`: ROTA_IS_PUBLISHED, ROTA_RUN_UNDER_WAY."""
    with transaction.atomic():
        held = locked(rota_id, workplace=workplace)
        refuse_unfit(held, seen=held.rota.row_version)
        steps = _steps(held.rota, rows, workplace=workplace)
        before = {_key(one) for one in _breaches(held)[0]}
        _write(held, steps, by=None, at=at)
        breaches, names = _breaches(held)
        came = tuple(one for one in breaches if _key(one) not in before)
        places = {str(row.pk): row for row in held.rota.duties.all()}
        transaction.set_rollback(True)
    return Tried(
        steps=steps,
        counts=_counts(steps),
        came=came,
        hard_after=sum(one.is_hard for one in breaches),
        names=names,
        places=places,
    )


def _breaches(held: Locked) -> tuple[tuple[Breach, ...], Mapping[str, str]]:
    """The breaches of the draft as it stands, and the names of its people."""
    ground = ground_of(held.rota, workplace=held.workplace)
    found = judge(
        slots=ground.all_slots,
        workers=ground.workers,
        assignment=ground.whole,
        limits=ground.limits,
        wishes=ground.wishes,
        needs=ground.needs,
    )
    own = {slot.id for slot in ground.slots}
    return tuple(b for b in found.breaches if own.intersection(b.slots)), ground.names


def _key(breach: Breach) -> tuple[object, ...]:
    return breach.rule, breach.worker, breach.slots


@transaction.atomic
def import_duties(
    rows: Sequence[Sequence[str]],
    *,
    rota_id: int,
    seen: int | None,
    workplace: Workplace,
    by: User | None,
    at: datetime,
) -> DutiesImported:
    """Take the duties of a sheet into a draft. Places that it does not name stay.

    `seen` is the rota's version that was looked at; None where nobody looked (the command
    line). One line in the log, with the counts, and one of history for each place. Raises
    `RowsRefused`, and `RuleBroken`: ROTA_IS_PUBLISHED, ROTA_RUN_UNDER_WAY, ROTA_CHANGED.
    """
    held = locked(rota_id, workplace=workplace)
    refuse_unfit(held, seen=held.rota.row_version if seen is None else seen)
    steps = _steps(held.rota, rows, workplace=workplace)
    done = _counts(steps)
    if done.new:
        _write(held, steps, by=by, at=at)
    told(
        held,
        what="rota_duties_imported",
        by=by,
        at=at,
        table="records_rota",
        row_id=held.rota.pk,
        rows=done.rows,
        filled=done.filled,
        changed=done.changed,
        emptied=done.emptied,
        added=done.added,
    )
    return done


def _steps(
    rota: Rota, rows: Sequence[Sequence[str]], *, workplace: Workplace
) -> tuple[Step, ...]:
    limits = limits_for(workplace, first=rota.starts_on, last=rota.ends_on)
    people = staff_of(workplace, first=rota.starts_on, last=rota.ends_on).people(
        first=rota.starts_on, last=rota.ends_on
    )
    found = read_duties(
        rows,
        people=_said_of(people),
        holds={str(pk): person.posts for pk, person in people.items()},
        posts={
            **{str(words).casefold(): str(post) for post, words in POST.items()},
            **{str(post): str(post) for post in POST},
        },
        shifts=[
            KnownShift(
                name=row.name,
                shift=as_pattern(row).shifts[0],
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for row in _patterns(rota, workplace)
        ],
        first=rota.starts_on,
        last=rota.ends_on,
        calendar=limits.calendar,
    )
    zone = limits.calendar.zone
    places = [
        Place(
            id=str(row.pk),
            post=row.post,
            span=Span(
                starts_at=row.starts_at.astimezone(zone),
                ends_at=row.ends_at.astimezone(zone),
            ),
            person=str(row.person_id or ""),
        )
        for row in rota.duties.order_by("starts_at", "pk")
    ]
    return planned(found, places, heading=heading_of(rows))


def _said_of(people: Mapping[int, Person]) -> dict[str, list[str]]:
    """Names and usernames, in small letters, and whose they are. A username comes first:
    two with one name are told apart by it."""
    usernames = dict(User.objects.filter(pk__in=people).values_list("pk", "username"))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for pk, person in people.items():
        found[person.name.casefold()].append(str(pk))
    return found | {name.casefold(): [str(pk)] for pk, name in usernames.items()}


def _patterns(rota: Rota, workplace: Workplace) -> list[ShiftPattern]:
    return valid_patterns(workplace, first=rota.starts_on, last=rota.ends_on)


def _share(step: Step, patterns: Sequence[ShiftPattern]) -> Decimal:
    """The active share of a new place: of its shift, else of the post's; else all of it."""
    of_shift = [row for row in patterns if f"p{row.pk}" == step.row.shift]
    of_post = [row for row in patterns if row.post == step.row.post]
    return next((row.active_share for row in (*of_shift, *of_post)), Decimal(1))


def _counts(steps: Sequence[Step]) -> DutiesImported:
    acts = Counter(step.act for step in steps)
    return DutiesImported(
        rows=len(steps),
        filled=acts[Act.FILL],
        changed=acts[Act.CHANGE],
        emptied=acts[Act.EMPTY],
        added=acts[Act.ADD],
    )


def _write(
    held: Locked, steps: Sequence[Step], *, by: User | None, at: datetime
) -> None:
    rota: Rota = held.rota
    patterns = _patterns(rota, held.workplace)
    by_code = {f"p{row.pk}": row for row in patterns}
    rows = {str(row.pk): row for row in rota.duties.all()}
    moved, made, lines = [], [], []
    for step in steps:
        if step.act is Act.NOTHING:
            continue
        person = int(step.row.person) if step.row.person else None
        if step.place is None:
            row = RotaDuty(
                rota=rota,
                post=step.row.post,
                starts_at=step.row.span.starts_at,
                ends_at=step.row.span.ends_at,
                active_share=_share(step, patterns),
                pattern=by_code.get(step.row.shift),
                person_id=person,
                is_fixed=person is not None,
            )
            made.append(row)
            before = None
        else:
            row = rows[step.place.id]
            before = row.person_id
            row.person_id, row.is_fixed = person, person is not None
            row.row_version += 1
            moved.append(row)
        lines.append((row, before, person))
    RotaDuty.objects.bulk_create(made, batch_size=1000)
    RotaDuty.objects.bulk_update(
        moved, ["person", "is_fixed", "row_version"], batch_size=1000
    )
    RotaChange.objects.bulk_create(
        [
            RotaChange(
                rota=rota,
                place=row,
                kind=RotaChange.Kind.IMPORTED,
                before_id=before,
                after_id=after,
                version=rota.version,
                by=by,
                at=at,
            )
            for row, before, after in lines
        ],
        batch_size=1000,
    )
    rota.row_version += 1
    rota.save(update_fields=["row_version"])


def sheet_of(rota: Rota, *, workplace: Workplace) -> list[list[str]]:
    """The rota as a sheet that can be edited and taken in again: a row for each place.

    Who has it is told by name; where two have the same name, by username.
    """
    people = staff_of(workplace, first=rota.starts_on, last=rota.ends_on).people(
        first=rota.starts_on, last=rota.ends_on
    )
    said = _said_of(people)
    rows = [["dato", "fra", "til", "vakt", "hvem"]]
    for place in rota.duties.select_related("person").order_by("starts_at", "pk"):
        starts = timezone.localtime(place.starts_at)
        ends = timezone.localtime(place.ends_at)
        rows.append(
            [
                f"{starts:%d.%m.%Y}",
                f"{starts:%H:%M}",
                _end(starts, ends),
                str(POST[place.post]),
                _said(place.person, said),
            ]
        )
    return rows


def _end(starts: datetime, ends: datetime) -> str:
    """The clock, where it is the first such after the start; else the day as well."""
    hours = (ends.replace(tzinfo=None) - starts.replace(tzinfo=None)).total_seconds()
    is_next = 0 < hours <= 24 * 3600
    return f"{ends:%H:%M}" if is_next else f"{ends:%d.%m.%Y %H:%M}"


def _said(person: User | None, said: Mapping[str, list[str]]) -> str:
    if person is None:
        return ""
    is_one = said.get(person.name.casefold(), [str(person.pk)]) == [str(person.pk)]
    return person.name if is_one else person.username
