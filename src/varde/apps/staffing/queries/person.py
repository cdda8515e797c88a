"""One person, as the page shows it: the answer, its reasons, the plan, and what is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from varde.apps.records.models import (
    Absence,
    BakvaktDecision,
    Certificate,
    CompetenceDocument,
    Course,
    CourseSeat,
    Dispensation,
    Experience,
    Position,
    PracticeTime,
    User,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.competence_rules import rulebook
from varde.apps.staffing.messages import competence as words
from varde.apps.staffing.messages.people import CATEGORY, LAW, MODE, WEEKDAY, WORK
from varde.apps.staffing.queries.competence import Standing, standings
from varde.apps.staffing.queries.people import (
    ONE_DAY,
    Ending,
    State,
    absence_words,
    alone_state,
    away_words,
    endings,
    is_advice,
    is_written_elsewhere,
)
from varde.domain.competence.rules import HasDocument
from varde.domain.competence.verdict import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """One thing that counts, in words, with where it is written."""

    words: str
    is_met: bool
    is_dispensed: bool
    source: str
    is_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One thing to get, and the next course here that gives it."""

    words: str
    source: str
    is_advice: bool
    course: Course | None
    is_signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """All that the page of one person shows."""

    state: State
    rule: str
    rule_source: str
    reasons: tuple[ReasonLine, ...]
    way: tuple[str, ...]
    changes: str
    duty_reasons: tuple[ReasonLine, ...]
    plan: tuple[PlanLine, ...]
    ending: tuple[Ending, ...]
    is_doctor: bool
    positions: tuple[dict[str, object], ...]
    practice: tuple[dict[str, object], ...]
    absences: tuple[dict[str, object], ...]
    documents: tuple[dict[str, object], ...]
    experience: tuple[dict[str, object], ...]
    dispensations: tuple[dict[str, object], ...]
    bakvakt: dict[str, object] | None
    earlier_bakvakt: int


def person_page(
    user: User, *, at: Workplace, on: date, is_oneself: bool = False
) -> PersonPage:
    """One person, as the page shows it on a day. To others, an absence that another
    workplace wrote is shown without its ground."""
    standing = standings([user.pk], on=on, at=at).get(user.pk)
    decisions = list(
        BakvaktDecision.objects.filter(person=user, **at.where)
        .select_related("decided_by")
        .order_by("-valid_from", "-pk")
    )
    now = next((row for row in decisions if row.valid_from <= on), None)
    alone = None if standing is None else standing.alone
    book = rulebook()
    rule = next(
        (
            rule
            for rule in book.rules
            if standing is not None
            and rule.role is standing.role
            and rule.question.value == "alone"
        ),
        None,
    )
    return PersonPage(
        state=alone_state(standing),
        rule="" if rule is None else rule.words,
        rule_source="" if rule is None else rule.source,
        reasons=() if alone is None else _reason_lines(alone.reasons),
        way=()
        if alone is None
        else tuple(words.step_words(one) for one in alone.nearest_way),
        changes="" if alone is None else words.change_words(alone),
        duty_reasons=() if standing is None else _reason_lines(standing.duty.reasons),
        plan=() if standing is None else _plan(standing, user, at=at, on=on),
        ending=() if standing is None else tuple(endings(standing, on=on)),
        is_doctor=standing is not None and standing.role.value == "doctor",
        positions=_position_rows(user, at, on=on),
        practice=_practice_rows(user, on=on),
        absences=_absence_rows(user, at, on=on, is_oneself=is_oneself),
        documents=_document_rows(user),
        experience=_experience_rows(user),
        dispensations=_dispensation_rows(user, on=on),
        bakvakt=None if now is None else {"row": now, "words": MODE[now.mode]},
        earlier_bakvakt=max(0, len(decisions) - 1),
    )


def _reason_lines(reasons: Sequence[Reason]) -> tuple[ReasonLine, ...]:
    return tuple(
        ReasonLine(
            words=words.reason_words(one),
            is_met=one.held.is_met,
            is_dispensed=one.held.is_dispensed,
            source=one.part.source,
            is_verified=one.part.is_verified,
        )
        for one in reasons
    )


