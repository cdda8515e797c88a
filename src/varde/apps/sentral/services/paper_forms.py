"""Paper forms: printed with a number each, and each accounted for."""

from datetime import datetime

from django.db import transaction

from varde.apps.records import audit, events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    Contact,
    PaperForm,
    PaperPrint,
    Sentral,
    Station,
    User,
)
from varde.apps.sentral.services.contacts.values import plain
from varde.domain.errors import Rule, RuleBroken
from varde.domain.paper_form import FormKind, form_number, read_number


MOST_AT_ONCE = 200  # ours: a pad of paper; stops a slip of the finger
LONGEST_REASON = 200
SOURCE = "paper"  # of a contact that was entered from a form


@transaction.atomic
def issue(
    *,
    sentral: Sentral,
    count: int,
    by: User | None,
    at: datetime,
    station: Station | None = None,
) -> PaperPrint:
    """Number so many forms, of a sentral, or of a station for its door.

    The numbers go on from the last that the place had. They are out from now on. Raises
    `RuleBroken`: PAPER_FORM_COUNT (most).
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise RuleBroken(Rule.PAPER_FORM_COUNT, most=str(MOST_AT_ONCE))
    place = _locked(station or sentral)
    district_id = station.district_id if station else sentral.host_district_id
    made = PaperPrint.objects.create(
        district_id=district_id,
        sentral=sentral,
        station=station,
        count=count,
        issued_by=by,
        issued_at=at,
    )
    kind = FormKind.DOOR if station else FormKind.PHONE
    first = _last_serial(sentral, station) + 1
    PaperForm.objects.bulk_create(
        PaperForm(
            district_id=district_id,
            print=made,
            serial=serial,
            number=form_number(place.code, kind, serial),
        )
        for serial in range(first, first + count)
    )
    audit.log(
        what="paper_forms_issued",
        by=by,
        at=at,
        district_id=district_id,
        table="records_paperprint",
        row_id=made.pk,
        data={"count": count, "first": first},
    )
    return made


@transaction.atomic
def void(*, form_id: int, reason: str, by: User, at: datetime) -> PaperForm:
    """The form will not be entered: spoilt, lost, or left over. A reason is kept.

    Raises `RuleBroken`: PAPER_FORM_VOID_NEEDS_REASON, PAPER_FORM_USED, PAPER_FORM_VOID,
    FIELD_NOT_VALID (reason).
    """
    why = plain("reason", reason, longest=LONGEST_REASON)
    if not why:
        raise RuleBroken(Rule.PAPER_FORM_VOID_NEEDS_REASON)
    form = taken(form_id)
    form.state, form.void_reason = PaperForm.State.VOID, why
    form.settled_at, form.settled_by = at, by
    form.save(update_fields=["state", "void_reason", "settled_at", "settled_by"])
    audit.log(
        what="paper_form_voided",
        by=by,
        at=at,
        district_id=form.district_id,
        table="records_paperform",
        row_id=form.pk,
    )
    return form


def named(text: str, *, sentral: Sentral, station_id: int | None = None) -> PaperForm:
    """The form of this number, of a sentral or of a station's door.

    Raises `RuleBroken`: PAPER_FORM_NUMBER_WRONG, PAPER_FORM_UNKNOWN (number).
    """
    number = read_number(text)
    form = PaperForm.objects.filter(
        number=number, print__sentral=sentral, print__station=station_id
    ).first()
    if form is None:
        raise RuleBroken(Rule.PAPER_FORM_UNKNOWN, number=number)
    return form


def taken(form_id: int) -> PaperForm:
    """A form that is out, locked until the transaction ends: it is entered once.

    Raises `RuleBroken`: PAPER_FORM_USED, PAPER_FORM_VOID (number, at).
    """
    form = (
        PaperForm.objects.select_for_update(of=("self",))
        .select_related("print")
        .get(pk=form_id)
    )
    if form.state != PaperForm.State.OUT:
        is_void = form.state == PaperForm.State.VOID
        raise RuleBroken(
            Rule.PAPER_FORM_VOID if is_void else Rule.PAPER_FORM_USED,
            number=form.number,
            at=form.settled_at.isoformat() if form.settled_at else "",
        )
    return form


def entered(form: PaperForm, contact: Contact, *, by: User, at: datetime) -> None:
    """The locked form is in: the contact is marked, and the log says from which form."""
    contact.refresh_from_db()
    contact.source = SOURCE
    contact.save(update_fields=["source"])
    form.state, form.contact = PaperForm.State.ENTERED, contact
    form.settled_at, form.settled_by = at, by
    form.save(update_fields=["state", "contact", "settled_at", "settled_by"])
    events.happened(
        contact=contact,
        kind=Happened.BACK_ENTERED,
        by=by,
        at=at,
        code=form.number,
        form=form.pk,
    )
    audit.log(
        what="paper_form_entered",
        by=by,
        at=at,
        district_id=contact.district_id,
        patient_id=contact.patient_id,
        contact_id=contact.pk,
        table="records_paperform",
        row_id=form.pk,
    )
    announce(
        Topic.CONTACTS,
        Topic.NUMBERS,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )


def _locked(place: Sentral | Station) -> Sentral | Station:
    """One print at a time at a place, so that no number is given twice."""
    rows = type(place)._default_manager.select_for_update(of=("self",))
    found: Sentral | Station = rows.get(pk=place.pk)
    return found


def _last_serial(sentral: Sentral, station: Station | None) -> int:
    rows = PaperForm.objects.filter(print__station=station)
    if station is None:
        rows = rows.filter(print__sentral=sentral)
    return rows.order_by("-serial").values_list("serial", flat=True).first() or 0
