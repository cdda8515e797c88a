"""Threats and violence: the alarm, who saw it, who was called, what happened.

The log holds codes and ids; what happened stands in the account alone.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit, settings
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    SafetyAccount,
    SafetyCall,
    SafetyIncident,
    SafetySeen,
    User,
)
from varde.apps.sentral.queries import reference
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.station.access import StationPlace
from varde.apps.station.services import typed
from varde.domain.errors import Rule, RuleBroken


LONGEST_ACCOUNT = 4000  # characters


@transaction.atomic
def raise_alarm(
    *, place: StationPlace, kind: str, where: str, by: User, at: datetime
) -> SafetyIncident:
    """Tell every colleague's screen, without a sound.

    The same alarm pressed again at once is the same alarm: a second press in fright makes
    no second incident. Raises FIELD_NOT_VALID (safety_kind, where).
    """
    values = _what(kind, where)
    User.objects.select_for_update().get(pk=by.pk)  # two presses at once take turns
    seconds: int = settings.value(
        "safety.same_alarm_s",
        on=timezone.localdate(at),
        district_id=place.district_id,
    )
    standing = SafetyIncident.objects.filter(
        station=place.id,
        raised_by=by,
        ended_at=None,
        occurred_at__gt=at - timedelta(seconds=seconds),
        **values,
    ).first()
    if standing is not None:
        return standing
    made = SafetyIncident.objects.create(
        district_id=place.district_id,
        station_id=place.id,
        is_alarm=True,
        raised_by=by,
        occurred_at=at,
        recorded_at=timezone.now(),
        **values,
    )
    _log("safety_alarm", made, by=by, at=at, **values)
    _tell(place)
    return made


@transaction.atomic
def register(
    *,
    place: StationPlace,
    kind: str,
    where: str,
    occurred_at: str,
    text: str,
    injured: str,
    by: User,
    at: datetime,
) -> SafetyIncident:
    """Write an incident that is over, without telling the screens.

    Raises FIELD_NOT_VALID (safety_kind, where, occurred_at, happened, injured).
    """
    values = _what(kind, where)
    when = typed.moment("occurred_at", occurred_at, at=at)
    made = SafetyIncident.objects.create(
        district_id=place.district_id,
        station_id=place.id,
        is_alarm=False,
        raised_by=by,
        occurred_at=when,
        recorded_at=timezone.now(),
        ended_at=at,
        ended_by=by,
        end=SafetyIncident.End.SAFE,
        **values,
    )
    _account(made, text=text, injured=injured, by=by, at=at)
    _log("safety_registered", made, by=by, at=at, **values)
    return made


@transaction.atomic
def see(
    *, incident_id: int, place: StationPlace, by: User, at: datetime
) -> SafetyIncident:
    """Say that one has seen the alarm. The same again changes nothing.

    Raises SAFETY_ALARM_IS_ENDED (by, at).
    """
    row = _standing(incident_id)
    seen, is_new = SafetySeen.objects.get_or_create(
        incident=row, by=by, defaults={"at": at, "district_id": row.district_id}
    )
    if is_new:
        _log("safety_seen", row, by=by, at=seen.at)
        _tell(place)
    return row


@transaction.atomic
def end(
    *, incident_id: int, place: StationPlace, how: str, by: User, at: datetime
) -> SafetyIncident:
    """Take the alarm off the screens: safe now, or pressed by mistake.

    Raises SAFETY_ALARM_IS_ENDED (by, at), FIELD_NOT_VALID (result).
    """
    row = _standing(incident_id)
    row.end = typed.choice("result", how, SafetyIncident.End.values)
    row.ended_at, row.ended_by = at, by
    row.save(update_fields=["end", "ended_at", "ended_by"])
    _log("safety_ended", row, by=by, at=at, end=row.end)
    _tell(place)
    return row


@transaction.atomic
def called(
    *,
    incident_id: int,
    place: StationPlace,
    who: str,
    occurred_at: str,
    by: User,
    at: datetime,
) -> SafetyCall:
    """Write who was called to help, and when. Raises FIELD_NOT_VALID."""
    row = _locked(incident_id)
    code = typed.choice("called", who, SafetyCall.Called.values)
    when = typed.moment("occurred_at", occurred_at, at=at)
    made = SafetyCall.objects.create(
        incident=row,
        district_id=row.district_id,
        called=code,
        by=by,
        occurred_at=when,
        recorded_at=timezone.now(),
    )
    _log("safety_called", row, by=by, at=when, called=code)
    if row.ended_at is None:
        _tell(place)
    return made


@transaction.atomic
def account(
    *, incident_id: int, text: str, injured: str, by: User, at: datetime
) -> SafetyAccount:
    """Add to what happened. What others wrote stays as it is.

    Raises FIELD_NOT_VALID (happened, injured).
    """
    row = _locked(incident_id)
    made = _account(row, text=text, injured=injured, by=by, at=at)
    _log("safety_account", row, by=by, at=at)
    return made


@transaction.atomic
def tie(
    *, incident_id: int, contact_id: int | None, by: User, at: datetime
) -> SafetyIncident:
    """Name the contact that it was about by its number, or none.

    Whether the person may see the contact is asked at its own door before.
    """
    row = _locked(incident_id)
    row.tied_contact_id = contact_id
    row.save(update_fields=["tied_contact"])
    _log("safety_tied", row, by=by, at=at)
    return row


def _what(kind: str, where: str) -> dict[str, str]:
    return {
        "kind": typed.choice("safety_kind", kind, SafetyIncident.Kind.values),
        "where": typed.choice("where", where, SafetyIncident.Where.values),
    }


def _account(
    row: SafetyIncident, *, text: str, injured: str, by: User, at: datetime
) -> SafetyAccount:
    told = typed.needed("happened", text, longest=LONGEST_ACCOUNT)
    if injured not in SafetyAccount.Injured.values:
        raise not_valid("injured", Why.NOT_A_CHOICE)
    return SafetyAccount.objects.create(
        incident=row,
        district_id=row.district_id,
        text=told,
        injured=injured,
        by=by,
        at=at,
    )


def _locked(incident_id: int) -> SafetyIncident:
    return SafetyIncident.objects.select_for_update().get(pk=incident_id)


def _standing(incident_id: int) -> SafetyIncident:
    row = _locked(incident_id)
    if row.ended_at is not None and row.ended_by_id is not None:
        raise RuleBroken(
            Rule.SAFETY_ALARM_IS_ENDED,
            by=reference.person_name(row.ended_by_id),
            at=row.ended_at.isoformat(),
        )
    return row


def _tell(place: StationPlace) -> None:
    for sentral_id in place.sentraler:
        announce(Topic.SAFETY, sentral_id=sentral_id)


def _log(
    what: str, row: SafetyIncident, *, by: User, at: datetime, **data: str
) -> None:
    audit.log(
        what=what,
        by=by,
        at=at,
        district_id=row.district_id,
        table="records_safetyincident",
        row_id=row.pk,
        purpose="",
        data=data,
    )
