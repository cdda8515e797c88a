"""Positions, practice times and absences: written, ended, and refused where they collide."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.dateparse import parse_time

from varde.apps.records.models import (
    Absence,
    Municipality,
    Position,
    PracticeTime,
    User,
)
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.people import is_written_elsewhere
from varde.apps.staffing.services.acting import (
    last_day,
    locked,
    log,
    needed_day,
    share,
)
from varde.apps.station.services import typed
from varde.domain.errors import Rule, RuleBroken


LONGEST_EMPLOYER = 120
ONE_DAY = timedelta(days=1)
EXEMPTIONS = frozenset(g.value for g in Absence.Ground if g.is_exemption)


@transaction.atomic
def give_position(
    *,
    person: User,
    at_place: Workplace,
    category: str,
    law: str,
    percent: str,
    employer: str,
    municipality: str,
    first_on: str,
    last_on: str,
    by: User,
    at: datetime,
) -> Position:
    """Write a position at a workplace. `percent` of a whole one.

    Raises FIELD_NOT_VALID (category, law, percent, employer, municipality, first_on,
    last_on), and POSITION_OVERLAPS (begins_on) for one of the same sort at the same place
    and employer in the same days.
    """
    locked(person)
    first = needed_day("first_on", first_on)
    last = last_day("last_on", last_on, first=first)
    row = Position(
        person=person,
        category=typed.choice("category", category, Position.Category.values),
        law=typed.choice("law", law, Position.Law.values),
        share=share("percent", percent),
        employer=typed.needed("employer", employer, longest=LONGEST_EMPLOYER),
        municipality=_municipality(municipality),
        valid_from=first,
        valid_to=None if last is None else last + ONE_DAY,
        **at_place.where,
    )
    same = Position.objects.filter(
        person=person,
        category=row.category,
        employer=row.employer,
        **at_place.where,
    )
    collides = _in_days(same, first, row.valid_to).first()
    if collides is not None:
        raise RuleBroken(
            Rule.POSITION_OVERLAPS, begins_on=collides.valid_from.isoformat()
        )
    row.save()
    log(
        "position_given",
        row,
        by=by,
        at=at,
        place=at_place,
        person=person.pk,
        category=row.category,
    )
    return row


@transaction.atomic
def end_position(
    *, position: Position, last_on: str, at_place: Workplace, by: User, at: datetime
) -> Position:
    """Write the last day of a position. Raises FIELD_NOT_VALID (last_on)."""
    row = Position.objects.select_for_update().get(pk=position.pk)
    first = row.valid_from
    last = needed_day("last_on", last_on)
    if last < first:
        raise not_valid("last_on", Why.BEFORE_THE_FIRST)
    row.valid_to = last + ONE_DAY
    row.save(update_fields=["valid_to"])
    log("position_ended", row, by=by, at=at, place=at_place, person=row.person_id)
    return row


@transaction.atomic
def give_practice_time(
    *,
    at_place: Workplace,
    person: User,
    work: str,
    weekday: str,
    starts: str,
    ends: str,
    first_on: str,
    last_on: str,
    by: User,
    at: datetime,
) -> PracticeTime:
    """Write other work on a weekday: the person's own, or by those who plan.

    Raises FIELD_NOT_VALID (work, weekday, starts, ends, first_on, last_on), and
    PRACTICE_OVERLAPS for hours that are written already.
    """
    locked(person)
    first = needed_day("first_on", first_on)
    last = last_day("last_on", last_on, first=first)
    begins, finishes = _clock("starts", starts), _clock("ends", ends)
    if finishes <= begins:
        raise not_valid("ends", Why.BEFORE_THE_FIRST)
    row = PracticeTime(
        person=person,
        work=typed.choice("work", work, PracticeTime.Work.values),
        weekday=typed.whole("weekday", weekday, low=0, high=6),
        starts=begins,
        ends=finishes,
        valid_from=first,
        valid_to=None if last is None else last + ONE_DAY,
    )
    same = PracticeTime.objects.filter(
        person=person, weekday=row.weekday, starts__lt=finishes, ends__gt=begins
    )
    if _in_days(same, first, row.valid_to).exists():
        raise RuleBroken(Rule.PRACTICE_OVERLAPS)
    row.save()
    log("practice_given", row, place=at_place, by=by, at=at, person=person.pk)
    return row


@transaction.atomic
def end_practice_time(
    *, at_place: Workplace, row: PracticeTime, by: User, at: datetime, today: date
) -> None:
    """From today it does not hold. One that has not begun is taken away."""
    kept = PracticeTime.objects.select_for_update().get(pk=row.pk)
    log("practice_ended", kept, place=at_place, by=by, at=at, person=kept.person_id)
    if kept.valid_from >= today:
        kept.delete()
        return
    kept.valid_to = today
    kept.save(update_fields=["valid_to"])


@transaction.atomic
def give_absence(
    *,
    at_place: Workplace,
    person: User,
    ground: str,
    first_on: str,
    last_on: str,
    only_nights: bool,
    by: User,
    at: datetime,
) -> Absence:
    """Write leave, or exemption from duty, with its ground and who decided.

    Leave needs a last day; an exemption may be open. Raises FIELD_NOT_VALID (ground,
    first_on, last_on), and ABSENCE_OVERLAPS (ground, begins_on, ends_on) where the person
    has leave already in some of those days, or the same exemption; where another workplace
    wrote it, ABSENCE_OVERLAPS_ELSEWHERE (place, begins_on, ends_on).
    """
    locked(person)
    code = typed.choice("ground", ground, Absence.Ground.values)
    first = needed_day("first_on", first_on)
    last = last_day("last_on", last_on, first=first)
    if last is None and code not in EXEMPTIONS:
        raise not_valid("last_on", Why.EMPTY)
    alike = [code] if code in EXEMPTIONS else _leave()
    others = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first),
        **({} if last is None else {"starts_on__lte": last}),
        person=person,
        ground__in=alike,
    ).order_by("starts_on")
    collides = others.first()
    if collides is not None:
        days = {
            "begins_on": collides.starts_on.isoformat(),
            "ends_on": collides.ends_on.isoformat() if collides.ends_on else "",
        }
        if is_written_elsewhere(collides, at=at_place):
            place = collides.station or collides.sentral
            raise RuleBroken(Rule.ABSENCE_OVERLAPS_ELSEWHERE, place=place.name, **days)
        raise RuleBroken(Rule.ABSENCE_OVERLAPS, ground=collides.ground, **days)
    row = Absence.objects.create(
        person=person,
        ground=code,
        starts_on=first,
        ends_on=last,
        only_nights=only_nights,
        decided_by=by,
        decided_at=at,
        **at_place.where,
    )
    log("absence_given", row, place=at_place, by=by, at=at, person=person.pk)
    return row


@transaction.atomic
def write_sick(
    *,
    person: User,
    first: date,
    last: date,
    at_place: Workplace,
    by: User,
    at: datetime,
) -> list[Absence]:
    """Write sick leave from a day to another, but for the days that are leave already.

    A row for each run of days. Exemption from duty, and from nights only, is not leave.
    """
    locked(person)
    known = list(
        Absence.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=first),
            starts_on__lte=last,
            person=person,
            ground__in=_leave(),
            only_nights=False,
        )
    )
    made: list[Absence] = []
    for number in range((last - first).days + 1):
        day = first + number * ONE_DAY
        if any(r.starts_on <= day <= (r.ends_on or last) for r in known):
            continue
        if made and made[-1].ends_on == day - ONE_DAY:
            made[-1].ends_on = day
        else:
            made.append(
                Absence(
                    person=person,
                    ground=Absence.Ground.SICK,
                    starts_on=day,
                    ends_on=day,
                    decided_by=by,
                    decided_at=at,
                    **at_place.where,
                )
            )
    for row in made:
        row.save()
        log("absence_given", row, place=at_place, by=by, at=at, person=person.pk)
    return made


@transaction.atomic
def end_absence(
    *, at_place: Workplace, row: Absence, by: User, at: datetime, today: date
) -> None:
    """It ended yesterday. One that has not begun is taken away.

    Raises RECORDED_ELSEWHERE (by) for what another workplace wrote, but to the writer.
    """
    kept = Absence.objects.select_for_update().get(pk=row.pk)
    if is_written_elsewhere(kept, at=at_place) and kept.decided_by_id != by.pk:
        raise RuleBroken(Rule.RECORDED_ELSEWHERE, by=kept.decided_by.name)
    log("absence_ended", kept, place=at_place, by=by, at=at, person=kept.person_id)
    if kept.starts_on >= today:
        kept.delete()
        return
    kept.ends_on = today - ONE_DAY
    kept.save(update_fields=["ends_on"])


def _leave() -> list[str]:
    return [code for code in Absence.Ground.values if code not in EXEMPTIONS]


def _in_days(rows, first: date, before: date | None):
    """Those of the rows that hold on some day from the first until before another."""
    found = rows.filter(Q(valid_to=None) | Q(valid_to__gt=first))
    return found if before is None else found.filter(valid_from__lt=before)


def _municipality(text: str) -> Municipality | None:
    if not text.strip():
        return None
    row = Municipality.objects.filter(pk=text.strip()[:4]).first()
    if row is None:
        raise not_valid("municipality", Why.NOT_FOUND)
    return row


def _clock(field: str, text: str):
    try:
        found = parse_time(text.strip())
    except ValueError:
        found = None
    if found is None:
        raise not_valid(field, Why.NOT_A_TIME)
    return found.replace(tzinfo=None)
