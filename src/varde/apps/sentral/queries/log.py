"""Reading the log: by person, patient, date and kind, and the openings with a reason."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.models import (
    ApiClient,
    AuditEntry,
    Contact,
    Patient,
    RecordOpening,
    RoleGrant,
    User,
)
from varde.apps.sentral import access, log_messages
from varde.apps.sentral.queries import held


MOST_OF_A_PATIENT = 20_000
MOST_IN_A_FILE = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the log is asked for. An empty field asks for all."""

    districts: frozenset[int]
    first: date
    last: date
    who: str = ""
    kind: str = ""
    patient_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the log, in words. It holds no content of a record."""

    id: int
    at: datetime
    recorded_at: datetime
    kind: str
    who: str
    roles: str
    did: str
    why: str
    patient_id: int | None
    contact_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One line of a patient's own log: what one person did in one minute, and why."""

    at: datetime
    who: str
    roles: str
    did: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRow:
    """A record opened outside somebody's task."""

    id: int
    at: datetime
    until: datetime
    who: str
    user_id: int
    roles: str
    reason: str
    patient_id: int | None
    contact_id: int | None
    controlled_at: datetime | None
    controlled_by: str


def lines(wanted: Wanted, *, before_id: int | None = None, most: int) -> Sequence[Line]:
    """The newest lines, before a given one if named.

    Six queries, however many lines.
    """
    entries = _entries(wanted)
    if before_id is not None:
        before = AuditEntry.objects.filter(pk=before_id).values("recorded_at")[:1]
        entries = entries.filter(
            Q(recorded_at__lt=before) | Q(recorded_at=before, pk__lt=before_id)
        )
    found = list(entries.order_by("-recorded_at", "-pk")[:most])
    people = People(found)
    return [_line(entry, people) for entry in found]


def patient_lines(
    patient: Patient, *, most: int = MOST_OF_A_PATIENT
) -> tuple[Sequence[OwnLine], bool]:
    """A person's own log, newest first, and whether older lines were left out.

    All rows of the same person are followed, also those merged into one another, and
    what hangs on the person's contacts.
    """
    same = list(access.same_person(patient).values_list("pk", flat=True))
    contacts = Contact.objects.filter(patient__in=same).values("pk")
    entries = AuditEntry.objects.filter(
        Q(patient_id__in=same) | Q(contact_id__in=contacts)
    )
    found = list(entries.order_by("-recorded_at", "-pk")[: most + 1])
    people = People(found[:most])
    own = [
        _own_line(list(together), people)
        for _key, together in groupby(found[:most], key=_together)
    ]
    return own, len(found) > most


def openings(
    districts: frozenset[int], *, is_controlled: bool, first: int = 0, most: int
) -> Sequence[OpeningRow]:
    """Openings with a reason: those that wait to be controlled, oldest first, or those
    that are, newest first.
    """
    rows = (
        RecordOpening.objects.filter(
            district__in=districts, controlled_at__isnull=not is_controlled
        )
        .select_related("user", "controlled_by")
        .order_by(*(["-controlled_at", "-pk"] if is_controlled else ["at", "pk"]))
    )[first : first + most]
    roles = _roles({(row.user_id, timezone.localdate(row.at)) for row in rows})
    return [_opening(row, roles) for row in rows]


def waiting_openings(districts: frozenset[int]) -> int:
    """How many openings wait to be controlled."""
    return RecordOpening.objects.filter(
        district__in=districts, controlled_at=None
    ).count()


# ------------------------------------------------------------------------- inside


def _entries(wanted: Wanted) -> QuerySet[AuditEntry]:
    start, end = _moment(wanted.first), _moment(wanted.last + timedelta(days=1))
    entries = AuditEntry.objects.filter(recorded_at__gte=start, recorded_at__lt=end)
    if wanted.patient_id is not None:
        entries = entries.filter(
            Q(patient_id=wanted.patient_id)
            | Q(contact_id__in=Contact.objects.filter(patient=wanted.patient_id))
        )
    if wanted.kind:
        entries = entries.filter(kind=wanted.kind)
    if wanted.who:
        named = _named(wanted.who)
        entries = entries.filter(Q(user__in=named) | Q(data__user__in=named))
    return entries.filter(_ours(wanted.districts))


def _ours(districts: frozenset[int]) -> Q:
    """Entries of these districts, and those of no district about people who work there."""
    staff = list(held.people_in(districts).values_list("pk", flat=True))
    nobody = Q(data__user=None) | ~Q(data__has_key="user")
    of_staff = Q(user__in=staff) | (Q(user=None) & (Q(data__user__in=staff) | nobody))
    return Q(district__in=districts) | (Q(district=None) & of_staff)


