"""Nursing homes: which there are, when their doctors answer, and what a home has done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from string import ascii_uppercase

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from varde.apps.records import holidays
from varde.apps.records.kept import kept
from varde.apps.records.models import (
    Catchment,
    Contact,
    Municipality,
    NursingHome,
    NursingHomeHours,
    NursingHomeNumber,
    NursingHomeRequest,
    Outcome,
    Sentral,
    SentralDistrict,
)
from varde.apps.sentral.queries.contact import Attached
from varde.apps.sentral.queries.numbers import WEEKDAYS, Period, share
from varde.domain.nursing_home import (
    PhoneHours,
    open_until,
    opens_next,
    plain_number,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorHours:
    """The home's doctor: who, and until when she answers now, or else when next.

    `until` and `next_at` are None where the hours do not say; `has_hours` is whether any
    are written, now or later.
    """

    name: str
    phone: str
    until: time | None
    next_at: datetime | None
    has_hours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeChoice:
    """A home to choose, with its key; "" where the keys are used up."""

    id: int
    name: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeInHand:
    """What the desk shows of a contact from a nursing home. `home_id` None: not known yet.

    `request` is what the home has told; None before anything is. `vitals_at` is when vital
    signs were last kept.
    """

    home_id: int | None
    name: str
    doctor: DoctorHours | None
    request: NursingHomeRequest | None
    vitals_at: datetime | None
    news2: int | None
    is_doctor_first: bool

    @property
    def rung_code(self) -> str:
        """Had the home rung its own doctor: yes, no, or "" for not asked."""
        return _code(self.request.doctor_rung if self.request else None)

    @property
    def given_code(self) -> str:
        """Has the home given medicine: yes, no, or "" for not asked."""
        return _code(self.request.medicines_given if self.request else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FromHomes:
    """Contacts from nursing homes in a period, in whole counts."""

    contacts: int
    asked: int
    rung_first: int
    to_the_doctor: int

    @property
    def share_rung_first(self) -> float | None:
        """Of those where it was asked: the home had rung its own doctor first."""
        return share(self.rung_first, self.asked)

    @property
    def not_asked(self) -> int:
        """Contacts for which nobody knows."""
        return self.contacts - self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRow:
    """Hours of one weekday as the administrator sees them."""

    id: int
    weekday: str
    opens: time
    closes: time
    valid_from: date
    last_day: date | None
    is_over: bool


def rows_of(sentral_id: int, *, on: date) -> QuerySet[NursingHome]:
    """The homes in the municipalities that a sentral answers for on a day, also closed."""
    places = _municipalities(sentral_id, on=on)
    return NursingHome.objects.filter(municipality__in=places).order_by("name", "pk")


def _municipalities(sentral_id: int, *, on: date) -> QuerySet[Municipality]:
    districts = SentralDistrict.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), sentral=sentral_id, valid_from__lte=on
    )
    catchment = Catchment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        station__district__in=districts.values("district"),
        valid_from__lte=on,
    )
    return Municipality.objects.filter(pk__in=catchment.values("municipality"))


def _code(answer: bool | None) -> str:  # noqa: FBT001
    return {True: "yes", False: "no", None: ""}[answer]


@kept
def homes_of(sentral_id: int) -> tuple[tuple[int, str], ...]:
    """Id and name of the homes in use that a sentral answers for, by name."""
    rows = rows_of(sentral_id, on=timezone.localdate()).filter(is_in_use=True)
    return tuple(rows.values_list("pk", "name"))


@kept
def _numbers_of(sentral_id: int) -> Mapping[str, tuple[int, str]]:
    homes = dict(homes_of(sentral_id))
    rows = NursingHomeNumber.objects.filter(home__in=homes)
    return {
        number: (home, homes[home])
        for number, home in rows.values_list("number", "home_id")
    }


def home_with_number(sentral_id: int, number: str) -> tuple[int, str] | None:
    """Id and name of the home that has this number; None for a hidden or unknown one."""
    return _numbers_of(sentral_id).get(plain_number(number))


def choices(sentral_id: int) -> list[HomeChoice]:
    """The homes to choose from, each with a key of its own while there are any."""
    found = homes_of(sentral_id)
    keys = ascii_uppercase.ljust(len(found))
    return [
        HomeChoice(id=pk, name=name, key=key.strip())
        for (pk, name), key in zip(found, keys, strict=False)
    ]


@kept
def _home(home_id: int) -> tuple[NursingHome, tuple[PhoneHours, ...]]:
    home = NursingHome.objects.get(pk=home_id)
    return home, tuple(_phone_hours(row) for row in home.hours.all())


def doctor_hours(home_id: int, *, now: datetime) -> DoctorHours:
    """The doctor of a home, now and next."""
    home, hours = _home(home_id)
    return _doctor(home, hours, now=now)


def doctor_as_written(home: NursingHome, *, now: datetime) -> DoctorHours:
    """The doctor of a home by what is written this moment, for the one who writes it."""
    return _doctor(home, tuple(_phone_hours(row) for row in home.hours.all()), now=now)


def _doctor(
    home: NursingHome, hours: tuple[PhoneHours, ...], *, now: datetime
) -> DoctorHours:
    local = timezone.localtime(now)
    closed = holidays.around(local.date())
    return DoctorHours(
        name=home.doctor_name,
        phone=home.doctor_phone,
        until=open_until(hours, at=local, holidays=closed),
        next_at=opens_next(hours, at=local, holidays=closed),
        has_hours=any(
            one.valid_to is None or one.valid_to > local.date() for one in hours
        ),
    )


def home_in_hand(hangs: Attached, *, now: datetime) -> HomeInHand | None:
    """What the home of a contact is and has done; None for a contact from elsewhere.

    The doctor is rung first only while she answers, and never where 113 comes first.
    """
    contact = hangs.contact
    if contact.channel != Contact.Channel.NURSING_HOME:
        return None
    request = hangs.home_request
    doctor = doctor_hours(request.home_id, now=now) if request is not None else None
    is_red = contact.hastegrad_phone == "akutt"
    vitals = hangs.vitals
    return HomeInHand(
        home_id=request.home_id if request is not None else None,
        name=request.home.name if request is not None else "",
        doctor=doctor,
        request=request,
        vitals_at=vitals.occurred_at if vitals is not None else None,
        news2=vitals.news2 if vitals is not None else None,
        is_doctor_first=doctor is not None and doctor.until is not None and not is_red,
    )


def from_homes(
    sentral: Sentral, period: Period, *, municipality: str | None = None
) -> FromHomes:
    """The contacts from nursing homes opened in a period. One query."""
    rows = Contact.objects.filter(
        sentral=sentral,
        channel=Contact.Channel.NURSING_HOME,
        opened_at__gte=period.begins_at,
        opened_at__lt=period.ends_at,
    )
    if municipality:
        rows = rows.filter(municipality_id=municipality)
    to_the_doctor = Outcome.objects.filter(
        contact=OuterRef("pk"), kind=Outcome.Kind.NURSING_HOME_DOCTOR
    ).exclude(state=Outcome.State.CANCELLED)
    return FromHomes(
        **rows.aggregate(
            contacts=Count("pk"),
            asked=Count("pk", filter=Q(from_home__doctor_rung__isnull=False)),
            rung_first=Count("pk", filter=Q(from_home__doctor_rung=True)),
            to_the_doctor=Count("pk", filter=Exists(to_the_doctor)),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """A home in the list of the register."""

    id: int
    name: str
    municipality: str
    numbers: str
    is_in_use: bool
    doctor: DoctorHours


def register(sentral_id: int, *, now: datetime) -> list[RegisterRow]:
    """Every home that a sentral answers for, with its doctor now; those in use first."""
    rows = rows_of(sentral_id, on=timezone.localdate(now))
    return [
        RegisterRow(
            id=home.pk,
            name=home.name,
            municipality=home.municipality.name,
            numbers=", ".join(one.number for one in home.numbers.all()),
            is_in_use=home.is_in_use,
            doctor=doctor_as_written(home, now=now),
        )
        for home in rows.select_related("municipality")
        .prefetch_related("numbers", "hours")
        .order_by("-is_in_use", "name", "pk")
    ]


def municipalities_of(sentral_id: int) -> list[tuple[str, str]]:
    """Number and name of the municipalities that a sentral answers for."""
    rows = _municipalities(sentral_id, on=timezone.localdate())
    return list(rows.order_by("name").values_list("number", "name"))


def hours_rows(home: NursingHome, *, on: date) -> list[HoursRow]:
    """The hours of a home, those that are over last."""
    rows = [
        HoursRow(
            id=row.pk,
            weekday=str(WEEKDAYS[row.weekday]),
            opens=row.opens,
            closes=row.closes,
            valid_from=row.valid_from,
            last_day=date.fromordinal(row.valid_to.toordinal() - 1)
            if row.valid_to
            else None,
            is_over=row.valid_to is not None and row.valid_to <= on,
        )
        for row in home.hours.all()
    ]
    return sorted(rows, key=lambda row: row.is_over)


def _phone_hours(row: NursingHomeHours) -> PhoneHours:
    return PhoneHours(
        weekday=row.weekday,
        opens=row.opens,
        closes=row.closes,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
