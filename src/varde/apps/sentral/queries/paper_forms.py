"""Which paper forms were printed, and which nobody has accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q

from varde.apps.records.models import PaperForm, PaperPrint, Sentral
from varde.apps.sentral.queries import reference


MOST = 200  # forms that are out, the oldest first; the count is of all
MOST_PRINTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRow:
    """Forms printed in one go, and what became of them."""

    id: int
    issued_at: datetime
    issued_by: str  # "" where it was done at the command line
    first: str
    last: str
    count: int
    out: int
    entered: int
    void: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """A form that is out: neither entered nor void."""

    id: int
    number: str
    issued_at: datetime
    issued_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """The forms of a place."""

    out: Sequence[FormRow]
    out_count: int
    prints: Sequence[PrintRow]


def accounting(sentral: Sentral, *, station_id: int | None = None) -> Accounting:
    """The forms of a sentral, or of a station's door. Three queries however many."""
    forms = PaperForm.objects.filter(
        print__sentral=sentral, print__station=station_id, state=PaperForm.State.OUT
    )
    return Accounting(
        out=[
            FormRow(
                id=row.pk,
                number=row.number,
                issued_at=row.print.issued_at,
                issued_by=_name(row.print.issued_by_id),
            )
            for row in forms.select_related("print").order_by("serial")[:MOST]
        ],
        out_count=forms.count(),
        prints=_prints(sentral, station_id),
    )


def numbers_of(print_id: int) -> list[str]:
    """The numbers of one print, in order."""
    rows = PaperForm.objects.filter(print=print_id).order_by("serial")
    return list(rows.values_list("number", flat=True))


def _prints(sentral: Sentral, station_id: int | None) -> list[PrintRow]:
    states = {
        state.value: Count("forms", filter=Q(forms__state=state))
        for state in PaperForm.State
    }
    rows = (
        PaperPrint.objects.filter(sentral=sentral, station=station_id)
        .annotate(first=Min("forms__number"), last=Max("forms__number"), **states)
        .order_by("-pk")[:MOST_PRINTS]
        .values("pk", "issued_at", "issued_by", "count", "first", "last", *states)
    )
    return [
        PrintRow(
            id=row["pk"],
            issued_at=row["issued_at"],
            issued_by=_name(row["issued_by"]),
            first=row["first"] or "",
            last=row["last"] or "",
            count=row["count"],
            out=row["out"],
            entered=row["entered"],
            void=row["void"],
        )
        for row in rows
    ]


def _name(user_id: int | None) -> str:
    return reference.person_name(user_id) if user_id is not None else ""