def _named(who: str) -> list[int]:
    """The people whose user name or name holds these words, each of them."""
    people = User.objects.all()
    for word in who.split():
        people = people.filter(
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
        )
    return list(people.values_list("pk", flat=True)[:500])


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(slots=True)
class People:
    """Names and roles of everybody in some entries, in two queries; one more where
    other systems are among them."""

    entries: Iterable[AuditEntry]
    names: dict[int, str] = field(init=False)
    roles: dict[tuple[int, date], str] = field(init=False)
    clients: dict[int, str] = field(init=False)

    def __post_init__(self) -> None:
        others = {one for entry in self.entries if (one := client_of(entry))}
        self.clients = (
            dict(ApiClient.objects.filter(pk__in=others).values_list("pk", "name"))
            if others
            else {}
        )
        ids = {one for entry in self.entries if (one := person_of(entry)) is not None}
        self.names = {u.pk: u.name for u in User.objects.filter(pk__in=ids)}
        self.roles = _roles(
            {
                (entry.user_id, timezone.localdate(entry.recorded_at))
                for entry in self.entries
                if entry.user_id is not None
            }
        )

    def name(self, entry: AuditEntry) -> str:
        """Who did it; Varde itself where nobody did."""
        person = person_of(entry)
        if person is not None:
            return self.names.get(person, str(log_messages.UNKNOWN_PERSON))
        if entry.kind == AuditEntry.Kind.SESSION:
            return str(log_messages.UNKNOWN_PERSON)
        client = client_of(entry)
        if client is not None:
            return self.clients.get(client, str(log_messages.OTHER_SYSTEM))
        return str(log_messages.SYSTEM)

    def role(self, entry: AuditEntry) -> str:
        """The role written in the entry, else all roles held on that day."""
        if entry.role:
            return log_messages.roles_in_words([entry.role])
        if entry.user_id is None:
            return ""
        day = timezone.localdate(entry.recorded_at)
        return self.roles.get((entry.user_id, day), "")


def person_of(entry: AuditEntry) -> int | None:
    """Who an entry is about: the doer, or whom a refused log-in was for."""
    if entry.user_id is not None:
        return entry.user_id
    named = entry.data.get("user") if entry.kind == AuditEntry.Kind.SESSION else None
    return named if isinstance(named, int) else None


def client_of(entry: AuditEntry) -> int | None:
    """Which other system did it, if one did."""
    client = entry.data.get(audit.CLIENT)
    return client if isinstance(client, int) and entry.user_id is None else None


def _roles(days: set[tuple[int, date]]) -> dict[tuple[int, date], str]:
    """Each person's roles on each of some days, in words."""
    grants = RoleGrant.objects.filter(user__in={person for person, _ in days})
    by_person: dict[int, list[RoleGrant]] = defaultdict(list)
    for grant in grants.order_by("role"):
        by_person[grant.user_id].append(grant)
    return {
        (person, day): log_messages.roles_in_words(
            [
                grant.role
                for grant in by_person[person]
                if grant.valid_from <= day
                and (grant.valid_to is None or grant.valid_to > day)
            ]
        )
        for person, day in days
    }


def _line(entry: AuditEntry, people: People) -> Line:
    return Line(
        id=entry.pk,
        at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        kind=entry.kind,
        who=people.name(entry),
        roles=people.role(entry),
        did=log_messages.did(entry),
        why=log_messages.why(entry),
        patient_id=entry.patient_id,
        contact_id=entry.contact_id,
    )


def _together(entry: AuditEntry) -> tuple[object, ...]:
    """Entries of one person, in one minute, about one contact, for one reason."""
    minute = entry.recorded_at.replace(second=0, microsecond=0)
    who = (entry.user_id, client_of(entry))
    return (minute, who, entry.contact_id, entry.purpose, entry.reason)


def _own_line(entries: Sequence[AuditEntry], people: People) -> OwnLine:
    last = entries[0]
    return OwnLine(
        at=entries[-1].recorded_at,
        who=people.name(last),
        roles=people.role(last),
        did=tuple(dict.fromkeys(log_messages.did(e) for e in reversed(entries))),
        why=log_messages.why(last),
    )


def _opening(row: RecordOpening, roles: dict[tuple[int, date], str]) -> OpeningRow:
    return OpeningRow(
        id=row.pk,
        at=row.at,
        until=row.until,
        who=row.user.name,
        user_id=row.user_id,
        roles=roles.get((row.user_id, timezone.localdate(row.at)), ""),
        reason=row.reason,
        patient_id=row.patient_id,
        contact_id=row.contact_id,
        controlled_at=row.controlled_at,
        controlled_by=row.controlled_by.name if row.controlled_by else "",
    )
