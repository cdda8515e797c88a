"""Whose page one may open among the people of a workplace, and what one may do there."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from varde.apps.records.models import (
    Certificate,
    CompetenceDocument,
    Course,
    Municipality,
    Position,
    Role,
    RoleGrant,
    Station,
    User,
)
from varde.apps.staffing import access
from varde.apps.staffing.access import Workplace


SEE_THE_LIST = (*access.LEADERS,)
SEE_VIKARER = (*access.PLANNERS, Role.KOMMUNEOVERLEGE)
APPROVE_VIKARER = (Role.KOMMUNEOVERLEGE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A person whose page is open to somebody, and as what."""

    user: User
    is_oneself: bool
    may_write: bool


def people_at(workplace: Workplace, *, on: date) -> set[int]:
    """The ids of those who work at a place: by a position, now or later, or by a role."""
    has_ended = Q(valid_to__lte=on)
    positions = Position.objects.filter(**workplace.where).exclude(has_ended)
    grants = RoleGrant.objects.filter(
        role__in=access.AT_WORK, **workplace.where
    ).exclude(has_ended)
    return set(positions.values_list("person_id", flat=True)) | set(
        grants.values_list("user_id", flat=True)
    )


def person_for(request: HttpRequest, user_id: int) -> Opened:
    """The person, for oneself and for those who plan at the workplace in hand.

    Raises 404 for everybody else, and for somebody who does not work there.
    """
    workplace = request.workplace  # type: ignore[attr-defined]
    is_oneself = user_id == request.user.pk
    plans = not access.roles_at(request, workplace).isdisjoint(access.PLANNERS)
    may_write = plans and user_id in people_at(workplace, on=timezone.localdate())
    if not (is_oneself or may_write):
        raise Http404
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise Http404
    return Opened(user=user, is_oneself=is_oneself, may_write=may_write)


def document_for(request: HttpRequest, document_id: int) -> CompetenceDocument:
    """A document that is not struck out, where its person's page is open."""
    row = (
        CompetenceDocument.objects.select_related("person")
        .filter(pk=document_id, struck_at=None)
        .first()
    )
    if row is None:
        raise Http404
    person_for(request, row.person_id)
    return row


def certificate_for(request: HttpRequest, document_id: int) -> Certificate:
    """The file of a document that one may open."""
    row = Certificate.objects.filter(
        document=document_for(request, document_id)
    ).first()
    if row is None:
        raise Http404
    return row


def course_for(request: HttpRequest, course_id: int) -> Course:
    """A course of the workplace in hand."""
    workplace = request.workplace  # type: ignore[attr-defined]
    row = Course.objects.filter(pk=course_id, **workplace.where).first()
    if row is None:
        raise Http404
    return row


def municipalities_of(workplace: Workplace) -> QuerySet[Municipality]:
    """In whose name those responsible at a workplace decide about vikarer: the host's.

    For a station that of its municipality; for a sentral those of its host district's
    stations.
    """
    stations = Station.objects.filter(
        **(
            {"pk": workplace.station_id}
            if workplace.station_id is not None
            else {"district_id": workplace.district_id}
        )
    )
    return Municipality.objects.filter(pk__in=stations.values("municipality_id"))
