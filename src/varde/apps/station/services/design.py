"""The form on universal design: filled in again and again, never changed."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.models import DesignForm, User
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.access import StationPlace
from varde.apps.station.services import typed
from varde.engines.station_forms import DesignQuestions


LONGEST_COMMENT = 2000
ANSWERS = {"yes": True, "no": False, "": None}


@transaction.atomic
def fill_in(
    *,
    place: StationPlace,
    questions: DesignQuestions,
    answers: Mapping[str, str],
    comment: str,
    filled_on: str,
    by: User,
    at: datetime,
) -> DesignForm:
    """Keep one filling, with the day on which somebody went and looked.

    A question without an answer is kept as unanswered. Raises FIELD_NOT_VALID
    (filled_on, answer: none at all or not yes or no, comment).
    """
    today = timezone.localdate(at)
    on = typed.day("filled_on", filled_on) or today
    if on > today:
        raise not_valid("filled_on", Why.IN_THE_FUTURE)
    given: dict[str, bool | None] = {}
    for question in questions.questions:
        answer = answers.get(question.id, "")
        if answer not in ANSWERS:
            raise not_valid("answer", Why.NOT_YES_NO_UNKNOWN)
        given[question.id] = ANSWERS[answer]
    if all(answer is None for answer in given.values()):
        raise not_valid("answer", Why.EMPTY)
    made = DesignForm.objects.create(
        district_id=place.district_id,
        station_id=place.id,
        version=questions.version,
        answers=given,
        comment=plain("comment", comment, longest=LONGEST_COMMENT),
        filled_on=on,
        by=by,
        recorded_at=timezone.now(),
    )
    audit.log(
        what="design_form",
        by=by,
        at=at,
        district_id=place.district_id,
        table="records_designform",
        row_id=made.pk,
        purpose="",
    )
    return made
