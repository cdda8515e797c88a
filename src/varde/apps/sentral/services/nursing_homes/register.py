"""The register of nursing homes: the homes, their numbers, and their doctors' hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction

from varde.apps.records import audit
from varde.apps.records.models import (
    Municipality,
    NursingHome,
    NursingHomeHours,
    NursingHomeNumber,
    User,
)
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.domain.errors import Rule, RuleBroken
from varde.domain.nursing_home import PhoneHours, plain_number


LEAST_DIGITS, MOST_DIGITS = 3, 15  # E.164: at most fifteen
DAYS = range(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeDetails:
    """What is known of a home, as typed. Numbers are apart by comma or line."""

    name: str
    municipality: str
    numbers: str = ""
    doctor_name: str = ""
    doctor_phone: str = ""
    is_in_use: bool = True


@transaction.atomic
def make_home(*, details: HomeDetails, by: User, at: datetime) -> NursingHome:
    """Write a home in the register.

    Raises `RuleBroken`: FIELD_NOT_VALID (home_name, municipality, numbers, doctor_phone),
    HOME_NAME_TAKEN, NUMBER_OF_ANOTHER_HOME.
    """
    home = NursingHome()
    _put(home, details)
    _log("nursing_home_made", home, by=by, at=at)
    return home


@transaction.atomic
def save_home(
    *, home_id: int, details: HomeDetails, by: User, at: datetime
) -> NursingHome:
    """Correct a home. A home that is not in use is no longer chosen. Raises as `make_home`.

    What it was before is in the log of changes.
    """
    home = NursingHome.objects.select_for_update().get(pk=home_id)
    _put(home, details)
    _log("nursing_home_saved", home, by=by, at=at)
    return home


@transaction.atomic
def add_hours(
    *,
    home_id: int,
    weekdays: Sequence[int],
    opens: time,
    closes: time,
    valid_from: date,
    last_day: date | None,
    by: User,
    at: datetime,
) -> list[NursingHomeHours]:
    """The home's doctor answers at these hours on these weekdays (0 is Monday).

    Raises `RuleBroken`: FIELD_NOT_VALID (weekday, last_day), PHONE_HOURS_END_FIRST.
    """
    home = NursingHome.objects.select_for_update().get(pk=home_id)
    if not weekdays or any(day not in DAYS for day in weekdays):
        raise not_valid("weekday", Why.NOT_A_CHOICE if weekdays else Why.EMPTY)
    if last_day is not None and last_day < valid_from:
        raise not_valid("last_day", Why.NOT_A_DATE)
    rows = []
    for weekday in sorted(set(weekdays)):
        hours = PhoneHours(
            weekday=weekday,
            opens=opens,
            closes=closes,
            valid_from=valid_from,
            valid_to=last_day + timedelta(days=1) if last_day else None,
        )
        rows.append(
            NursingHomeHours.objects.create(
                home=home,
                weekday=hours.weekday,
                opens=hours.opens,
                closes=hours.closes,
                valid_from=hours.valid_from,
                valid_to=hours.valid_to,
            )
        )
    _log("nursing_home_hours_added", home, by=by, at=at, hours=[r.pk for r in rows])
    return rows


@transaction.atomic
def end_hours(*, hours_id: int, last_day: date, by: User, at: datetime) -> None:
    """These hours hold up to and with that day. Hours that had not begun are taken away.

    Once more with the same day changes nothing.
    """
    row = (
        NursingHomeHours.objects.select_for_update(of=("self",))
        .select_related("home")
        .get(pk=hours_id)
    )
    ends = last_day + timedelta(days=1)
    if row.valid_to is not None and row.valid_to <= ends:
        return
    if ends <= row.valid_from:
        row.delete()
    else:
        row.valid_to = ends
        row.save(update_fields=["valid_to"])
    _log("nursing_home_hours_ended", row.home, by=by, at=at, hours=[hours_id])


def _put(home: NursingHome, details: HomeDetails) -> None:
    home.name = plain("home_name", details.name, longest=120)
    if not home.name:
        raise not_valid("home_name", Why.EMPTY)
    place = Municipality.objects.filter(pk=details.municipality).first()
    if place is None:
        raise not_valid("municipality", Why.NOT_FOUND)
    home.municipality = place
    home.doctor_name = plain("doctor_name", details.doctor_name, longest=120)
    home.doctor_phone = plain("doctor_phone", details.doctor_phone, longest=20)
    if home.doctor_phone:
        _number("doctor_phone", home.doctor_phone)
    home.is_in_use = details.is_in_use
    numbers = _numbers(details.numbers)
    try:
        with transaction.atomic():
            home.save()
    except IntegrityError:
        raise RuleBroken(Rule.HOME_NAME_TAKEN, name=home.name) from None
    home.numbers.exclude(number__in=numbers).delete()
    known = set(home.numbers.values_list("number", flat=True))
    for number in numbers:
        if number not in known:
            _write_number(home, number)


def _write_number(home: NursingHome, number: str) -> None:
    """A number that another home got in the meantime is refused too."""
    try:
        with transaction.atomic():
            NursingHomeNumber.objects.create(home=home, number=number)
    except IntegrityError:
        owner = NursingHome.objects.filter(numbers__number=number).first()
        raise RuleBroken(
            Rule.NUMBER_OF_ANOTHER_HOME,
            number=number,
            home=owner.name if owner is not None else "",
        ) from None


def _numbers(text: str) -> list[str]:
    parts = text.replace(";", ",").replace("\n", ",").split(",")
    typed = [part.strip() for part in parts if part.strip()]
    return list(dict.fromkeys(_number("numbers", one) for one in typed))


def _number(field: str, text: str) -> str:
    number = plain_number(text)
    has_other_signs = any(sign not in "+0123456789 ()-" for sign in text)
    if has_other_signs or not LEAST_DIGITS <= len(number) <= MOST_DIGITS:
        raise not_valid(field, Why.NOT_A_PHONE_NUMBER)
    return number


def _log(
    what: str, home: NursingHome, *, by: User, at: datetime, **data: list[int]
) -> None:
    audit.log(what=what, by=by, at=at, purpose="", data={"home": home.pk, **data})
