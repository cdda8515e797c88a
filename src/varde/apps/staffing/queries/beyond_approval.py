"""Published duties that belong to a vikar whose approval does not reach them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from varde.apps.records.models import Duty, Position, VikarApproval
from varde.apps.sentral.messages import POST
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages import rota_words
from varde.apps.staffing.people_access import municipalities_of
from varde.apps.staffing.queries.vikarer import approval_spans, is_vikar


MOST_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """One such duty. `place_id` is its place in a rota, None for one made by hand;
    `approved_until` the last day of the last approval, None where there was none."""

    name: str
    post: str
    when: str
    place_id: int | None
    approved_until: date | None


def beyond_approval(at: Workplace, *, now: datetime) -> tuple[Beyond, ...]:
    """The duties ahead at a workplace that begin when their vikar is not approved, the
    nearest first. As the rota's rule says: an approval that holds as the duty begins is
    enough."""
    vikarer = Position.objects.filter(category=Position.Category.VIKAR)
    asked_about = VikarApproval.objects.values("person_id")
    duties = list(
        Duty.objects.filter(
            Q(person__in=vikarer.values("person_id")) | Q(person__in=asked_about),
            starts_at__gt=now,
            **at.where,
        )
        .select_related("person", "rota_duty")
        .order_by("starts_at", "pk")
    )
    if not duties:
        return ()
    people = {row.person_id for row in duties}
    codes = list(municipalities_of(at).values_list("pk", flat=True))
    spans = approval_spans(people, codes)
    positions = list(Position.objects.filter(person__in=people))
    asked = list(VikarApproval.objects.filter(person__in=people))
    found = [
        row
        for row in duties
        if not any(
            s.starts_at <= row.starts_at < s.ends_at for s in spans[row.person_id]
        )
        and is_vikar(row, positions, asked, at=at)
    ]
    return tuple(
        Beyond(
            name=row.person.name,
            post=str(POST[Duty.Post(row.post)]),
            when=rota_words.when(row.starts_at, row.ends_at),
            place_id=getattr(getattr(row, "rota_duty", None), "pk", None),
            approved_until=_until(row, asked, codes),
        )
        for row in found[:MOST_SHOWN]
    )


def _until(
    duty: Duty, asked: Collection[VikarApproval], municipalities: Collection[str]
) -> date | None:
    """The last day of the approvals by these municipalities that end before a duty."""
    day = timezone.localdate(duty.starts_at)
    return max(
        (
            row.valid_to
            for row in asked
            if row.person_id == duty.person_id
            and row.state == VikarApproval.State.APPROVED
            and row.municipality_id in municipalities
            and row.valid_to is not None
            and row.valid_to < day
        ),
        default=None,
    )
