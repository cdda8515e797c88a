"""What is documented of a person, struck out again, set aside, and the bakvakt's mode."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from varde.apps.records.models import (
    BakvaktDecision,
    Certificate,
    CompetenceDocument,
    Dispensation,
    Experience,
    Role,
    RoleGrant,
    User,
)
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.staffing.access import PLANNERS, Workplace
from varde.apps.staffing.competence_rules import rulebook
from varde.apps.staffing.services.acting import (
    last_day,
    locked,
    log,
    needed_day,
    share,
)
from varde.apps.station.services import typed
from varde.domain.errors import Rule, RuleBroken


LONGEST_ISSUER = 120
LONGEST_REASON = 500
LARGEST_FILE = (
    2_000_000  # bytes; ours: a page as a picture, below the server's own limit
)
MOST_DUTIES = 10_000  # of one line; ours
# What a file begins with says what it is; its name and what the browser says do not.
BEGINNINGS = (
    (b"%PDF-", Certificate.Type.PDF),
    (b"\x89PNG\r\n\x1a\n", Certificate.Type.PNG),
    (b"\xff\xd8\xff", Certificate.Type.JPEG),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as it was sent: its size, and its bytes."""

    size: int
    content: bytes


@transaction.atomic
def add_document(
    *,
    at_place: Workplace,
    person: User,
    kind: str,
    first_on: str,
    last_on: str,
    issuer: str,
    file: File | None,
    by: User,
    at: datetime,
) -> CompetenceDocument:
    """Write a document, with its file where there is one.

    Raises FIELD_NOT_VALID (document_kind, first_on, last_on, issuer), DOCUMENT_IS_WRITTEN for one of
    the same kind and day, FILE_TOO_LARGE (most_mb), FILE_IS_EMPTY, FILE_NOT_A_DOCUMENT.
    """
    locked(person)
    first = needed_day("first_on", first_on)
    if first > timezone.localdate(at):
        raise not_valid("first_on", Why.IN_THE_FUTURE)
    row = CompetenceDocument(
        person=person,
        kind=typed.choice("document_kind", kind, list(rulebook().documents)),
        first_on=first,
        last_on=last_day("last_on", last_on, first=first),
        issuer=plain("issuer", issuer, longest=LONGEST_ISSUER),
        recorded_by=by,
        recorded_at=at,
    )
    refuse_written(person, kind=row.kind, first=first)
    content_type = None if file is None else _type_of(file)
    row.save()
    if file is not None and content_type is not None:
        Certificate.objects.create(
            document=row,
            content_type=content_type,
            size=file.size,
            sha256=sha256(file.content).hexdigest(),
            content=file.content,
            uploaded_by=by,
            uploaded_at=at,
        )
    log(
        "document_added",
        row,
        place=at_place,
        by=by,
        at=at,
        person=person.pk,
        kind=row.kind,
        has_file=file is not None,
    )
    return row


@transaction.atomic
def strike_document(
    *, at_place: Workplace, document: CompetenceDocument, by: User, at: datetime
) -> None:
    """It was wrong: from now it does not count. It is kept, and who struck it out.

    Raises RECORDED_ELSEWHERE (by).
    """
    row = CompetenceDocument.objects.select_for_update().get(pk=document.pk)
    _refuse_elsewhere(row.recorded_by, at_place=at_place, by=by)
    if row.struck_at is None:
        row.struck_at, row.struck_by = at, by
        row.save(update_fields=["struck_at", "struck_by"])
        log(
            "document_struck",
            row,
            place=at_place,
            by=by,
            at=at,
            person=row.person_id,
            kind=row.kind,
        )


def refuse_written(person: User, *, kind: str, first: date) -> None:
    """Raise DOCUMENT_IS_WRITTEN where the person has one of this kind from this day."""
    written = CompetenceDocument.objects.filter(
        person=person, kind=kind, first_on=first, struck_at=None
    )
    if written.exists():
        raise RuleBroken(Rule.DOCUMENT_IS_WRITTEN)


@transaction.atomic
def add_experience(
    *,
    at_place: Workplace,
    person: User,
    kind: str,
    first_on: str,
    last_on: str = "",
    percent: str = "",
    count: str = "",
    by: User,
    at: datetime,
) -> Experience:
    """Write service in a period (per cent of a whole), or duties done up to a day.

    Raises FIELD_NOT_VALID (document_kind, first_on, last_on, percent, count).
    """
    locked(person)
    book = rulebook()
    code = typed.choice("document_kind", kind, [*book.services, *book.counts])
    first = needed_day("first_on", first_on)
    if first > timezone.localdate(at):
        raise not_valid("first_on", Why.IN_THE_FUTURE)
    is_count = code in book.counts
    row = Experience.objects.create(
        person=person,
        kind=code,
        first_on=first,
        last_on=None if is_count else last_day("last_on", last_on, first=first),
        share=None if is_count else share("percent", percent or "100"),
        count=typed.whole("count", count, low=0, high=MOST_DUTIES)
        if is_count
        else None,
        recorded_by=by,
        recorded_at=at,
    )
    log(
        "experience_added",
        row,
        place=at_place,
        by=by,
        at=at,
        person=person.pk,
        kind=code,
    )
    return row


