"""What hangs on a contact: each table is read at most once while the contact is drawn."""

from functools import cached_property

from django.db import connection
from django.db.models import Model, QuerySet

from varde.apps.records.models import (
    AmkHandover,
    Assessment,
    CallBack,
    ClaimLine,
    Contact,
    DoctorQuestion,
    InterpreterRequest,
    NursingHomeRequest,
    Outcome,
    VitalSigns,
)


# Most contacts have no row in most of these. One statement tells which have any.
TABLES: tuple[type[Model], ...] = (
    AmkHandover,
    Assessment,
    CallBack,
    ClaimLine,
    DoctorQuestion,
    InterpreterRequest,
    NursingHomeRequest,
    Outcome,
    VitalSigns,
)
ASKED = "SELECT " + ", ".join(  # noqa: S608
    f"EXISTS (SELECT FROM {table._meta.db_table} WHERE contact_id = %(contact)s)"
    for table in TABLES
)
PERSON = ("first_name", "last_name", "username")


def person(*names: str) -> list[str]:
    """The columns of people that a name is made of, for `only`."""
    return [f"{name}__{column}" for name in names for column in PERSON]


def open_callback_rows() -> QuerySet[CallBack]:
    """Everybody to ring back, with what is shown of each and no more columns."""
    own = [field.attname for field in CallBack._meta.concrete_fields]
    of_contact = ("state", "opened_at", "claimed_at", "heartbeat_at", "sentral")
    return (
        CallBack.objects.filter(state=CallBack.State.OPEN)
        .select_related("sentral", "contact__patient", "contact__owner", "owner")
        .only(
            *own,
            "sentral__host_district",
            *(f"contact__{column}" for column in of_contact),
            "contact__patient__given_name",
            "contact__patient__family_name",
            *person("owner", "contact__owner"),
        )
        .prefetch_related("attempts")
        .order_by("due_at", "pk")
    )


def attached(of: "Contact | Attached") -> "Attached":
    """What hangs on a contact, read anew, or what was read already."""
    return of if isinstance(of, Attached) else Attached(of)


class Attached:
    """The rows of one contact, as they are when each is first asked for.

    For one drawing or one decision; never kept longer. A table without a row for the
    contact is not asked. Not for threads.
    """

    def __init__(self, contact: Contact) -> None:
        self.contact = contact

    def has(self, table: type[Model]) -> bool:
        """Whether the contact has any row in that table."""
        return table in self._filled

    @cached_property
    def _filled(self) -> frozenset[type[Model]]:
        with connection.cursor() as cursor:
            cursor.execute(ASKED, {"contact": self.contact.pk})
            told = cursor.fetchone()
        return frozenset(
            table for table, is_filled in zip(TABLES, told, strict=True) if is_filled
        )

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Every outcome, cancelled ones too, in the order they were decided."""
        if not self.has(Outcome):
            return ()
        rows = self.contact.outcomes.select_related("station", "owner")
        own = [field.attname for field in Outcome._meta.concrete_fields]
        lean = rows.only(*own, "station__name", *person("owner"))
        return tuple(lean.order_by("pk"))

    @cached_property
    def amk(self) -> AmkHandover | None:
        """The hand-over to 113."""
        if not self.has(AmkHandover):
            return None
        rows = AmkHandover.objects.filter(contact=self.contact)
        return rows.select_related("called_by").first()

    @cached_property
    def questions(self) -> tuple[DoctorQuestion, ...]:
        """The questions to the doctor behind, the oldest first."""
        if not self.has(DoctorQuestion):
            return ()
        rows = self.contact.questions.select_related(
            "asked_by", "asked_to", "answered_by"
        )
        return tuple(rows.order_by("asked_at", "pk"))

    @cached_property
    def open_callbacks(self) -> tuple[CallBack, ...]:
        """Those to ring back, with their attempts, the first due first."""
        if not self.has(CallBack):
            return ()
        return tuple(open_callback_rows().filter(contact=self.contact))

    @cached_property
    def interpreters(self) -> tuple[InterpreterRequest, ...]:
        """The interpreters asked for, the oldest first."""
        if not self.has(InterpreterRequest):
            return ()
        return tuple(self.contact.interpreters.order_by("requested_at", "pk"))

    @cached_property
    def claim_lines(self) -> tuple[ClaimLine, ...]:
        """The lines of the refund claim."""
        if not self.has(ClaimLine):
            return ()
        return tuple(self.contact.claim_lines.order_by("pk"))

    @cached_property
    def vitals(self) -> VitalSigns | None:
        """The last vital signs."""
        if not self.has(VitalSigns):
            return None
        rows = VitalSigns.objects.filter(contact=self.contact)
        return rows.select_related("scale2_by").order_by("-occurred_at", "-pk").first()

    @cached_property
    def home_request(self) -> NursingHomeRequest | None:
        """Which nursing home it is from, and what the home has told."""
        if not self.has(NursingHomeRequest):
            return None
        rows = NursingHomeRequest.objects.filter(contact=self.contact)
        return rows.select_related("home").first()

    @cached_property
    def assessment(self) -> Assessment | None:
        """The last judgement on the telephone."""
        if not self.has(Assessment):
            return None
        rows = self.contact.assessments.filter(axis=Assessment.Axis.PHONE)
        return rows.order_by("-pk").first()