def _plan(
    standing: Standing, user: User, *, at: Workplace, on: date
) -> tuple[PlanLine, ...]:
    courses = list(
        Course.objects.filter(
            starts_at__date__gt=on, called_off_at=None, **at.where
        ).order_by("starts_at")
    )
    signed = set(
        CourseSeat.objects.filter(person=user, given_up_at=None).values_list(
            "course_id", flat=True
        )
    )
    lines = []
    for reason in standing.gaps:
        test = getattr(reason.part, "test", None)
        kinds = test.kinds if isinstance(test, HasDocument) else frozenset()
        course = next((one for one in courses if one.kind in kinds), None)
        lines.append(
            PlanLine(
                words=words.step_words(reason),
                source=reason.part.source,
                is_advice=is_advice(reason),
                course=course,
                is_signed=course is not None and course.pk in signed,
            )
        )
    return tuple(lines)


def _position_rows(user: User, at: Workplace, *, on: date):
    rows = Position.objects.filter(person=user).select_related(
        "station", "sentral", "municipality"
    )
    return tuple(
        {
            "row": row,
            "category": CATEGORY[row.category],
            "law": LAW[row.law],
            "percent": f"{row.share * 100:.0f}",
            "place": row.station or row.sentral,
            "last_on": row.valid_to and row.valid_to - ONE_DAY,
            "is_over": row.valid_to is not None and row.valid_to <= on,
            "is_here": row.station_id == at.station_id
            and row.sentral_id == at.sentral_id,
        }
        for row in rows.order_by("-valid_from", "-pk")
    )


def _practice_rows(user: User, *, on: date):
    rows = PracticeTime.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), person=user
    )
    return tuple(
        {
            "row": row,
            "work": WORK[row.work],
            "weekday": WEEKDAY[row.weekday],
            "last_on": row.valid_to and row.valid_to - ONE_DAY,
        }
        for row in rows.order_by("weekday", "starts")
    )


def _absence_rows(user: User, at: Workplace, *, on: date, is_oneself: bool):
    rows = Absence.objects.filter(person=user).select_related(
        "decided_by", "station", "sentral"
    )
    return tuple(
        {
            "row": row,
            "words": absence_words(row)
            if is_oneself or not is_written_elsewhere(row, at=at)
            else away_words(row),
            "place": (row.station or row.sentral)
            if is_written_elsewhere(row, at=at)
            else None,
            "is_over": row.ends_on is not None and row.ends_on < on,
        }
        for row in rows.order_by("-starts_on", "-pk")[:30]
    )


def _document_rows(user: User):
    rows = CompetenceDocument.objects.filter(person=user, struck_at=None)
    # The file itself is fetched by its own door only.
    with_file = set(
        Certificate.objects.filter(document__in=rows).values_list(
            "document_id", flat=True
        )
    )
    known = rulebook().documents
    return tuple(
        {
            "row": row,
            "words": known[row.kind].words if row.kind in known else row.kind,
            "has_file": row.pk in with_file,
        }
        for row in rows.order_by("-first_on", "-pk")
    )


def _experience_rows(user: User):
    book = rulebook()
    known = {**book.services, **book.counts}
    rows = Experience.objects.filter(person=user, struck_at=None)
    return tuple(
        {
            "row": row,
            "words": known[row.kind].words if row.kind in known else row.kind,
            "percent": None if row.share is None else f"{row.share * 100:.0f}",
        }
        for row in rows.order_by("-first_on", "-pk")
    )


def _dispensation_rows(user: User, *, on: date):
    names = {
        demand.code: demand.words
        for rule in rulebook().rules
        for demand in rule.every_demand()
    }
    rows = Dispensation.objects.filter(person=user).select_related(
        "decided_by", "station", "sentral"
    )
    return tuple(
        {
            "row": row,
            "words": names.get(row.demand, row.demand),
            "is_over": row.last_on < on,
        }
        for row in rows.order_by("-last_on", "-pk")
    )