@transaction.atomic
def strike_experience(
    *, at_place: Workplace, row: Experience, by: User, at: datetime
) -> None:
    """It was wrong: from now it does not count. Raises RECORDED_ELSEWHERE (by)."""
    kept = Experience.objects.select_for_update().get(pk=row.pk)
    _refuse_elsewhere(kept.recorded_by, at_place=at_place, by=by)
    if kept.struck_at is None:
        kept.struck_at, kept.struck_by = at, by
        kept.save(update_fields=["struck_at", "struck_by"])
        log(
            "experience_struck",
            kept,
            place=at_place,
            by=by,
            at=at,
            person=kept.person_id,
        )


@transaction.atomic
def dispense(
    *,
    at_place: Workplace,
    person: User,
    demand: str,
    first_on: str,
    last_on: str,
    reason: str,
    by: User,
    at: datetime,
) -> Dispensation:
    """Set one demand aside at this workplace for a time, with a reason and an end.

    Raises FIELD_NOT_VALID (demand, first_on, last_on, reason), and
    DISPENSATION_OF_OWN where one decides for oneself.
    """
    if person.pk == by.pk:
        raise RuleBroken(Rule.DISPENSATION_OF_OWN)
    locked(person)
    first = needed_day("first_on", first_on)
    last = last_day("last_on", last_on, first=first)
    if last is None:
        raise not_valid("last_on", Why.EMPTY)
    row = Dispensation.objects.create(
        person=person,
        demand=typed.choice("demand", demand, sorted(dispensable())),
        first_on=first,
        last_on=last,
        reason=typed.needed("reason", reason, longest=LONGEST_REASON),
        decided_by=by,
        decided_at=at,
        **at_place.where,
    )
    log(
        "dispensation_given",
        row,
        place=at_place,
        by=by,
        at=at,
        person=person.pk,
        demand=row.demand,
    )
    return row


@transaction.atomic
def decide_bakvakt(
    *,
    person: User,
    at_place: Workplace,
    mode: str,
    first_on: str,
    reason: str,
    by: User,
    at: datetime,
) -> BakvaktDecision:
    """Decide whether this doctor's bakvakt must be able to come, and why.

    Raises FIELD_NOT_VALID (bakvakt_mode, first_on, reason), and DISPENSATION_OF_OWN where one
    decides for oneself.
    """
    if person.pk == by.pk:
        raise RuleBroken(Rule.DISPENSATION_OF_OWN)
    row = BakvaktDecision.objects.create(
        person=person,
        mode=typed.choice("bakvakt_mode", mode, BakvaktDecision.Mode.values),
        valid_from=needed_day("first_on", first_on),
        reason=typed.needed("reason", reason, longest=LONGEST_REASON),
        decided_by=by,
        decided_at=at,
        **at_place.where,
    )
    log(
        "bakvakt_decided",
        row,
        by=by,
        at=at,
        place=at_place,
        person=person.pk,
        mode=row.mode,
    )
    return row


def _refuse_elsewhere(recorder: User, *, at_place: Workplace, by: User) -> None:
    """What another workplace has seen and written counts for them: they strike it out.

    Whoever wrote it may, those who plan where the writer has had a role that plans, and an
    administrator.
    """
    if recorder.pk == by.pk:
        return
    grants = RoleGrant.objects.filter(role__in=PLANNERS)
    is_administrator = grants.filter(user=by, role=Role.ADMINISTRATOR).exists()
    at_places = Q(**at_place.where) | Q(district_id=at_place.district_id)
    is_of_here = grants.filter(at_places, user=recorder).exists()
    if not (
        is_administrator or is_of_here or not grants.filter(user=recorder).exists()
    ):
        raise RuleBroken(Rule.RECORDED_ELSEWHERE, by=recorder.name)


def dispensable() -> dict[str, str]:
    """The demands that may be set aside, with their words."""
    return {
        demand.code: demand.words
        for rule in rulebook().rules
        for demand in rule.every_demand()
        if demand.may_be_dispensed
    }


def _type_of(file: File) -> str:
    if file.size > LARGEST_FILE:
        raise RuleBroken(Rule.FILE_TOO_LARGE, most_mb=str(LARGEST_FILE // 1_000_000))
    if not file.content:
        raise RuleBroken(Rule.FILE_IS_EMPTY)
    for beginning, content_type in BEGINNINGS:
        if file.content.startswith(beginning):
            return content_type
    raise RuleBroken(Rule.FILE_NOT_A_DOCUMENT)
